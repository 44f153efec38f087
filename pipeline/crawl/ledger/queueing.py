"""What a run begins with: the seeds, what is due again, and what changed rules of a source let in or put out.

Every function is called inside a transaction of the frontier.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.scoping.scope import InScope, Scope
from pipeline.forgetting.keeping import Keeper


def requeue_due(frontier: Frontier, scopes: Mapping[str, Scope], run: str, now: float, *, everything_due: bool) -> None:
    """Puts known addresses into the queue again: those that are due, and those the run itself could not have so far."""
    for name in sorted(scopes):
        frontier.execute(
            "UPDATE addresses SET state = 'pending', attempts = 0, reason = NULL, due = 0"
            " WHERE source = ? AND run != ? AND due <= ? AND state NOT IN ('pending', 'out_of_scope')",
            *(name, run, float("inf") if everything_due else now),
        )
        frontier.execute(
            "UPDATE addresses SET state = 'pending', reason = NULL WHERE source = ? AND run = ? AND state = 'deferred'"
            " AND due <= ?",
            *(name, run, now),
        )


def enter_rules(frontier: Frontier, scopes: Mapping[str, Scope], run: str, keeper: Keeper) -> None:
    """Enters the seeds; addresses are judged anew where the rules of a source have changed."""
    for name, scope in sorted(scopes.items()):
        known = next(frontier.rows("SELECT fingerprint FROM rules WHERE source = ?", name), None)
        if known is not None and known[0] != scope.fingerprint:
            _judge_again(frontier, scope, run)
        frontier.execute("INSERT OR REPLACE INTO rules VALUES (?, ?)", name, scope.fingerprint)
        for address in scope.seeds.values():
            judged = scope.judged(address.url, "seed", 0)
            if isinstance(judged, InScope) and not keeper.names_person(address.url):
                frontier.add(
                    source=name,
                    key=address.key,
                    url=address.url,
                    host=address.host,
                    kind=judged.kind,
                    depth=0,
                    origin="seed",
                    found_on=None,
                    run=run,
                )


def _judge_again(frontier: Frontier, scope: Scope, run: str) -> None:
    """The rules of the source changed: what was out of scope may be in, what is known may be out."""
    last = 0
    while rows := list(frontier.addresses("source = ? AND id > ? ORDER BY id LIMIT 1000", scope.name, last)):
        last = rows[-1].id
        for row in rows:
            origin: Any = row.origin
            judged = scope.judged(row.url, origin, row.depth)
            if isinstance(judged, InScope) and row.state == "out_of_scope":
                frontier.update(row.id, state="pending", kind=judged.kind, reason=None, due=0.0)
            elif not isinstance(judged, InScope) and row.state != "out_of_scope" and row.origin != "seed":
                frontier.update(row.id, state="out_of_scope", reason=judged.reason, run=run)
    frontier.execute(
        "UPDATE addresses SET etag = NULL, last_modified = NULL WHERE source = ? AND kind IN ('listing', 'sitemap')",
        scope.name,
    )
