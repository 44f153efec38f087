"""Writes WARC/1.1, one gzip member a record: ``raw/<folder>/<folder>-<utc>[-<mark>]-<serial>.warc.gz``.

A file grows under the name ``….warc.gz.open``, is synced, renamed when whole, indexed, and never touched again. The
caller holds the lock of raw/ (`pipeline.archive.lock`). A writer that never writes a record leaves no file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, NamedTuple, Self

from pipeline.archive.dates import iso_time
from pipeline.archive.digests import digest_of
from pipeline.archive.files import archive_errors, synced_folder
from pipeline.archive.heads import clean_name, clean_value, made_head
from pipeline.archive.httprecords import Headers, answer_record, is_http_message, request_record
from pipeline.archive.identities import no_address_uri
from pipeline.archive.index import WARC_SUFFIX, index_path
from pipeline.archive.indexentry import IndexEntry, entry_of
from pipeline.archive.packing import completed_record, member_bytes
from pipeline.archive.warc import (
    MAX_FIELD_BYTES,
    MAX_RECORD_BYTES,
    SOURCE_FILENAME,
    TIME_STATUS,
    TIME_UNKNOWN,
    Fields,
    WarcRecord,
    new_record_id,
)
from pipeline.archive.warcfile import WarcFile
from pipeline.archive.warcinfo import warcinfo_record
from pipeline.errors import ArchiveError

FILE_SIZE_LIMIT: Final = 256 * 1024 * 1024  # one extracted file is made of one WARC file: this is the step of re-reading
FILE_RECORD_LIMIT: Final = 50_000  # keeps the index of a file, which is sorted in memory, near 25 MB

# Request headers that tell how the page was asked for. Everything else (cookies, authorization) stays out of the archive.
REQUEST_HEADERS: Final = frozenset(
    "accept accept-encoding accept-language cache-control connection from host".split()
    + "if-modified-since if-none-match range user-agent".split()
)
_OTHER_PROTOCOL: Final = re.compile(r"^HTTP/(?!1\.[01]\b)\S*")
Truncation = Literal["length", "time", "disconnect", "unspecified"]
RevisitProfile = Literal["identical-payload-digest", "server-not-modified"]


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
        mark: str | None = None,
        writes_at_sync: bool = False,
    ) -> None:
        """``folder`` is the source's name; ``info`` are more fields for warcinfo (operator, user agent, robots).

        ``writes_at_sync``: for a caller that syncs before it relies on a record, as of `WarcFile`.

        ``mark`` is this writer's own part of the names of its files: of the processes that write to one folder at a time each
        has another.
        """
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", folder):
            raise ArchiveError(f"{folder!r} cannot name a folder of raw/: small letters, digits and _ only")
        self._raw_dir = raw_dir
        self._folder = folder
        self._size_limit = size_limit
        self._record_limit = record_limit
        self._now = now
        self._info = dict(info or {})
        self._on_finished = on_finished
        self._file: WarcFile | None = None
        self._serial = 0
        self._mark = f"-{mark}" if mark else ""
        self._warcinfo_id = ""
        self._writes_at_sync = writes_at_sync

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
        payload_digest: str | None = None,
    ) -> Written:
        """A response with its body as received, and the request that asked for it. ``more``: further named fields.

        ``payload_digest`` is that of ``body``, where it is known already.

        ``status_line`` of another protocol (``HTTP/2 200``) is archived as HTTP/1.1: replay tools read no other.
        """
        more = (("WARC-IP-Address", ip_address or ""), ("WARC-Truncated", truncated or ""), *more)
        digest = payload_digest or digest_of(body)
        return self._write_http("response", uri, time, status_line, headers, body, digest, more, request)

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
        more = (
            ("WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"),
            ("WARC-Payload-Digest", payload_digest),
            ("WARC-Refers-To-Target-URI", refers_to_uri),
            ("WARC-Refers-To-Date", refers_to_date),
            ("WARC-Refers-To", refers_to or ""),
            *more,
        )
        return self._write_http("revisit", uri, time, status_line, headers, b"", payload_digest, more, request)

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
        file = self._ready_file(record.uri, len(record.block), record.fields)
        record = completed_record(record, self._warcinfo_id)
        entry = entry_of(record, filename="", offset=0, length=0)
        return self._append(file, member_bytes(record), entry, record.record_id, record.field("WARC-Payload-Digest") or "")

    def sync(self) -> None:
        """Returns when everything written so far would survive a power loss."""
        if self._file is not None:
            self._file.sync()

    def finish(self) -> None:
        """Makes the open file whole: synced, renamed, indexed. Nothing happens when there is none."""
        if self._file is None:
            return
        file, self._file = self._file, None
        file.finish()
        if self._on_finished is not None:
            self._on_finished(file.path)

    def _fields(self, kind: str, uri: str, time: dt.datetime | None, content_type: str) -> list[tuple[str, str]]:
        fields = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", new_record_id()),
            ("WARC-Target-URI", uri),
            ("WARC-Date", iso_time(time or self._now())),
            ("Content-Type", content_type),
        ]
        return fields if time else [*fields, (TIME_STATUS, TIME_UNKNOWN)]

    def _write_http(
        self,
        kind: str,
        uri: str,
        time: dt.datetime,
        status_line: str,
        headers: Headers,
        payload: bytes,
        payload_digest: str,
        more: Fields,
        request: Request | None,
    ) -> Written:
        headers = [(clean_name(name), clean_value(value)) for name, value in headers]
        head = made_head(_OTHER_PROTOCOL.sub("HTTP/1.1", status_line), headers)
        if is_http_message(uri, head):
            file = self._ready_file(uri, len(head) + len(payload), more)
            made = answer_record(kind, uri, time, more, head, payload, headers, self._warcinfo_id, payload_digest)
            written = self._append(file, *made)
        else:
            fields = (*self._fields(kind, uri, time, "application/http; msgtype=response"), *more)
            written = self.write_record(WarcRecord(fields, head + payload))
        if request is not None:
            self._write_request(uri, time, request, written.record_id)
        return written

    def _write_request(self, uri: str, time: dt.datetime, request: Request, answer_id: str) -> None:
        head = f"{clean_value(request.request_line)}\r\n{_request_fields(tuple(request.headers))}\r\n".encode()
        if request.body or not uri[:6].lower().startswith(("http:", "https:")):
            fields = self._fields("request", uri, time, "application/http; msgtype=request")
            self.write_record(WarcRecord((*fields, ("WARC-Concurrent-To", answer_id)), head + request.body))
        else:
            file = self._ready_file(uri, len(head))
            self._append(file, *request_record(uri, time, head, self._warcinfo_id, answer_id))

    def _ready_file(self, uri: str, block_bytes: int, fields: Fields = ()) -> WarcFile:
        """The open file, for a record of that size. Raises ArchiveError."""
        field_bytes = len(uri) + sum([len(name) + len(value) for name, value in fields])
        if block_bytes > MAX_RECORD_BYTES or field_bytes > MAX_FIELD_BYTES:
            shown = clean_value(uri[:200])
            raise ArchiveError(f"{shown}: a record of more than {MAX_RECORD_BYTES} bytes cannot be archived; cut the body")
        return self._file or self._started_file()

    def _started_file(self) -> WarcFile:
        now = self._now().astimezone(dt.UTC).strftime("%Y%m%d%H%M%S")
        folder = self._raw_dir / self._folder
        file: WarcFile | None = None
        with archive_errors(folder, "free some space or mend the rights, then run again"):
            folder.mkdir(parents=True, exist_ok=True)
            while file is None:
                path = folder / f"{self._folder}-{now}{self._mark}-{self._serial:05d}{WARC_SUFFIX}"
                self._serial += 1
                if path.exists() or index_path(path).exists():
                    continue
                with contextlib.suppress(FileExistsError):
                    file = WarcFile(path, writes_at_sync=self._writes_at_sync)
            synced_folder(folder)
        warcinfo = warcinfo_record(file.name, self._now(), self._info)
        try:
            file.append(member_bytes(warcinfo), None)
            file.flush()
        except ArchiveError:
            file.discard()
            raise
        self._file, self._warcinfo_id = file, warcinfo.record_id
        return file

    def _append(self, file: WarcFile, member: bytes, entry: IndexEntry | None, record_id: str, payload_digest: str) -> Written:
        offset = file.append(member, entry)
        written = Written(f"{self._folder}/{file.name}", offset, len(member), record_id, payload_digest)
        if file.size >= self._size_limit or file.records >= self._record_limit:
            self.finish()
        return written


@functools.lru_cache(maxsize=64)
def _request_fields(headers: tuple[tuple[str, str], ...]) -> str:
    """The header lines of a request that are archived: the same for page after page of a host."""
    kept = [(name, value) for name, value in headers if name.lower() in REQUEST_HEADERS]
    return "".join([f"{clean_name(name)}: {clean_value(value)}\r\n" for name, value in kept])
