"""Personal names in Polish and Ukrainian prose, told by given names, patronymics and initials.

Polish given names and surnames are those of Morfeusz's dictionary; Ukrainian given names are listed here by stem, since
no dictionary of them is at hand. A name that neither tells is left out: precision counts more than recall.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.extract.prose import begins_institution, names_institution
from pipeline.normalise.dictionary import analyses
from pipeline.normalise.given_names import given_name_cases

_UK_PATRONYMIC = re.compile(
    r"(?:[оеєьй][вв]?ович|[ое]вич|[єй]ович|євич|лліч|кич|мич|ович)(?:а|у|ем|еві|ові)?$|(?:[ії]в|ов|еє?в|ліч|ич)н(?:а|и|і|у|ою)$"
)
_UK_CAPITALISED_ADJECTIVE = re.compile(r"(?:[сцз]ька|ий|ій|ого|ому|ою|их|им)$")
_UK_NO_GIVEN = re.compile(r"(?:тва|тво|ння|ття|ція|ість|ова|ева|іка|ика)$")
_UK_SURNAME = re.compile(r"(?:енко|чук|[рнлк]юк|[рнлм]ук|ськ(?:ий|а)|цьк(?:ий|а)|ишин|евич|ович)$")
HONORIFICS = frozenset(("Pan", "Pani", "pan", "pani"))
_BESIDE = frozenset(",–—-(")
_HEAD = re.compile(r"(?:burmistrz|wójt|starost|prezydent)\w{0,3}", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_RUN_TOGETHER = re.compile(r"(?<!\bMc)(?<!\bMac)(?<=[a-ząćęłńóśźżа-яіїєґ])[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ]")
_VOWEL = re.compile("[AEIOUYĄĘÓАЕИІОУЮЯЄЇ]")
_THREE_CAPITALS = re.compile("[БВГҐДЖЗКЛМНПРСТФХЦЧШЩ][АЕИІОУЮЯЄЇ][БВГҐДЖЗЙКЛМНПРСТФХЦЧШЩ]")
_TOKEN = re.compile(r"[^\W\d_]+(?:[-ʼ’'`‑][^\W\d_]+)*|\d+|[^\w\s]|_")


class Token(NamedTuple):
    """A word or sign of a sentence and where it stands."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[:1].isalpha()

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper() and any(char.islower() for char in self.text[1:])

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()


class Name(NamedTuple):
    """A name that ends before token ``end``. ``cases``: the cases its given name can stand in; empty when unknown."""

    end: int
    cases: frozenset[str]


def tokens_of(sentence: str) -> list[Token]:
    """Words and signs of the sentence."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(sentence)]


def words_of(sentence: str) -> list[str]:
    """Texts of the sentence's tokens."""
    return _TOKEN.findall(sentence)


def name_at(tokens: Sequence[Token], at: int, *, after_role: bool = False) -> Name | None:
    """The personal name that begins at token ``at``, None when none does.

    Given name and surname, a second given name or patronymic between or after; or initials and surname. The surname
    stands first, or before initials, only right ``after_role``: elsewhere a place or institution may stand before a name.
    """
    if at < len(tokens) and tokens[at].text in HONORIFICS:
        return None
    return (
        _given_first(tokens, at)
        or _initials_first(tokens, at)
        or (_surname_first(tokens, at) if after_role else None)
        or (_surname_and_initials(tokens, at) if after_role else None)
    )


def name_by_place(tokens: Sequence[Token], at: int, *, is_feminine: bool) -> Name | None:
    """Two Ukrainian words right after a role in the nominative, the first a given name nobody listed: "голова Золтан Ковач".

    Only in the nominative, so that no institution in the genitive is taken: a man's given name ends in a consonant or о.
    """
    if at + 1 >= len(tokens) or not (tokens[at].is_capitalised and tokens[at + 1].is_capitalised):
        return None
    given, surname = tokens[at].text, tokens[at + 1].text
    follows = tokens[at + 2].text if at + 2 < len(tokens) else "."
    is_name = (
        tokens[at + 1].start - tokens[at].end == 1
        and min(len(given), len(surname)) > 2
        and _CYRILLIC.search(given) is not None
        and (given[-1] not in "аяиіїуюеєьв" or (is_feminine and given[-1] in "ая"))
        and surname[-1] not in "уюиіїє"
        and _UK_CAPITALISED_ADJECTIVE.search(given) is None
        and _UK_NO_GIVEN.search(given) is None
        and not (names_institution(given) or names_institution(surname))
        and not (follows[:1].isupper() or follows in {"«", "„", '"', "№", "-"})
    )
    return Name(at + 2, frozenset(("nom",))) if is_name else None


def surname_before_patronymic(tokens: Sequence[Token], at: int) -> Name | None:
    """Surname, given name and patronymic, as lists and offices write them: "Зразок Олена Іванівна", with nothing behind it.

    The first word of a sentence may be any word: there the surname must be told by its ending.
    """
    if at + 2 >= len(tokens) or not (_is_patronymic(tokens[at + 2]) and _is_surname(tokens, at)):
        return None
    word, cases = tokens[at].text, given_name_cases(tokens[at + 1].text)
    is_told = _UK_SURNAME.search(word) is not None or (at > 0 and _UK_CAPITALISED_ADJECTIVE.search(word) is None)
    is_apart = tokens[at + 1].start - tokens[at].end == 1 and not names_institution(word) and word not in HONORIFICS
    return Name(at + 3, cases) if cases and is_told and is_apart and not _ends_name(tokens, at + 3) else None


def surname_before_initials(tokens: Sequence[Token], at: int) -> Name | None:
    """Surname and two initials with a sign behind them, as in "Зразко Н. В. – бібліотекар"."""
    name = _surname_and_initials(tokens, at)
    is_whole = name is not None and name.end == at + 5 and name.end < len(tokens) and tokens[name.end].text in _BESIDE
    return name if is_whole and tokens[at + 1].start - tokens[at].end == 1 else None


def patron_end(tokens: Sequence[Token], at: int) -> int:
    """Index after the patron's name that begins at ``at``, the token after "im." or "імені"."""
    here = at
    while here < len(tokens) and tokens[here].text in ("Św", "św", "ks", "Ks", "gen", "Gen", "dr", "prof", "bł", "o", "."):
        here += 1
    named = _initials_first(tokens, here) or _given_first(tokens, here)
    if named is None and here + 1 < len(tokens) and tokens[here].text.islower():  # "im. poety Jana Nowaka"
        named = _initials_first(tokens, here + 1) or _given_first(tokens, here + 1)
    if named is not None:
        here = named.end
        if here < len(tokens) and re.fullmatch(r"[IVXІХ]+", tokens[here].text):
            here += 1
        return here
    if here < len(tokens) and given_name_cases(tokens[here].text) and _is_surname(tokens, here + 1):
        return here + 2
    return here + 1 if here < len(tokens) and tokens[here].text[:1].isupper() else here


def is_person(text: str) -> bool:
    """Whether the whole text is a personal name: such a one never stands in a public column."""
    tokens = tokens_of(text)
    found = name_at(tokens, 0, after_role=True)
    return found is not None and found.end >= len(tokens)


def is_run_together(name: str) -> bool:
    """Whether a rendering lost the space behind the name: "Ewa PróbnaJan" is no name of a person, but of two."""
    return _RUN_TOGETHER.search(name) is not None


def without_person(text: str) -> str:
    """The text up to the first personal name in it that is no patron's: "Wójta Gminy Lipno Jana Nowaka" loses the name."""
    tokens = tokens_of(text)
    at = 0
    while at < len(tokens):
        if is_patron_mark(tokens, at):
            at = patron_end(tokens, _after_mark(tokens, at))
            continue
        name = name_at(tokens, at)
        if name is not None:
            beside = text[tokens[name.end].end :].strip() if at == 0 and name.end < len(tokens) else ""
            if at == 0 and name.end < len(tokens) and _HEAD.fullmatch(tokens[name.end].text) is not None:
                return text[tokens[name.end].start :]  # "Janem Próbnym Starostą Lipnowskim": whom the person signs for
            if beside and tokens[name.end].text in _BESIDE and begins_institution(beside):
                if tokens[name.end].text == "(":  # "Jan Próbny (MOPS), tel. …"
                    return beside.partition(")")[0].rstrip()
                return beside.rstrip(" )")  # "Jan Próbny, Dom Kultury": whom the person stands for
            return text[: tokens[at].start].rstrip(" ,–—-(:;")
        at += 1
    return text


def is_patron_mark(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token says that a patron's name follows: "im.", "imienia", "ім.", "імені"."""
    return tokens[at].text.casefold() in ("im", "imienia", "ім", "імені", "имени")


def _after_mark(tokens: Sequence[Token], at: int) -> int:
    return at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "." else at + 1


def after_patron(tokens: Sequence[Token], at: int) -> int:
    """Index after the mark at ``at`` and the patron's name that follows it."""
    return max(at + 1, patron_end(tokens, _after_mark(tokens, at)))


def _given_first(tokens: Sequence[Token], at: int) -> Name | None:
    if at >= len(tokens) or not tokens[at].is_capitalised:
        return None
    cases = given_name_cases(tokens[at].text)
    if not cases:
        return Name(at + 2, frozenset(("nom",))) if _is_name_by_shape(tokens, at) else None
    here = at + 1
    if here < len(tokens) and _is_patronymic(tokens[here]):
        here += 1
        return Name(here + 1, cases) if _ends_name(tokens, here) else Name(here, cases)
    if here + 1 < len(tokens) and tokens[here].is_initial and tokens[here + 1].text == "." and _ends_name(tokens, here + 2):
        return Name(here + 3, cases)
    if here < len(tokens) and (second := given_name_cases(tokens[here].text)) and _ends_name(tokens, here + 1):
        # "zastępczyni mera Sambora Ołena Zmyślona", "burmistrzem Mikołajek Piotrem Próbnym": a town that is called like a man
        is_foreign = "nom" in cases and _CYRILLIC.search(tokens[at].text) is not None
        return Name(here + 2, cases) if cases & second or is_foreign else None
    if "nom" not in cases and _runs_on(tokens, here):
        return None
    return Name(here + 1, cases) if _ends_name(tokens, here) else None


def _runs_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a third word with a capital follows the one at ``at``, so that a name in the nominative may begin with either."""
    if at + 1 >= len(tokens) or not (tokens[at].is_capitalised and tokens[at + 1].is_capitalised):
        return False
    third = tokens[at + 1].text
    cases = given_name_cases(third)
    return tokens[at + 1].start - tokens[at].end == 1 and (not cases or "nom" in cases) and not names_institution(third)


def _is_name_by_shape(tokens: Sequence[Token], at: int) -> bool:
    """Whether two Ukrainian words are a given name nobody listed and a surname told by its ending, both in the nominative."""
    if at + 1 >= len(tokens) or not tokens[at + 1].is_capitalised or tokens[at + 1].start - tokens[at].end != 1:
        return False
    given, surname = tokens[at].text, tokens[at + 1].text
    return (
        _UK_SURNAME.search(surname) is not None
        and _CYRILLIC.search(given) is not None
        and _UK_CAPITALISED_ADJECTIVE.search(given) is None
        and given[-1] not in "иіїуюе"
        and not names_institution(given)
        and not names_institution(surname)
    )


def _surname_first(tokens: Sequence[Token], at: int) -> Name | None:
    if not _is_surname(tokens, at) or at + 1 >= len(tokens) or not tokens[at + 1].is_capitalised:
        return None
    cases = given_name_cases(tokens[at + 1].text)
    if not cases:
        return None
    here = at + 2
    if here < len(tokens) and _is_patronymic(tokens[here]):
        return Name(here + 1, cases)
    # "burmistrz Lipna Jan Kos": what stands before a whole name is no surname
    return None if _is_surname(tokens, here) or not _is_known_surname(tokens[at].text) else Name(here, cases)


def _initials_first(tokens: Sequence[Token], at: int) -> Name | None:
    here = at
    while here + 1 < len(tokens) and tokens[here].is_initial and tokens[here + 1].text == "." and here < at + 4:
        here += 2
    return Name(here + 1, frozenset()) if here > at and _is_surname(tokens, here) else None


def _surname_and_initials(tokens: Sequence[Token], at: int) -> Name | None:
    if not _is_surname(tokens, at):
        return None
    here = at + 1
    while here + 1 < len(tokens) and tokens[here].is_initial and tokens[here + 1].text == "." and here < at + 5:
        here += 2
    return Name(here, frozenset()) if here > at + 1 else None


def _is_surname(tokens: Sequence[Token], at: int) -> bool:
    if at >= len(tokens) or not tokens[at].is_capitalised or len(tokens[at].text) < 3:
        return False
    word = tokens[at].text
    if not names_institution(word):
        return True
    return bool(given_name_cases(word)) or any("nazwisko" in names for _, _, names in analyses(word))


def _ends_name(tokens: Sequence[Token], at: int) -> bool:
    """Whether a surname stands behind the given name, in capitals too, as offices write it: "голова Павло ЗМИСЛЕНИЙ"."""
    if at >= len(tokens) or tokens[at].is_capitalised or tokens[at].start - tokens[at - 1].end != 1:
        return _is_surname(tokens, at)
    word = tokens[at].text
    if len(word) == 3:  # "Іван КІТ", "Jan KOS": most words of three capitals are abbreviations
        return _THREE_CAPITALS.fullmatch(word) is not None or (word.isupper() and _is_surname_by_itself(word.capitalize()))
    return len(word) > 3 and word.isupper() and _VOWEL.search(word) is not None


def _is_surname_by_itself(word: str) -> bool:
    """Whether the word is a Polish surname in the nominative: "NIK" is none but of several women called Nika."""
    return any("nazwisko" in names and "nom" in tag.split(":")[2].split(".") for _, tag, names in analyses(word))


def _is_known_surname(word: str) -> bool:
    """Whether the word is a surname by itself: by the dictionary where it is Polish; Ukrainian has none to ask."""
    return _CYRILLIC.search(word) is not None or any("nazwisko" in names for _, _, names in analyses(word))


def _is_patronymic(token: Token) -> bool:
    return token.is_capitalised and len(token.text) > 5 and _UK_PATRONYMIC.search(token.text) is not None
