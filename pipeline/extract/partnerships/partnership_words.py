"""How Polish and Ukrainian texts word what they tell of partnerships: patterns, by what they find."""

from __future__ import annotations

import re

from pipeline.extract.prose import QUOTE, QUOTED
from pipeline.extract.stemmed import Stemmed

NOUN = (
    r"(?:partnerstw(?:o|a|u|em|ie)(?:\s+(?:lokaln|międzysektorow|społeczn|publiczno-społeczn|trójsektorow"
    r"|międzygminn|samorządow|powiatow|gminn|subregionaln|regionaln|sąsiedzk)\w+)*|koalicj(?:a|i"
    r"|ę|ą)|sieć|sieci|siecią|klaster|klastra"
    r"|LGD|(?:lokalna|lokalnej|lokalną)\s+grup(?:a|y|ę|ą|ie)\s+działania|партнерств(?:о|а|у|ом|і)|коаліці(?:я|ї|ю|єю)|мереж(?:а|і"
    r"|у|ею))"
)
KIND_WORD = (
    r"(?:(?:lokaln|społeczn|now|nasz|sąsiedzk|międzysektorow|obywatelsk"
    r"|gminn|powiatow|miejsk|місцев|нов|наш|сусідськ|громадськ)[^\W\d_]{1,3})"
)
"""An adjective that may stand before the noun of a partnership and is no part of its name."""

NETWORK = re.compile(r"(?:koalicj|sieć|sieci|klast|коаліц|мереж)", re.IGNORECASE)
HEADING = re.compile(
    rf"(?:\d{{1,2}}[.)]\s*)?(?:{KIND_WORD}\s+)?(?P<noun>(?-i:[A-ZА-ЯІЇЄҐ])?{NOUN})"
    rf"(?:\s+(?:na\s+rzecz|dla|задля|заради)(?:\s+[^\W\d_]+){{1,4}}?)?\s*[:–-]?\s*{QUOTE}\s*(?P<name>[^„“”\"«»‟″\n]{{2,100}}?)\s*(?:{QUOTE})?\s*[.:]?",
    re.IGNORECASE,
)
PLAIN_HEADING = re.compile(
    rf"(?:{KIND_WORD}\s+)?(?P<noun>(?:Partnerstwo|Koalicja|Sieć|Партнерство|Коаліція|Мережа)(?:\s+(?:[Ll]okaln\w+))?)\s+"
    r"(?P<name>(?:(?:na [Rr]zecz|dla|задля|заради|на користь)\s[^\W\d_]|[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ\d])[^.!?:;„“”\"«»\n]{2,80})"
)
NAMED = Stemmed(rf"(?P<noun>\b{NOUN})\s*(?:p\.?\s?n\.|pn\.|o nazwie|pod nazwą|під назвою|з назвою|:|–|-)?\s*{QUOTED}")
UNDER_NAME = Stemmed(
    rf"(?:pod nazwą|o nazwie|pod hasłem|під назвою|з назвою)\s*:?\s*(?:{NOUN}\s*)?{QUOTED}",
)
RENAMED = Stemmed(
    rf"(?:zmienił[oay]? (?:swoją )?nazwę|zmieniono nazwę|przemianowan[oaey]|przyjęł[oa] nazwę|(?:з)?мінил[ои] назву"
    rf"|перейменован[оеаі])\b[^.;]{{0,60}}?"
    rf"(?:\b(?:na|на)\s+(?:nową\s+|нову\s+)?|(?<=przyjęło nazwę)\s+|(?<=przyjęła nazwę)\s+)(?:{NOUN}\s*)?[:–-]?\s*{QUOTED}"
)
NOW_BEARS = Stemmed(
    rf"\s*(?:{NOUN}\s+)?(?:(?:od|з|від)\s+(?:1[89]|20)\d{{2}}\s*(?:roku|r\.|року|р\.)|obecnie|нині|тепер|зараз)"
    rf"\s+(?:nosi|має|носить)\s+(?:nazwę|назву)\s*(?:{NOUN}\s*)?[:–-]?\s*{QUOTED}"
)
"""As a sentence begins that says since when what was spoken of bears another name: "Od 2021 roku nosi nazwę „X”"."""

_BORE_PL = (
    r"(?:(?:działa|funkcjonowa|istnia|występowa|nosi|nazywa|mia)(?:ł[aoy]?|liśmy)|(?:działa|funkcjonu|istnie)jąc[aey]|znan[aey]|zwan[aey]"
    r"|określan[aey])"
)
_BORE_UK = r"(?:діял[аои]|діяв|працювал[аои]|існувал[аои]|називал[аои]ся|мал[аои]|мав|відом[аеі]|знан[аеі]|іменувал[аои]ся)"
_AS_NAME = r"(?:jako|się|nazwę|miano|pod\s+nazwą|o\s+nazwie|pn\.|як|назву|ім['’ʼ]я|під\s+назвою|з\s+назвою)"
FORMERLY = Stemmed(
    # "dawniej „X”", "wcześniej działało jako Klub „X”", "раніше мало назву «X»"
    rf"\b(?:dawniej|wcześniej|poprzednio|uprzednio|pierwotnie|początkowo|(?:dawna|poprzednia|pierwotna)\s+nazwa|раніше|спочатку"
    rf"|колись|(?:колишня|попередня)\s+назва)\s*[:–—-]?\s*"
    rf"(?:(?:(?:{_BORE_PL}|{_BORE_UK})\s+)?(?:{_AS_NAME}\s+)+(?:[^\W\d_]+\s+){{0,2}}?|zwan[aey]\s+|(?:{NOUN}\s*))?{QUOTED}"
    # "do 2016 roku nosiło nazwę „X”"
    rf"|\b(?:do|до)\s+(?:1[89]|20)\d{{2}}\s*(?:roku|r\.|року|р\.)?\s+(?:{_BORE_PL}|{_BORE_UK})\s+(?:{_AS_NAME}\s+)+"
    rf"(?:[^\W\d_]+\s+){{0,2}}?{QUOTED.replace('<quoted>', '<until>')}"
)
SINCE_YEAR = r"(?:od|з|від)\s+(?:[^\W\d_]{3,}\s+){0,1}(?:1[89]|20)\d{2}\s*(?:roku|r\.|року|р\.)\s+(?:[^\W\d_]+\s+){0,3}?"
"""Since when, before a verb that says what has been at work."""

FOUNDED = Stemmed(
    r"\b(?:powstał[oa]|został[oa]\s+(?:formalnie\s+|oficjalnie\s+)?(?:zawiązan|utworzon|założon|powołan|zainicjowan|zbudowan"
    r"|sformalizowan)[eay]"
    r"|(?:zawiązan|utworzon|założon|powołan|zainicjowan)[eaoy]\s+(?:został[oa])|(?:zawiązan|utworzon|założon|powołan"
    r"|zainicjowan)(?:[eao]|ego|ej)"
    r"|zawiązał[oa]\s+się|rozpoczęł[oa]\s+(?:swoją\s+)?(?:działalność|pracę|działanie)|(?:działa|istnieje"
    r"|funkcjonuje)(?=\s+(?:(?:nieprzerwanie|nieformalnie|oficjalnie|formalnie|aktywnie|wspólnie|już)\s+){0,2}od\b)"
    r"|(?:було\s+|була\s+)?(?:створен|засновані|заснован|утворен|започаткован|ініційован)[оаеу]|виникл[оа]|утворил[оа]ся"
    r"|постал[оа]|(?:діє|працює|існує)(?=\s+(?:з|від)\s+(?:\d|(?:[^\W\d_]{3,}\s+){1,2}\d{4}))"
    # "W naszej gminie od 2016 roku działa partnerstwo"
    rf"|{SINCE_YEAR}(?:działa|istnieje|funkcjonuje|діє|працює|існує))(?!\w)"
)
FOUNDERS_ACT = Stemmed(
    r"\b(?:założył[ayo]?|założyli(?:śmy)?|utworzył[ayo]?|utworzyli(?:śmy)?|powołał[ayo]?|powołali(?:śmy)?|zawiązał[ayo]?"
    r"|zawiązali(?:śmy)?|zainicjował[ay]?|zainicjowali(?:śmy)?|створи(?:ли|ла|в)|заснува(?:ли|ла|в)|започаткува(?:ли|ла|в)|утвори(?:ли|ла|в)|ініціюва(?:ли|ла|в)"
    r"|об['’ʼ]єдналися\s+у|об['’ʼ]єдналися\s+в)(?!\w)(?!\s+się)"
)
"""Verbs of those who found something: what they founded stands as the object before or behind."""

RELATIVE = Stemmed(
    rf"\b(?P<noun>{NOUN})\s*{QUOTED}\s*,\s*(?:któr[eay]|założon(?:ego|ej|e|a)|utworzon(?:ego|ej|e|a)|zawiązan(?:ego|ej|e|a)"
    r"|powołan(?:ego|ej|e|a)|як[еа]|створен(?:ого|ої|е|а)|заснован(?:ого|ої|е|а))\s"
)
"""A partnership in any case and a clause that tells of its founding: "przystąpiła do Partnerstwa „Lipa”, które powstało …"."""

SINCE = Stemmed(rf"\b{NOUN}\s*{QUOTED}\s*(?:[–—-]|\(|,)\s*(?=(?:od|з|від)\s)")
"""A named partnership with since when it works and no verb: "Koalicja „Lipa” – od 2015 r."."""

POLITICAL = Stemmed(
    r"\b(?:wybor(?:y|ach|ów|cz\w+)|kandydat\w*|kandyduj\w*|mandat(?:y|ów)|posł(?:owie|ów|anka)|poseł|sejm(?:u|ie|ik\w*)?|вибор(?:и|ах|ів)"
    r"|виборч\w+|кандидат\w*)\b"
)
"""Words of elections: a coalition in such company is of parties, not of institutions."""

PARTIES_CALLED_COALITIONS = frozenset(("obywatelska", "europejska", "polska", "lewica"))
"""What parties and lists of the country's elections are called behind "Koalicja"."""

UNDONE = re.compile(r"\b(?:nie|ma|mają|zostanie|będzie|planuje|не|буде|планує)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_OF_THINGS = (
    r"(?!\s+(?:(?:gminn|miejsk|powiatow|lokaln|місцев|міськ)\w+\s+)?(?:wodoci|kanaliz|gazow|elektr|energet|ciepłow|drogow|dróg|ulic|sklep"
    r"|kin\b|handlow|komórk|telef|komputer|internet|światłow|połącze|szlak|ścież|tramwaj|autobus|restaurac|hotel|водо|каналіз|газо|електр"
    r"|тепло|дорож|доріг|магазин|супермаркет|кінотеатр|інтернет|ресторан|аптек|автозаправ|вулиц))"
)
"""What a network is made of that is no partnership: pipes, roads, shops."""

SUBJECT = Stemmed(
    r"\b(?:partnerstwo|koalicja|koalicję|klaster|LGD|lokalna grupa działania|lokalną grupę działania|партнерство|коаліція"
    rf"|коаліцію|(?:sieć|мережа|мережу){_OF_THINGS})\b"
)
FACT_LINE = Stemmed(
    r"^(?:[-•*–]\s+)?(?:(?:rok|data|рік|дата)\s+(?:powstania|założenia|zawiązania|utworzenia|powołania|створення|заснування|утворення)"
    r"|założon[eao]|utworzon[eao]|zawiązan[eao]|powstanie|створено|засновано)\s*[:–-]\s*(?P<date>.{4,40})$"
)
STOP = (
    r"(?=\s*(?:,\s*(?:w ramach|w celu|któr|jako|przy |finansowan|współfinansowan|aby|żeby|dzięki|w tym celu|в рамках|у рамках"
    r"|з метою|як(?:а|е|ий|і)\b|щоб)"
    r"|\s(?:w ramach|w celu|przy wsparciu|przy udziale|pod nazwą|в рамках|у рамках|з метою|за підтримки|за сприяння"
    r"|під назвою)\b"
    r"|\s(?:powstał|został|zawiązan|utworzon|założon|powołan|działa\b|було\b|була\b|створен|заснован|утворен|виникл)"
    r"|\s[–—]\s(?-i:[a-zа-яіїєґ])|;|\.?$))"
)
INITIATIVE = Stemmed(
    rf"\b(?:z inicjatywy|jako (?:wspólna )?inicjatywa|przez|з ініціативи|за ініціатив(?:и|ою)"
    rf"|як (?:спільна )?ініціатива)\s+(?P<who>.{{2,400}}?){STOP}"
)
INITIATOR_IS = Stemmed(
    r"\b(?:inicjator(?:em|ami|ką|kami)|założyciel(?:em|ami)|pomysłodawc(?:ą|ami))(?:\s+(?:partnerstwa|koalicji|sieci|jego|jej"
    r"|powstania|i\s+\w+))*\s+"
    r"(?:jest|są|był[aoiy]?|byli|został[aoiy]?|zostali)\s*:?\s+(?P<who>.{2,400}?)(?:[.;]\s*$|$)"
    r"|\b(?:inicjatorzy|inicjator|inicjatywa|założyciele|założyciel|ініціатор(?:и|ом|ами|ка)?|засновники)"
    r"(?:\s+(?:partnerstwa|koalicji|sieci|партнерства|мережі|коаліції))?\s*(?::"
    r"|\s(?:стали|став|стала|виступили|виступив|виступила|є|–)\s)"
    r"\s*(?P<who2>.{2,400}?)(?:[.;]\s*$|$)"
)
NEXT_FACT = re.compile(
    r"\s*[,;]\s*(?:koordynator|lider|partnerzy|członkowie|obszar|teren|inicjator|założyciel|координатор|лідер|партнери|учасники"
    r"|члени|територія|ініціатор|засновни)[^\W\d_]*(?:\s[^\W\d_]+)?\s*(?::|[–—-]\s)",
    re.IGNORECASE,
)
"""Where another fact begins on the same line: ", koordynator – …"."""

BY_FOUNDERS = re.compile(
    r"(?:założon|utworzon|zawiązan|zainicjowan|powołan|створен|заснован|утворен)\w*\b.{0,60}$", re.IGNORECASE
)
COORDINATOR = Stemmed(
    r"\bkoordynator(?:em|ką|ami)?(?P<of>\b[^.:]{0,160}?)\s*(?:\b(?:jest|są|został[aoy]?|był[aoy]?)\s+|:\s*"
    r"|\s–\s)(?P<who>[^;]{2,200}?)[.;]?\s*$"
    r"|\b(?:działania|działalność|pracę|prace)?\s*(?P<of2>partnerstw\w*[^.:]{0,60}?)\s+koordynuje\s+(?P<who2>[^;]{2,200}?)[.;]?\s*$"
    r"|\bkoordynuje\s+(?:je|ją|go)\s+(?P<who4>[^;]{2,200}?)[.;]?\s*$"
    r"|\bкоординатор(?:ом|ка|кою|ами)?(?P<of3>\b[^.:]{0,160}?)\s*(?:\b(?:є|став|стала|виступає)\s+|:\s*"
    r"|\s–\s)(?P<who3>[^;]{2,200}?)[.;]?\s*$"
)
LEADER = Stemmed(
    r"\b(?:lider(?:em|ka|ką)?|лідер(?:ом|ка|кою)?)(?:\s+(?:partnerstwa|koalicji|sieci|партнерства|коаліції|мережі))?\s*"
    r"(?::|–|\b(?:jest|został[ao]?|є|став|стала)\b)\s*(?P<who>[^;]{2,200}?)[.;]?\s*$"
)
"""The lead partner: it coordinates where nobody else is said to."""

ALL_OF_THEM = Stemmed(
    r"\b(?:partnerstw(?:ami)?|партнерств(?:ами)?)\b",
)
AREA = Stemmed(
    r"(?:^(?:obszar|teren|zasięg|територія)\s*:|^obejmuje\s+(?:swoim\s+)?(?:zasięgiem|działaniem)(?:\s+działania)?"
    r"|^obejmuje(?=\s+(?:ulice|rejon|osiedl|kwartał))"
    r"|\b(?:obszar|teren)\s+(?:partnerstwa|LGD|koalicji|sieci|grupy)\s+obejmuje"
    r"|\bzasięgiem(?:\s+(?:swojego\s+|swego\s+)?(?:działania|działań|działalności))?\s+obejmuje"
    r"|\b(?:obszar|teren|zasięg)(?:em)?\s+(?:działania|działań|działalności)(?:\s+(?:partnerstwa|koalicji|sieci|LGD|grupy))?(?:\s+(?:jest|są|to|obejmuje"
    r"|stanowi))?(?:\s*:)?"
    r"|\b(?:partnerstwo|koalicja|sieć|swoim zasięgiem|swoim działaniem)\b[^.;]{0,80}?\bobejmuje(?:\s+(?:(?:swoim\s+)?"
    r"(?:zasięgiem|działaniem)|teren|obszar))?"
    r"|\bdziała(?:jące|jąca|ją|ło|ła|my)?\s+na\s+(?:terenie|obszarze)"
    r"|\bтериторія\s+(?:дії|діяльності)(?:\s+партнерства)?\s*(?::|–|є|охоплює)|\b(?:партнерство|коаліція"
    r"|мережа)\b[^.;]{0,60}?\bохоплює"
    r"|\b(?:діє|працює)\s+на\s+територі[їи])\s+(?P<area>.{3,400}?)[.;]?\s*$"
)
PARTIES = Stemmed(
    r"(?:\bw\s+(?:(?:jej|jego|ich|której|którego)\s+)?skład\s+(?:\w+\s+){0,2}?(?:wchodzą|wchodzi|weszły|weszli|wszedł|weszła)"
    r"|\b(?:tworzą|tworzyły|tworzyli|współtworzą)\s+(?:je|ją|go)\b|\b(?:członkami|partnerami|uczestnikami"
    r"|sygnatariuszami)(?:\s+(?:partnerstwa|koalicji|sieci|LGD|grupy|naszego partnerstwa))?\s+są"
    r"|\b(?:partnerem|członkiem)(?:\s+zagranicznym)?(?:\s+(?:partnerstwa|koalicji|sieci|LGD|grupy))?(?:\s+zagranicznym)?\s+jest"
    r"|\b(?:іноземним\s+)?партнером(?:\s+(?:партнерства|коаліції|мережі))?\s+є"
    r"|\bdo\s+partnerstwa\s+(?:należą|przystąpiły|przystąpili|dołączyły|dołączyli|weszły)|\b(?:członkowie|partnerzy|uczestnicy|skład"
    r"|sygnatariusze)(?:\s+(?:partnerstwa|koalicji|sieci|lokalni))?\s*(?=:)"
    r"|,\s+(?:do\s+(?:której|którego)\s+(?:należą|przystąpiły|przystąpili|weszły|weszli)|до\s+(?:якої|якого)\s+(?:входять|увійшли|ввійшли))"
    r"|\b(?:porozumieni|umow)[^\W\d_]+(?:\s+[^\W\d_]+)?\s+(?:zawart|podpisan)(?:ego|ej)\s+przez(?:(?:\s+[^\W\d_]+){1,2}(?=:)|(?=\s+gmin))"
    r"|\b(?:partnerstwo|koalicję|sieć|LGD)\s+(?:tworzą|stanowią)|\bdo\s+(?:koalicji|sieci|LGD)\s+(?:należą|przystąpiły|przystąpili|weszły)"
    r"|\bдо\s+(?:складу\s+)?(?:партнерства|мережі|коаліції)\s+(?:входять|увійшли|ввійшли|належать)"
    r"|\b(?:членами|учасниками|партнерами)(?:\s+(?:партнерства|мережі|коаліції))?\s+є"
    r"|\b(?:учасники|партнери|члени)(?:\s+(?:партнерства|мережі|коаліції))?\s*(?=:))\s*(?:m\.in\.|między innymi"
    r"|obecnie|aktualnie|dziś|także|również|зокрема|нині|сьогодні|також)?\s*:?\s*(?P<who>.{2,600}?)[.;]?\s*$"
)
