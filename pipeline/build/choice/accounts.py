"""What the crawler says of its runs, as far as the gate asks: the newest closing account of each source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import BuildError

_NOT_ASKED = ("forgotten", "robots", "out_of_scope", "failed", "deferred", "pending")
_ANSWERED = ("fetched", "unchanged", "duplicate")


class Account(NamedTuple):
    """One source in its newest run.

    ``is_whole_run``: it was not stopped, and what it crawled was no sample.
    ``not_had``: addresses without an answer, by what became of them; ``trouble``: why the source failed.
    """

    run: str
    is_whole_run: bool
    listed: int
    answered: int
    not_had: dict[str, int]
    trouble: str | None

    @property
    def is_crawled_to_the_end(self) -> bool:
        """Whether every address that may be asked was asked: only then does a number of rows say something of the publisher."""
        left = sum(self.not_had.get(state, 0) for state in ("failed", "deferred", "pending"))
        return self.is_whole_run and self.trouble is None and not left and not self.is_forbidden

    @property
    def is_forbidden(self) -> bool:
        """Whether robots.txt let nothing through."""
        return not self.answered and bool(self.not_had.get("robots"))


def newest_accounts(raw_dir: Path) -> dict[str, Account]:
    """Source → its account in the newest run that crawled it; empty without a crawl. Raises BuildError for a broken account."""
    found: dict[str, Account] = {}
    for path in sorted(raw_dir.glob("runs/*.json")):  # named by the time the run began
        try:
            data = json.loads(path.read_bytes())
            for source, counts in data["sources"].items():
                found[source] = Account(
                    run=data["run"],
                    is_whole_run=data["outcome"] == "finished" and not data.get("is_sample"),
                    listed=counts["discovered"],
                    answered=sum(counts.get(state, 0) for state in _ANSWERED),
                    not_had={state: counts[state] for state in _NOT_ASKED if counts.get(state)},
                    trouble=counts.get("trouble"),
                )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BuildError(f"{path}: no account of a crawl ({error}); move it away and build again") from error
    return found
