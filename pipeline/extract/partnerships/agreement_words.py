"""How Polish and Ukrainian texts word agreements on cooperation and their signing: patterns, by what they find."""

from __future__ import annotations

import re

from pipeline.extract.partnerships.lands import LAND
from pipeline.extract.stemmed import Stemmed

_SUBJECT_UK = (
    r"(?:співробітництв\w+|співпрац\w+|партнерств\w+|партнерськ\w+\s+(?:відносин\w*|стосунк\w*|співпрац\w+)|взаємодопомог\w+"
    r"|взаємоді\w+"
    r"|побратимств\w+|дружб\w+|взаєморозумінн\w+)"
)
_SUBJECT_PL = (
    r"(?:współprac\w+"
    r"|wspóln\w+\s+(?:(?:realizacj|budow|prowadzeni|finansowani|organizacj|utrzymani|eksploatacj)\w+\s+)?\w+"
    r"|partnerstw\w+|współdziałani\w+|partnerski\w+|wzajemn\w+\s+współprac\w+|przyjaźni)"
)
_UNIT_NAMED = r"(?:gminą|miastem|powiatem|rejonem|hromadą)\s(?-i:[A-ZĄĆĘŁŃÓŚŹŻ])[^\W\d_]+"
AGREEMENT = Stemmed(
    r"(?P<agreement>(?:(?:тристоронн|двосторонн|рамков|партнерськ)\w+\s+)?(?:меморандум\w*|угод[ауиі]|договір|договору"
    r"|декларація|декларацію|лист\w* про наміри)"
    rf"\s+(?:(?:про|щодо)\s+)?(?:\w+\s+)?{_SUBJECT_UK}(?:\s+(?:та|і|й)\s+{_SUBJECT_UK})?(?:\s+територіальних\s+громад)?"
    r"|(?:партнерськ\w+)\s+(?:угод[ауиі]|договір|договору)"
    r"|(?:(?:trójstronn|dwustronn|ramow|partnersk)\w+\s+)?(?:porozumieni[eaui]|umow(?:[aęyą]|ie)|memorandum|deklaracj[aęią]"
    r"|list\w* intencyjn\w+|kontrakt\w*)"
    rf"\s+(?:o|w sprawie|dotycząc\w+|w zakresie|na rzecz)\s+(?:\w+\s+)?{_SUBJECT_PL}(?:\s+(?:i|oraz)\s+{_SUBJECT_PL})?"
    r"|porozumieni[eau](?=\s+ze?\s+(?:(?:rejonem|obwodem)\s+[^\W\d_]+[sc]kim\b"
    rf"|(?:rejonem|obwodem|hromadą|gminą|miastem|powiatem)\s+(?-i:[A-ZĄĆĘŁŃÓŚŹŻ])[^\W\d_]+\s+(?:na|we?)\s+{LAND.pattern}))"
    rf"|(?:porozumieni[eau]|umow[aęy])(?=\s+(?:po)?między\s+{_UNIT_NAMED}[^.;]{{0,60}}?,?\s(?:a|i|oraz)\s+{_UNIT_NAMED})"
    r"|porozumieni[eau](?=\s+z\s+dnia\s.{8,30}?\s(?:po)?między\s)"
    r"|\bakt(?:u|em)? (?:o )?(?:partnerstw(?:a|ie)|przyjaźni|współpracy)|układ(?:u|em)? o partnerstwie"
    r"|dokument(?:u|em)? partnerstwa|deklaracj[aęią] (?:\w+ )?współpracy"
    r"|(?:porozumieni[eau]|umow(?:[aęyą]|ie))\s+(?:partnersk|międzygminn|partnerstw)\w*|partnersk\w+\s+(?:porozumieni[eau]"
    r"|umow(?:[aęyą]|ie))|list\w* intencyjn\w+|(?P<bare>\bмеморандум\w*|\bmemorandum\b))"
)
SIGNED = Stemmed(
    r"\b(?:підписано|підписан[аоиі]|підписали|підписала|підписав|підписало|уклали|укладен[аоиі]|уклала|уклав|уклало|скріпили"
    r"|podpisan[oaey]|podpisał[aoiy]?|podpisali(?:śmy)?|zawarł[aoiy]?|zawarli(?:śmy)?"
    r"|zawart[oaey]|sygnowan[oaey]|sygnował[aoiy]?|sygnowali"
    r"|(?:підписанн[яі]|укладанн[яі]|укладенн[яі]|podpisani[eau]|zawarci[eau])"
    r"(?=.{0,200}?\b(?:відбул|пройшл|odbył[oa]|nastąpił|miał[oa] miejsce))"
    r"|(?:відбул\w+|пройшл[оа]|odbył[oa]|nastąpiło|doszło|miał[oa] miejsce)\s(?:[^\W\d_]+\s){0,4}?"
    r"(?:підписання|укладання|укладення|podpisani[eau]|zawarci[eau])"
    r"|(?:zwieńczeniem|efektem|owocem|wynikiem|finałem|kulminacją|podsumowaniem|momentem|punktem|etapem|krokiem|етапом|кроком|підсумком|результатом|завершенням"
    r"|кульмінацією)\s(?:[^\W\d_]+\s){0,6}?(?:było|stało się|był|стало|було)\s(?:[^\W\d_]+\s){0,3}?"
    r"(?:підписання|укладання|укладення|podpisanie|zawarcie))\b"
)
UNDONE = re.compile(
    r"\b(?:не|буде|будуть|має бути|мають|планують|планує|планується|nie|zostanie|zostaną|będzie|będą|ma zostać|mają|planuje"
    r"|planują)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
ENDED = re.compile(r"\b(?:rozwiązał|wypowiedział|zerwał|unieważnił|розірва|скасува|припини)\w{0,3}\s", re.IGNORECASE)
PROGRAMME = Stemmed(
    r"\b(?:w ramach|w (?:projekcie|programie)|в рамках|у рамках|в межах|у межах|у формі|в формі)\s+(?:realizacji\s+"
    r"|реалізації\s+)?(?:[^\W\d_]+\s+){0,3}?"
    r"(?:projektu|programu|inicjatywy|konkursu|przedsięwzięcia|про[єе]кту|програми|ініціативи|конкурсу|projekcie"
    r"|programie)\s+(?P<rest>.{2,200})"
)
PROGRAMME_END = re.compile(
    r"\s*(?:[,;(]|\.\s*$|\.\s+(?=[A-ZА-ЯІЇЄҐ])|\s(?:współ)?finansowan|\srealizowan|\sprowadzon|\szostał|\spowstał|\s[–—]\s"
    r"|\s(?:w|od|z)\s+\d{4}|\sщо\b|\sяк(?:ий|а|е)\b|\sфінансован)"
)
BETWEEN = Stemmed(
    r"\b(?:pomiędzy|między|між|поміж)\s+(?P<who>.{3,400}?)(?=\s*(?:,\s*(?:które|który|która|w ramach|на|як(?:ий|а|е)|що)\b"
    r"|\s(?:w ramach|в рамках|у рамках|в межах|у межах"
    r"|було|була|підписан\w+|підписали|укладен\w+|уклали|podpisan\w+|zawart\w+|zostało|została|zostały|wygasł[oa]|obowiązuje"
    r"|obowiązywał[oa]|діє|діяв|діяла)\b|[.;]\s*$|$))"
)
BY_HEADS = Stemmed(
    r"\b(?:міськими|сільськими|селищними)?\s*(?:головами|керівниками|мерами|очільниками|директорами|представниками"
    r"|burmistrzowie|wójtowie|prezydenci|burmistrzów|wójtów|starostowie|dyrektorzy"
    r"|włodarze|przedstawiciele|керівники|голови|директори|мери|очільники|представники)\s+(?P<who>.{3,300}?)"
    r"(?=\s*(?:підпис|укла|скріпи|podpis|zawar|sygnow|było|було|\s(?:в|у) рамках|w ramach|[.;]\s*$|$))"
)
OF = re.compile(
    r"\s+(?P<who>(?:gmin|gminy|miast|miasta|powiatów|powiatu|bibliotek|громад|громади|міст|міста|рад|ради|бібліотек)\s.{3,300}?)"
    r"(?=\s*(?:\s(?:w sprawie|w zakresie|w ramach|в рамках|у рамках|щодо|про|zostało|została|podpis\w+|zawar\w+|підпис\w+"
    r"|уклад\w+|було|була)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
WITH = re.compile(
    r"^[^.;]{0,40}?\s(?:ze?|із|з|зі)\s+(?P<who>.{3,300}?)(?=\s*(?:,\s*(?:któr|w ramach|як|що)|\s(?:w ramach|в рамках|у рамках"
    r"|в межах|у межах|w dniu|dnia|підписа\w+|укла\w+|podpisa\w+|zawar\w+|został[ao]?\s+\w+|було|була)\b|[.;]\s*$|$))",
    re.IGNORECASE,
)
COMMUNITY = re.compile(
    r"\b(?:громад\w*|(?:[ОМС]|СМ|СЕ)?ТГ|rejon\w*|міст(?:[оаіу]|ом)|міськ\w+|сільськ\w+|селищн\w+|район\w*|област\w+|комун(?:а|и|і|у|ою)|obwod\w*|(?:wiejsk|miejsk)\w+\s+rad\w+|gmin\w*|miast\w*|powiat\w*"
    r"|starostw\w*|hromad\w*|wspólnot\w+\s+terytorialn\w+|[гґ]мін\w*|повіт\w*|воєводств\w*|landkreis\w*|województw\w*|sołect\w*|dzielnic\w*|муніципалітет\w*|samorząd\w*)\b",
    re.IGNORECASE,
)
TWINNED = re.compile(r"побратим|дружб|партнерств|przyjaźni|partnersk|partnerstw", re.IGNORECASE)
REACH = 3
"""Sentences below the one of the signing that may tell its day or its parties."""

THE_DOCUMENT = Stemmed(
    r"\b(?:документ|меморандум|угод[ау]|договір|dokument|porozumieni[ea]|umow[aęy]|list\w*|memorandum|deklaracj[aęi])\b"
)
COORDINATED_BY = Stemmed(
    r"\b(?:koordynator(?:em|ką)?|liderem|координатор(?:ом|кою)?)\s+"
    r"(?:(?:porozumienia|umowy|współpracy|programu|projektu|угоди|меморандуму|договору|співпраці|програми|про[єе]кту)\s*"
    r"(?:[–—:]|\s(?:jest|został[ao]?|є|став|стала))|(?:jest|został[ao]?|є|став|стала))\s+(?P<who>[^;]{2,200}?)[.;]?\s*$"
)
PARTIES_ARE = Stemmed(
    r"\b(?:сторонами|підписантами|учасниками|stronami|sygnatariuszami|uczestnikami)\s+(?:угоди|меморандуму|договору|документа"
    r"|porozumienia|umowy|memorandum|listu(?:\s+intencyjnego)?)?\s*(?:є|стали|виступили|są|były|byli|zostały|zostali)?\s*:?\s*"
    r"(?P<who>.{5,400}?)[.;]?\s*$"
)
INSTITUTION_WORD = re.compile(
    r"\b(?:бібліотек\w*|книгозбір\w*|заклад\w*|спілк\w*|шкіл|школ\w*|музе\w*|центр\w*|фонд\w*|ЦБС|МЦБС|університет\w*|коледж\w*|організаці\w*|bibliotek\w*"
    r"|szkoł\w*|muze\w*|ośrod\w*|stowarzysz\w*|fundacj\w*|dom\w* kultury|uniwersyt\w*)\b",
    re.IGNORECASE,
)
ENTRY_NUMBER = re.compile(r"^\s*(?:[-•*–]|\d{1,3}[.)])?\s*")
OF_DAY = re.compile(r"(?:z\s+dnia|від(?:\s+дня)?)\s+\d{1,2}[\s.]", re.IGNORECASE)
WITHIN = re.compile(
    r"^(?:w ramach|в рамках|у рамках|в межах|у межах)\s[^,„“”\"«»]{0,60}[„“\"«][^„“”\"«»]{2,80}[”\"»]\s*,?\s*", re.IGNORECASE
)
OF_BEFORE = re.compile(r"(?:відповідн\w{1,3}|це[йюя]|цю|stosown\w{1,3}|odpowiedni\w{0,3}|ten|tę|to)\s", re.IGNORECASE)
WHERE = re.compile(
    r"[^\W\d_]+(?:ської|цької|зької) області(?: України)?|[^\W\d_]+(?:ського|цького|зького) району", re.IGNORECASE
)
"""Where a party lies: "громади Рівненської області". As a party it would stand in another case."""
_UNIT_ALONE = (
    r"(?:gmin(?:a|y|ie|ą|ę)|miast(?:o|a|u|em)|powiat(?:u|em|owi)?|samorząd(?:u|em|owi)?|громад(?:а|и|і|у|ою)|міст(?:о|а|у|ом)"
    r"|[гґ]мін(?:а|и|і|у|ою)|район(?:у|ом)?)"
)
OURS = re.compile(
    rf"(?:nasz[^\W\d_]{{0,3}}|наш[^\W\d_]{{0,3}})\s[^\W\d_]+|(?:władze\s|samorząd\w{{0,3}}\s)?{_UNIT_ALONE}$", re.IGNORECASE
)
"""A party that is whose page it is and not named: "між нашою громадою та …", "Gmina podpisała …"."""
