"""Which words of Polish and Ukrainian are roles of persons, and in which cases they stand."""

from __future__ import annotations

from functools import lru_cache

from pipeline.extract.people.people_words import (
    CYRILLIC,
    OBLIQUE,
    PL_AUTHORS,
    PL_BEFORE_ROLE,
    PL_ROLE_STEM,
    PL_ROLES,
    PL_VERB_TAGS,
    UK_AUTHORS,
    UK_BEFORE_ROLE,
    UK_NOMINATIVE_ENDINGS,
    UK_NOUNS_LIKE_VERBS,
    UK_ROLE,
    UK_ROLES,
    UK_VERB,
)
from pipeline.extract.people.person_names import words_of
from pipeline.normalise.dictionary import analyses
from pipeline.normalise.kept import Kept

_WORDS_KEPT = 1 << 14
_LONGEST_WORD_KEPT = 100  # characters


def role_words(text: str) -> frozenset[str]:
    """What stands between spaces in the text and holds a role."""
    return frozenset(filter(_known.__getitem__, text.split()))


def holds_role(text: str) -> bool:
    """Whether a word of the text is a role."""
    return any(map(_known.__getitem__, text.split()))


def _is_role_among(written: str) -> bool:
    """Whether one of the words written without a space between them is a role."""
    if CYRILLIC.search(written) is None and PL_ROLE_STEM.search(written.casefold()) is None:
        return False
    return any(map(role_cases, words_of(written)))


_known = Kept(_is_role_among, _WORDS_KEPT, _LONGEST_WORD_KEPT)


@lru_cache(maxsize=_WORDS_KEPT)
def role_cases(word: str) -> frozenset[str]:
    """Cases in which the word is a role, of one person or several; empty when it is none."""
    return singular_cases(word) | _plural_cases(word)


@lru_cache(maxsize=_WORDS_KEPT)
def singular_cases(word: str) -> frozenset[str]:
    """Cases in which the word is a role of one person."""
    if CYRILLIC.search(word):
        match = UK_ROLE.fullmatch(word)
        if match is None:
            first, hyphen, second = word.partition("-")  # "педагог-організатор", "лікар-терапевт"
            return singular_cases(first) if hyphen and second.isalpha() and second.islower() else frozenset()
        ending = next(group for group in match.groups() if group is not None).casefold()
        if match["hol"] is not None or match["star"] is not None or match["zavu"] is not None or match["ved"] is not None:
            is_nominative = ending in {"а", "ий"}
        elif match["ets"] is not None:
            is_nominative = ending in {"ець", "чиня", "иця"}
        elif match["nyk"] is not None:
            is_nominative = ending in {"к", "ця"}  # "керівника" is of a man, "директорка" is a woman
        else:
            is_nominative = ending in UK_NOMINATIVE_ENDINGS - {"а"}
        if not is_nominative and UK_AUTHORS.match(word) is not None:
            return frozenset()
        return frozenset(("nom",)) if is_nominative else OBLIQUE
    if PL_ROLE_STEM.search(word.casefold()) is None:
        return frozenset()
    cases: set[str] = set()
    for lemma, tag, _ in analyses(word.casefold()):
        parts = tag.split(":")
        if lemma.partition(":")[0] in PL_ROLES and len(parts) > 2 and "sg" in parts[1].split("."):
            is_author = lemma.partition(":")[0] in PL_AUTHORS
            cases.update(case for case in parts[2].split(".") if case == "nom" or not is_author)
    # A woman's office keeps the masculine noun unchanged in every case: "z dyrektor Anną Nowak".
    if "nom" in cases and word.casefold() in PL_ROLES - PL_AUTHORS and not is_womans_role(word):
        cases.update(OBLIQUE)
    return frozenset(cases)


@lru_cache(maxsize=_WORDS_KEPT)
def _plural_cases(word: str) -> frozenset[str]:
    """Cases in which the word is a role of several persons."""
    if CYRILLIC.search(word):
        match = UK_ROLES.fullmatch(word)
        if match is None:
            first, hyphen, second = word.partition("-")
            return _plural_cases(first) if hyphen and second.isalpha() and second.islower() else frozenset()
        return frozenset(("nom",)) if match["nom"] is not None else OBLIQUE
    if PL_ROLE_STEM.search(word.casefold()) is None:
        return frozenset()
    cases: set[str] = set()
    for lemma, tag, _ in analyses(word.casefold()):
        parts = tag.split(":")
        if lemma.partition(":")[0] in PL_ROLES - PL_AUTHORS and len(parts) > 2 and "pl" in parts[1].split("."):
            cases.update(parts[2].split("."))
    return frozenset(cases)


@lru_cache(maxsize=_WORDS_KEPT)
def is_womans_role(word: str) -> bool:
    """Whether the word, in the nominative, is what only women are called: "trenerka", "директорка"."""
    if CYRILLIC.search(word):
        return UK_ROLE.fullmatch(word) is not None and word.casefold().endswith(("ка", "иня", "ця"))
    tags = [tag for lemma, tag, _ in analyses(word.casefold()) if lemma.partition(":")[0] in PL_ROLES]
    return bool(tags) and all(tag.split(":")[3] == "f" for tag in tags if tag.count(":") > 2)


def is_plural_role(word: str) -> bool:
    """Whether the word says a role of several persons; a word that can be one person's in the nominative does not."""
    return bool(_plural_cases(word)) and "nom" not in singular_cases(word)


def is_verb(word: str) -> bool:
    """Whether the word is a verb and nothing else."""
    if word[:1].isupper():
        return False
    if CYRILLIC.search(word):
        return UK_VERB.search(word) is not None and UK_NOUNS_LIKE_VERBS.fullmatch(word) is None
    tags = [tag for _, tag, _ in analyses(word)]
    return any(tag.startswith(PL_VERB_TAGS) for tag in tags) and not any(
        tag.startswith(("subst", "adj", "prep", "conj")) for tag in tags
    )


def is_before_role(word: str) -> bool:
    """Whether the word goes before a role and belongs to it: "starszy", "головна", "в.о."."""
    return word.casefold() in PL_BEFORE_ROLE or UK_BEFORE_ROLE.match(word) is not None
