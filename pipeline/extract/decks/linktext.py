"""What the making of a transcript does to text, undone: link texts printed twice, bullets of symbol fonts."""

from __future__ import annotations

import itertools
import operator
import re
from functools import lru_cache
from typing import NamedTuple

_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")

_LONGEST_TEXT = 50_000  # no slide comes near; beyond it lies a page that is no deck, and mending it costs time for nothing
_LONGEST_WORD = 300
_LONGEST_PHRASE = 25  # words
_OPENING = "([{<„“”\"'«‚‘’"
_CLOSING = ")]}>”“\"'»’.,;:!?…"
_BRACKETS = frozenset(")]}>”“\"'»’")
_OPENING_BRACKETS = "([{<„«"
_LEAST_LETTERS = 8  # of a copy that is glued without a bracket; shorter ones are often words said twice
_LEAST_BRACKETED = 3
_DOUBLED_WORD = re.compile(
    rf"(?:.*[^\w.@/-])?(?P<link>\w.*?)(?P<between>[{re.escape(_CLOSING)}]*)(?P<copy>(?P=link))[{re.escape(_CLOSING)}]*",
    re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}(?:/\S*)?")
_GLUED_ADDRESS = re.compile(r"(?<=[\w)\]”\"»])(?:https?://|www\.)")
_ADDRESSES_KEPT = 20
_TOKEN = re.compile(r"\S+")
# What every copy inside one word has: a closing bracket or the dot of an address, and letters behind it.
_INNER_MARK = re.compile(r"[)\]}>”“\"'»’.:]\S*\w|www\.|@")


def with_plain_bullets(text: str) -> str:
    """``text`` with characters of symbol fonts, which no other font shows, as "•" (DESIGN, section 7)."""
    return _PRIVATE_USE.sub("•", text)


@lru_cache(maxsize=512)
def with_single_links(text: str) -> str:
    """``text`` with link texts that a transcript prints twice, glued, kept once.

    The transcript ends a run of text with a second copy of the link text in it: ``(Centra X)Centra X``,
    ``(w ramach sieci X)X``, ``www.x.plwww.x.pl``, ``see www.x.pl for morewww.x.pl``. Only a copy that is glued to the text
    before it goes: a repetition parted by a space, a doubled short word (``TakTak``) and equal numbers are left alone.
    """
    if len(text) > _LONGEST_TEXT:
        return text
    words = text.split()
    suspects = _suspects(text, words)
    if not suspects:
        return text
    tokens: list[re.Match[str]] = []
    kept: list[str] = []
    at = after = 0
    addresses: list[str] = []
    for position in suspects:
        if position < after:
            continue
        copy = _copy_in_word(words[position], addresses) or _copy_of_phrase(words, position)
        if copy is not None:
            tokens = tokens or list(_TOKEN.finditer(text))
            kept.append(text[at : tokens[position].start() + copy.start])
            at = tokens[position + copy.words - 1].start() + copy.end
            after = position + copy.words
            continue
        if "." in words[position]:
            bare = words[position].strip(_OPENING + _CLOSING)
            if _ADDRESS.fullmatch(bare):
                addresses = [*addresses[1 - _ADDRESSES_KEPT :], bare]
    return "".join([*kept, text[at:]])


def _suspects(text: str, words: list[str]) -> list[int]:
    """Positions of the ``words`` of ``text`` that a copy may start in, and of those that may be an address: most have none.

    A copy inside a word stands behind a bracket or is an address, with a dot in it. A copy of a phrase starts in a word that
    ends with the phrase's first word; that is the word before, or the phrase's second word comes again behind it.
    """
    found: set[int] = set()
    if _INNER_MARK.search(text) is not None:
        found.update(at for at, word in enumerate(words) if _INNER_MARK.search(word) is not None)
    inner = range(1, len(words) - 1)
    ends = [word[-1] for word in words]
    alike = [at for at, (before, end) in enumerate(itertools.pairwise(ends[:-1]), 1) if before == end]
    alike = [at for at in alike if words[at].endswith(words[at - 1][-2:].lstrip(_OPENING))]
    found.update(at for at in alike if any(map(words[at].endswith, _firsts(words[at - 1]))))
    # The word before the phrase's second one ends as the word does that both copies meet in.
    behind = [*map(operator.add, ends, words[1:])] if len(set(words)) < len(words) else []
    if len(set(behind)) < len(behind):
        seen: dict[str, int] = {}
        for at in inner:
            if seen.get(behind[at], -_LONGEST_PHRASE) > at - _LONGEST_PHRASE:
                found.add(at)
            seen[behind[at - 1]] = at
    return sorted(found)


class _Copy(NamedTuple):
    """A second copy: where it starts in its first word, how many words it touches, where it ends in its last word."""

    start: int
    words: int
    end: int


def _copy_in_word(word: str, addresses: list[str]) -> _Copy | None:
    if len(word) > _LONGEST_WORD:
        return None
    if _INNER_MARK.search(word) is None:
        return None
    glued = _GLUED_ADDRESS.search(word)
    if glued is not None:
        bare = word[glued.start() :].rstrip(_CLOSING)
        if bare in addresses or word[: glued.start()].rstrip(_CLOSING).endswith(bare):
            return _Copy(glued.start(), 1, glued.start() + len(bare))
    doubled = _DOUBLED_WORD.fullmatch(word)
    if doubled is None:
        return None
    bracketed = not _BRACKETS.isdisjoint(doubled["between"])
    if (bracketed and _letters(doubled["link"]) >= _LEAST_BRACKETED) or _ADDRESS.fullmatch(doubled["link"]):
        return _Copy(doubled.start("copy"), 1, doubled.end("copy"))
    return None


def _copy_of_phrase(words: list[str], position: int) -> _Copy | None:
    """A copy that starts inside the word at ``position``, which holds the end of the first and the start of the second."""
    middle = words[position]
    most = min(_LONGEST_PHRASE, position + 1, len(words) - position)
    if most > 2 and words[position + 1] not in words[position - most + 2 : position]:
        most = 2
    for count in range(2, most + 1):
        opening = words[position - count + 1]
        if (
            opening[-1] != middle[-1]
            or (count > 2 and words[position - count + 2] != words[position + 1])
            or words[position - count + 2 : position] != words[position + 1 : position + count - 1]
        ):
            continue
        for first, least in zip(_firsts(opening), (_LEAST_LETTERS, None), strict=True):
            copy = _copy_of(first, words[position : position + count], least)
            if copy is not None:
                return copy
    return None


def _firsts(opening: str) -> tuple[str, str]:
    """How the copy of a phrase may begin: without brackets, and where those of the first copy are glued to the word before it.

    "sieć(Centra X)Centra X" has its phrase behind the bracket.
    """
    return opening.lstrip(_OPENING), opening[max(map(opening.rfind, _OPENING_BRACKETS)) + 1 :]


def _copy_of(first: str, words: list[str], least: int | None) -> _Copy | None:
    """The copy of a phrase that begins with ``first``, in ``words`` of which the first holds both its end and its start.

    ``least``: letters of a copy that no bracket parts from the phrase; None: only a bracket will do.
    """
    middle, last = words[0], words[-1]
    if not 0 < len(first) < len(middle) or not middle.endswith(first):
        return None
    ending = middle[: -len(first)]
    shared = len(ending[: _shared_length(ending, last)].rstrip(_CLOSING))
    between, after = ending[shared:], last[shared:]
    if shared == 0 or between.strip(_CLOSING) or any(char.isalnum() for char in after):
        return None
    needed = _LEAST_BRACKETED if not _BRACKETS.isdisjoint(between) else least
    phrase = first + "".join(words[1:-1]) + last[:shared]
    if needed is None or _letters(phrase) < needed or 2 * _letters(phrase) < len(phrase):
        return None
    return _Copy(len(ending), len(words), shared)


def _shared_length(first: str, second: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)
