"""The demo: the whole pipeline on the bundled sample site, under demo-data/, never mixed with real data."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from pipeline.build.run import BuildReport, build
from pipeline.config import Settings
from pipeline.crawl.ledger.tables import STATES
from pipeline.demo import server
from pipeline.demo.crawled import sample_crawl
from pipeline.errors import PraktykiError, SourceSpecError
from pipeline.extract.attached.documents import LIBRARIES
from pipeline.extract.run import extract
from pipeline.outcome import Outcome, shown
from pipeline.places import is_address
from pipeline.privacy.objections import Objections
from pipeline.schema.spec import tables
from pipeline.sources.discovery import check_expectations
from pipeline.sources.spec import RowExpectation
from pipeline.storage.rules import LATEST, Need, crawl_files, packages
from pipeline.storage.stages import working_copies
from pipeline.terminal.tables import terminal_width, text_table

FOLDER = "demo-data"
SITE = server.SITE
_NEEDS = (
    Need("raw", writes=True, at_hand=crawl_files),
    Need("extracted", writes=True),
    Need("registers"),
    Need("datasets", writes=True, at_hand=packages, snapshots=(LATEST,)),
)
EXPECTED = Path(__file__).parent / "expected.toml"


def expected() -> dict[str, RowExpectation]:
    """Rows and fill rates the sample site must yield, by table. Raises SourceSpecError."""
    try:
        found = msgspec.toml.decode(EXPECTED.read_bytes(), type=dict[str, RowExpectation])
    except msgspec.DecodeError as error:
        raise SourceSpecError(f"{EXPECTED}: {error}") from error
    check_expectations(EXPECTED, found)
    return found


def _missing_libraries() -> list[str]:
    """Libraries of the extra attachments that are not installed."""
    missing = []
    for library in LIBRARIES:
        try:
            version(library)
        except PackageNotFoundError:
            missing.append(library)
    return missing


def _without_texts_of_files(asked: dict[str, RowExpectation]) -> dict[str, RowExpectation]:
    """The expectations of a plain installation: what only the extra reads is not asked for."""
    files = asked["practice_attachments"]
    fill = {column: limits for column, limits in files.fill.items() if column != "text"}
    return asked | {"practice_attachments": msgspec.structs.replace(files, fill=fill)}


def demo(settings: Settings, say: Callable[[str], None]) -> Outcome:
    """Crawls the sample site over loopback, extracts, builds; what was made and where.

    Raises RefusedByGate when the sample site does not yield what it must, KeyboardInterrupt when SIGTERM or Ctrl-C ended
    its crawl.
    """
    with working_copies(settings.below(FOLDER), _NEEDS, say) as ours:
        return _demo(ours, say)


def _demo(ours: Settings, say: Callable[[str], None]) -> Outcome:
    crawled = sample_crawl(ours, lambda _line: None)
    if crawled.outcome == "stopped":
        raise KeyboardInterrupt  # asked for, and no fault of the sample site; the next demo goes on from here
    if crawled.exit_code:
        raise PraktykiError(f"the sample site could not be crawled: {crawled.text.splitlines()[-2]}")
    counts = {state: sum(account.counts[state] for account in crawled.accounts) for state in STATES}
    say("crawl    " + ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items() if number))
    extracted = extract(ours, lambda _line: None)
    say(f"extract  {len(extracted.made)} archive files read, {len(extracted.unchanged)} unchanged")
    asked: dict[str, RowExpectation] | None = expected()
    missing = _missing_libraries()
    if objections := len(Objections(ours.raw)):
        say(f"build    terms on the list of objections: {objections}; the sample site's own numbers are not asked for")
        asked = None
    if missing:
        say(f"extract  without {', '.join(missing)} some files stay unread: pip install 'praktyki[attachments]'")
        asked = asked and _without_texts_of_files(asked)
    report = build(ours, say, asks_volumes=False, whole=asked)
    say(f"build    snapshot {report.snapshot.name} {report.outcome}")
    data = {"outcome": report.outcome, "snapshot": report.snapshot.name, "path": str(report.snapshot), "rows": report.rows}
    return Outcome(data, _told(report, ours))


def _told(report: BuildReport, settings: Settings) -> str:
    folder = shown(settings.datasets) + "/latest"
    if is_address(folder):  # there ``latest`` is an object that holds the id
        folder = shown(report.snapshot)
    known = [(name, rows) for name, rows in sorted(report.rows.items()) if name in tables()]
    table = text_table(
        ["table", "rows", "what it holds"],
        [[name, str(rows), tables()[name].description.en] for name, rows in known],
        numeric=[False, True, False],
        width=terminal_width(),
    )
    lines = [
        "",
        table,
        "",
        f"tables      {folder}/*.parquet (persons apart, in {folder}/restricted/)",
        f"report      {folder}/report.html",
        f"explorer    {folder}/explorer.html",
        f"dictionary  {folder}/DATA_DICTIONARY.md",
    ]
    return "\n".join(lines)
