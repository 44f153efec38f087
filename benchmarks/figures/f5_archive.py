"""Records written to and read from WARC files, beside warcio."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.figure import Line, Setting
from pipeline.archive.members import Member, members
from pipeline.archive.reader import captures_in, payload_at, warc_files
from pipeline.archive.writer import WarcWriter

TITLE = "5. Archive records written and read, one gzip member each"
_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Server", "Apache"), ("Date", "Tue, 01 Sep 2026 10:00:00 GMT")]
_TIME = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


def measured(setting: Setting) -> list[Line]:
    """CPU seconds of the writing and of the reading alone, in this process, sides in turn."""
    raw = setting.corpus(500 if setting.is_quick else 3_000)
    pages = [payload_at(raw, capture).body for name in warc_files(raw) for capture in captures_in(raw, name)]
    theirs, ours = setting.work / "theirs.warc.gz", setting.work / "ours"

    def our_file() -> Path:
        return next(path for path in sorted(ours.rglob("*.warc.gz")))

    sides: dict[str, Callable[[], object]] = {
        "warcio writes": lambda: _written_by_warcio(theirs, pages),
        "praktyki writes, with index and digests of files": lambda: _written(ours, pages),
        "warcio reads": lambda: _read_by_warcio(our_file(), check_digests=False),
        "warcio reads, digests checked": lambda: _read_by_warcio(our_file(), check_digests=True),
        "praktyki reads every record": lambda: sum(len(m.record.block) for m in members(our_file()) if isinstance(m, Member)),
        "praktyki reads payloads by index, digests checked": lambda: sum(
            len(payload_at(ours, capture).body) for name in warc_files(ours) for capture in captures_in(ours, name)
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(max(setting.rounds, 3)):
        for name, side in sides.items():
            start = time.process_time()
            side()
            taken[name].append(time.process_time() - start)
    seconds = {name: statistics.median(values) for name, values in taken.items()}
    size = our_file().stat().st_size / theirs.stat().st_size
    return [
        Line(
            side=name,
            pages=len(pages),
            cpu_seconds=round(spent, 3),
            pages_per_cpu_second=round(len(pages) / spent, 1),
            ratio=round(seconds[_against(name)] / spent, 3) if _against(name) != name else None,
            against=_against(name) if _against(name) != name else None,
            wanted={"praktyki writes, with index and digests of files": "≥ 3", "praktyki reads every record": "≥ 2"}.get(name),
            note=f"{size:.3f} times the size, ≤ 1.06 wanted" if name.startswith("praktyki writes") else None,
        )
        for name, spent in seconds.items()
    ]


def _against(side: str) -> str:
    if "writes" in side:
        return "warcio writes"
    return "warcio reads, digests checked" if "digests" in side else "warcio reads"


def _written_by_warcio(path: Path, pages: list[bytes]) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for number, body in enumerate(pages):
            head = StatusAndHeaders("200 OK", _HEADERS, protocol="HTTP/1.1")
            uri = f"http://gmina.example.org/{number}"
            writer.write_record(writer.create_warc_record(uri, "response", payload=io.BytesIO(body), http_headers=head))


def _written(folder: Path, pages: list[bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with WarcWriter(folder, "bench") as writer:
        for number, body in enumerate(pages):
            writer.write_response(f"http://gmina.example.org/{number}", _TIME, "HTTP/1.1 200 OK", _HEADERS, body)


def _read_by_warcio(path: Path, *, check_digests: bool) -> int:
    with path.open("rb") as file:
        return sum(len(record.content_stream().read()) for record in ArchiveIterator(file, check_digests=check_digests))
