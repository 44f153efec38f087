"""Values that a page shows as a link with other words: "Strona internetowa: Zobacz stronę" leads to the address meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from pipeline.extract.page import Link, one_line
from pipeline.records import LabelledValue

_ADDRESS = re.compile(r"@|\.[a-z]{2,}\b|://", re.IGNORECASE)
_SCHEMES = {"websites": ("http://", "https://"), "emails": ("mailto:",)}


def with_addresses_of_links(labels: Sequence[LabelledValue], links: Sequence[Link]) -> list[LabelledValue]:
    """The labels; a line of a website or e-mail that holds none and is the text of one link gives way to its target."""
    targets: dict[str, set[str]] = {}
    for link in links:
        targets.setdefault(one_line(link.text), set()).add(link.url)
    return [_filled(label, targets) if label.column in _SCHEMES else label for label in labels]


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
