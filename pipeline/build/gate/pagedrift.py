"""What became of the pages of a source: new ones without content, and those whose rows are getting old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline.build.gate.causes import Causes
from pipeline.build.gate.checks import Level, Problem, acceptable
from pipeline.build.gate.evidence import ENOUGH_ROWS, counted, first_page, of_source, with_one_of
from pipeline.build.gate.staleness import stale_addresses
from pipeline.build.gate.tallies import SourceRows, Tallies

SHELLS_REFUSED, SHELLS_TOLD = 0.5, 0.1
GONE_REFUSED, GONE_TOLD = 0.3, 0.05

_STALE: Final = "pages that showed a record, and those of them that are stale"


def page_problems(
    source: str, made: Mapping[str, Any], before: Mapping[str, Any], causes: Causes, tallies: Tallies
) -> Iterator[Problem]:
    """What the pages show that were captured since the snapshot ``before``."""
    pages = tallies.new_captures(made, before, source)
    if pages.num_rows < ENOUGH_ROWS:
        return
    for verdicts, what, refused, told in (
        (("shell", "quarantined"), "new pages carry content", SHELLS_REFUSED, SHELLS_TOLD),
        (("gone",), "pages stay", GONE_REFUSED, GONE_TOLD),
        (("not_ours",), "pages are recognised", SHELLS_REFUSED, SHELLS_TOLD),
    ):
        bad = with_one_of(pages, "verdict", verdicts)
        part = bad.num_rows / pages.num_rows
        if part >= told:
            reasons = counted(bad, "reason")
            reason = min(reasons, key=lambda text: (-reasons[text], text))
            kinds = " or ".join(verdicts)
            detail = f"{bad.num_rows} of {pages.num_rows} pages captured since the previous snapshot are {kinds} ({reason})"
            cause = causes.of_shell(reason) if verdicts[0] == "shell" else causes.of(source)
            level: Level = "refuse" if part >= refused else "warn"
            yield acceptable(level, what, source, detail, source, first_page(bad), cause)


def stale_problems(
    source: str, made: Mapping[str, Any], before: Mapping[str, Any], causes: Causes, tallies: Tallies
) -> Iterator[Problem]:
    """Addresses that once showed a record and answer with none now: their rows are right, and getting old."""
    pages = SourceRows(made, "captures", source, tallies)
    now = stale_addresses(pages.rows)
    counts = tallies.of(pages, _STALE, lambda _rows: now.counts)
    was = tallies.before(pages, _STALE)  # what this was in the last build, where it kept that
    if was is None:
        was = Counter(stale_addresses(of_source(before["captures"], source)).counts)
    part, part_before = (kept["stale"] / kept["pages"] if kept["pages"] else 0.0 for kept in (counts, was))
    risen = part - part_before
    if now.pages >= ENOUGH_ROWS and risen >= SHELLS_TOLD:
        detail = f"{len(now.urls)} of {now.pages} pages that showed a record answer with none since: their rows are old"
        level: Level = "refuse" if part >= SHELLS_REFUSED else "warn"
        yield acceptable(level, "pages are fresh", source, detail, source, min(now.urls), causes.of_pages(source))
