"""Foreign WARC files, made by hand or by warcio, and short ways to ask the archive."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.archive.importer import ImportReport, import_paths
from pipeline.archive.reader import Payload, captures_in, payload_at, warc_files
from pipeline.records import Capture

NOON = dt.datetime(2024, 5, 1, 12, 0, 0, 250_000, tzinfo=dt.UTC)
PAGE = "<!doctype html><title>Świetlica</title><p>Świetlica na osiedlu Zawodzie działa od 2012 r.".encode()


def record(
    kind: str, uri: str | None, block: bytes, *fields: tuple[str, str], date: str | None = "2019-03-04T05:06:07Z"
) -> bytes:
    """A WARC record as bytes, no digests unless given."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}"]
    lines += [f"WARC-Target-URI: {uri}"] if uri else []
    lines += [f"WARC-Date: {date}"] if date else []
    lines += [f"{name}: {value}" for name, value in fields]
    lines += [f"Content-Length: {len(block)}", "", ""]
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def response(body: bytes = PAGE, head: str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n") -> bytes:
    return head.encode("latin-1") + body


def members_of(*records: bytes) -> bytes:
    return b"".join(gzip.compress(item, mtime=0) for item in records)


def warcio_file(path: Path, pages: int = 3) -> Path:
    """A WARC/1.0 file as other tools write it: warcinfo, then response and request by turns."""
    out = io.BytesIO()
    writer: Any = WARCWriter(out, gzip=True)
    writer.write_record(writer.create_warcinfo_record("/tmp/elsewhere/x.warc.gz", {"software": "other"}))
    for number in range(pages):
        uri = f"https://gmina.example.org/strona/{number}"
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("X-Any", "a")], protocol="HTTP/1.1")
        body = PAGE + b"<p>%d" % number
        answer = writer.create_warc_record(uri, "response", payload=io.BytesIO(body), length=len(body), http_headers=head)
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "gmina.example.org")], is_http_request=True)
        question = writer.create_warc_record(uri, "request", payload=io.BytesIO(), length=0, http_headers=asked)
        writer.write_request_response_pair(question, answer)
    path.write_bytes(out.getvalue())
    return path


def imported(raw: Path, *paths: Path, **options: Any) -> ImportReport:
    lines: list[str] = []
    report = import_paths(paths, raw, say=lines.append, **options)
    for line in [*lines, *(f"{place}: {message}" for place, message in report.failures)]:
        assert line.isprintable(), line  # one clear line
    return report


def captures(raw: Path) -> list[Capture]:
    return [capture for file in warc_files(raw) for capture in captures_in(raw, file)]


def only(raw: Path) -> tuple[Capture, Payload]:
    (capture,) = captures(raw)
    return capture, payload_at(raw, capture)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below, without the lock and the ledger, which are no content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (".lock", "ledger.sqlite")
    }
