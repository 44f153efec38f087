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
