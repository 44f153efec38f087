"""Commands that make extracted/, datasets/ and the report."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from pipeline.bare_arrow import lean_arrow
from pipeline.commands import needs
from pipeline.commands.common import Command, engine_arguments, next_step, say_of, settings_of
from pipeline.errors import UsageError
from pipeline.outcome import Outcome, shown

if TYPE_CHECKING:
    from pathlib import Path


def _demo(options: argparse.Namespace) -> Outcome:
    """The pipeline on the sample site."""
    from pathlib import Path

    lean_arrow()
    from pipeline.demo.run import FOLDER, demo

    settings = settings_of(options)
    outcome = demo(settings, say_of(options))
    ours = settings.below(FOLDER)
    options.data_dir = ours.data_url or shown(ours.data_dir)
    steps = (
        *_looks(options, Path(outcome.data["path"])),
        next_step(options, "trace practices bdp:112 population", "shows where a value comes from, down to the archived bytes"),
    )
    return outcome._replace(next_steps=steps)


def _extract(options: argparse.Namespace) -> Outcome:
    """raw/ to extracted/."""
    from pipeline.extract.run import extract

    settings = settings_of(options)
    report = extract(settings, say_of(options))
    verdicts = [
        {"source": source, "verdict": verdict, "captures": number}
        for (source, verdict), number in sorted(report.verdicts.items())
    ]
    lines = [f"{row['source']:<14} {row['verdict']:<12} {row['captures']:>7}" for row in verdicts]
    lines.append(
        f"{len(report.made)} archive files extracted, {len(report.unchanged)} unchanged, {len(report.removed)} removed"
    )
    data = {"made": report.made, "unchanged": report.unchanged, "removed": report.removed, "verdicts": verdicts}
    steps = (next_step(options, "build", "makes typed tables of them, checks them, and publishes a snapshot"),)
    return Outcome(data, "\n".join(lines), next_steps=steps)


def _build(options: argparse.Namespace) -> Outcome:
    """extracted/ to a snapshot."""
    from pipeline.archive.lock import folder_lock
    from pipeline.build.unchanged import circumstances, last_answer

    if options.accept is not None and not options.accept.strip():
        raise UsageError("--accept needs a reason that readers of the package will understand")
    settings = settings_of(options)
    say = say_of(options)
    found = circumstances(settings, [options.accept, True, None])
    known = last_answer(settings, found)
    if known is not None:
        with folder_lock(settings.datasets, say):  # whoever has it may be publishing something else
            known = last_answer(settings, found)
    if known is not None:
        for line in known["lines"]:
            say(line)
        snapshot = settings.datasets / "snapshots" / known["snapshot"]
        return _told(options, "unchanged", snapshot, known["rows"], known["gate"], known["problems"])
    from pipeline.build.workers import workers_loading

    with workers_loading(settings):
        lean_arrow()
        from pipeline.build.run import build

        report = build(settings, say, options.accept)
    problems = [problem._asdict() for problem in report.gate.problems]
    return _told(options, report.outcome, report.snapshot, report.rows, report.gate.verdict, problems)


def _told(
    options: argparse.Namespace, outcome: str, snapshot: Path, rows: dict[str, int], gate: str, problems: list[Any]
) -> Outcome:
    """What a build answers."""
    lines = [f"{name:<22} {number:>8}" for name, number in rows.items()]
    lines.append(f"{outcome}: {shown(snapshot)} (gate: {gate})")
    data = {
        "outcome": outcome,
        "snapshot": snapshot.name,
        "path": str(snapshot),
        "rows": rows,
        "gate": gate,
        "problems": problems,
    }
    return Outcome(data, "\n".join(lines), next_steps=_looks(options, snapshot))


def _looks(options: argparse.Namespace, snapshot: Path) -> tuple[str, ...]:
    """Ways to look at a snapshot that has just been made."""
    return (
        next_step(options, 'query "FROM practices"', "asks the tables in SQL; in Python: from pipeline import load"),
        next_step(options, "dictionary practices", "says what the columns mean"),
        f"{shown(snapshot / 'report.html')}, explorer.html\n      the report, and a page to search: open them in a browser",
        next_step(options, "serve", "shows both on this machine"),
    )


def _report(options: argparse.Namespace) -> Outcome:
    """report.html and explorer.html of the latest snapshot."""
    lean_arrow()
    from pipeline.build.run import write_report
    from pipeline.explorer.page import FILE_NAME as EXPLORER

    settings = settings_of(options)
    path = write_report(settings.datasets)
    explorer = path.with_name(EXPLORER)
    return Outcome({"report": str(path), "explorer": str(explorer)}, f"wrote {shown(path)}\nwrote {shown(explorer)}")


def _build_arguments(parser: argparse.ArgumentParser) -> None:
    engine_arguments(parser)
    parser.add_argument("--accept", metavar="REASON", help="publish in spite of missed expectations; the reason is recorded")


TITLE = "Make"
COMMANDS = (
    Command("demo", "the whole pipeline on the bundled sample site, under demo-data/", _demo, engine_arguments),
    Command("extract", "raw/ to extracted/: what the pages say, as published", _extract, engine_arguments, needs.extract),
    Command("build", "extracted/ to a checked snapshot in datasets/", _build, _build_arguments, needs.build),
    Command("report", "write report.html and explorer.html of the latest snapshot anew", _report, needs=needs.report),
)
