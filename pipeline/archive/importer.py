"""Captures from elsewhere into raw/import/: WARC and WET files, saved pages, plain text.

The same capture (address, time, payload) is stored once, however often it is imported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from pipeline.archive.companions import Companions, KeepsOut
from pipeline.archive.dates import iso_time
from pipeline.archive.digests import digest_fits, digest_of
from pipeline.archive.files import shown
from pipeline.archive.foreign import Trouble, foreign_records
from pipeline.archive.identities import identity, no_address_uri
from pipeline.archive.inputs import CAPTURES_CSV, KINDS_READ, InputFile, files_in, is_page_type, media_type_of, web_address
from pipeline.archive.ledger import Ledger
from pipeline.archive.lock import raw_lock
from pipeline.archive.recovery import recovered
from pipeline.archive.warc import (
    CAPTURE_TYPES,
    MAX_RECORD_BYTES,
    SOURCE_DATE,
    SOURCE_FILENAME,
    SOURCE_PAYLOAD_DIGEST,
    TIME_STATUS,
    TIME_UNKNOWN,
    Fields,
    WarcRecord,
    field,
    new_record_id,
)
from pipeline.archive.writer import WarcWriter
from pipeline.errors import UsageError
from pipeline.terminal.progress import tracked

FOLDER: Final = "import"
_STRAY_NULS = 3
_MAX_TOLD = 20  # troubles of one file that are told one by one
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_BINARY_STARTS = (b"%PDF-", b"\x1f\x8b", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0", b"\x7fELF")
_COARSE_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\dZ)?)?)?")


class ImportReport(msgspec.Struct, kw_only=True):
    """What an import did, in captures; ``skipped`` counts folders' files of other kinds and records of no use here.

    ``kept_out`` counts captures that hold a term of the list of objections.
    ``failures`` are (file or place, what is wrong and what to do), each fit for one line.
    """

    added: int = 0
    already_there: int = 0
    skipped: int = 0
    kept_out: int = 0
    failures: list[tuple[str, str]] = []


def import_paths(
    paths: Sequence[Path],
    raw_dir: Path,
    *,
    url: str | None = None,
    fetched_at: dt.datetime | None = None,
    say: Callable[[str], None],
    keeps_out: KeepsOut | None = None,
) -> ImportReport:
    """Imports files and folders. ``url`` is the address of the one page named; ``fetched_at`` holds for every page.

    ``keeps_out`` tells of a record that it must not enter the archive (`pipeline.forgetting.keeping`); None asks of none.
    ``say`` is told what is no failure but worth a line. Raises UsageError for a wrong ``url`` or ``fetched_at``,
    LockHeld when another run writes to ``raw_dir``, ArchiveError when the archive cannot be written. What was imported
    before an error stays.
    """
    address = _checked_address(paths, url, fetched_at)
    report = ImportReport()
    with raw_lock(raw_dir, say):
        for line in recovered(raw_dir):
            say(line)
        with Ledger(raw_dir) as ledger, WarcWriter(raw_dir, FOLDER, on_finished=ledger.file_finished) as writer:
            run = _Import(ledger, writer, report, say, keeps_out=keeps_out)
            for path in _without_lists(paths):
                run.import_path(path, raw_dir, address, fetched_at)
    return report


def _without_lists(paths: Sequence[Path]) -> list[Path]:
    """The paths without a ``captures.csv`` whose folder others of them lie in, as when a shell names all files of a folder."""
    return [path for path in paths if path.name != CAPTURES_CSV or all(o == path or o.parent != path.parent for o in paths)]


def _checked_address(paths: Sequence[Path], url: str | None, fetched_at: dt.datetime | None) -> str | None:
    if fetched_at is not None and fetched_at.tzinfo is None:
        raise UsageError("the time of fetching has no time zone and is ambiguous; write it as 2024-05-01T12:00:00Z")
    if url is None:
        return None
    address = web_address(url)
    if address is None:
        raise UsageError(f"{shown(url[:200])!r} is no http or https address; mend it or leave it out")
    if len(paths) != 1 or paths[0].is_dir() or paths[0].name == CAPTURES_CSV or media_type_of(paths[0]) == "warc":
        raise UsageError("an address goes with one HTML or text file; for several files write a captures.csv beside them")
    return address


def taken_from(
    path: Path,
    raw_dir: Path,
    folder: str,
    wanted: Callable[[WarcRecord], bool],
    fields: Fields,
    say: Callable[[str], None],
    keeps_out: KeepsOut | None = None,
) -> ImportReport:
    """Takes the wanted captures of WARC files at ``path``, a file or a folder, into ``raw/<folder>/``.

    Each record gets the named ``fields``. Revisits are left out: what they refer to may lie elsewhere. The caller holds
    the lock. Raises ArchiveError when the archive cannot be written.
    """
    report = ImportReport()
    with Ledger(raw_dir) as ledger, WarcWriter(raw_dir, folder, on_finished=ledger.file_finished) as writer:
        _Import(ledger, writer, report, say, wanted, fields, keeps_out).import_path(path, raw_dir, None, None)
    return report


class _Import:
    """One run over all paths. ``wanted`` chooses captures of WARC files and ``fields`` are added to them."""

    def __init__(
        self,
        ledger: Ledger,
        writer: WarcWriter,
        report: ImportReport,
        say: Callable[[str], None],
        wanted: Callable[[WarcRecord], bool] | None = None,
        fields: Fields = (),
        keeps_out: KeepsOut | None = None,
    ) -> None:
        self._keeps_out = keeps_out
        self._ledger = ledger
        self._writer = writer
        self._report = report
        self._say = say
        self._wanted = wanted
        self._fields = fields
        self._now = iso_time(dt.datetime.now(dt.UTC).replace(microsecond=0))

    def import_path(self, path: Path, raw_dir: Path, url: str | None, fetched_at: dt.datetime | None) -> None:
        """Imports one file or folder."""
        found = 0
        failures = len(self._report.failures)
        for file in tracked(files_in(path, failed=self._failed, skipped=self._skipped, leave_out=raw_dir), "import: files"):
            found += 1
            try:
                if self._wanted is not None and file.media_type is not None:
                    self._skipped(shown(file.path), "1 file that is no WARC file left out")
                elif file.media_type is None:
                    self._import_warc(file.path)
                else:
                    self._import_page(file._replace(url=url or file.url, fetched_at=fetched_at or file.fetched_at))
            except OSError as error:
                self._failed(shown(file.path), f"{error.strerror or error}; mend the file or its rights, then import it again")
        if not found and len(self._report.failures) == failures:
            self._failed(shown(path), f"holds no file that import reads ({KINDS_READ})")

    def _import_page(self, file: InputFile) -> None:
        problem = None
        with file.path.open("rb") as opened:
            body = opened.read(MAX_RECORD_BYTES + 1)
        if len(body) > MAX_RECORD_BYTES:
            problem = f"has more than {MAX_RECORD_BYTES} bytes; split it or leave it out"
        elif not body.strip():
            problem = "is empty; save the page again"
        elif is_page_type(file.media_type or "") and _is_binary(body):
            problem = "is not text, whatever its name says; give it its right name or leave it out"
        if problem:
            self._failed(shown(file.path), problem)
            return
        uri = file.url or no_address_uri(body)
        named = (("WARC-Type", "resource"), ("WARC-Target-URI", uri), (SOURCE_FILENAME, file.path.name))
        page = WarcRecord((*named, ("Content-Type", file.media_type or "text/plain")), body)
        if not self._is_kept_out(page, shown(file.path)) and self._is_new(
            identity("resource", uri, file.fetched_at, digest_of(body))
        ):
            self._writer.write_resource(uri, file.fetched_at, file.media_type or "text/plain", body, filename=file.path.name)

    def _import_warc(self, path: Path) -> None:
        companions = Companions(self._writer, self._keeps_out)
        records = troubles = left_out = 0
        for item in tracked(foreign_records(path), "import: records"):
            if isinstance(item, Trouble):
                troubles += 1
                if troubles <= _MAX_TOLD:
                    self._failed(shown(path), f"near byte {item.offset}: {item.reason}; get the file again if you can")
                continue
            records += 1
            if item.type in (*CAPTURE_TYPES, "revisit"):
                self._import_capture(path, item, companions)
            elif item.type in ("request", "metadata", "warcinfo"):
                companions.offer(_with_id(item))
            else:
                left_out += 1
        if troubles > _MAX_TOLD:
            self._failed(shown(path), f"{troubles - _MAX_TOLD} more damaged places; get the file again if you can")
        if left_out:
            self._report.skipped += left_out
            self._say(f"{shown(path)}: {left_out} records of other types (continuation) left out")
        if not records and not troubles:
            self._failed(shown(path), "holds no record; get the file again")

    def _import_capture(self, path: Path, record: WarcRecord, companions: Companions) -> None:
        if self._wanted is not None and (record.type == "revisit" or not self._wanted(record)):
            self._report.skipped += 1
            return
        declared = record.field("WARC-Block-Digest")
        if declared and digest_fits(declared, record.block) is False:
            self._failed(
                shown(path), f"the bytes of {shown(record.uri[:200])} do not fit their digest; left out, get the file again"
            )
            return
        record = self._mended(record)
        if not self._is_kept_out(record, shown(path)) and self._is_new(
            identity(record.type, record.uri, record.captured_at, record.payload_digest)
        ):
            companions.write_info()
            self._writer.write_record(record)
            companions.capture_written(record)

    def _mended(self, record: WarcRecord) -> WarcRecord:
        """The record with the fields our archive needs: address, id, a usable date, a payload digest that fits."""
        fields = [item for item in _with_id(record).fields if item[0].lower() not in ("warc-target-uri", "warc-date")]
        uri = record.uri or no_address_uri(record.block)
        date = record.field("WARC-Date") or ""
        if record.captured_at is None and not _COARSE_DATE.fullmatch(date) and record.field(TIME_STATUS) is None:
            fields += [(TIME_STATUS, TIME_UNKNOWN), *([(SOURCE_DATE, date)] if date else [])]
            date = self._now
        fields[2:2] = [("WARC-Target-URI", uri), ("WARC-Date", date)]
        added = {name.lower() for name, _ in self._fields}
        fields = [*(item for item in fields if item[0].lower() not in added), *self._fields]
        mended = WarcRecord(tuple(fields), record.block)
        declared = field(fields, "WARC-Payload-Digest")
        # Crawlers that digest the body after undoing its transfer coding write a digest that fits no stored bytes.
        if declared and record.type != "revisit" and not digest_fits(declared, mended.payload):
            fields = [item for item in fields if item[0].lower() != "warc-payload-digest"]
            fields += [(SOURCE_PAYLOAD_DIGEST, declared), ("WARC-Payload-Digest", digest_of(mended.payload))]
        return WarcRecord(tuple(fields), record.block)

    def _is_new(self, key: bytes) -> bool:
        if key in self._ledger:
            self._report.already_there += 1
            return False
        self._ledger.add(key)
        self._report.added += 1
        return True

    def _is_kept_out(self, record: WarcRecord, place: str) -> bool:
        """Whether a capture must not enter the archive."""
        if self._keeps_out is None or not self._keeps_out(record):
            return False
        self._report.kept_out += 1
        self._say(f"{place}: a capture holds a term of the list of objections and was left out")
        return True

    def _failed(self, place: str, message: str) -> None:
        self._report.failures.append((place, message))

    def _skipped(self, place: str, message: str) -> None:
        number = re.match(r"\d+", message)
        self._report.skipped += int(number.group()) if number else 1
        self._say(f"{place}: {message}")


def _with_id(record: WarcRecord) -> WarcRecord:
    if record.record_id:
        return record
    return WarcRecord((*record.fields[:1], ("WARC-Record-ID", new_record_id()), *record.fields[1:]), record.block)


def _is_binary(body: bytes) -> bool:
    """Whether a file that calls itself text is none: a known file signature, many NUL bytes, or mostly control characters.

    A stray NUL byte in a page is a fault of whoever wrote the page, which browsers show as U+FFFD.
    """
    if body.startswith(_UNICODE_MARKS):
        return False
    sample = body[:65536]
    controls = sum(sample.count(byte) for byte in (*range(9), 11, *range(14, 32)))
    has_many_nuls = sample.count(b"\0") > _STRAY_NULS + len(sample) // 1000
    return body.startswith(_BINARY_STARTS) or has_many_nuls or controls * 10 > len(sample)
