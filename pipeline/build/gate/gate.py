"""The gate: what must hold before a snapshot is published.

Requirements come from three places: the schema (`checks`), each source's TOML (`expectations`), and the previous snapshot
(`drift`). A minimum that is missed refuses, a maximum that is passed warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from pipeline.build.choice.waterfall import SameId
from pipeline.build.gate.causes import Causes
from pipeline.build.gate.checks import Problem, Since, schema_problems
from pipeline.build.gate.drift import drift_problems
from pipeline.build.gate.evidence import ENOUGH_ROWS, Evidence, Publisher, of_source, with_one_of
from pipeline.build.gate.expectations import expectation_problems, whole_problems
from pipeline.build.gate.soundness import soundness_problems
from pipeline.build.gate.tallies import Counts, Tallies
from pipeline.build.tables.store import column_parts
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


class Question(NamedTuple):
    """What the gate asks of one source, or of the tables as a whole (``source`` None); any worker can answer it."""

    asked: Literal["schema", "whole", "expectations", "soundness", "drift", "ids"]
    source: Publisher | None
    made: Mapping[str, Any]
    evidence: Evidence


def questions(made: Mapping[str, Any], sources: Iterable[Source], evidence: Evidence) -> list[Question]:
    """All that the gate asks of the tables, in the order in which problems are told."""
    asked = [Question("schema", None, made, evidence), Question("whole", None, made, evidence)]
    for source in sources:
        publisher = Publisher(source.name, source.facts)
        asked += [Question(part, publisher, made, evidence) for part in ("expectations", "soundness", "drift")]
    return [*asked, Question("ids", None, made, evidence)]


class Answer(NamedTuple):
    """What does not hold, and what was counted to tell."""

    problems: list[Problem]
    counts: Counts


def answer_to(question: Question, tallies: Tallies | None = None) -> Answer:
    """The answer to a question. ``tallies``: what was counted for others; all counts are in the answer."""
    tallies = tallies or Tallies()
    return Answer([*_problems_of(question, tallies)], tallies.found)


def _problems_of(question: Question, tallies: Tallies) -> Iterator[Problem]:
    made, evidence = question.made, question.evidence
    if question.source is not None:
        yield from _source_problems(question.asked, question.source, made, evidence, tallies)
        return
    match question.asked:
        case "schema":
            delta = tallies.delta
            yield from schema_problems(made, Since(evidence.before, delta.new) if delta is not None else None)
        case "whole":
            yield from whole_problems(evidence.whole, made)
        case _:
            yield from _shared_id_problems(made, evidence)


def _source_problems(
    asked: str, source: Publisher, made: Mapping[str, Any], evidence: Evidence, tallies: Tallies
) -> Iterator[Problem]:
    causes = Causes(made, evidence, tallies)
    match asked:
        case "expectations":
            yield from expectation_problems(source, made, evidence, causes, tallies)
        case "soundness":
            yield from soundness_problems(source, made, tallies)
        case _:
            yield from drift_problems(source.name, made, evidence, causes, tallies)


def _known_among(urls: set[str], before: Mapping[str, pa.Table]) -> set[str]:
    """Those of the addresses that the previous snapshot has captures of."""
    if not urls or "captures" not in before:
        return set()
    found = with_one_of(before["captures"], "source_url", sorted(urls))
    return {url for values in column_parts(found, "source_url") for url in values.to_pylist()}


def _shared_id_problems(made: Mapping[str, pa.Table], evidence: Evidence) -> Iterator[Problem]:
    """Records that claim one id: one row of them would mix what belongs to several.

    Pages that stood under one id in the previous snapshot are one record still: there a title changed, and not everywhere.
    """
    known = _known_among({url for same in evidence.same_ids for url in same.examples}, evidence.before)
    found: dict[tuple[str, bool], list[SameId]] = {}
    for same in evidence.same_ids:
        found.setdefault((same.source, known.issuperset(same.examples)), []).append(same)
    for (source, is_known), ids in sorted(found.items()):
        rows = sum(of_source(made[name], source).num_rows for name in ("practices", "presentations"))
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
