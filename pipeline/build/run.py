"""The build run: extracted/ becomes a checked snapshot in datasets/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from pipeline.build.assembly import assembled
from pipeline.build.choice.delta import Delta
from pipeline.build.edition.changes import changes_written
from pipeline.build.edition.contents import Contents
from pipeline.build.edition.files import CHANGES, REPORT
from pipeline.build.edition.written import leaks_in_files_written
from pipeline.build.gate.checks import personal_data_problems
from pipeline.build.gate.evidence import Evidence
from pipeline.build.gate.gate import Answer, GateResult, Question, answer_to, questions
from pipeline.build.gate.tallies import Counts, Tallies, keep_counts, kept_counts
from pipeline.build.latest import SNAPSHOTS, latest_snapshot
from pipeline.build.run_report import Reporter
from pipeline.build.snapshot import (
    datasets_lock,
    making_folder,
    point_latest,
    publish,
    snapshot_id,
    work_folder,
)
from pipeline.build.tables.affected import affected
from pipeline.build.tables.keptlines import keep_lines
from pipeline.build.unchanged import circumstances, note
from pipeline.build.workers import build_workers, lost, rested
from pipeline.config import Settings
from pipeline.engine import Call, Workers, called
from pipeline.errors import BuildError, RefusedByGate
from pipeline.explorer.page import FILE_NAME as EXPLORER
from pipeline.explorer.page import write_explorer
from pipeline.extract.run import SUFFIX, header_of
from pipeline.privacy.scan import Leak, leaks_in_files
from pipeline.records import ExtractedHeader
from pipeline.registers.tables import newest_editions
from pipeline.report.html import report_html
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import RowExpectation


class BuildReport(NamedTuple):
    """What a build did. ``rows``: table → number of rows."""

    outcome: Literal["published", "unchanged"]
    snapshot: Path
    rows: dict[str, int]
    gate: GateResult


def build(
    settings: Settings,
    say: Callable[[str], None],
    accept: str | None = None,
    *,
    asks_volumes: bool = True,
    whole: Mapping[str, RowExpectation] | None = None,
) -> BuildReport:
    """Builds, checks and publishes a snapshot from extracted/.

    ``asks_volumes``: whether the numbers of rows in the sources' TOML are meant (a sample site has others). ``whole``: what all
    sources together must yield.
    What was done, or refused, stands in the run report afterwards.
    Raises BuildError when there is nothing to build from, RefusedByGate when a requirement does not hold, LockHeld when
    another run builds in the same folder.
    """
    files, _ = inputs(settings.extracted)  # before the first write: an empty folder stays empty
    found = circumstances(settings, [accept, asks_volumes, whole])
    with (
        datasets_lock(settings.datasets, say),
        work_folder(settings.datasets) as folder,
        build_workers(settings, files) as workers,
    ):
        reporter = Reporter(settings, asks_volumes=asks_volumes, whole=whole)
        contents = checked_contents(settings, folder, say, accept, reporter, workers)
        existing = settings.datasets / SNAPSHOTS / contents.name
        if existing.is_dir():
            if latest_snapshot(settings.datasets) != existing.resolve():
                point_latest(settings.datasets, contents.name)
            reporter.write("unchanged", contents.name, contents.gate)
            report = BuildReport("unchanged", existing, _counts(contents), contents.gate)
            _keep_noted(settings, found, contents, report)
            return report
        previous = latest_snapshot(settings.datasets)
        contents = with_changes(contents, previous, folder)
        rested(workers, files)
        _refuse_leaks(leaks_in_files_written(folder, contents, workers, files), contents.gate, reporter)
        published = publish(settings.datasets, folder, contents.name)
        reporter.write("published", contents.name, contents.gate)
        report = BuildReport("published", published, _counts(contents), contents.gate)
        _keep_noted(settings, found, contents, report)
        return report


def _keep_noted(settings: Settings, found: str, contents: Contents, report: BuildReport) -> None:
    if contents.plans is not None:
        contents.plans.keep(contents.name)
    if contents.counts_kept is not None:
        keep_counts(contents.counts_kept, contents.name, contents.counts)
    if contents.lines_kept is not None and report.outcome == "published":  # what was found again was not searched by this code
        keep_lines(contents.lines_kept, contents.name, contents.lines)
    note(settings, found, _noted(report))


def _noted(report: BuildReport) -> dict[str, Any]:
    """What the next build needs to answer when nothing has changed."""
    return {
        "snapshot": report.snapshot.name,
        "rows": report.rows,
        "gate": report.gate.verdict,
        "problems": [problem._asdict() for problem in report.gate.problems],
        "lines": [problem.line for problem in report.gate.problems],
    }


def checked_contents(
    settings: Settings,
    folder: Path,
    say: Callable[[str], None],
    accept: str | None,
    reporter: Reporter | None = None,
    workers: Workers | None = None,
) -> Contents:
    """Tables made from extracted/, held against the gate and written into ``folder``; `changes` is not among them yet.

    Without a ``reporter`` the gate knows no previous snapshot and no crawl, and a refusal is not reported.

    Raises BuildError when there is nothing to build from, RefusedByGate when a requirement does not hold.
    """
    files, headers = inputs(settings.extracted)
    sources = list(discovered_sources(settings.sources_dir))
    at_work = workers or Workers()
    made = assembled(settings, files, folder, making_folder(folder), at_work)
    pa.default_memory_pool().release_unused()
    rested(at_work, files)
    evidence = reporter.evidence(made.tables, made.tally) if reporter else Evidence(same_ids=tuple(made.tally.same_ids()))
    delta = None
    if evidence.before and made.changed is not None:
        before: Mapping[str, Any] = evidence.before
        delta = Delta(affected({name: rows.paths for name, rows in before.items()}, made.changed), made.differing)
        evidence = evidence._replace(differing=delta.differing())
    name = snapshot_id(folder, made.tables["captures"])
    previous = latest_snapshot(settings.datasets)
    known = kept_counts(made.counts, previous.name) if previous is not None else None
    answers = _answers(questions(made.tables, sources, evidence), known, delta, at_work)
    gate = GateResult([problem for answer in answers for problem in answer.problems], accept)
    for problem in gate.problems:
        say(problem.line)
    if gate.refusals:
        if reporter:
            reporter.write("refused", None, gate)
        raise RefusedByGate(_refusal(gate))
    registers = newest_editions(settings.registers)
    falls = reporter.falls() if reporter else ()
    keeps = settings.privacy.keep_restricted
    contents = Contents(name, made.tables, headers, gate, None, sources, registers, keeps, falls, made.csv)
    counts = {what: counted for answer in answers for what, counted in answer.counts.items()}
    contents = contents._replace(known=made.known, clean=made.clean, plans=made.plans, delta=delta)
    return contents._replace(counts=counts, counts_kept=made.counts, lines=made.lines, lines_kept=made.lines_kept)


def _answers(asked: list[Question], known: Counts | None, delta: Delta | None, workers: Workers) -> list[Answer]:
    """The answers of the gate: by workers, but here where few rows have to be counted."""
    if known is None or delta is None:
        return [*workers.results(called, [Call(answer_to, question) for question in asked], lost)]
    tallies = Tallies(known, delta)
    return [answer_to(question, tallies) for question in asked]


def with_changes(contents: Contents, previous: Path | None, folder: Path) -> Contents:
    """The contents with `changes` against the snapshot ``previous`` (None: there is none yet), written into ``folder``."""
    changes, lines = changes_written(previous, contents.made, folder, making_folder(folder), contents.delta)
    return contents._replace(
        made={**contents.made, CHANGES: changes},
        csv={**contents.csv, CHANGES: lines},
        previous=previous.name if previous is not None else None,
    )


def _counts(contents: Contents) -> dict[str, int]:
    return {table: rows.num_rows for table, rows in contents.made.items()}


def inputs(extracted: Path) -> tuple[list[Path], list[ExtractedHeader]]:
    """Every extracted file with its header, sorted by path. Raises BuildError when there is none, or one is broken."""
    files = sorted(extracted.rglob(f"*{SUFFIX}")) if extracted.is_dir() else []
    if not files:
        raise BuildError(f"{extracted}: nothing extracted yet; run `praktyki extract` first")
    headers = []
    for path in files:
        header = header_of(path)
        if header is None:
            raise BuildError(f"{path}: is not whole; run `praktyki extract`, which makes it anew")
        headers.append(header)
    return files, headers


def _refuse_leaks(found: list[Leak], gate: GateResult, reporter: Reporter) -> None:
    """Raises RefusedByGate when a file made from the tables holds personal data: report, dictionary, packages, CSV edition."""
    leaks = [*personal_data_problems(found)]
    if leaks:
        refused = gate._replace(problems=[*gate.problems, *leaks])
        reporter.write("refused", None, refused)
        raise RefusedByGate(_refusal(refused))


def _refusal(gate: GateResult) -> str:
    first = gate.refusals[0].told
    more = f" (and {len(gate.refusals) - 1} more, listed above)" if len(gate.refusals) > 1 else ""
    hint = "; `praktyki build --accept REASON` publishes all the same" if all(p.may_be_accepted for p in gate.refusals) else ""
    return f"not published: {first}{more}; the last good snapshot stays{hint}"


def write_report(datasets: Path) -> Path:
    """Writes report.html and explorer.html of the latest snapshot anew; the path of the report.

    Raises BuildError before the first snapshot, RefusedByGate when a page would hold personal data: the old ones stay then.
    """
    latest = latest_snapshot(datasets)
    if latest is None:
        raise BuildError(f"{datasets}: no snapshot yet; run `praktyki build` first")
    with TemporaryDirectory(prefix=".report-", dir=datasets) as name:
        aside = Path(name)
        (aside / REPORT).write_text(report_html(latest), "utf-8")
        write_explorer(latest, latest.name, aside)
        leaks = [*personal_data_problems(leaks_in_files(aside))]
        if leaks:
            raise RefusedByGate(f"not written: {leaks[0].told}; report and explorer of {latest.name} stay as they are")
        for page in (REPORT, EXPLORER):
            (aside / page).replace(latest / page)
    return latest / REPORT
