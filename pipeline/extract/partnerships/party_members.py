"""Members of an enumeration of parties, each with the noun that several of them share."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from operator import itemgetter

from pipeline.extract.page import one_line
from pipeline.extract.partnerships.bare_names import is_bare_name
from pipeline.extract.partnerships.plural_nouns import singular_noun
from pipeline.extract.prose import begins_institution, enumerated, names_institution

_CAPITAL = "A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ"
_KIND_OF_ONE = r"(?:міськ|сільськ|селищн)(?:ою|ої|а)"
_SHARED_ADJECTIVES = re.compile(
    rf"(?P<firsts>(?:[{_CAPITAL}][\w’ʼ'-]*(?:[сцз]ьк)(?:ою|ої|а|ий|им)(?:\s{_KIND_OF_ONE})?(?:\s*,\s*|\s+(?=та\s|і\s|й\s)))+)"
    r"(?:(?:та|і|й)\s+|(?=[^\s,]{3,40}\s(?:громади|громадами|ради|радами)\b))"
    rf"(?P<last>[{_CAPITAL}][\w’ʼ'-]*(?:[сцз]ьк)(?:ою|ої|а|ий|им))(?P<kind>\s{_KIND_OF_ONE})?\s+(?P<noun>(?:[^\W\d_]+(?:ими|их|і|ою|ої|а)\s+){{0,2}}"
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
_WITH_AGAIN = re.compile(r"(?<=[^\W_])(?P<and>,|\s(?:oraz|a także|i|та|і|й|а також))\s+(?:ze?|із|зі?)\s+(?=[^\W\d_]{4})")
"""A preposition said once more before another party: "z gminą Hude oraz z Miastem Lipno"."""

_ADJECTIVE_ALONE = re.compile(
    rf"(?P<adjective>[{_CAPITAL}][\w’ʼ'-]*[сцз]ькою)(?:\s+громадою)?(?:\s+[—–-])?(?:\s+(?P<where>(?:з|із|зі)\s[^;:]{{3,60}}))?(?:\s+[—–-])?"
)


def members_of(text: str) -> list[str]:
    """Members of an enumeration, each with the noun that several of them share."""
    counted = _COUNTED.match(text)
    if counted is not None:
        text = text[counted.end() :]
        communities = _OF_COMMUNITIES.match(text)
        if communities is not None:
            return _with_community_each(text[communities.end() :])
    text = _with_noun_each(_without_preposition_again(text))
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


def _without_preposition_again(text: str) -> str:
    """The text, before an institution without the preposition that a conjunction repeats."""
    return _WITH_AGAIN.sub(lambda again: f"{again['and']} " if begins_institution(text[again.end() :]) else again.group(), text)


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
    return [f"{adjective} {noun}" for adjective in (*firsts, shared["last"] + (shared["kind"] or "")) if adjective]


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
