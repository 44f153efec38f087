"""Extracted pages made by hand, for tests of the build that need no archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.build.run import BuildReport, build
from pipeline.build.snapshot import read_tables
from pipeline.config import Settings
from pipeline.extract.endline import end_line
from pipeline.records import (
    Capture,
    ExtractedHeader,
    ExtractedPage,
    Finding,
    LabelledValue,
    PracticeTab,
    Tab,
    TextBlock,
    Verdict,
    json_line,
)

METRYKA = {
    "entered_on": ("Data wprowadzenia do BDP", ["2011-03-15"]),
    "unit_type": ("Typ jednostki", ["gmina miejsko-wiejska"]),
    "locality": ("Miejscowość", ["Jarocin"]),
    "powiat": ("Powiat", ["jarociński"]),
    "voivodeship": ("Województwo", ["wielkopolskie"]),
    "postal_code": ("Kod pocztowy i Poczta", ["63-200 Jarocin"]),
    "population": ("Liczba mieszkańców", ["45.000"]),
}


def page(
    url: str | None,
    findings: Sequence[Finding] = (),
    *,
    day: int | None = 1,
    verdict: Verdict = "detail",
    source: str | None = "bdp",
    status_code: int | None = 200,
) -> ExtractedPage:
    """A capture of ``url`` on a day of September 2026 (None: time not known) and what was found on it."""
    capture = Capture(
        capture_id=f"c:{abs(hash_of(f'{url}{day}{verdict}')):016x}",
        source_url=url,
        captured_at=dt.datetime(2026, 9, day, 12, tzinfo=dt.UTC) if day is not None else None,
        record_type="response",
        status_code=status_code,
        media_type="text/html",
        body_digest="sha1:TEST",
        warc_file="test/test.warc.gz",
        warc_offset=0,
    )
    return ExtractedPage(
        capture=capture,
        source=source,
        verdict=verdict,
        reason="made by hand",
        charset="utf-8",
        decoder="utf-8 (meta)",
        findings=[*findings],
    )


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return int.from_bytes(text.encode()[-8:].rjust(8, b"0"), "big") ^ sum(text.encode())


def tab(
    record_id: str,
    which: Tab = "summary",
    *,
    title: str | None = "Wspólny ogród",
    slug: str | None = "wspolny-ogrod",
    text: str = "Mieszkańcy wsi założyli wspólny ogród, a gmina kupiła narzędzia i nasiona dla wszystkich chętnych rodzin.",
    labels: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> PracticeTab:
    """A tab of a practice; a summary carries METRYKA, changed by ``labels`` (column → lines)."""
    values = {column: (label, list(lines)) for column, (label, lines) in METRYKA.items()} if which == "summary" else {}
    for column, lines in (labels or {}).items():
        values[column] = (METRYKA.get(column, (column, []))[0], list(lines))
    return PracticeTab(
        record_id=record_id,
        tab=which,
        title=title,
        slug=slug,
        section="Usługi społeczne",
        subsection="Kultura",
        blocks=[TextBlock(text=text)],
        labels=[
            LabelledValue(label=label, lines=lines, status="mapped", column=column) for column, (label, lines) in values.items()
        ],
        **more,
    )


def write_extracted(data_dir: Path, pages: Sequence[ExtractedPage], name: str = "test/test") -> None:
    """Writes one extracted file as the extract stage would."""
    path = data_dir / "extracted" / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    header = ExtractedHeader(
        warc_file=f"{name}.warc.gz", index_digest="0" * 64, fingerprint="f" * 16, warc_sha256="1" * 64, warc_bytes=1
    )
    with path.open("w+b") as file:
        file.write(json_line(header) + b"".join(json_line(item) for item in pages))
        file.write(end_line(file))


def built(data_dir: Path, pages: Sequence[ExtractedPage], **options: Any) -> BuildReport:
    """Builds a snapshot from the pages."""
    write_extracted(data_dir, pages)
    return build(Settings(data_dir=data_dir), _silent, **options)


def rows(data_dir: Path, table: str) -> list[dict[str, Any]]:
    """Rows of a table of the latest snapshot."""
    found: list[dict[str, Any]] = arrow(data_dir)[table].to_pylist()
    return found


def arrow(data_dir: Path) -> dict[str, pa.Table]:
    """All tables of the latest snapshot."""
    return dict(read_tables(data_dir / "datasets" / "latest"))


_silent: Callable[[str], None] = lambda _line: None  # noqa: E731 - typed, and nothing to say
