"""Markup that a parser may not get through in time, told before it is parsed.

Lexbor's time grows with the square of the tags open within each other and of the attributes of one tag: 20,000 levels take
0.5 s, 100,000 take 20 s, 40,000 attributes 2 s, a million half an hour. No exception of Python stops it on its way.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.errors import PageTooHeavy

MAX_OPEN_TAGS: Final = 1_000
PARSING_SECONDS: Final = 8
"""Processor time that the parser may take for a page that `may_be_endless`."""
_TAGS_WORTH_COUNTING: Final = 5_000
_SMALL: Final = 200_000
"""Characters that take 2 s at worst, however they are arranged."""
_NESTING_TAG: Final = re.compile(
    r"<(/?)(?:div|span|b|i|u|em|strong|font|table|ul|ol|blockquote|center|section|article|a|small|big|form|main|q|dl|sub|sup)\b",
    re.IGNORECASE,
)


def refuse_deep_nesting(text: str, tags: int) -> None:
    """Raises PageTooHeavy for more than MAX_OPEN_TAGS of the common tags within each other. ``tags`` counts every "<"."""
    if tags < _TAGS_WORTH_COUNTING:
        return
    depth = 0
    for tag in _NESTING_TAG.finditer(text):
        depth = max(0, depth - 1) if tag.group(1) else depth + 1
        if depth > MAX_OPEN_TAGS:
            raise PageTooHeavy(f"page opens more than {MAX_OPEN_TAGS} tags within each other")


def may_be_endless(markup: str | bytes) -> bool:
    """Whether the markup is large and has many tags or a very long one, so that it is worth a trial before it is parsed."""
    if len(markup) <= _SMALL:
        return False
    pieces = markup.split("<") if isinstance(markup, str) else markup.split(b"<")
    return len(pieces) > _TAGS_WORTH_COUNTING or max(map(len, pieces)) > _SMALL // 2
