"""What the choice among captures has to know of each page of extracted/, noted piece by piece and kept for the next build.

A piece is a stretch of whole lines of one extracted file. Pieces are read in worker processes; what is noted of one holds the
rows of `captures` and the issues of its pages too, so that a page is decoded again only when a record is taken from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa

from pipeline.archive.surt import surt_key
from pipeline.build.choice.addressbook import file_of, is_redirect
from pipeline.build.choice.duplicates import published_of, title_of
from pipeline.build.choice.waterfall import address_of, loss_of
from pipeline.build.tables.facts import Leaks, leaks_in
from pipeline.build.tables.packs import Unpacked, packed
from pipeline.build.tables.rows import OWNER, Rows
from pipeline.errors import ExtractError
from pipeline.records import (
    Article,
    Deck,
    ExtractedPage,
    ExtractedRevisit,
    Finding,
    PageIssue,
    PracticeTab,
    from_json_line,
)
from pipeline.storage.hand import opened

PIECE_BYTES: Final = 4_000_000
CAPTURES: Final = "captures"
ISSUES: Final = "quality_issues"
CHOSEN_ISSUES: Final = "issues of pages that rows are taken from"


class PartNote(msgspec.Struct, array_like=True, frozen=True):
    """A part of a record on a page. ``title``: 8 bytes of a digest of its title, 0 without one.

    ``links``: addresses of the files it offers; ``published``: the date as printed, of articles.
    """

    kind: str
    record_id: str
    part: str
    slug: str
    title: int
    published: str
    links: list[str]


class PageNote(msgspec.Struct, array_like=True, frozen=True):
    """A page. ``digest`` is that of its line; ``time`` ISO 8601 or empty; ``key`` the SURT key of its address.

    ``loss``: stage, verdict and reason of the waterfall unless a record is taken from the page; ``is_lost``: in any case.
    """

    offset: int
    digest: bytes
    capture_id: str
    source: str | None
    url: str | None
    key: str
    time: str
    verdict: str
    body_digest: str
    is_file: bool
    redirect: str | None
    address: str
    loss: tuple[str, str, str] | None
    is_lost: bool
    titles: list[tuple[str, str]]
    parts: list[PartNote]


class Piece(NamedTuple):
    """A stretch of an extracted file: its bytes from ``start`` to ``end``."""

    path: Path
    start: int
    end: int


class PieceNotes(msgspec.Struct, array_like=True, frozen=True):
    """What was noted of the pages of a piece, and its revisits. ``leaks``: personal data in its rows of `captures`."""

    pages: list[PageNote]
    revisits: list[ExtractedRevisit]
    leaks: Leaks = {}


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(PieceNotes)


def pieces(path: Path) -> Iterator[Piece]:
    """The pieces of an extracted file, its header left out."""
    with opened(path) as file:
        start = len(file.readline())
        size = file.seek(0, 2)
        while start < size:
            file.seek(min(start + PIECE_BYTES, size))
            file.readline()
            yield Piece(path, start, file.tell())
            start = file.tell()


def piece_notes(piece: Piece) -> tuple[PieceNotes, bytes]:
    """Reads a piece: its notes, and packed (`packs`) the rows it makes, their owner the offset of the page.

    Raises ExtractError naming the file when a line is broken.
    """
    pages: list[PageNote] = []
    revisits: list[ExtractedRevisit] = []
    always, chosen = Rows(), Rows()
    for offset, line in _lines_of(piece):
        try:
            item = from_json_line(line)
        except msgspec.MsgspecError as error:
            told = f"{piece.path}: broken line at byte {offset} ({error}); delete the file and extract again"
            raise ExtractError(told) from error
        if isinstance(item, ExtractedRevisit):
            revisits.append(item)
        elif isinstance(item, ExtractedPage):
            always.owner = chosen.owner = offset
            _add_capture(item, always)
            _add_page_issues(item, always, chosen)
            pages.append(page_note(item, offset, hashlib.blake2b(line, digest_size=12).digest()))
    rows = {CAPTURES: always.owned(CAPTURES), ISSUES: always.owned(ISSUES), CHOSEN_ISSUES: chosen.owned(ISSUES)}
    return PieceNotes(pages, revisits, leaks_in(CAPTURES, rows[CAPTURES])), packed(rows)


def encoded(notes: PieceNotes) -> bytes:
    """The notes as they are kept."""
    return _encoder.encode(notes)


def decoded(content: bytes) -> PieceNotes:
    """Notes that were kept. Raises msgspec.MsgspecError when they are not whole."""
    return _decoder.decode(content)


def _lines_of(piece: Piece) -> Iterator[tuple[int, bytes]]:
    with opened(piece.path) as file:
        file.seek(piece.start)
        offset = piece.start
        while offset < piece.end:
            line = file.readline()
            if not line:
                break
            yield offset, line
            offset += len(line)


def page_note(page: ExtractedPage, offset: int, digest: bytes) -> PageNote:
    """What is noted of a page whose line stands at ``offset`` and has the ``digest``."""
    capture = page.capture
    return PageNote(
        offset=offset,
        digest=digest,
        capture_id=capture.capture_id,
        source=page.source,
        url=capture.source_url,
        key=surt_key(capture.source_url) if capture.source_url is not None else "",
        time=capture.captured_at.isoformat() if capture.captured_at is not None else "",
        verdict=page.verdict,
        body_digest=capture.body_digest,
        is_file=file_of(page) is not None,
        redirect=page.final_url if page.verdict == "not_ours" and is_redirect(page) else None,
        address=address_of(page),
        loss=loss_of(page, is_chosen=False),
        is_lost=loss_of(page, is_chosen=True) is not None,
        titles=_titles(page) if page.source is not None else [],
        parts=list(_parts(page)),
    )


def _titles(page: ExtractedPage) -> list[tuple[str, str]]:
    found = []
    for finding in page.findings:
        title = finding.slug if isinstance(finding, PracticeTab) else finding.title if isinstance(finding, Deck) else None
        if title and isinstance(finding, (PracticeTab, Deck)):
            found.append((finding.record_id, title))
    return found


def _parts(page: ExtractedPage) -> Iterator[PartNote]:
    seen: set[tuple[str, ...]] = set()
    links: dict[tuple[str, ...], list[str]] = {}
    for finding in page.findings:
        named = identity(finding)
        if named is None or named in seen or isinstance(finding, PageIssue):
            continue
        seen.add(named)
        offered = [link.url for link in finding.attachments if link.url] if isinstance(finding, PracticeTab) else []
        title = title_of(finding)
        yield PartNote(
            *named,
            title=int.from_bytes(hashlib.blake2b(title.encode("utf-8", "surrogatepass"), digest_size=7).digest(), "big") + 1
            if title
            else 0,
            published=published_of(finding),
            links=links.setdefault(named[:3], offered),  # of two the first counts, as in `record_on`
        )


def identity(finding: Finding) -> tuple[str, str, str, str] | None:
    """Kind, record id, part and slug of a finding that is a record of its own; None for what goes along with one."""
    match finding:
        case PracticeTab():
            return "practice", finding.record_id, finding.tab, finding.slug or ""
        case Deck():
            return "deck", finding.record_id, "", ""
        case Article():
            return "article", finding.record_id, "", ""
        case _:
            return None


def _add_capture(page: ExtractedPage, rows: Rows) -> None:
    capture = page.capture
    values = {
        "capture_id": capture.capture_id,
        "source": page.source,
        "source_url": capture.source_url,
        "final_url": page.final_url,
        "captured_at": capture.captured_at,
        "origin": capture.origin,
        "status_code": capture.status_code,
        "media_type": capture.media_type,
        "charset": page.charset,
        "decoder": page.decoder,
        "body_digest": capture.body_digest,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "verdict": page.verdict,
        "reason": page.reason,
    }
    rows.add(CAPTURES, values)


def _add_page_issues(page: ExtractedPage, always: Rows, chosen: Rows) -> None:
    """Issues the parser raised, of pages that rows were taken from, and of pages that were rejected or quarantined."""
    if page.verdict == "quarantined":
        always.issue("captures", page.capture.capture_id, "verdict", "rejected", page.reason, page)
    for finding in page.findings:
        if not isinstance(finding, PageIssue):
            continue
        (always if finding.status == "rejected" else chosen).issue(
            finding.table,
            finding.record_id,
            finding.column,
            finding.status,
            finding.reason,
            page,
            raw_text=finding.raw_text,
            label=finding.label,
            candidates=finding.candidates,
        )


def chosen_rows(rows: Unpacked, chosen: set[int]) -> pa.Table | None:
    """The issues of pages from which records were taken, ``chosen`` by their offsets; None when there is none."""
    if CHOSEN_ISSUES not in rows:
        return None
    table = rows.table(CHOSEN_ISSUES)
    kept = table.filter(pa.array([offset in chosen for offset in table[OWNER].to_pylist()], pa.bool_()))
    return kept if kept.num_rows else None
