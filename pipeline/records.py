"""What passes between the stages, and how it is written as JSON Lines.

raw/ → extract hands on a `Capture`; extract → build hands on one `ExtractedPage` a line: the capture, the
verdict on the page, and the records found on it, every text exactly as published. One file of them begins with an
`ExtractedHeader`, and after it an `ExtractedRevisit` for each revisit of the archive file; an `ExtractedEnd` closes it.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

Verdict = Literal["detail", "index", "gone", "shell", "not_ours", "attachment", "quarantined"]
"""What a page is, decided before any field is read.

detail: carries records; index: lists other pages; gone: 404 or 410; shell: a success by its status code that carries
nothing of the publisher's (login wall, maintenance, soft 404, parking page, server error); not_ours: no source reads
it; attachment: a file that belongs to a record; quarantined: could not be parsed within the limits.
"""

LabelStatus = Literal["mapped", "ignored", "unknown"]
IssueStatus = Literal["repaired", "ambiguous", "invalid", "unknown_label", "unknown_code", "missing", "masked", "rejected"]
Tab = Literal["summary", "presentation", "attachments"]
DeckShape = Literal["classic", "desktop", "amp"]
CaptureOrigin = Literal["crawl", "import", "archive"]


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """One archived payload: what was fetched or imported, from where, when, and where it lies in raw/.

    ``captured_at`` is null when the time of capture is not known. ``body_digest`` is the WARC-Payload-Digest.
    ``warc_file`` is relative to raw/, with forward slashes; ``warc_offset`` is the byte at which the record's gzip
    member starts. ``origin``: fetched from the publisher, imported from files, or taken from another archive; null when not
    known.
    """

    capture_id: str
    source_url: str | None
    captured_at: dt.datetime | None
    record_type: Literal["response", "resource", "conversion"]
    status_code: int | None
    media_type: str | None
    body_digest: str
    warc_file: str
    warc_offset: int
    origin: CaptureOrigin | None = None


class LabelledValue(msgspec.Struct, frozen=True, kw_only=True):
    """One label of a page with the lines of its value as published. A blank line inside the value is ``""``."""

    label: str
    lines: list[str]
    status: LabelStatus
    column: str | None = None


class TextBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph, heading or list of a page; lines inside a block are parted by one line feed."""

    text: str
    kind: Literal["paragraph", "heading", "list"] = "paragraph"


class AttachmentLink(msgspec.Struct, frozen=True, kw_only=True):
    """A file offered on a page: link text, absolute address where there is one, and the size as printed."""

    title: str
    url: str | None = None
    size_printed: str | None = None


class PracticeTab(msgspec.Struct, frozen=True, kw_only=True, tag="practice_tab"):
    """One of the tabs of a practice. ``record_id`` is `bdp:<art>`, `bdp2:<id>` or a content id `sha256:<12 hex>`."""

    record_id: str
    tab: Tab
    title: str | None
    slug: str | None
    section: str | None = None
    subsection: str | None = None
    blocks: list[TextBlock] = []
    labels: list[LabelledValue] = []
    attachments: list[AttachmentLink] = []


class SlideText(msgspec.Struct, frozen=True, kw_only=True):
    """One slide. ``number`` is the number as printed, null where the page prints none."""

    number: int | None
    title: str | None
    text: str


class Deck(msgspec.Struct, frozen=True, kw_only=True, tag="deck"):
    """A slide transcript. ``picture_count`` is the highest N of the page's slide pictures, a check on the slides."""

    record_id: str
    title: str | None
    site: str | None
    publisher: str | None
    shape: DeckShape
    slides: list[SlideText]
    picture_count: int | None = None


class Article(msgspec.Struct, frozen=True, kw_only=True, tag="article"):
    """A post or page of running text. ``published_text`` and ``comments_text`` are the lines as printed."""

    record_id: str
    title: str | None
    published_text: str | None
    blocks: list[TextBlock]
    labels: list[str] = []
    comments_text: str | None = None
    credit: str | None = None


class Partnership(msgspec.Struct, frozen=True, kw_only=True, tag="partnership"):
    """A partnership that a text tells of. Every field is the wording of the page; ``passage`` is where it stands.

    ``article_id`` is the record the passage belongs to. ``kind`` is a code of the table's code list.
    """

    record_id: str
    article_id: str | None
    kind: str
    name: str | None
    passage: str
    former_name: str | None = None
    founded_text: str | None = None
    initiators: list[str] = []
    coordinator: str | None = None
    parties: list[str] = []
    programme: str | None = None
    area: str | None = None
    agreement: str | None = None
    agreement_text: str | None = None
    name_candidates: list[str] = []


class PersonMention(msgspec.Struct, frozen=True, kw_only=True, tag="person"):
    """A person named with a role in a record's text. Restricted: never leaves restricted/people."""

    record_id: str
    name: str
    role: str
    organisation: str | None
    passage: str


class PageIssue(msgspec.Struct, frozen=True, kw_only=True, tag="issue"):
    """Something on the page that could not be read, or was read with a doubt."""

    record_id: str | None
    table: str
    column: str | None
    status: IssueStatus
    reason: str
    label: str | None = None
    raw_text: str | None = None
    candidates: list[str] = []


Record = PracticeTab | Deck | Article | Partnership | PersonMention
Finding = Record | PageIssue
"""What a parser yields."""


class ExtractedHeader(msgspec.Struct, frozen=True, kw_only=True, tag="header"):
    """The first line of an extracted file: what it was made from and by what. Equal header means: nothing to do.

    ``warc_sha256`` and ``warc_bytes`` are those of the WARC file itself, as its index states them.
    """

    warc_file: str
    index_digest: str
    fingerprint: str
    warc_sha256: str | None = None
    warc_bytes: int | None = None


class ExtractedRevisit(msgspec.Struct, frozen=True, kw_only=True, tag="revisit"):
    """A revisit record: an address asked again, whose answer has the payload (or the validators) of an earlier capture.

    It is no capture and makes no row; it tells that what was archived still stood there at the time ``at``.
    """

    source_url: str
    at: dt.datetime
    status_code: int | None
    body_digest: str


class ExtractedEnd(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """The last line of an extracted file: how many bytes stand before it, and their digest in hexadecimal digits."""

    bytes: int
    sha256: str


class ArchivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file that a capture of the verdict ``attachment`` holds.

    ``media_type`` is told by the content first. ``size_bytes`` counts the body with its codings undone. ``text`` is read from
    the file; without one, or when it is not the whole text, ``text_missing_reason`` says why.
    """

    media_type: str | None
    size_bytes: int
    text: str | None
    text_missing_reason: str | None


class ExtractedPage(msgspec.Struct, frozen=True, kw_only=True, tag="page"):
    """One capture as extract read it. ``decoder`` says how bytes became text, e.g. ``iso-8859-2 (meta)``.

    ``final_url`` is the address the page names as its own (``<link rel=canonical>``), or where a redirect leads. ``file`` is
    set where the capture is a file.
    """

    capture: Capture
    source: str | None
    verdict: Verdict
    reason: str
    final_url: str | None = None
    charset: str | None = None
    decoder: str | None = None
    findings: list[Finding] = []
    file: ArchivedFile | None = None


_encoder = msgspec.json.Encoder(order="deterministic")
ExtractedItem = ExtractedHeader | ExtractedRevisit | ExtractedPage | ExtractedEnd
"""A line of an extracted file."""
_decoder: msgspec.json.Decoder[ExtractedItem] = msgspec.json.Decoder(ExtractedItem)


def json_line(item: ExtractedItem) -> bytes:
    """One line of JSON with its line feed, the same bytes for the same item."""
    return _encoder.encode(item) + b"\n"


def from_json_line(line: bytes) -> ExtractedItem:
    """The item written on ``line``. Raises `msgspec.ValidationError` when the line is not one of ours."""
    return _decoder.decode(line)
