"""Captures of the archive: which there are, and their payloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from urllib.parse import urljoin, urlsplit

from pipeline.archive.digests import digest_fits
from pipeline.archive.identities import known_address
from pipeline.archive.index import index_entries, warc_paths
from pipeline.archive.indexentry import capture_of
from pipeline.archive.members import DamagedMember, inflated_member
from pipeline.archive.payload import MAX_DECODED_BYTES, decoded_body
from pipeline.archive.warc import CAPTURE_TYPES, MalformedRecord, WarcRecord, whole_record
from pipeline.errors import CaptureUnreadable
from pipeline.records import Capture, ExtractedRevisit
from pipeline.storage.hand import opened_in_parts

# Crawlers store more than pages: DNS answers, page inventories and screenshots under schemes of their own.
_PAGE_SCHEMES = ("http:", "https:", "ftp:", "file:", "ni:")
_ROBOTS = "/robots.txt"


class Payload(NamedTuple):
    """What a capture holds, codings undone.

    ``headers`` have names in small letters; of a capture without HTTP head they are ``content-type`` alone.
    ``redirect_url`` is the absolute address a 3xx answer names, ``final_url`` that or else the capture's own address.
    ``cut``: why the body is not all of it, in the words of WARC-Truncated, or ``coding`` for a coding that does not end.
    """

    body: bytes
    headers: dict[str, str]
    status_code: int | None
    final_url: str | None
    redirect_url: str | None
    cut: str | None

    @property
    def is_truncated(self) -> bool:
        """Whether a limit or a broken line cut the body."""
        return self.cut is not None


def warc_files(raw_dir: Path) -> list[str]:
    """Every finished WARC file below raw/, relative, with forward slashes, sorted."""
    return [path.relative_to(raw_dir).as_posix() for path in warc_paths(raw_dir)]


def captures_in(raw_dir: Path, warc_file: str) -> Iterator[Capture]:
    """Captures of one WARC file in the order they lie in it: responses, resources and conversions.

    Left out: revisits (they confirm a capture, they are none), robots.txt, and what is no page by its scheme.
    Raises ArchiveError when the file cannot be read; a missing or stale index is made anew.
    """
    for entry in index_entries(_inside(raw_dir, warc_file)):
        if entry.record_type in CAPTURE_TYPES and _may_be_page(entry.url):
            yield capture_of(entry, warc_file)


def revisits_in(raw_dir: Path, warc_file: str) -> Iterator[ExtractedRevisit]:
    """Revisits of one WARC file in the order they lie in it; those whose address or time is not known are left out.

    Raises ArchiveError when the file cannot be read; a missing or stale index is made anew.
    """
    for entry in index_entries(_inside(raw_dir, warc_file)):
        if entry.record_type == "revisit" and entry.captured_at is not None and _may_be_page(entry.url):
            yield ExtractedRevisit(
                source_url=entry.url,
                at=entry.captured_at,
                status_code=int(entry.status) if entry.status else None,
                body_digest=entry.digest,
            )


def payload_at(
    raw_dir: Path, capture: Capture, limit: int = MAX_DECODED_BYTES, *, archive_file: BinaryIO | None = None
) -> Payload:
    """The payload of a capture, its digest verified; read from ``archive_file`` where the caller holds its file open.

    Raises CaptureUnreadable when the bytes there are damaged or are another record, or when the body decodes to more
    than ``limit`` bytes.
    """
    where = f"{capture.warc_file} at byte {capture.warc_offset}"
    record = record_at(raw_dir, capture.warc_file, capture.warc_offset, archive_file)
    if record.type != capture.record_type or (known_address(record.uri) != capture.source_url):
        raise CaptureUnreadable(f"{where}: another record lies here; run praktyki check-archive --repair")
    raw = record.payload
    if digest_fits(capture.body_digest, raw) is False:
        raise CaptureUnreadable(f"{where}: the payload does not fit its digest; run praktyki check-archive")
    headers = record.headers
    if not record.is_http:
        headers = {"content-type": record.field("Content-Type") or ""}
    try:
        body, is_cut = decoded_body(raw, headers if record.is_http else {}, limit)
    except CaptureUnreadable as error:
        raise CaptureUnreadable(f"{where}: {error}") from error
    redirect = _redirect(capture.source_url, record.status_code, headers)
    return Payload(
        body=body,
        headers=headers,
        status_code=record.status_code,
        final_url=redirect or capture.source_url,
        redirect_url=redirect,
        cut=record.field("WARC-Truncated") or ("coding" if is_cut else None),
    )


def record_at(raw_dir: Path, warc_file: str, offset: int, archive_file: BinaryIO | None = None) -> WarcRecord:
    """The record at an offset, as archived. Raises CaptureUnreadable."""
    path = _inside(raw_dir, warc_file)
    try:
        if archive_file is not None:
            return whole_record(inflated_member(archive_file, offset)[0])
        with opened_in_parts(path) as file:
            return whole_record(inflated_member(file, offset)[0])
    except OSError as error:
        raise CaptureUnreadable(f"{warc_file}: {error.strerror or error}; put the file back or run extract anew") from error
    except (DamagedMember, MalformedRecord, ValueError) as error:
        raise CaptureUnreadable(f"{warc_file} at byte {offset}: {error}; run praktyki check-archive") from error


def _inside(raw_dir: Path, warc_file: str) -> Path:
    parts = PurePosixPath(warc_file)
    if parts.is_absolute() or ".." in parts.parts or not parts.parts:
        raise CaptureUnreadable(f"{warc_file!r} is no file of the archive")
    return raw_dir / parts


def _may_be_page(uri: str) -> bool:
    if not uri.lower().startswith(_PAGE_SCHEMES):
        return False
    if _ROBOTS not in uri and uri.isprintable():  # line ends and tabs, which addresses are read without, are not printable
        return True
    try:
        return urlsplit(uri).path != _ROBOTS
    except ValueError:
        return True


def _redirect(source_url: str | None, status_code: int | None, headers: dict[str, str]) -> str | None:
    if status_code is None or not 300 <= status_code < 400 or not headers.get("location"):
        return None
    try:
        return urljoin(source_url or "", headers["location"])
    except ValueError:
        return None
