"""The run report: what a build did and why, for every run, a refused one too.

``datasets/run_report.json`` and ``run_report.txt`` tell of the last run that had news: a build that finds the published
snapshot again leaves them as they are. They stand beside the snapshots, not in them: they may carry the time of the run, a
snapshot may not.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from pipeline.archive.files import replaced_file
from pipeline.build.choice.accounts import newest_accounts
from pipeline.build.choice.waterfall import PageTally, SourceFall, falls_data, falls_text
from pipeline.build.gate.evidence import Evidence
from pipeline.build.gate.gate import GateResult
from pipeline.build.latest import latest_snapshot
from pipeline.build.tables.facts import facts_of
from pipeline.build.tables.store import stored_tables
from pipeline.config import Settings
from pipeline.errors import BuildError
from pipeline.sources.spec import RowExpectation

JSON_NAME = "run_report.json"
TEXT_NAME = "run_report.txt"


Outcome = Literal["published", "unchanged", "refused"]


class RunReport(NamedTuple):
    """One run of build. ``snapshot`` is None for a refusal; ``latest``: what readers see after the run.

    ``gone``: table → rows among ``rows`` whose page is gone, of tables that have some.
    """

    outcome: Outcome
    ended_at: str
    snapshot: str | None
    latest: str | None
    rows: Mapping[str, int]
    gone: Mapping[str, int]
    gate: GateResult
    falls: list[SourceFall]

    def data(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "outcome": self.outcome,
            "ended_at": self.ended_at,
            "snapshot": self.snapshot,
            "latest": self.latest,
            "rows": dict(self.rows),
            "gone": dict(self.gone),
            "gate": {
                "verdict": self.gate.verdict,
                "accepted": self.gate.accepted,
                "problems": [problem._asdict() for problem in self.gate.problems],
            },
            "waterfall": falls_data(self.falls),
        }

    def text(self) -> str:
        """The report for people."""
        accepted = f" (accepted: {self.gate.accepted})" if self.gate.accepted else ""
        lines = [
            f"{self.outcome} at {self.ended_at}; gate: {self.gate.verdict}{accepted}",
            f"latest snapshot: {self.latest or 'none yet'}",
            "",
            falls_text(self.falls),
            "",
            f"{'table':<22} {'rows':>8} {'gone':>8}",
            *(f"{table:<22} {rows:>8} {self.gone.get(table) or '':>8}".rstrip() for table, rows in self.rows.items()),
        ]
        if self.gate.problems:
            lines += ["", "requirements that do not hold", *(f"- {problem.line}" for problem in self.gate.problems)]
        return "\n".join(lines) + "\n"


def write_run_report(datasets: Path, report: RunReport) -> None:
    """Writes both files, each in one step. Raises BuildError when the disk fails."""
    try:
        replaced_file(datasets / JSON_NAME, (json.dumps(report.data(), ensure_ascii=False, indent=2) + "\n").encode())
        replaced_file(datasets / TEXT_NAME, report.text().encode())
    except OSError as error:
        raise BuildError(f"{error.filename or datasets}: {error.strerror}; the run report was not written") from error


class Reporter:
    """Gives the gate its evidence and writes the report at the end of one build."""

    def __init__(
        self, settings: Settings, *, asks_volumes: bool = True, whole: Mapping[str, RowExpectation] | None = None
    ) -> None:
        """``asks_volumes``, ``whole``: as `Evidence` has them.

        Raises BuildError when an account of the crawler cannot be read.
        """
        self._datasets = settings.datasets
        self._asks_volumes = asks_volumes
        self._whole = whole or {}
        self._accounts = newest_accounts(settings.raw)
        self._rows: dict[str, int] = {}
        self._gone: dict[str, int] = {}
        self._tally = PageTally()

    def evidence(self, made: Mapping[str, pa.Table], tally: PageTally) -> Evidence:
        """The previous snapshot, the crawler's accounts, and ids that several titles share."""
        self._tally = tally
        self._rows = {table: rows.num_rows for table, rows in made.items()}
        gone = {table: facts_of(table, rows).gone for table, rows in made.items()}
        self._gone = {table: number for table, number in gone.items() if number}
        previous = latest_snapshot(self._datasets)
        before = stored_tables(previous) if previous is not None else {}
        return Evidence(before, self._accounts, tuple(tally.same_ids()), self._asks_volumes, self._whole)

    def falls(self) -> list[SourceFall]:
        """The waterfall of the tables given to `evidence`, published."""
        return self._tally.falls(self._accounts, is_refused=False)

    def write(self, outcome: Outcome, snapshot: str | None, gate: GateResult) -> None:
        """Writes the run report. Raises BuildError when the disk fails."""
        latest = latest_snapshot(self._datasets)
        falls = self._tally.falls(self._accounts, is_refused=outcome == "refused")
        ended = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        seen = latest.name if latest is not None else None
        report = RunReport(outcome, ended, snapshot, seen, self._rows, self._gone, gate, falls)
        if outcome != "unchanged" or not _is_told(self._datasets, report):
            write_run_report(self._datasets, report)


def _is_told(datasets: Path, report: RunReport) -> bool:
    """Whether the report on disk is of the same snapshot and tells every problem: a run without news changes no byte."""
    try:
        told = json.loads((datasets / JSON_NAME).read_bytes())
        problems = told["gate"]["problems"]
        return told["snapshot"] == report.snapshot and all(problem._asdict() in problems for problem in report.gate.problems)
    except (OSError, ValueError, KeyError, TypeError):
        return False  # none, or one of another version: it is written anew
