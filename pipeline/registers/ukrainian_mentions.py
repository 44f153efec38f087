"""Inflected names of Ukrainian units in running text: rules of declension, met with the names of the codifier."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pipeline.registers.mentions import Found, Role, Tokens, agreed, without_overlaps
from pipeline.registers.places import Unit

_WORD = re.compile(r"([^\W\d_]+(?:['’ʼ‘-][^\W\d_]+)*)")
_HROMADA = re.compile(r"громад(?:а|и|і|у|ою|о|ам|ами|ах)?|м?с?о?тг|рад(?:а|и|і|у|ою)")
_SEAT_WORDS = (
    (re.compile(r"міськ(?:а|ої|ій|у|ою|і|их|им|ими)|мтг"), "city"),
    (re.compile(r"селищн(?:а|ої|ій|у|ою|і|их|им|ими)|селтг"), "settlement"),
    (re.compile(r"сільськ(?:а|ої|ій|у|ою|і|их|им|ими)|стг"), "village"),
)
_FILLERS = re.compile(r"територіальн\w+|об['’ʼ‘]?єднан\w+|міськ\w+|селищн\w+|сільськ\w+")
_RAION = re.compile(r"район(?:у|і|ом|ові|и|ів|ам|ах|ами)?|р-н\w*")
_OBLAST = re.compile(r"област(?:ь|і|ю|ей|ям|ях|ями)|обл")
_GOVERNORS = ((_HROMADA, "hromada"), (_RAION, "raion"), (_OBLAST, "oblast"))
_CITY = re.compile(r"міст(?:о|а|у|і|ом|ам|ах|ами)?|м")
_AND = frozenset(["та", "і", "й"])
_PREPOSITIONS = frozenset("у в до з із зі від під біля для та і й над при через поблизу".split())
_ADJECTIVE_ENDINGS = (
    "ьою ьої ього ьому ими ого ому ої ій ою ою ий им их ім їй їх їм ю я у а е і".split()
)  # fmt: skip
_NOT_BEFORE = frozenset("вул вулиця вулиці вулицю вулицею просп проспект проспекту пл площа площі ім імені пров".split())


class UkrainianNames:
    """The names of the codifier by stem (adjectives of hromadas, raions, oblasts) and by form (cities)."""

    def __init__(self, units: dict[str, Unit]) -> None:
        self._units = units
        self._roles = functools.lru_cache(maxsize=65536)(self._role)
        self._adjectives: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        self._cities: dict[str, list[tuple[tuple[frozenset[str], ...], Unit]]] = defaultdict(list)
        for unit in units.values():
            for row in unit.rows:
                if row.kind in ("hromada", "raion", "oblast"):
                    stem = _stems(_plain(row.name))[0]
                    if unit not in self._adjectives[row.kind, stem]:
                        self._adjectives[row.kind, stem].append(unit)
                elif row.kind in ("city", "special_city"):
                    forms = tuple(declined(part) for part in _plain(row.name).split())
                    for form in sorted(forms[0]):
                        self._cities[form].append((forms, unit))

    def found(self, text: str, near: Iterable[str] = ()) -> list[tuple[Found, str | None, str]]:
        """Every name in ``text`` with its KATOTTH code where it is certain."""
        tokens = Tokens(text, _WORD)
        finds: list[Found] = []
        for index, role in enumerate(map(self._roles, tokens.texts)):
            if role is None:
                continue
            if role.governs is not None:
                finds += self._governed(tokens, index, role.governs)
            if role.begins_name:
                finds += self._city(tokens, index)
        return agreed(without_overlaps(finds), self, near)

    def _role(self, word: str) -> Role | None:
        """What a word makes of the text around it; None of most words."""
        plain = _plain(word)
        governs = next((kind for pattern, kind in _GOVERNORS if pattern.fullmatch(plain)), None)
        begins_name = word[0].isupper() and plain in self._cities
        return Role(governs, begins_name=begins_name) if governs is not None or begins_name else None

    def _governed(self, tokens: Tokens, index: int, kind: str) -> list[Found]:
        """The adjectives before "громада", "район" or "область", several parted by "та" or commas included."""
        finds: list[Found] = []
        seat_kind: str | None = None
        position = index
        if kind == "hromada":
            seat_kind = _seat_kind(tokens.texts[index])
        while position > 0:
            position -= 1
            token, gap = tokens[position], tokens.gap(position + 1).strip()
            word = _plain(token.text)
            if gap not in ("", ",") and not (gap in ("«", "»", '"') and finds):
                break
            if kind == "hromada" and not token.is_capital and _FILLERS.fullmatch(word):
                seat_kind = _seat_kind(word) or seat_kind
                continue
            if word in _AND and finds:
                continue
            units = self._of_adjective(kind, word) if token.is_capital else []
            if not units:
                break
            if kind == "hromada" and seat_kind is not None:
                units = [unit for unit in units if unit.rows[-1].seat_kind == seat_kind]
                if not units:
                    break
            if _plain(tokens.texts[index]).startswith("рад") and seat_kind is None:
                break
            finds.append(Found(token.start, token.end, _codes(units), kind, "gmina" if kind == "hromada" else "powiat"))
        return finds

    def _of_adjective(self, kind: str, word: str) -> list[Unit]:
        for stem in _stems(word):
            units = self._adjectives.get((kind, stem))
            if units:
                return units
        return []

    def _city(self, tokens: Tokens, index: int) -> list[Found]:
        best: dict[str, Unit] = {}
        length = 0
        for forms, unit in self._cities.get(_plain(tokens.texts[index]), ()):
            if len(forms) < length or not _is_name(tokens, index, forms):
                continue
            if len(forms) > length:
                best, length = {}, len(forms)
            best[unit.key] = unit
        if not best:
            return []
        word, gap = (_plain(tokens.texts[index - 1]), tokens.gap(index)) if index else ("", "")
        if word in _NOT_BEFORE:
            return []
        is_city = _CITY.fullmatch(word) is not None and (gap.strip() == "" if word != "м" else gap.strip() == ".")
        if not is_city and length == 1 and (word not in _PREPOSITIONS or gap.strip()):
            # Without a preposition a single capital word may be a surname or the start of a sentence.
            return []
        return [
            Found(
                tokens[index].start, tokens[index + length - 1].end, _codes(best.values()), "city" if is_city else "", "gmina"
            )
        ]

    # -- agreement -------------------------------------------------------------------------------------------------

    def around(self, code: str) -> tuple[str, ...]:
        sizes = {"oblast": (4,), "special_city": (4,), "raion": (6, 4)}.get(self._units[code].rows[-1].kind, (9, 6, 4))
        return tuple(code[:size] for size in sizes)

    def vouched(self, code: str) -> str:
        return self.around(code)[0]

    def is_enough(self, found: Found, code: str, region: str) -> bool:
        return len(region) > 0 and code.startswith(region) and not found.is_weak


def _is_name(tokens: Tokens, index: int, forms: tuple[frozenset[str], ...]) -> bool:
    if index + len(forms) > len(tokens):
        return False
    for offset, form in enumerate(forms):
        word = tokens.texts[index + offset]
        if offset and (tokens.gap(index + offset).strip() or not word[0].isupper()):
            return False
        if _plain(word) not in form:
            return False
    return True


def _codes(units: Iterable[Unit]) -> tuple[str, ...]:
    return tuple(sorted({unit.rows[-1].code for unit in units}))


def _plain(word: str) -> str:
    return word.casefold().translate(_APOSTROPHES)


_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ‘`", "'"))


def _seat_kind(word: str) -> str | None:
    return next((kind for pattern, kind in _SEAT_WORDS if pattern.fullmatch(_plain(word))), None)


def _stems(word: str) -> list[str]:
    """What is left of an adjective without an ending of its declension, the likeliest first."""
    return [
        word.removesuffix(ending) for ending in _ADJECTIVE_ENDINGS if word.endswith(ending) and len(word) > len(ending) + 2
    ] or [word]


def declined(word: str) -> frozenset[str]:
    """Forms a word of a city's name takes: more than there are, since only those that meet the register count."""
    return frozenset({word, *_forms(word)})


def _forms(word: str) -> Iterator[str]:
    head, _, last = word.rpartition("-")
    if head:
        # "Камінь-Каширський" declines in both parts, "Івано-Франківськ" in the last alone.
        for first in {head, *_forms(head)}:
            for second in {last, *_forms(last)}:
                yield f"{first}-{second}"
        return
    for stem, endings in _stem_endings(word):
        for ending in endings.split():
            yield stem + ending.replace("0", "")


_SOFTENED = {"к": "ц", "г": "з", "х": "с"}
_PLURAL = "0 ів ей ам ям ами ями ах ях их им ими"


def _stem_endings(word: str) -> Iterator[tuple[str, str]]:
    stem, end = word[:-1], word[-1:]
    if word.endswith(("ий", "ій", "їй")):
        yield word[:-2], "ого ому им ім ього ьому ьим"
    if end == "а":
        yield stem, "и і у ою ої ій"
        yield stem[:-1] + _SOFTENED.get(stem[-1:], stem[-1:]), "і"
        yield from ((plural, _PLURAL) for plural in _filled(stem))
    elif end == "я":
        yield stem, "і ї ю ею єю ьої ій"
    elif end in ("е", "є", "о"):
        yield stem, "а я у ю ом ем єм і ї ові еві ого ому им ім"
    elif end in ("и", "і", "ї"):
        yield from ((plural, _PLURAL) for plural in _filled(stem))
    elif end == "й":
        yield stem, "я ю єм єві ї"
    elif end:
        base = stem if end == "ь" else word
        for shape in _alternated(base):
            yield shape, "я ю ем еві і" if end == "ь" else "а у ом ем ові еві і"


def _filled(stem: str) -> Iterator[str]:
    """A plural's stem, and with the vowel that its genitive may fill in: Лубни, Лубен."""
    yield stem
    if len(stem) > 2:
        yield stem[:-1] + "е" + stem[-1]
        yield stem[:-1] + "о" + stem[-1]


def _alternated(base: str) -> Iterator[str]:
    """A masculine stem and its shapes before an ending: Харків, Харкова; Київ, Києва; Кременець, Кременця."""
    yield base
    if len(base) > 2 and base[-2] == "і":
        yield base[:-2] + "о" + base[-1]
        yield base[:-2] + "е" + base[-1]
    if len(base) > 2 and base[-2] == "ї":
        yield base[:-2] + "є" + base[-1]
    if len(base) > 3 and base[-2] in "ео":
        yield base[:-2] + base[-1]
