"""Commands that fill and check raw/."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pipeline.commands import needs
from pipeline.commands.common import Command, next_step, say_of, settings_of
from pipeline.errors import PartlyFailed, UsageError
from pipeline.outcome import Outcome, shown
from pipeline.terminal.plain import inert
from pipeline.terminal.streams import mention

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

_READ = "reads the pages into extracted/, as published"


def _crawl(options: argparse.Namespace) -> Outcome:
    """What is due at the publishers into raw/."""
    from pathlib import Path

    from pipeline.crawl.runs.progress import shown_progress
    from pipeline.crawl.runs.run import Means, crawl

    settings = settings_of(options)
    seeds = _seeds(Path(options.seeds)) if options.seeds else []
    say = say_of(options)
    with shown_progress(say, is_quiet=options.quiet) as progress:
        means = Means(everything_due=options.everything_due, progress=progress)
        if options.from_archive is not None:
            from pipeline.crawl.webarchives.archives import crawl_from

            report = crawl_from(settings, options.sources, options.from_archive, progress.say, more_seeds=seeds, means=means)
        elif settings.crawl.crawl_workers > 1:
            from pipeline.crawl.workers.spread import crawl_spread

            report = crawl_spread(settings, options.sources, progress.say, more_seeds=seeds, means=means)
        else:
            report = crawl(settings, options.sources, progress.say, more_seeds=seeds, means=means)
    return Outcome(report.data, report.text, report.exit_code, next_steps=(next_step(options, "extract", _READ),))


def _why(options: argparse.Namespace) -> Outcome:
    """What happened to an address."""
    from pipeline.crawl.runs.why import explanation
    from pipeline.sources.discovery import discovered_sources

    settings = settings_of(options)
    found = explanation(settings.raw, discovered_sources(settings.sources_dir), options.url)
    return Outcome(found.data, found.text)


def _import(options: argparse.Namespace) -> Outcome:
    """Captures from elsewhere into raw/."""
    from pathlib import Path

    from pipeline.archive.importer import import_paths
    from pipeline.forgetting.keeping import keeper_of

    settings = settings_of(options)
    report = import_paths(
        [Path(path) for path in options.paths],
        settings.raw,
        url=options.url,
        fetched_at=_time(options.fetched_at) if options.fetched_at else None,
        say=say_of(options),
        keeps_out=keeper_of(settings.raw).keeps_out,
    )
    failures = [{"path": str(path), "reason": reason} for path, reason in report.failures]
    for failure in failures:
        mention(inert(f"praktyki: {failure['path']}: {failure['reason']}"), on_stderr=True)
    text = (
        f"{report.added} captures added to {shown(settings.raw)}, {report.already_there} were there already, "
        f"{report.skipped} files skipped, {len(failures)} failed"
    )
    if report.kept_out:
        text += f", {report.kept_out} kept out by the list of objections"
    data = {
        "added": report.added,
        "already_there": report.already_there,
        "skipped": report.skipped,
        "kept_out": report.kept_out,
        "failures": failures,
    }
    steps = (next_step(options, "extract", _READ),) if report.added or report.already_there else ()
    return Outcome(data, text, PartlyFailed.exit_code if failures else 0, next_steps=steps)


def _check_archive(options: argparse.Namespace) -> Outcome:
    """Damage in raw/, and its repair."""
    from pipeline.archive.check import archive_problems, repaired
    from pipeline.archive.files import shown as on_one_line
    from pipeline.crawl.ledger.holdings import holding_problems

    settings = settings_of(options)
    if not settings.raw.is_dir():  # a misspelt folder is no sound archive
        raise UsageError(f"{shown(settings.raw)}: there is no such folder; name the data folder that holds it")
    mended = repaired(settings.raw) if options.repair else []
    problems = [p._asdict() for p in (*archive_problems(settings.raw), *holding_problems(settings.raw))]
    lines = [on_one_line(f"repaired: {line}") for line in mended]
    for p in problems:
        place = p["warc_file"] if p["offset"] is None else f"{p['warc_file']} at byte {p['offset']}"
        lines.append(on_one_line(f"{place}: {p['kind']}: {p['message']}"))
    lines.append(
        f"{len(problems)} problems in {shown(settings.raw)}" if problems else f"{shown(settings.raw)}: no problem found"
    )
    return Outcome({"repaired": mended, "problems": problems}, "\n".join(lines), 1 if problems else 0)


def _seeds(path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--seeds {path}: {error}") from error
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


def _time(text: str) -> dt.datetime:
    import datetime as dt

    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--fetched-at {text!r} is no ISO 8601 time, e.g. 2026-09-01T12:00:00Z") from None
    if time.tzinfo is None:
        raise UsageError(f"--fetched-at {text!r} has no offset; write Z for UTC or +02:00")
    return time.astimezone(dt.UTC)


def _crawl_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="*", metavar="SOURCE", help="sources to crawl (default: all)")
    parser.add_argument("--seeds", metavar="FILE", help="further addresses, one a line; # begins a comment")
    parser.add_argument(
        "--from",
        dest="from_archive",
        metavar="ARCHIVE",
        help="take the pages of SOURCE from another archive: wayback, cdx:URL of a CDX server, warc:PATH of WARC files",
    )
    parser.add_argument(
        "--workers",
        dest="crawl_workers",
        type=int,
        metavar="N",
        help="processes that ask, each hosts of its own (default: 1; --from asks one host and uses one)",
    )
    parser.add_argument("--everything-due", action="store_true", help="ask for every known address again, due or not")
    parser.add_argument(
        "--allow-loopback", action="store_const", const=True, help="let the crawler reach this machine (demo and tests only)"
    )


def _import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH")
    parser.add_argument("--url", help="address of the page (one HTML or text file only)")
    parser.add_argument("--fetched-at", metavar="TIME", help="time of capture, ISO 8601 with offset, e.g. 2026-09-01T12:00:00Z")


def _check_archive_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repair", action="store_true", help="cut damaged files back to the last whole record and index anew")


def _why_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL")


TITLE = "Gather pages"
COMMANDS = (
    Command("crawl", "fetch what is due from the publishers into raw/, politely", _crawl, _crawl_arguments, needs.crawl),
    Command(
        "import",
        "captures from elsewhere into raw/: WARC, WET, HTML, text, folders of them",
        _import,
        _import_arguments,
        needs.crawl,
    ),
    Command("check-archive", "look for damage in raw/", _check_archive, _check_archive_arguments, needs.check_archive),
    Command("why", "what the crawler did with an address, and on what evidence", _why, _why_arguments, needs.why),
)
