"""Other lands, as Polish and Ukrainian texts name them beside a town or a unit there."""

from __future__ import annotations

import re

_LANDS_PL = (
    "niemiec czes słowac ukraińs węgiers francus litews włos hiszpańs angiels brytyjs rosyjs białorus łotews estońs szwedz duńs"
    " norwes fińs holenders belgijs austriac rumuńs bułgars grec chorwac słoweńs serbs irlandz portugals turec gruzińs mołdaws"
    " amerykańs chińs japońs izraels szwajcars"
).split()
_LANDS_UK = (
    "польс німец чес словац угорс литовс латвійс естонс французс італійс іспанс шведс данс норвез фінс румунс молдовс болгарс"
    " австрійс грузинс британс американс канадс японс турец хорватс словенс грец португальс ірландс бельгійс нідерландс"
    " швейцарс ізраїльс"
).split()
ABROAD = re.compile(
    rf"\b(?:(?:{'|'.join(_LANDS_PL)})k(?:i|im|a|ą|iej|ie|iego)|(?:{'|'.join(_LANDS_UK)})ьк(?:ий|им|а|ою|ої|е|ого)"
    r"|(?:landkreis|gemeinde|kreis)\w*)\b|\((?-i:[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])[^()]{2,40}\)",
    re.IGNORECASE,
)
"""What says that a party lies in another land: its adjective, or the land's name in brackets."""

# Stem and endings of the cases a land stands in beside a town: Francja, Francji, we Francji.
_NAMES_PL = (
    "niem(?:cy|iec|czech) rfn czech(?:y|ach)? słowacj[aię] ukrain(?:a|ie|y) węg(?:ry|ier|rzech) francj[aię] litw(?:a|ie|y)"
    " włoch?(?:y|szech|ach) włoszech hiszpani[aię]? angli[aię]? brytani[aię]? szkocj[aię] walia rosj[aię] białoru(?:ś|si)"
    " łotw(?:a|ie|y) estoni[aię]? szwecj[aię] dani[aię]? norwegi[aię]? finlandi[aię]? holandi[aię]? niderland(?:y|ach|ów)"
    " belgi[aię]? austri[aię]? rumuni[aię]? bułgari[aię]? grecj[aię] chorwacj[aię] słoweni[aię]? serbi[aię]? irlandi[aię]?"
    " portugali[aię]? turcj[aię] gruzj[aię] mołdawi[aię]? mołdow(?:a|ie|y) usa chin(?:y|ach) japoni[aię]? izrael(?:u)?"
    " szwajcari[aię]? macedoni[aię]? czarnogór[aęy]? albani[aię]? luksemburgu? islandi[aię]? malt(?:a|cie|y) cypr(?:u|ze)?"
    " armeni[aię]? kosow(?:o|ie) pols(?:ka|ce|ki)"
)
_NAMES_UK = (
    "польщ[аіу] німеччин[аиіу] чехі[яїю] словаччин[аиіу] угорщин[аиіу] литв[аиіу] латві[яїю] естоні[яїю] франці[яїю]"
    " італі[яїю] іспані[яїю] швеці[яїю] дані[яїю] норвегі[яїю] фінлянді[яїю] румуні[яїю] молдов[аиіу] болгарі[яїю]"
    " австрі[яїю] грузі[яїю] британі[яїю] сша канад[аиіу] японі[яїю] туреччин[аиіу] хорваті[яїю] словені[яїю] греці[яїю]"
    " португалі[яїю] ірланді[яїю] бельгі[яїю] нідерланд(?:и|ах|ів) швейцарі[яїю] ізраїл[ьюі] білорус[ьі] україн[аиіу]"
)
_NAMES = "|".join([*_NAMES_PL.split(), *_NAMES_UK.split()])
LAND = re.compile(
    rf"(?:(?:republika|wielka|wielkiej|królestwo|республіка|велика|великій)\s+)?(?:{_NAMES})"
    r"(?:\s+(?:czeska|federalna|północn[aej]+))?(?!\w)",
    re.IGNORECASE,
)
"""A land by its name, in the cases in which it stands on a line of its own or behind "w", "we", "у", "в"."""
