"""Commands that tell what there is."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from pipeline.commands import needs
from pipeline.commands.common import Command, settings_of
from pipeline.errors import UsageError
from pipeline.outcome import Outcome, shown

_HOSTS = 4  # told of a source; --json tells all
_ROOM = " " * 15


def _sources(options: argparse.Namespace) -> Outcome:
    """The sources there are."""
    from pipeline.sources.discovery import discovered_sources

    settings = settings_of(options)
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
        hosts = facts.claims.hosts
        more = f" and {len(hosts) - _HOSTS} more" if len(hosts) > _HOSTS else ""
        told = f"tables {', '.join(sorted(facts.expect))}; {', '.join(hosts[:_HOSTS]) or 'no host of its own'}{more}"
        lines += [f"{source.name:<14} {facts.title}", *textwrap.wrap(told, 80, initial_indent=_ROOM, subsequent_indent=_ROOM)]
    return Outcome(data, "\n".join(lines))


def _trace(options: argparse.Namespace) -> Outcome:
    """A value back to its bytes."""
    from pipeline.trace.command import traced

    told = traced(
        settings_of(options),
        options.table,
        options.record_id,
        options.column,
        snapshot=options.snapshot,
        opens=options.open,
    )
    return Outcome(told.data, told.text, 0 if told.is_located else 1)


def _registers(options: argparse.Namespace) -> Outcome:
    """The registers in use, or a newer edition laid over them."""
    import datetime as dt
    from pathlib import Path

    from pipeline.registers.importer import updated
    from pipeline.registers.territory import Territory

    settings = settings_of(options)
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


def _status(options: argparse.Namespace) -> Outcome:
    """What the data folder holds."""
    from pipeline.archive.reader import warc_files
    from pipeline.build.latest import SNAPSHOTS, latest_snapshot
    from pipeline.crawl.runs.state import crawl_state
    from pipeline.extract.run import SUFFIX

    settings = settings_of(options)
    names = warc_files(settings.raw) if settings.raw.is_dir() else []
    extracted = sorted(settings.extracted.rglob(f"*{SUFFIX}")) if settings.extracted.is_dir() else []
    latest = latest_snapshot(settings.datasets)
    snapshots = settings.datasets / SNAPSHOTS
    data: dict[str, Any] = {
        "data_dir": settings.data_url or str(settings.data_dir),
        "archive_files": len(names),
        "archive_bytes": sum((settings.raw / name).stat().st_size for name in names),
        "extracted_files": len(extracted),
        "snapshots": sorted(path.name for path in snapshots.iterdir()) if snapshots.is_dir() else [],
        "latest": latest.name if latest is not None else None,
    }
    lines = [
        f"data folder      {settings.data_url or shown(settings.data_dir)}",
        f"raw/             {data['archive_files']} archive files, {data['archive_bytes']} bytes",
        f"extracted/       {data['extracted_files']} files",
        f"datasets/        {len(data['snapshots'])} snapshots, latest {data['latest'] or 'none yet'}",
    ]
    crawled = crawl_state(settings.raw)
    data["crawl"] = crawled.data
    lines += crawled.lines
    if crawled.data["sources"]:
        lines += ["", _addresses(crawled.data["sources"])]
    return Outcome(data, "\n".join(lines))


def _addresses(sources: dict[str, dict[str, Any]]) -> str:
    """Addresses of each source, by what the crawler will do with them."""
    from pipeline.terminal.tables import terminal_width, text_table

    counts = ("known", "due_now", "failed")
    rows = [[name, *(str(one[count]) for count in counts), one["next_due"] or ""] for name, one in sources.items()]
    names = ["source", "addresses", "due now", "failed", "next due"]
    return text_table(names, rows, numeric=[False, True, True, True, False], width=terminal_width())


def _trace_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("table", metavar="TABLE")
    parser.add_argument("record_id", metavar="RECORD_ID", help="key of the row; parts of a compound key joined by /")
    parser.add_argument("column", nargs="?", metavar="COLUMN", help="one column (default: all that are not null)")
    parser.add_argument("--snapshot", metavar="ID", help="a snapshot other than the latest")
    parser.add_argument("--open", action="store_true", help="write the archived page to a temporary file")


def _registers_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", choices=("update",), help="update: take the newer TERC or KATOTTH file FILE")
    parser.add_argument("file", nargs="?", metavar="FILE")
    parser.add_argument("--on", metavar="DATE", help="reference date of a file that states none, e.g. 2026-01-01")


TITLE = "Look up"
COMMANDS = (
    Command("sources", "the sources there are and what they claim", _sources),
    Command(
        "trace", "a value back to its raw text and the archived bytes it was read from", _trace, _trace_arguments, needs.trace
    ),
    Command(
        "registers",
        "the territorial registers in use; with update, a newer official file laid over them",
        _registers,
        _registers_arguments,
        needs.registers,
    ),
    Command("status", "what raw/, extracted/ and datasets/ hold", _status, needs=needs.status),
)
