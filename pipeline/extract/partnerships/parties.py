"""Parties of agreements and partnerships in an enumeration: institutions, communities, places."""

from __future__ import annotations

import re

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.party_members import members_of
from pipeline.extract.people.person_names import is_person, without_person
from pipeline.extract.people.roles import is_verb
from pipeline.extract.prose import DATE_WORDING, begins_institution, names_institution

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_REST = re.compile(
    r",\s+(?:więc|dzięki|aby|żeby|bo\b|gdzie|тож|отже|тому|щоб|аби|де\b|завдяки|w ramach|в рамках|у рамках)"
    r"|,\s+(?:інформує|повідомляє|повідомили|пише|пишуть|informuje|podaje|donosi)\b|,\s+reprezentowan"
    r"|\s(?:na (?:realizację|okres|czas|lata)|w sprawie|w zakresie|dotycząc\w+"
    r"|(?:для|задля)\s(?:спільно|реалізації|надання|забезпечення|розвитку)\w*|dla\s(?:wspóln|realizacji|rozwoju)\w*"
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
    r"^(?:[^\W\d_]+\s)?(?:samorządami|gminami|powiatami|stronami|instytucjami|starostami|burmistrzami|wójtami|громадами|сторонами|установами"
    r"|головами|мерами)\s*[-–—:]\s+",
    re.IGNORECASE,
)
"""What the parties are, before a dash: "pomiędzy samorządami - Gminą Lipno a Gminą Kikół"."""

_ADVERB = re.compile(
    r"^(?:(?:dzień|tydzień|miesiąc|rok|dwa\s(?:dni|lata|tygodnie|miesiące))\spóźniej|через\s(?:день|тиждень|місяць|рік)"
    r"|(?:сьогодні|вчора|учора|нещодавно|днями|торік|dziś|dzisiaj|wczoraj|niedawno|ostatnio)"
    r"|(?:w|we)\s(?:poniedziałek|wtorek|środę|czwartek|piątek|sobotę|niedzielę)|[ув]\s(?:понеділок|вівторок|середу|четвер|п.ятницю|суботу|неділю)"
    r"|(?:цього|минулого|того)\s(?:ж\s)?(?:тижня|дня|місяця|року|літа|разу)|w tym (?:tygodniu|roku|miesiącu))\s+",
    re.IGNORECASE,
)
_ADVERB_BEHIND = re.compile(
    r"\s(?:(?:we?|[ув])\s(?:ubiegł|minion|ostatni|zeszł|poprzedni|минул|останні|попередні)\w*\s(?:lat|rok|miesiąc|tygodni|рок|рік|місяц|тижн)\w*"
    r"|(?:niedawno|wczoraj|dzisiaj|dziś|нещодавно|вчора|сьогодні|торік))$",
    re.IGNORECASE,
)
_OFFICE_ALONE = re.compile(
    r"(?:burmistrz|wójt|prezydent|starost|dyrektor|prezes)\w{0,4}|mer(?:a|em|owi)?"
    r"|мер(?:а|ом|у)?|директор(?:ка)?|(?:міський )?голова|староста"
    r"|przewodnicząc\w{1,4}(?:\s+rady(?:\s+(?:gminy|miasta|miejskiej|powiatu))?)?",
    re.IGNORECASE,
)
_OFFICE_BY_ADJECTIVE = re.compile(r"(?:burmistrz|wójt|starost|prezydent)\w{0,3}\s[^\W\d_]+[sc]k(?:i|im|iego)", re.IGNORECASE)
"""Who signs for a community that only the adjective names: "Starostą Lipnowskim" is no place "Lipnowskim"."""

_HEAD_BEHIND_NAME = re.compile(
    r"\s(?:i|oraz|a)\s(?=[A-ZĄĆĘŁŃÓŚŹŻ]\S+\s(?:[A-ZĄĆĘŁŃÓŚŹŻ]\S+\s){1,2}(?i:burmistrz|wójt|starost|prezydent)\w{0,3}\s)"
)
"""The conjunction before a person whose office stands behind the name."""

_WHERE_IT_LIES = re.compile(
    r"^(?P<unit>[^,]*\b(?i:містом|районом|громадою|[гґ]міною|miastem|gminą|powiatem|rejonem)\s[^,]+),\s[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ][^\W\d_]+$"
)
"""A single unit, and behind a comma where it lies: "з районом Шпандау, Берлін"."""

_WHERE_FIRST = re.compile(r"(?:we?|na|podczas|[ув]|під час)\s", re.IGNORECASE)
_PREPOSITIONS = frozenset("przy w we na z ze dla do od przez при у в на з із для до від".split())
_OFFICE_BEHIND = re.compile(rf"\s+[-–—]\s*(?:{_OFFICE_ALONE.pattern})$", re.IGNORECASE)
_SURNAME_IN_CAPITALS = re.compile(
    rf"(?<=[a-ząćęłńóśźżа-яіїєґ])\s[{_CAPITAL}][a-ząćęłńóśźżа-яіїєґ’ʼ'-]{{2,}}\s[{_CAPITAL}][{_CAPITAL}’ʼ'-]{{3,}}(?:\s.*)?$"
)
"""A given name nobody listed and the surname in capitals behind whom they sign for: "мер району Вітас УМОВНАС у Литві"."""

_FOREIGNER = re.compile(
    rf"(?P<party>[{_CAPITAL}][^\W\d_]+)\s(?=\S*[^\W\d_a-zA-ZĄĆĘŁŃÓŚŹŻąćęłńóśźż\u0400-\u04ff])[^\W\d_]+\s[{_CAPITAL}][^\W\d_]+"
)
"""A place in one word, a given name with a letter that Polish has not, a surname."""

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
    cut = _WHERE_IT_LIES.sub(r"\g<unit>", cut)
    found: list[str] = []
    places: list[str] = []
    for member in members_of(_HEAD_BEHIND_NAME.sub(", ", cut)):
        plain = _KIND_AHEAD.sub("", _without_lead(one_line(member)))
        if _CLAUSE.search(plain) is not None or _ONLY_COUNTED.fullmatch(plain) is not None:
            continue
        plain = plain if _OPENED.search(plain) is not None else plain.rstrip('»”"')
        plain = _ON_BEHALF.sub("", _ADVERB_BEHIND.sub("", plain))
        if is_person(plain):
            continue
        plain = _SURNAME_IN_CAPITALS.sub("", without_person(plain))
        office = _OFFICE_BEHIND.sub("", _ADVERB.sub("", plain.strip(" ,–—-")))
        office = _before_verb(office)
        plain = office if _OFFICE_BY_ADJECTIVE.fullmatch(office) is not None else _without_foreigner(office)
        if _OFFICE_ALONE.fullmatch(office):
            continue  # "burmistrz Jan Próbny": without the person nothing is named
        plain = _from_institution(plain if names_institution(plain) or is_bare_name(plain) else office)
        if _AIM.match(plain) is not None or _WHERE_FIRST.match(plain) is not None:
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


def _without_foreigner(office: str) -> str:
    """The party without the office before it, and without the foreign name of who holds it: "Mer Wilna Artūras Umownas"."""
    plain = _LEADING_OFFICE.sub("", office)
    foreigner = _FOREIGNER.fullmatch(plain) if plain != office else None
    return foreigner["party"] if foreigner is not None and not names_institution(foreigner["party"]) else plain


def _named(party: str) -> str:
    """The party without the noun of its unit, to tell one named twice: "Gmin Lipno" and "Gminy Lipno"."""
    return _UNIT.sub("", party).casefold()


def _without_lead(text: str) -> str:
    """The text without the adverbial before the institution it begins with: "Так Сумська міська рада"."""
    led = _LEAD.match(text)
    if led is None or names_institution(led.group().split()[-1]):  # "W Starostwie Powiatowym w Kole": where they met
        return text
    return text[led.end() :] if begins_institution(text[led.end() :]) else text


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
