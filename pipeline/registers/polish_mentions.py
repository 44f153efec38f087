"""Inflected names of Polish units in running text: lemmas by morfeusz2, met with the names of the register."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable

from pipeline.normalise.dictionary import morfeusz
from pipeline.registers.mentions import Found, Role, Tokens, agreed, without_overlaps
from pipeline.registers.names import key
from pipeline.registers.places import GMINA_KINDS, Localities, Unit
from pipeline.registers.tables import point_key

_WORD = re.compile(r"([^\W\d_]+)")
_JOIN = re.compile(r"(?:[ \u00a0]+|\n|\s?[-‐‑–]\s?)$")
_CITIES = ("gmina_miejska", "miasto_na_prawach_powiatu", "gmina_miejsko_wiejska")

# What a word before a name says about it: the kinds that remain.
_CONTEXTS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (re.compile(r"gmin(?:a|y|ie|ę|ą|o|om|ach|ami)?|gm"), "gmina", GMINA_KINDS),
    (re.compile(r"miast(?:o|a|u|em|om|ach|ami)?|mieście|miasteczk(?:o|a|u|iem)|m"), "miasto", _CITIES),
    (re.compile(r"dzielnic(?:a|y|ę|ą|o|om|ach|ami)?"), "dzielnica", ("dzielnica", "delegatura")),
)
_OFFICES = re.compile(
    r"(?:urz[ąę]d|rad|burmistrz|prezydent|wójt|magistra[tc]|samorz[ąa]d)(?:[aeuyzęąo]|zie|owi|em|a|dzie|owie|ów|ami|ach)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:miejsk|wiejsk|gminn|stołeczn)(?:i|a|ie|iego|iej|im|ą|iemu)|miejsko|wiejsk\w+|w|we|i|oraz|st|m|miast[oaeu]|gmin[ayęąi]e?"
)
_PREPOSITIONS = frozenset("w we z ze do na od pod dla przez koło nad przy między spod znad ku po o".split())
_AND = frozenset(["i", "oraz", "a", "lub"])
_NOT_BEFORE = frozenset(
    "ul ulica ulicy ulicę ulicą ulicami al aleja alei aleje pl plac placu os osiedle osiedlu im ks św gen dr prof por".split()
)
_POWIAT = re.compile(r"powia(?:t|tu|towi|tem|ty|tów|tom|tami|tach)|powiecie|pow")
_VOIVODESHIP = re.compile(r"województw(?:o|a|u|em|ie|om|ami|ach)?|woj")
_KIND_WORDS = {
    "miejskiej": "gmina_miejska",
    "miejska": "gmina_miejska",
    "wiejskiej": "gmina_wiejska",
    "wiejska": "gmina_wiejska",
}
_WARSAW_CITY = "146501"
_WARSAW = re.compile(r"\b(?:warszaw(?:a|y|ie|ę|ą)|warszawsk\w+)\b", re.IGNORECASE)
_EVERYWHERE = frozenset(["włochy", "śródmieście", "wola", "wesoła"])
"""Warsaw districts whose names are a country, a part of many towns or common words: they need the word "dzielnica"."""


class PolishNames:
    """The names of the register by the lemmas of their words."""

    def __init__(self, units: dict[str, Unit], localities: Localities) -> None:
        self._units = units
        self._localities = localities
        self._morfeusz = morfeusz()
        self._lemmas = functools.lru_cache(maxsize=65536)(self._analysed)
        self._roles = functools.lru_cache(maxsize=65536)(self._role)
        self._begun = functools.lru_cache(maxsize=65536)(self._names_begun)
        self._by_word: dict[str, list[tuple[str, tuple[str, ...], Unit]]] = defaultdict(list)
        names: dict[tuple[str, str], Unit] = {}
        for unit in units.values():
            for row in unit.rows:
                names[row.name.split("(")[0].strip(), unit.key] = unit
                if row.kind == "delegatura":
                    names[row.name.partition("-")[2], unit.key] = unit
        for (name, _), unit in sorted(names.items(), key=lambda item: item[0]):
            parts = tuple(_WORD.findall(name))
            level = {2: "voivodeship", 4: "powiat"}.get(len(unit.key), "gmina")
            if level == "powiat" and int(unit.key[2:]) > 60:
                continue
            for lemma in sorted(self._lemmas(parts[0])[0]):
                self._by_word[level + lemma].append((name, parts, unit))

    def _names_begun(self, level: str, word: str) -> tuple[tuple[tuple[str, ...], Unit], ...]:
        """The names of a level whose first word ``word`` may be, as their words, and the units that bear them."""
        return tuple(
            (parts, unit) for lemma in sorted(self._lemmas(word)[0]) for _, parts, unit in self._by_word.get(level + lemma, ())
        )

    def _analysed(self, word: str) -> tuple[frozenset[str], bool, bool, bool]:
        """Lemmas in lower case, the word itself among them; whether it may be a place, a first name, a common word."""
        lemmas = {word.casefold()}
        is_place = is_first_name = is_common = False
        for _, _, (_, lemma, tag, labels, _) in self._morfeusz.analyse(word):
            lemmas.add(lemma.partition(":")[0].casefold())
            is_place |= "nazwa_geograficzna" in labels or tag == "ign"
            is_first_name |= "imię" in labels
            is_common |= "nazwa_pospolita" in labels or (
                tag.startswith(("adj", "fin", "impt", "adv")) and "nazwisko" not in labels
            )
        return frozenset(lemmas), is_place, is_first_name, is_common

    def _role(self, word: str) -> Role | None:
        """What a word makes of the text around it; None of most words."""
        small = word.casefold()
        governs = "powiat" if _POWIAT.fullmatch(small) else "voivodeship" if _VOIVODESHIP.fullmatch(small) else None
        begins_name = word[0].isupper() and bool(self._begun("gmina", word))
        return Role(governs, begins_name=begins_name) if governs is not None or begins_name else None

    # -- finding ---------------------------------------------------------------------------------------------------

    def found(self, text: str, near: Iterable[str] = ()) -> list[tuple[Found, str | None, str]]:
        """Every name in ``text`` with its TERC code where it is certain. Candidates carry the newest codes."""
        tokens = Tokens(text, _WORD)
        finds: list[Found] = []
        for index, role in enumerate(map(self._roles, tokens.texts)):
            if role is None:
                continue
            if role.governs is not None:
                finds += self._adjectives(tokens, index + 1, role.governs)
            if role.begins_name:
                match = self._name_at(tokens, index)
                if match is not None:
                    finds += self._gmina(tokens, index, *match)
        kept = self._with_warsaw(text, without_overlaps(finds))
        return agreed(kept, self, near)

    def _matches(self, tokens: Tokens, index: int, level: str) -> tuple[int, list[Unit]]:
        """How many words from ``index`` on are a name of that level (the longest reading), and the units that bear it."""
        longest, units = 0, dict[str, Unit]()
        for parts, unit in self._begun(level, tokens.texts[index]):
            if len(parts) >= max(longest, 1) and (len(parts) == 1 or self._is_continued(tokens, index, parts, level)):
                if len(parts) > longest:
                    longest, units = len(parts), {}
                units[unit.key] = unit
        return longest, list(units.values())

    def _is_continued(self, tokens: Tokens, index: int, parts: tuple[str, ...], level: str) -> bool:
        """Whether the words behind the one at ``index``, which begins the name, are the other words of the name."""
        if index + len(parts) > len(tokens):
            return False
        for position, part in enumerate(parts[1:], start=index + 1):
            word = tokens.texts[position]
            if not _JOIN.match(tokens.gap(position)):
                return False
            if level == "gmina" and part[0].isupper() and not word[0].isupper():
                return False
            if self._lemmas(word)[0].isdisjoint(self._lemmas(part)[0]):
                return False
        return True

    def _adjectives(self, tokens: Tokens, index: int, level: str) -> list[Found]:
        """The adjectives after "powiat" or "województwo", also several parted by "i" or commas."""
        finds: list[Found] = []
        while index < len(tokens):
            length, units = self._matches(tokens, index, level)
            if not length:
                break
            last = tokens[index + length - 1]
            codes = tuple(sorted(unit.rows[-1].code for unit in units))
            finds.append(Found(tokens[index].start, last.end, codes, level, "powiat" if level == "powiat" else "voivodeship"))
            index += length
            if index < len(tokens) and tokens.texts[index] in _AND:
                index += 1
            elif index < len(tokens) and tokens.gap(index).strip() != ",":
                break
        return finds

    def _name_at(self, tokens: Tokens, index: int) -> tuple[int, list[Unit]] | None:
        length, units = self._matches(tokens, index, "gmina")
        before = tokens.texts[index - 1].casefold() if index else ""
        if not length or before in _NOT_BEFORE:
            return None
        return length, units

    def _gmina(self, tokens: Tokens, index: int, length: int, units: list[Unit]) -> list[Found]:
        context, kinds = self._context(tokens, index)
        start, end = tokens[index].start, tokens[index + length - 1].end
        if context:
            fitting = [unit for unit in units if unit.kinds().intersection(kinds)]
            if fitting:
                return [Found(start, end, _codes(fitting), context, "gmina", is_pair=context == "gmina" and _is_pair(fitting))]
        if not self._may_stand_alone(tokens, index, length):
            return []
        # A town and the rural gmina round it: the powiat named after the town does not tell which of the two is meant.
        is_weak = bool(context) or _is_pair(units) or any(unit.rows[-1].name.casefold() in _EVERYWHERE for unit in units)
        return [Found(start, end, _codes(units), "", "gmina", is_weak=is_weak)]

    def _context(self, tokens: Tokens, index: int) -> tuple[str, tuple[str, ...]]:
        """The context word that governs the name at ``index``, at most five words before it in the same sentence."""
        kinds: tuple[str, ...] = ()
        for position in range(index - 1, max(index - 6, -1), -1):
            word, gap = tokens.texts[position].casefold(), tokens.gap(position + 1)
            is_abbreviation = word in ("gm", "m", "st", "pow", "woj") and gap.strip() == "."
            if gap.strip() not in ("", '"', "„", "”", "-") and not is_abbreviation:
                return "", ()
            if _OFFICES.fullmatch(word):
                return "office", kinds or GMINA_KINDS
            for pattern, context, of_context in _CONTEXTS:
                if pattern.fullmatch(word) and (len(word) > 2 or is_abbreviation):
                    before = [text.casefold() for text in tokens.texts[max(position - 2, 0) : position]]
                    if context == "gmina" and before[1:] == ["i"] and before[0].startswith("miast"):
                        # "Miasta i Gminy": an urban-rural gmina calls itself so.
                        return "gmina", ("gmina_miejsko_wiejska",)
                    return context, kinds or of_context
            if word in _KIND_WORDS and not kinds:
                kinds = (_KIND_WORDS[word],) if gap == " " else ()
            if not _BETWEEN.fullmatch(word):
                return "", ()
            if word in ("w", "we", "i", "oraz"):
                kinds = kinds or GMINA_KINDS
                if not self._has_office(tokens, position):
                    return "", ()
        return "", ()

    @staticmethod
    def _has_office(tokens: Tokens, position: int) -> bool:
        """Whether "w Kępnie" belongs to an office: "Urząd Miejski w Kępnie", "Rada Gminy w …"."""
        return any(_OFFICES.fullmatch(text.casefold()) for text in tokens.texts[max(position - 3, 0) : position])

    def _may_stand_alone(self, tokens: Tokens, index: int, length: int) -> bool:
        """Whether a name without context looks like a place at all: after a preposition, or a word known as a place only."""
        if index and not tokens.gap(index).strip():
            before = tokens.texts[index - 1]
            if before[0].isupper() and self._lemmas(before)[2]:
                return False
            if before.casefold() in _PREPOSITIONS:
                return True
        _, is_place, is_first_name, is_common = self._lemmas(tokens.texts[index])
        return (is_place and not is_common and not is_first_name) or length > 1

    def _with_warsaw(self, text: str, finds: list[Found]) -> list[Found]:
        """Warsaw's districts and Warsaw itself: a district beside "m.st. Warszawy" is one mention, the city its context."""

        @functools.cache
        def is_warsaw_named() -> bool:
            return _WARSAW.search(text) is not None

        other_city = any(
            found.level == "gmina"
            and any(int(code[2:4]) > 60 and code[:4] != _WARSAW_CITY[:4] and code[6] == "1" for code in found.codes)
            for found in finds
        )
        kept: list[Found] = []
        for found in finds:
            district = [code for code in found.codes if code[:4] == _WARSAW_CITY[:4] and code[6] == "8"]
            previous = kept[-1] if kept else None
            if found.codes == ("1465011",):
                gap = text[previous.end : found.start] if previous is not None else ""
                is_beside = re.fullmatch(r"\s*,?\s*(?:w\s+)?(?:m\.?\s*st\.?|miasta stołecznego)?\s*", gap) is not None
                if previous is not None and is_beside and any(code[:4] == "1465" and code[6] == "8" for code in previous.codes):
                    previous.end, previous.codes, previous.is_weak = (
                        found.end,
                        tuple(c for c in previous.codes if c[:4] == "1465" and c[6] == "8"),
                        False,
                    )
                    previous.context = previous.context or "miasto"
                    continue
                if re.search(r"m\.?\s?st\.?\s*$|stołeczn\w+\s+$", text[max(found.start - 20, 0) : found.start], re.IGNORECASE):
                    found.context = "miasto"
            elif district and found.context == "dzielnica":
                if is_warsaw_named():
                    found.codes = tuple(district)
                elif other_city:
                    found.is_weak = True
            elif len(district) == 1 and not found.context and is_warsaw_named() and not found.is_weak:
                before = text[max(found.start - 4, 0) : found.start].casefold()
                if len(found.codes) == 1 and re.search(r"\b(?:na|w|we|z)\s$", before):
                    found.context = "Warszawa"
            kept.append(found)
        return kept

    # -- agreement -------------------------------------------------------------------------------------------------

    def around(self, code: str) -> tuple[str, ...]:
        return (code[:2],) if len(code) == 2 else (code[:4], code[:2])

    def vouched(self, code: str) -> str:
        return code[:4]

    def is_enough(self, found: Found, code: str, region: str) -> bool:
        """A voivodeship alone does not tell a gmina from a village of that name in another gmina of the voivodeship."""
        if len(region) > 2 or found.context or found.level != "gmina":
            return True
        names = {key(row.name) for row in self._units[point_key(code)].rows}
        others = {gmina for name in names for gmina in self._localities.gminas(name) if gmina[:2] == region}
        return others <= {code[:6]}


def _codes(units: Iterable[Unit]) -> tuple[str, ...]:
    return tuple(sorted({unit.rows[-1].code for unit in units}))


def _is_pair(units: Iterable[Unit]) -> bool:
    """Whether a town and a rural gmina of one voivodeship are among the units."""
    kinds = {(unit.key[:2], unit.rows[-1].kind == "gmina_wiejska") for unit in units}
    return any((voivodeship, not is_rural) in kinds for voivodeship, is_rural in kinds)
