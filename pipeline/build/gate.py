"""The gate: what must hold before a snapshot is published.

Requirements come from three places: the schema (`checks`), each source's TOML (`expectations`), and the previous snapshot
(`drift`). A minimum that is missed refuses, a maximum that is passed warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from pipeline.build.causes import Causes
from pipeline.build.checks import Problem, schema_problems
from pipeline.build.drift import drift_problems
from pipeline.build.evidence import ENOUGH_ROWS, Evidence
from pipeline.build.expectations import expectation_problems, whole_problems
from pipeline.build.soundness import soundness_problems
from pipeline.build.waterfall import SameId
from pipeline.sources.spec import Source

MOST_SHARED_IDS = 0.05


class GateResult(NamedTuple):
    """The gate's verdict. ``accepted`` is the reason given for publishing in spite of refusals that may be accepted."""

    problems: list[Problem]
    accepted: str | None

    @property
    def refusals(self) -> list[Problem]:
        """Problems that stop publication."""
        return [
            problem
            for problem in self.problems
            if problem.level == "refuse" and not (self.accepted and problem.may_be_accepted)
        ]

    @property
    def verdict(self) -> str:
        """One word for reports."""
        return "refused" if self.refusals else "accepted" if self.accepted else "passed"


def gate_result(
    made: Mapping[str, pa.Table], sources: Iterable[Source], accept: str | None, evidence: Evidence | None = None
) -> GateResult:
    """Holds the tables against every requirement. ``evidence``: what is known beside them."""
    known = evidence or Evidence()
    causes = Causes(made, known)
    problems = [*schema_problems(made), *whole_problems(known.whole, made)]
    for source in sources:
        problems += expectation_problems(source, made, known, causes)
        problems += soundness_problems(source, made)
        problems += drift_problems(source.name, made, known, causes)
    problems += _shared_id_problems(made, known)
    return GateResult(problems, accept)


def _shared_id_problems(made: Mapping[str, pa.Table], evidence: Evidence) -> Iterator[Problem]:
    """Records that claim one id: one row of them would mix what belongs to several.

    Pages that stood under one id in the previous snapshot are one record still: there a title changed, and not everywhere.
    """
    known = {*evidence.before["captures"]["source_url"].to_pylist()} if "captures" in evidence.before else set()
    found: dict[tuple[str, bool], list[SameId]] = {}
    for same in evidence.same_ids:
        found.setdefault((same.source, known.issuperset(same.examples)), []).append(same)
    for (source, is_known), ids in sorted(found.items()):
        rows = sum(made[name]["source"].to_pylist().count(source) for name in ("practices", "presentations"))
        hidden = sum(same.titles - 1 for same in ids)
        is_many = rows + hidden >= ENOUGH_ROWS and hidden / (rows + hidden) > MOST_SHARED_IDS
        yield Problem(
            "refuse" if is_many and not is_known else "warn",
            "pages of a record agree on its title" if is_known else "an id names one record",
            source,
            f"{len(ids)} ids stand for pages of several titles, e.g. {ids[0].record_id} for {ids[0].titles}",
            may_be_accepted=True,
            source=source,
            example=" and ".join(ids[0].examples),
            cause="titles changed on some pages of a record, while others were not captured anew"
            if is_known
            else "duplicated ids: the publisher's numbers collide, or every link carries the same number",
        )
