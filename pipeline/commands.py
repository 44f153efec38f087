"""What each command does: calls the stage and puts its report into words. Imports of a stage stand in its command."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.config import Settings, project_dir, settings_from
from pipeline.errors import PartlyFailed, UsageError
from pipeline.outcome import Outcome, shown

DICTIONARY_PATH = Path("docs") / "DATA_DICTIONARY.md"


def run_demo(options: argparse.Namespace) -> Outcome:
    """The pipeline on the sample site."""
    from pipeline.demo.run import demo

    settings = _settings(options)
    return demo(settings, _say(options))


def run_crawl(options: argparse.Namespace) -> Outcome:
    """What is due at the publishers into raw/."""
    from pipeline.crawl.progress import shown_progress
    from pipeline.crawl.runs import Means, crawl

    settings = _settings(options)
    seeds = _seeds(Path(options.seeds)) if options.seeds else []
    say = _say(options)
    with shown_progress(say, is_quiet=options.quiet) as progress:
        means = Means(everything_due=options.everything_due, progress=progress)
        if options.from_archive is not None:
            from pipeline.crawl.archives import crawl_from

            report = crawl_from(settings, options.sources, options.from_archive, progress.say, more_seeds=seeds, means=means)
        else:
            report = crawl(settings, options.sources, progress.say, more_seeds=seeds, means=means)
    return Outcome(report.data, report.text, report.exit_code)


def run_why(options: argparse.Namespace) -> Outcome:
    """What happened to an address."""
    from pipeline.crawl.why import explanation
    from pipeline.sources.spec import discovered_sources

    settings = _settings(options)
    found = explanation(settings.raw, discovered_sources(settings.sources_dir), options.url)
    return Outcome(found.data, found.text)


def run_import(options: argparse.Namespace) -> Outcome:
    """Captures from elsewhere into raw/."""
    from pipeline.archive.importer import import_paths

    settings = _settings(options)
    report = import_paths(
        [Path(path) for path in options.paths],
        settings.raw,
        url=options.url,
        fetched_at=_time(options.fetched_at) if options.fetched_at else None,
        say=_say(options),
    )
    failures = [{"path": str(path), "reason": reason} for path, reason in report.failures]
    for failure in failures:
        print(f"praktyki: {failure['path']}: {failure['reason']}", file=sys.stderr)  # noqa: T201
    text = (
        f"{report.added} captures added to {shown(settings.raw)}, {report.already_there} were there already, "
        f"{report.skipped} files skipped, {len(failures)} failed"
    )
    data = {
        "added": report.added,
        "already_there": report.already_there,
        "skipped": report.skipped,
        "failures": failures,
    }
    return Outcome(data, text, PartlyFailed.exit_code if failures else 0)


def run_check_archive(options: argparse.Namespace) -> Outcome:
    """Damage in raw/, and its repair."""
    from pipeline.archive.check import archive_problems, repaired
    from pipeline.crawl.holdings import holding_problems

    settings = _settings(options)
    mended = repaired(settings.raw) if options.repair else []
    problems = [p._asdict() for p in (*archive_problems(settings.raw), *holding_problems(settings.raw))]
    lines = [f"repaired: {line}" for line in mended]
    for p in problems:
        place = p["warc_file"] if p["offset"] is None else f"{p['warc_file']} at byte {p['offset']}"
        lines.append(f"{place}: {p['kind']}: {p['message']}")
    lines.append(
        f"{len(problems)} problems in {shown(settings.raw)}" if problems else f"{shown(settings.raw)}: no problem found"
    )
    return Outcome({"repaired": mended, "problems": problems}, "\n".join(lines), 1 if problems else 0)


def run_extract(options: argparse.Namespace) -> Outcome:
    """raw/ to extracted/."""
    from pipeline.extract.run import extract

    settings = _settings(options)
    report = extract(settings, _say(options))
    verdicts = [
        {"source": source, "verdict": verdict, "captures": number}
        for (source, verdict), number in sorted(report.verdicts.items())
    ]
    lines = [f"{row['source']:<14} {row['verdict']:<12} {row['captures']:>7}" for row in verdicts]
    lines.append(
        f"{len(report.made)} archive files extracted, {len(report.unchanged)} unchanged, {len(report.removed)} removed"
    )
    data = {"made": report.made, "unchanged": report.unchanged, "removed": report.removed, "verdicts": verdicts}
    return Outcome(data, "\n".join(lines))


def run_build(options: argparse.Namespace) -> Outcome:
    """extracted/ to a snapshot."""
    from pipeline.build.run import build

    if options.accept is not None and not options.accept.strip():
        raise UsageError("--accept needs a reason that readers of the package will understand")
    settings = _settings(options)
    report = build(settings, _say(options), options.accept)
    lines = [f"{name:<22} {number:>8}" for name, number in report.rows.items()]
    lines.append(f"{report.outcome}: {shown(report.snapshot)} (gate: {report.gate.verdict})")
    data = {
        "outcome": report.outcome,
        "snapshot": report.snapshot.name,
        "path": str(report.snapshot),
        "rows": report.rows,
        "gate": report.gate.verdict,
        "problems": [problem._asdict() for problem in report.gate.problems],
    }
    return Outcome(data, "\n".join(lines))


def run_diff(options: argparse.Namespace) -> Outcome:
    """Two snapshots compared."""
    from pipeline.build.reproduce import snapshot_folder
    from pipeline.build.told import difference_told

    datasets = _settings(options).datasets
    return Outcome(*difference_told(snapshot_folder(datasets, options.before), snapshot_folder(datasets, options.after)))


def run_reproduce(options: argparse.Namespace) -> Outcome:
    """A snapshot made once more."""
    from pipeline.build.reproduce import reproduction, snapshot_folder
    from pipeline.build.told import reproduction_told

    settings = _settings(options)
    result = reproduction(settings, snapshot_folder(settings.datasets, options.snapshot), _say(options))
    return Outcome(*reproduction_told(result), 1 if result.outcome == "different" else 0)


def run_prune(options: argparse.Namespace) -> Outcome:
    """Old snapshots removed."""
    from pipeline.build.prune import pruned, pruning
    from pipeline.build.snapshot import datasets_lock
    from pipeline.build.told import pruning_told

    if options.keep < 1:
        raise UsageError(f"--keep {options.keep}: at least one snapshot stays")
    datasets = _settings(options).datasets
    if options.dry_run or not datasets.is_dir():
        return Outcome(*pruning_told(pruning(datasets, options.keep), is_plan=options.dry_run))
    with datasets_lock(datasets, _say(options)):
        return Outcome(*pruning_told(pruned(datasets, options.keep), is_plan=False))


def run_report(options: argparse.Namespace) -> Outcome:
    """report.html of the latest snapshot."""
    from pipeline.build.run import write_report

    settings = _settings(options)
    path = write_report(settings.datasets)
    return Outcome({"report": str(path)}, f"wrote {shown(path)}")


def run_sources(options: argparse.Namespace) -> Outcome:
    """The sources there are."""
    from pipeline.sources.spec import discovered_sources

    settings = _settings(options)
    found = discovered_sources(settings.sources_dir)
    data: dict[str, Any] = {}
    lines = []
    for source in found:
        facts = source.facts
        data[source.name] = {
            "title": facts.title,
            "publisher": facts.publisher,
            "homepage": facts.homepage,
            "hosts": facts.claims.hosts,
            "tables": sorted(facts.expect),
            "labels": len(source.column_of_label),
        }
        hosts = ", ".join(facts.claims.hosts) or "no host of its own"
        lines.append(f"{source.name:<14} {facts.title}\n{'':<14} tables {', '.join(sorted(facts.expect))}; {hosts}")
    return Outcome(data, "\n".join(lines))


def run_dictionary(options: argparse.Namespace) -> Outcome:
    """The data dictionary."""
    from pipeline.schema.dictionary import dictionary_markdown
    from pipeline.schema.released import write_promise
    from pipeline.schema.spec import tables

    if options.table is not None and options.table not in tables():
        raise UsageError(f"no table {options.table!r}; there are {', '.join(tables())}")
    if options.write:
        path = project_dir() / DICTIONARY_PATH
        path.parent.mkdir(exist_ok=True)
        path.write_text(dictionary_markdown(), "utf-8")
        promise = write_promise()
        return Outcome({"written": [str(path), str(promise)]}, f"wrote {shown(path)} and {shown(promise)}")
    chosen = {name: table for name, table in tables().items() if options.table in (None, name)}
    data = {
        name: {
            column: {"type": spec.type, "en": spec.en, "pl": spec.pl, "uk": spec.uk} for column, spec in table.columns.items()
        }
        for name, table in chosen.items()
    }
    return Outcome(data, dictionary_markdown(options.table).rstrip())


def run_trace(options: argparse.Namespace) -> Outcome:
    """A value back to its bytes."""
    from pipeline.trace.command import traced

    told = traced(
        _settings(options),
        options.table,
        options.record_id,
        options.column,
        snapshot=options.snapshot,
        opens=options.open,
    )
    return Outcome(told.data, told.text, 0 if told.is_located else 1)


def run_registers(options: argparse.Namespace) -> Outcome:
    """The registers in use, or a newer edition laid over them."""
    from pipeline.registers.importer import updated
    from pipeline.registers.territory import Territory

    settings = _settings(options)
    if options.action is None:
        territory = Territory.load(settings.registers)
        rows = {register: (on.isoformat(), len(territory.units(register))) for register, on in territory.register_on.items()}
        data: dict[str, Any] = {str(register): {"edition": on, "units": units} for register, (on, units) in rows.items()}
        return Outcome(
            data, "\n".join(f"{register:<8} edition of {on}, {units} units" for register, (on, units) in rows.items())
        )
    if options.file is None:
        raise UsageError("registers update needs FILE, the official TERC or KATOTTH file")
    try:
        on = dt.date.fromisoformat(options.on) if options.on else None
    except ValueError:
        raise UsageError(f"--on {options.on!r} is no date, e.g. 2026-01-01") from None
    update = updated(Path(options.file), settings.registers, on=on)
    data = {
        "register": str(update.register),
        "edition": update.on.isoformat(),
        "opened": list(update.opened),
        "closed": list(update.closed),
    }
    text = (
        f"{update.register} edition of {update.on}: {len(update.opened)} units new, {len(update.closed)} closed; "
        f"written to {shown(settings.registers)}; `praktyki build` uses it from now on"
    )
    return Outcome(data, text)


def run_status(options: argparse.Namespace) -> Outcome:
    """What the data folder holds."""
    from pipeline.archive.reader import warc_files
    from pipeline.build.snapshot import SNAPSHOTS, latest_snapshot
    from pipeline.crawl.state import crawl_state
    from pipeline.extract.run import SUFFIX

    settings = _settings(options)
    names = warc_files(settings.raw) if settings.raw.is_dir() else []
    extracted = sorted(settings.extracted.rglob(f"*{SUFFIX}")) if settings.extracted.is_dir() else []
    latest = latest_snapshot(settings.datasets)
    snapshots = settings.datasets / SNAPSHOTS
    data: dict[str, Any] = {
        "data_dir": str(settings.data_dir),
        "archive_files": len(names),
        "archive_bytes": sum((settings.raw / name).stat().st_size for name in names),
        "extracted_files": len(extracted),
        "snapshots": sorted(path.name for path in snapshots.iterdir()) if snapshots.is_dir() else [],
        "latest": latest.name if latest is not None else None,
    }
    lines = [
        f"data folder      {shown(settings.data_dir)}",
        f"raw/             {data['archive_files']} archive files, {data['archive_bytes']} bytes",
        f"extracted/       {data['extracted_files']} files",
        f"datasets/        {len(data['snapshots'])} snapshots, latest {data['latest'] or 'none yet'}",
    ]
    crawled = crawl_state(settings.raw)
    data["crawl"] = crawled.data
    lines += crawled.lines
    return Outcome(data, "\n".join(lines))


def _settings(options: argparse.Namespace) -> Settings:
    names = ("data_dir", "sources_dir", "engine", "workers", "allow_loopback")
    return settings_from({name: getattr(options, name, None) for name in names})


def _seeds(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--seeds {path}: {error}") from error
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def _say(options: argparse.Namespace) -> Callable[[str], None]:
    def say(line: str) -> None:
        if not options.quiet:
            print(line, file=sys.stderr if options.json else sys.stdout, flush=True)

    return say


def _time(text: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--fetched-at {text!r} is no ISO 8601 time, e.g. 2026-09-01T12:00:00Z") from None
    if time.tzinfo is None:
        raise UsageError(f"--fetched-at {text!r} has no offset; write Z for UTC or +02:00")
    return time.astimezone(dt.UTC)
