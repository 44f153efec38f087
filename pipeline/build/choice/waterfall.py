"""The waterfall: what became of every page, from the addresses listed to the rows published.

listed → fetched → recognised → parsed → valid → published. Every stage is the one before it less its losses, each loss
with its reason. The unit is the page (one archived capture), up to ``listed``, which counts addresses.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.build.choice.accounts import Account
from pipeline.errors import BuildError
from pipeline.records import Article, Deck, ExtractedPage, PageIssue, PracticeTab

if TYPE_CHECKING:
    from pipeline.build.choice.notes import PageNote

STAGES: Final = ("listed", "fetched", "recognised", "parsed", "valid", "published")
NO_SOURCE: Final = "(no source)"
_LOST_STATES = {
    "forgotten": "names a person who is on the list of objections",
    "robots": "robots.txt forbids the address",
    "out_of_scope": "out of the source's scope",
    "failed": "could not be fetched",
    "deferred": "left to a later run",
    "pending": "not asked for yet",
}
_LONGEST_REASON = 80


class Loss(NamedTuple):
    """Pages that did not reach ``stage``: how many, of which verdict or state, why, and one of them."""

    stage: str
    verdict: str
    reason: str
    pages: int
    example: str | None


class SourceFall(NamedTuple):
    """The waterfall of one source. ``counts``: stage → pages."""

    source: str
    counts: dict[str, int]
    losses: list[Loss]


class SameId(NamedTuple):
    """Records of different titles that claim one id."""

    source: str
    record_id: str
    titles: int
    examples: list[str]


class PageTally:
    """Counts pages as the build reads their notes. ``add`` every page once, then ask. ``same``: see `same_ids`."""

    def __init__(self) -> None:
        self._fetched: dict[str, int] = {}
        self._lost: dict[tuple[str, str, str, str], tuple[int, str]] = {}
        self.same: list[SameId] = []

    def add(self, page: PageNote, *, is_chosen: bool) -> None:
        """Takes one page; ``is_chosen``: a record was taken from it."""
        source = page.source or NO_SOURCE
        self._fetched[source] = self._fetched.get(source, 0) + 1
        if page.loss is not None and (page.is_lost or not is_chosen):
            key = (source, *page.loss)
            count, example = self._lost.get(key, (0, page.address))
            self._lost[key] = (count + 1, min(example, page.address))

    def falls(self, accounts: Mapping[str, Account], *, is_refused: bool) -> list[SourceFall]:
        """The waterfall of every source, by name. ``accounts``: what the newest crawl could not have."""
        return [
            self._fall(source, accounts.get(source), is_refused=is_refused) for source in sorted({*self._fetched, *accounts})
        ]

    def same_ids(self) -> list[SameId]:
        """Ids under which pages of different titles stand: the newest capture of each address is asked."""
        return self.same

    def _fall(self, source: str, account: Account | None, *, is_refused: bool) -> SourceFall:
        fetched = self._fetched.get(source, 0)
        not_had = account.not_had if account is not None else {}
        losses = [Loss("fetched", state, _LOST_STATES[state], n, None) for state, n in sorted(not_had.items())]
        losses += [Loss(*key[1:], *value) for key, value in sorted(self._lost.items()) if key[0] == source]
        counts = {"listed": fetched + sum(not_had.values())}
        for before, stage in itertools.pairwise(STAGES):
            counts[stage] = counts[before] - sum(loss.pages for loss in losses if loss.stage == stage)
        if is_refused and counts["published"]:
            losses.append(Loss("published", "refused", "the gate refused the snapshot", counts["published"], None))
            counts["published"] = 0
        return SourceFall(source, counts, losses)


def address_of(page: ExtractedPage) -> str:
    """The address of a page, its capture id where it has none."""
    return page.capture.source_url or page.capture.capture_id


def loss_of(page: ExtractedPage, *, is_chosen: bool) -> tuple[str, str, str] | None:
    """Stage not reached, verdict and reason; None for a page whose record stands in a row."""
    if page.source is None or page.verdict not in ("detail", "index", "attachment"):
        return "recognised", page.verdict, _kind_of_reason(page.reason)
    if is_chosen:
        return None
    if any(isinstance(finding, (PracticeTab, Deck, Article)) for finding in page.findings):
        return "valid", page.verdict, "another capture of the same record counts"
    if page.verdict == "index":
        return "parsed", page.verdict, "lists other pages, holds no record"
    if page.verdict == "attachment":
        return "parsed", page.verdict, "a file, read with the record it belongs to"
    rejected = next((f.reason for f in page.findings if isinstance(f, PageIssue) and f.status == "rejected"), None)
    return "parsed", page.verdict, _kind_of_reason(rejected) if rejected else "no record found on the page"


def _kind_of_reason(reason: str) -> str:
    """A reason without what differs from page to page: numbers, and what stands behind a colon."""
    kind = reason.partition(": ")[0] if not reason.startswith("status") else reason
    return (kind if kind.startswith("status") else re.sub(r"\d+", "#", kind))[:_LONGEST_REASON]


def falls_data(falls: Sequence[SourceFall]) -> list[dict[str, Any]]:
    """The waterfall for machines."""
    return [{"source": fall.source, **fall.counts, "losses": [loss._asdict() for loss in fall.losses]} for fall in falls]


def falls_bytes(falls: Sequence[SourceFall]) -> bytes:
    """The waterfall as it stands in a snapshot."""
    return (json.dumps(falls_data(falls), ensure_ascii=False, indent=1) + "\n").encode()


def falls_of(path: Path) -> list[SourceFall]:
    """The waterfall of a file written by `falls_bytes`; empty when there is none. Raises BuildError when it cannot be read."""
    if not path.is_file():
        return []
    try:
        return [
            SourceFall(fall["source"], {stage: fall[stage] for stage in STAGES}, [Loss(**loss) for loss in fall["losses"]])
            for fall in json.loads(path.read_bytes())
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path}: cannot be read ({error}); build the snapshot anew") from error


def falls_text(falls: list[SourceFall]) -> str:
    """The waterfall as a table of plain text, the losses below."""
    lines = [f"{'source':<14}" + "".join(f"{stage:>12}" for stage in STAGES)]
    lines += [f"{fall.source:<14}" + "".join(f"{fall.counts[stage]:>12}" for stage in STAGES) for fall in falls]
    if any(fall.losses for fall in falls):
        lines += ["", f"{'lost':>7}  {'source':<14}{'before':<12}{'verdict':<13}reason"]
    for fall in falls:
        for loss in fall.losses:
            example = f"; e.g. {loss.example}" if loss.example else ""
            lines.append(f"{loss.pages:>7}  {fall.source:<14}{loss.stage:<12}{loss.verdict:<13}{loss.reason}{example}")
    return "\n".join(lines)
