"""Parties of agreements and partnerships in an enumeration: institutions, communities, places."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from operator import itemgetter

from pipeline.extract.lands import LAND
from pipeline.extract.page import one_line
from pipeline.extract.person_names import is_person, without_person
from pipeline.extract.plural_nouns import singular_noun
from pipeline.extract.prose import DATE_WORDING, begins_institution, enumerated, names_institution
from pipeline.extract.roles import is_verb
from pipeline.normalise.given_names import has_given_name, is_given_name

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_PLACE_WORD = re.compile(r"[^\W\d_][\w’ʼ'-]+")
_INSIDE_PLACES = frozenset("nad pod przy koło na над під на біля del de di della la le les sur am der im bei ob".split())
_LAND_BEHIND = re.compile(rf"\s(?:\([{_CAPITAL}][^\W\d_]+(?:\s[^\W\d_]+)?\)|(?:we?|у|в)\s(?i:{LAND.pattern}))$")
_ADJECTIVE_OF_LAND = re.compile(
    r"^[^\W\d_]+(?:ськ(?:ий|а|е|им|ою|ого)|цьк(?:ий|а|е|им|ою|ого)|ski[em]?m?|sk[aąi]e?j?)\s+(?=\S)"
)
_SHARED_ADJECTIVES = re.compile(
    rf"(?P<firsts>(?:[{_CAPITAL}][\w’ʼ'-]*(?:[сцз]ьк)(?:ою|ої|а|ий|им)(?:\s*,\s*|\s+(?=та\s|і\s|й\s)))+)"
    r"(?:(?:та|і|й)\s+|(?=[^\s,]{3,40}\s(?:громади|громадами|ради|радами)\b))"
    rf"(?P<last>[{_CAPITAL}][\w’ʼ'-]*(?:[сцз]ьк)(?:ою|ої|а|ий|им))\s+(?P<noun>(?:[^\W\d_]+(?:ими|их|і|ою|ої|а)\s+){{0,2}}"
    r"(?:громад(?:ами|и)?|рад(?:ами|и)?|район(?:ами|и)|област(?:ями|і)|бібліотек(?:ами|и)|шкіл|школ(?:ами|и)|ліце(?:ями|ї)|ОТГ|ТГ))"
)
_PLURAL_HEAD = re.compile(
    r"(?:samorząd(?:y|ów|ami|om)\s+|польськ(?:ими|і)\s+)?"
    r"(?P<noun>gmin(?:y|ami)?|miast(?:a|ami)?|powiat(?:y|ów|ami)|[гґ]мін(?:ами|и)|громад(?:ами|и)?|міст(?:ами|а)?|селищ(?:ами|а)?|сіл|села(?:ми)?"
    r"|(?:bibliotek(?:i|ami)?|szk(?:oły|ołami|ół)|(?:ośrodki|ośrodków|ośrodkami)\s+kultury)\s+we?"
    r"|(?:бібліотек(?:и|ами)?|школи|школами|шкіл)\s+[ву])\s*:?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_NOUN_AHEAD = re.compile(r"\bpowiat(?:y|ów|ami)\b", re.IGNORECASE)
_NOUN_BEFORE_ADJECTIVES = re.compile(
    r"\b(?P<noun>powiat(?:y|ów|ami))\s+(?P<adjectives>[^\W\d_][\w-]*[sc]k(?:i|im|imi|iego|ich)"
    r"(?:(?:\s*,\s*|\s+(?:i|oraz)\s+)[^\W\d_][\w-]*[sc]k(?:i|im|imi|iego|ich)\b)+)",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:\d{1,2}|двома|трьома|чотирма|п.ятьма|шістьма|сімома|вісьмома|dwiema|dwoma|trzema|czterema|pięcioma|sześcioma)\s+",
    re.IGNORECASE,
)
_OF_COMMUNITIES = re.compile(r"(?:[^\W\d_]+\s+)?громадами(?:[-–]партнерами)?(?:\s[^:]{3,60})?:\s+", re.IGNORECASE)
_ADJECTIVE_ALONE = re.compile(
    rf"(?P<adjective>[{_CAPITAL}][\w’ʼ'-]*[сцз]ькою)(?:\s+громадою)?(?:\s+[—–-])?(?:\s+(?P<where>(?:з|із|зі)\s[^;:]{{3,60}}))?(?:\s+[—–-])?"
)
_REST = re.compile(
    r",\s+(?:więc|dzięki|aby|żeby|bo\b|gdzie|тож|отже|тому|щоб|аби|де\b|завдяки|w ramach|в рамках|у рамках)"
    r"|,\s+(?:інформує|повідомляє|повідомили|пише|пишуть|informuje|podaje|donosi)\b|,\s+reprezentowan"
    r"|\s(?:na (?:realizację|okres|czas|lata)|w sprawie|w zakresie|dotycząc\w+"
    r"|щодо|[ув] (?:сфері|галузі)|з метою|w celu|терміном|відбул[\w’ʼ']+|пройшл\w+|odbył\w+|nastąpił\w+|miało miejsce)\b"
)
_LEAD = re.compile(
    r"(?:(?:сьогодні|вчора|учора|нещодавно|днями|торік|також|нарешті|цього\s\w+|того\s(?:ж\s)?\w+|dziś|dzisiaj|wczoraj|niedawno"
    r"|так|зокрема|отже|водночас|відтак|згодом|потім|раніше|пізніше|jednocześnie|następnie|później|potem|tymczasem|wcześniej|ostatnio|ponadto|również|także|natomiast|wreszcie)\s+|(?:у|в|на|w|we|na)\s+(?:(?:селищі|місті|селі|mieście|miejscowości|gminie)\s+)?(?-i:[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])\S+\s+){1,3}",
    re.IGNORECASE,
)
_HEAD_OF_COMMUNITY = re.compile(
    r"(?:(?:міськ|сільськ|селищн)\w+\s+голов|мер(?:ом|а|и)?\b|mer(?:a|em|owi)?\b|burmistrz|wójt|prezydent\b|starost"
    r"|бурм[іи]стр|бургомістр|війт)",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?<=[”\"»]),?\s+[-–—]\s+(?=[a-ząćęłńóśźżа-яіїєґ])")
"""Where what someone says ends: "z Gminą Kikół”, – powiedział wójt"."""

_ONLY_COUNTED = re.compile(
    r"(?i:dwie|dwa|trzy|cztery|pięć|kilka|дві|два|три|чотири|п.ять|шість|кілька|декілька|\d{1,2})\s+[a-ząćęłńóśźżа-яіїєґ’ʼ'\s-]+"
)
"""Parties that are counted and not named: "Три польські гміни"."""

_OPENED = re.compile(r"[«„“]|\".*\"")
_CLAUSE = re.compile(
    r"^(?:аби|щоб|коли|якщо|aby|żeby|gdy|jeśli)\s|\s(?:ми|вони|my|oni)$|\sprzez\s|,\s+(?:dla\s+)?któr"
    r"|^(?:обома|обох|обидв[аі]|obiema|oboma|obu|obie)\s+(?:сторон|сторін|stron)",
    re.IGNORECASE,
)
"""What is a clause of the sentence and no party: "Аби підтримати бібліотеки, ми", "обома сторонами задля розвитку"."""

_AIM = re.compile(r"(?:з\s+метою|w\s+celu)\s", re.IGNORECASE)
"""How it begins where no institution follows what the agreement is for."""

_ON_BEHALF = re.compile(
    r"^.{0,80}?(?:w\s+imieniu|від\s+імені)\s+(?=(?:(?i:gmin|miast|powiat|громад|міст)\w*\s+)?[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ])"
)
"""Who signs before the party that is signed for: "wójt Jan Próbny w imieniu Gminy Lipno"."""

_KIND_AHEAD = re.compile(
    r"^(?:samorządami|gminami|stronami|instytucjami|громадами|сторонами|установами)\s*[-–—:]\s+", re.IGNORECASE
)
"""What the parties are, before a dash: "pomiędzy samorządami - Gminą Lipno a Gminą Kikół"."""

_ADVERB = re.compile(
    r"^(?:(?:сьогодні|вчора|учора|нещодавно|днями|торік|dziś|dzisiaj|wczoraj|niedawno|ostatnio)"
    r"|(?:w|we)\s(?:poniedziałek|wtorek|środę|czwartek|piątek|sobotę|niedzielę)|[ув]\s(?:понеділок|вівторок|середу|четвер|п.ятницю|суботу|неділю)"
    r"|(?:цього|минулого|того)\s(?:ж\s)?(?:тижня|дня|місяця|року|літа|разу)|w tym (?:tygodniu|roku|miesiącu))\s+",
    re.IGNORECASE,
)
_OFFICE_ALONE = re.compile(
    r"(?:burmistrz|wójt|prezydent|starost|dyrektor|prezes)\w{0,4}|mer(?:a|em|owi)?"
    r"|мер(?:а|ом|у)?|директор(?:ка)?|(?:міський )?голова|староста"
    r"|przewodnicząc\w{1,4}(?:\s+rady(?:\s+(?:gminy|miasta|miejskiej|powiatu))?)?",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset("przy w we na z ze dla do od przez при у в на з із для до від".split())
_OFFICE_BEHIND = re.compile(rf"\s+[-–—]\s*(?:{_OFFICE_ALONE.pattern})$", re.IGNORECASE)
_ORDINAL = re.compile(
    r"\b(?:перш|друг|треть|четверт|п.ят|шост|сьом|восьм|дев.ят|десят|\w+надцят|двадцят|тридцят)ого\s+\0"
    r"|\b(?:pierwsz|drugi|trzeci|czwart|piąt|szóst|siódm|ósm|dziewiąt|dziesiąt|\w+nast|dwudziest|trzydziest)ego\s+\0",
    re.IGNORECASE,
)
"""A day told in a word before its month: "Першого березня 2014 року"."""

_NUMBER = re.compile("\0\\s*(?:№|nr|numer)\\s*[\\w/.-]*\\d[\\w/.-]*", re.IGNORECASE)
_UNIT = re.compile(r"^(?:gmin\w{0,3}|miast\w{0,3}|powiat\w{0,3}|громад\w{0,2}|міст\w{0,2})\s+(?=\S)", re.IGNORECASE)
_LEADING_OFFICE = re.compile(
    r"^(?:(?:міськ|сільськ|селищн)\w+\s+голов\w+|голов\w+|директор\w*|керівник\w*|начальни(?:к\w*|ц\w+)|очільни(?:к\w*|ц\w+)|мер\w*|mer(?:a|em|owi)?\b|dyrektor\w*|burmistrz\w*|wójt\w*"
    r"|przewodnicząc\w{1,4}\s+rady(?=\s+(?:gminy|miasta|miejskiej|powiatu)\b)|władz\w{0,3}(?:\s+samorządow\w+)?(?=\s+(?:gmin|miast|powiat))"
    r"|prezydent\w*|starost\w*|prezes\w*|бурм[іи]стр\w*|бургомістр\w*|війт\w*)\s+",
    re.IGNORECASE,
)


def worded_parties(text: str, *, bare: bool = False) -> list[str]:
    """Parties of an enumeration as worded: without dates, persons and the offices of those who signed.

    A noun that several share goes with each: "gminami Lipno i Kikół", "Полтавською та Лубенською громадами". A place named
    without any noun is a party beside one that has a noun, or where ``bare`` says that parties stand here.
    """
    said = without_days(_SAID.split(text, maxsplit=1)[0])
    cut = _REST.split(said, maxsplit=1)[0].rpartition("|")[2]  # "PNIEWY | Burmistrz …": where it is from
    found: list[str] = []
    places: list[str] = []
    for member in members_of(cut):
        plain = _KIND_AHEAD.sub("", _without_lead(one_line(member)))
        if _CLAUSE.search(plain) is not None or _ONLY_COUNTED.fullmatch(plain) is not None:
            continue
        plain = plain if _OPENED.search(plain) is not None else plain.rstrip('»”"')
        plain = _ON_BEHALF.sub("", plain)
        if is_person(plain):
            continue
        office = _OFFICE_BEHIND.sub("", _ADVERB.sub("", without_person(plain).strip(" ,–—-")))
        office = _before_verb(office)
        plain = _LEADING_OFFICE.sub("", office)
        if _OFFICE_ALONE.fullmatch(office):
            continue  # "burmistrz Jan Próbny": without the person nothing is named
        plain = _from_institution(plain if names_institution(plain) or is_bare_name(plain) else office)
        if _AIM.match(plain) is not None:
            continue
        is_new = _named(plain) not in map(_named, found)  # a gmina's mayor and the head of its council sign for one party
        if len(plain) > 2 and is_new and (names_institution(plain) or is_bare_name(plain)):
            found.append(plain)
            is_headed = _HEAD_OF_COMMUNITY.match(office) is not None  # "міський голова Ніжина": the town is the party
            if not names_institution(plain) and not is_headed:
                places.append(plain)
    return found if bare or len(places) < len(found) else []


def without_days(text: str) -> str:
    """The text without dates and the number of a document right behind one: "від 12 грудня 2024 року № 14"."""
    undated = DATE_WORDING.sub(" \0", text)
    return _ORDINAL.sub(" ", _NUMBER.sub(" ", undated)).replace("\0", "") if "\0" in undated else text


def _before_verb(text: str) -> str:
    """The text up to a verb behind its first word: "Rada Gminy rozwiązała" is what the council did, not its name."""
    words = text.split(" ")
    verb = next((at for at in range(1, len(words)) if is_verb(words[at])), None)
    return " ".join(words[:verb]) if verb is not None else text


def _named(party: str) -> str:
    """The party without the noun of its unit, to tell one named twice: "Gmin Lipno" and "Gminy Lipno"."""
    return _UNIT.sub("", party).casefold()


def is_bare_name(text: str) -> bool:
    """Whether the text is a name of capitalised words alone, as places have: "Grabowa nad Prosną"; no given name."""
    plain = _LAND_BEHIND.sub("", _ADJECTIVE_OF_LAND.sub("", text))
    words = plain.split()
    return (
        0 < len(words) < 6
        and plain[0].isupper()
        and all(_PLACE_WORD.fullmatch(word) and (word[0].isupper() or word in _INSIDE_PLACES) for word in words)
        and words[-1][0].isupper()
        and not (is_given_name(words[0]) if len(words) > 1 else has_given_name(words[0]))  # "Sławoborze" is a vocative too
    )


def members_of(text: str) -> list[str]:
    """Members of an enumeration, each with the noun that several of them share."""
    counted = _COUNTED.match(text)
    if counted is not None:
        text = text[counted.end() :]
        communities = _OF_COMMUNITIES.match(text)
        if communities is not None:
            return _with_community_each(text[communities.end() :])
    text = _with_noun_each(text)
    found: list[str] = []
    start = 0
    for shared in _SHARED_ADJECTIVES.finditer(text):
        found += _with_heads(enumerated(re.sub(r"\s+(?:та|і|й)(?:\s+територіальні)?\s*$", "", text[start : shared.start()])))
        found += _shared_adjectives(shared)
        start = shared.end()
    rest = re.sub(r"^\s*(?:,|та|і|й)\s+", "", text[start:]) if start else text
    return found + _with_heads(enumerated(rest))


def _with_community_each(text: str) -> list[str]:
    """Communities said by their adjectives alone: "Смілянською з Черкащини та Сарненською" with the noun they leave out."""
    found = (_ADJECTIVE_ALONE.fullmatch(one_line(member)) for member in re.split(r",|\s(?:та|і|й)\s", text))
    return [f"{match['adjective']} громадою {match['where'] or ''}".strip() for match in found if match is not None]


def _with_noun_each(text: str) -> str:
    """The text, a plural noun before adjectives said with each of them: "powiat lipnowski, powiat rypiński"."""
    if _NOUN_AHEAD.search(text) is None:
        return text

    def parted(shared: re.Match[str]) -> str:
        noun = singular_noun(shared["noun"])
        adjectives = re.split(r"\s*,\s*|\s+(?:i|oraz)\s+", shared["adjectives"])
        return ", ".join(f"{noun} {_adjective_of_one(adjective)}" for adjective in adjectives)

    return _NOUN_BEFORE_ADJECTIVES.sub(parted, text)


def _adjective_of_one(adjective: str) -> str:
    """The adjective of a single powiat: "lipnowskimi" → "lipnowskim", "lipnowskich" → "lipnowskiego"."""
    return re.sub(r"(?<=[sc]k)imi$", "im", re.sub(r"(?<=[sc]k)ich$", "iego", adjective))


def _shared_adjectives(shared: re.Match[str]) -> list[str]:
    """Three of "Полтавською, Лубенською та Хорольською громадами", each with the noun in the singular."""
    noun = singular_noun(shared["noun"])
    firsts = re.split(r"\s*,\s*|\s+(?:та|і|й|i|oraz)\s+", shared["firsts"].strip(" ,"))
    return [f"{adjective} {noun}" for adjective in (*firsts, shared["last"]) if adjective]


def _with_heads(members: Sequence[str]) -> list[str]:
    """Members with the noun that stands in the plural before the first of several names: "gmina Lipno", "gmina Kikół"."""
    found: list[str] = []
    heads: list[tuple[str, str]] = []  # as printed, and its noun
    head = "", ""
    for member in members:
        plain = one_line(member)
        match = _PLURAL_HEAD.match(plain)
        rest = plain[match.end() :] if match is not None else plain
        names = [name.strip() for name in re.split(r"\s+(?:i|a|oraz|та|і|й)\s+", rest)]
        if match is not None and is_bare_name(names[0]):
            head = match.group().strip(), match["noun"]
        elif match is not None or not is_bare_name(names[0]):
            head = "", ""
        if all(is_bare_name(name) and not names_institution(name) for name in names):
            found.extend(names)
            heads.extend([head] * len(names))
        else:
            found.append(plain)
            heads.append(("", ""))
            head = "", ""
    # The plural is one only where it heads several names in a row: "gminy Lipno" alone may be a genitive.
    runs = [(head, [name for _, name in run]) for head, run in itertools.groupby(zip(heads, found, strict=True), itemgetter(0))]
    return [
        name if not printed else f"{singular_noun(noun) if len(names) > 1 else printed} {name}"
        for (printed, noun), names in runs
        for name in names
    ]


def _without_lead(text: str) -> str:
    """The text without the adverbial before the institution it begins with: "Так Сумська міська рада"."""
    led = _LEAD.match(text)
    return text[led.end() :] if led is not None and begins_institution(text[led.end() :]) else text


def _from_institution(text: str) -> str:
    """The text without an adverbial before the institution: "Того ж дня Сумська бібліотека"."""
    words = text.split()
    if begins_institution(text):
        return text
    for at in range(1, min(len(words), 6)):
        rest = " ".join(words[at:])
        if words[at][:1].isupper() and words[at - 1].islower() and begins_institution(rest):
            return text if words[at - 1] in _PREPOSITIONS else rest
    return text
