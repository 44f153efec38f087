"""Writes WARC/1.1, one gzip member a record: ``raw/<folder>/<folder>-<utc>-<serial>.warc.gz``.

A file grows under the name ``….warc.gz.open``, is synced, renamed when whole, indexed, and never touched again. The
caller holds the lock of raw/ (`pipeline.archive.lock`). A writer that never writes a record leaves no file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from pipeline import __version__
from pipeline.archive.files import archive_errors, synced_folder
from pipeline.archive.index import WARC_SUFFIX, Index, IndexEntry, entry_of, index_meta, index_path, write_index
from pipeline.archive.packing import completed_record, member_bytes
from pipeline.archive.warc import (
    MAX_FIELD_BYTES,
    MAX_RECORD_BYTES,
    SOURCE_FILENAME,
    TIME_STATUS,
    TIME_UNKNOWN,
    Fields,
    WarcRecord,
    clean_name,
    clean_value,
    http_head,
    iso_time,
    new_record_id,
    no_address_uri,
)
from pipeline.errors import ArchiveError
from pipeline.faults import reached
from pipeline.storage.hand import whole

OPEN_SUFFIX: Final = ".open"
FILE_SIZE_LIMIT: Final = 256 * 1024 * 1024  # one extracted file is made of one WARC file: this is the step of re-reading
_WRITE_STEP: Final = 1024 * 1024
FILE_RECORD_LIMIT: Final = 50_000  # keeps the index of a file, which is sorted in memory, near 25 MB

# Request headers that tell how the page was asked for. Everything else (cookies, authorization) stays out of the archive.
REQUEST_HEADERS: Final = frozenset(
    "accept accept-encoding accept-language cache-control connection from host".split()
    + "if-modified-since if-none-match range user-agent".split()
)
Truncation = Literal["length", "time", "disconnect", "unspecified"]
RevisitProfile = Literal["identical-payload-digest", "server-not-modified"]
Headers = Iterable[tuple[str, str]]


class Request(NamedTuple):
    """What was asked: request line (``GET /a HTTP/1.1``) and headers, of which only REQUEST_HEADERS are archived."""

    request_line: str
    headers: Headers
    body: bytes = b""


class Written(NamedTuple):
    """Where a record lies. ``warc_file`` is relative to raw/ and carries the name the file gets when whole."""

    warc_file: str
    offset: int
    length: int
    record_id: str
    payload_digest: str


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class WarcWriter:
    """Appends records to the archive. Every method raises ArchiveError when the disk does not take them.

    A record either lies whole in the file or not at all: what a full disk left of it is cut away. ``on_finished`` is
    called with the path of every file that became whole.
    """

    def __init__(
        self,
        raw_dir: Path,
        folder: str,
        *,
        size_limit: int = FILE_SIZE_LIMIT,
        record_limit: int = FILE_RECORD_LIMIT,
        now: Callable[[], dt.datetime] = _utc_now,
        info: Mapping[str, str] | None = None,
        on_finished: Callable[[Path], None] | None = None,
    ) -> None:
        """``folder`` is the source's name; ``info`` are more fields for warcinfo (operator, user agent, robots)."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", folder):
            raise ArchiveError(f"{folder!r} cannot name a folder of raw/: small letters, digits and _ only")
        self._raw_dir = raw_dir
        self._folder = folder
        self._size_limit = size_limit
        self._record_limit = record_limit
        self._now = now
        self._info = dict(info or {})
        self._on_finished = on_finished
        self._descriptor: int | None = None
        self._path = raw_dir  # of the open file, under its final name
        self._size = 0
        self._records = 0
        self._entries: list[IndexEntry] = []
        self._hash = hashlib.sha256()
        self._serial = 0
        self._warcinfo_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.finish()
            return
        with contextlib.suppress(ArchiveError):  # the first error is the one to tell; the next run recovers the file
            self.finish()

    def write_response(
        self,
        uri: str,
        time: dt.datetime,
        status_line: str,
        headers: Headers,
        body: bytes,
        *,
        request: Request | None = None,
        truncated: Truncation | None = None,
        ip_address: str | None = None,
        more: Fields = (),
    ) -> Written:
        """A response with its body as received, and the request that asked for it. ``more``: further named fields.

        ``status_line`` of another protocol (``HTTP/2 200``) is archived as HTTP/1.1: replay tools read no other.
        """
        head = http_head(re.sub(r"^HTTP/(?!1\.[01]\b)\S*", "HTTP/1.1", status_line), headers)
        fields = self._fields("response", uri, time, "application/http; msgtype=response")
        if ip_address:
            fields.append(("WARC-IP-Address", ip_address))
        if truncated:
            fields.append(("WARC-Truncated", truncated))
        fields += more
        written = self.write_record(WarcRecord(tuple(fields), head + body))
        if request is not None:
            self._write_request(uri, time, request, written.record_id)
        return written

    def write_revisit(
        self,
        uri: str,
        time: dt.datetime,
        status_line: str,
        headers: Headers,
        *,
        payload_digest: str,
        refers_to_uri: str,
        refers_to_date: str,
        refers_to: str | None = None,
        profile: RevisitProfile = "identical-payload-digest",
        request: Request | None = None,
        more: Fields = (),
    ) -> Written:
        """A revisit: the payload of an earlier capture, met again (same digest) or confirmed by a 304.

        ``refers_to_date`` is the WARC-Date of that capture as archived, ``refers_to`` its record id.
        ``more``: further named fields.
        """
        head = http_head(re.sub(r"^HTTP/(?!1\.[01]\b)\S*", "HTTP/1.1", status_line), headers)
        fields = self._fields("revisit", uri, time, "application/http; msgtype=response")
        fields += [
            ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
            ("WARC-Payload-Digest", payload_digest),
            ("WARC-Refers-To-Target-URI", refers_to_uri),
            ("WARC-Refers-To-Date", refers_to_date),
        ]
        if refers_to:
            fields.append(("WARC-Refers-To", refers_to))
        fields += more
        written = self.write_record(WarcRecord(tuple(fields), head))
        if request is not None:
            self._write_request(uri, time, request, written.record_id)
        return written

    def write_resource(
        self,
        uri: str | None,
        time: dt.datetime | None,
        media_type: str,
        body: bytes,
        *,
        filename: str | None = None,
        record_type: Literal["resource", "conversion"] = "resource",
    ) -> Written:
        """A capture without HTTP head. Without address its target URI is made of the content (RFC 6920).

        Without a time WARC-Date is the time of writing, and marked as no time of capture.
        """
        fields = self._fields(record_type, uri or no_address_uri(body), time, media_type)
        if filename:
            fields.append((SOURCE_FILENAME, filename))
        return self.write_record(WarcRecord(tuple(fields), body))

    def write_record(self, record: WarcRecord) -> Written:
        """A record as handed in, with missing digests added; raises ArchiveError.

        Field values are made fit for one line; Content-Length is counted anew; WARC-Warcinfo-ID names our warcinfo.
        """
        if len(record.block) > MAX_RECORD_BYTES or sum(len(n) + len(v) for n, v in record.fields) > MAX_FIELD_BYTES:
            uri = clean_value(record.uri[:200])
            raise ArchiveError(f"{uri}: a record of more than {MAX_RECORD_BYTES} bytes cannot be archived; cut the body")
        if self._descriptor is None:
            self._start_file()
        written = self._append(record)
        if self._size >= self._size_limit or self._records >= self._record_limit:
            self.finish()
        return written

    def sync(self) -> None:
        """Returns when everything written so far would survive a power loss."""
        if self._descriptor is not None:
            reached("warc.sync")
            with self._errors():
                os.fsync(self._descriptor)

    def finish(self) -> None:
        """Makes the open file whole: synced, renamed, indexed. Nothing happens when there is none."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with self._errors():
            try:
                reached("warc.sync")
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            reached("warc.rename")
            _open_path(self._path).rename(self._path)
            reached("warc.folder_sync")
            synced_folder(self._path.parent)
        reached("warc.index")
        meta = index_meta(self._path.name, self._size, self._records, self._hash.hexdigest())
        write_index(self._path, Index(meta, self._entries))
        reached("warc.finished")
        whole(self._path)
        if self._on_finished is not None:
            self._on_finished(self._path)

    def _fields(self, kind: str, uri: str, time: dt.datetime | None, content_type: str) -> list[tuple[str, str]]:
        fields = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", new_record_id()),
            ("WARC-Target-URI", uri),
            ("WARC-Date", iso_time(time or self._now())),
            ("Content-Type", content_type),
        ]
        return fields if time else [*fields, (TIME_STATUS, TIME_UNKNOWN)]

    def _write_request(self, uri: str, time: dt.datetime, request: Request, response_id: str) -> None:
        kept = [(name, value) for name, value in request.headers if name.lower() in REQUEST_HEADERS]
        fields = self._fields("request", uri, time, "application/http; msgtype=request")
        fields.append(("WARC-Concurrent-To", response_id))
        self.write_record(WarcRecord(tuple(fields), http_head(request.request_line, kept) + request.body))

    def _start_file(self) -> None:
        now = self._now().astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")
        folder = self._raw_dir / self._folder
        with archive_errors(folder, "free some space or mend the rights, then run again"):
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                self._path = folder / f"{self._folder}-{now}-{self._serial:05d}{WARC_SUFFIX}"
                self._serial += 1
                if self._path.exists() or index_path(self._path).exists():
                    continue
                reached("warc.create")
                with contextlib.suppress(FileExistsError):
                    self._descriptor = os.open(_open_path(self._path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
                    break
            synced_folder(folder)
        self._size = self._records = 0
        self._entries = []
        self._hash = hashlib.sha256()
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", new_record_id()),
            ("WARC-Filename", self._path.name),
            ("WARC-Date", iso_time(self._now())),
            ("Content-Type", "application/warc-fields"),
        ]
        info = {
            "software": f"praktyki/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            **self._info,
        }
        block = "".join(f"{clean_name(name)}: {clean_value(value)}\r\n" for name, value in info.items())
        self._warcinfo_id = ""
        try:
            self._warcinfo_id = self._append(WarcRecord(tuple(fields), block.encode("utf-8"))).record_id
        except ArchiveError:
            os.close(self._file())
            self._descriptor = None
            with contextlib.suppress(OSError):
                _open_path(self._path).unlink()
            raise

    def _append(self, record: WarcRecord) -> Written:
        record = completed_record(record, self._warcinfo_id)
        data = member_bytes(record)
        offset = self._size
        with self._errors():
            try:
                _write_all(self._file(), data)
            except OSError:
                os.ftruncate(self._file(), offset)
                os.lseek(self._file(), offset, os.SEEK_SET)
                raise
        self._size += len(data)
        self._hash.update(data)
        self._records += 1
        entry = entry_of(record, filename=self._path.name, offset=offset, length=len(data))
        if entry is not None:
            self._entries.append(entry)
        warc_file = f"{self._folder}/{self._path.name}"
        return Written(warc_file, offset, len(data), record.record_id, record.field("WARC-Payload-Digest") or "")

    def _file(self) -> int:
        if self._descriptor is None:
            raise ArchiveError(f"{self._path}: no file is open for writing")
        return self._descriptor

    def _errors(self) -> contextlib.AbstractContextManager[None]:
        return archive_errors(_open_path(self._path), "mend the disk or the rights, then run again; whole records stay")


def _open_path(path: Path) -> Path:
    return path.with_name(path.name + OPEN_SUFFIX)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    reached("warc.write")
    while view:
        view = view[os.write(descriptor, view[:_WRITE_STEP]) :]
        reached("warc.written")
