"""Values that a page shows as links, with other words or touching each other.

"Strona internetowa: Zobacz stronę" leads to the address meant; a telephone that is a link ends where the link does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import unquote

from pipeline.extract.page import Link, one_line
from pipeline.records import LabelledValue

_ADDRESS = re.compile(r"@|\.[a-z]{2,}\b|://", re.IGNORECASE)
_MOST_LINKS = 500  # a page of one practice has a handful; a hostile one may have any number
_SCHEMES = {"websites": ("http://", "https://"), "emails": ("mailto:",)}


def with_addresses_of_links(labels: Sequence[LabelledValue], links: Sequence[Link]) -> list[LabelledValue]:
    """The labels; a line of a website or e-mail that holds none and is the text of one link gives way to its target."""
    targets: dict[str, set[str]] = {}
    for link in links:
        targets.setdefault(one_line(link.text), set()).add(link.url)
    return [_filled(label, targets) if label.column in _SCHEMES else label for label in labels]


def with_links_apart(labels: Sequence[LabelledValue], links: Sequence[Link]) -> list[LabelledValue]:
    """The labels, lines broken around telephones and e-mails that are links and touch a letter or digit of their neighbour."""
    shown = {one_line(link.text) for link in links if link.url.startswith(("tel:", "mailto:"))}
    longest_first = sorted(filter(None, shown), key=lambda text: (-len(text), text))
    if not 0 < len(longest_first) <= _MOST_LINKS:
        return list(labels)
    link = re.compile("|".join(map(re.escape, longest_first)))
    return [_apart(label, link) for label in labels]


def _apart(label: LabelledValue, link: re.Pattern[str]) -> LabelledValue:
    lines = [piece for line in label.lines for piece in _pieces(line, link)]
    if lines == label.lines:
        return label
    return LabelledValue(label=label.label, lines=lines, status=label.status, column=label.column)


def _pieces(line: str, link: re.Pattern[str]) -> list[str]:
    cuts = [0, len(line)]
    for found in link.finditer(line):
        cuts += [at for at in found.span() if 0 < at < len(line) and line[at - 1].isalnum() and line[at].isalnum()]
    cuts.sort()
    return [line[start:end].strip() for start, end in pairwise(cuts)] if len(cuts) > 2 else [line]


def _filled(label: LabelledValue, targets: dict[str, set[str]]) -> LabelledValue:
    lines = [_target(line, targets, _SCHEMES[label.column or ""]) or line for line in label.lines]
    if lines == label.lines:
        return label
    return LabelledValue(label=label.label, lines=lines, status=label.status, column=label.column)


def _target(line: str, targets: dict[str, set[str]], schemes: tuple[str, ...]) -> str | None:
    if _ADDRESS.search(line) is not None:
        return None
    found = [url for url in targets.get(one_line(line), ()) if url.startswith(schemes)]
    if len(found) != 1:
        return None
    return found[0] if schemes[0].startswith("http") else unquote(found[0].partition(":")[2].partition("?")[0]).strip() or None
