"""Every text that the bytes of the archive hold: of records, of pages in any charset, of files within files."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from pipeline.archive.payload import decoded_body
from pipeline.archive.warc import WarcRecord
from pipeline.errors import CaptureUnreadable
from pipeline.extract.attached.filereader import read_file
from pipeline.extract.attached.files import Told, file_type, type_by_content
from pipeline.extract.charset import decoded_page
from pipeline.forgetting.readings import enclosed, pdf_hex_texts, readings

_DEEPEST: Final = 3
"""Files within files: a base64 text on a page that is a zip that holds a document."""
_MOST_MEMBERS: Final = 2_000
_ZIP_BYTES: Final = 128 * 1024 * 1024
"""Of all members of a zip file together."""
_PACKED_BYTES: Final = 32 * 1024 * 1024
"""Of one packed stream: a bomb is not read to its end."""
_PICTURES: Final = ("image/", "audio/", "video/")
_WITH_READER: Final = ("application/pdf", "application/rtf", "application/msword", "application/vnd.ms-")
_CHARSETS: Final = ("iso-8859-2", "windows-1250", "windows-1251")
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# Words inside files of no text: names of authors, of programs, of files.
_NARROW = re.compile(rb"(?:[\x20-\x7e]|[\xc3-\xc5\xd0-\xd4][\x80-\xbf]){5,}")
_NARROW_LETTERS = re.compile(rb"[\x20-\x7e\x80-\xff]{6,}")
_NO_LETTERS: Final = bytes(byte for byte in range(256) if not (chr(byte).isalpha() and byte < 128) and byte != 32)
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0|[\0-\xff][\x01\x04]){4,}")
_WIDE_BIG_END = re.compile(rb"(?:\0[\x20-\x7e\xa0-\xff]|[\x01\x04][\0-\xff]){4,}")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_SOME_BYTES: Final = 4096


def texts_of_record(record: WarcRecord) -> Iterator[str]:
    """Every text of a WARC record: named fields, HTTP head, and the body with its codings undone."""
    yield from readings("\n".join(f"{name}: {value}" for name, value in record.fields))
    if record.http_head:
        yield from readings(_decoded_head(record.http_head))
    if record.type == "revisit":
        return
    headers = record.headers
    content_type = headers.get("content-type") if record.is_http else record.field("Content-Type")
    body = record.payload
    if record.is_http:
        try:
            body, _ = decoded_body(record.payload, headers)
        except CaptureUnreadable:  # a coding that nobody can undo hides nothing from those who read the bytes
            body = record.payload
    yield from texts_of_bytes(body, content_type, record.uri)


def texts_of_bytes(body: bytes, content_type: str | None = None, url: str | None = None, depth: int = 0) -> Iterator[str]:
    """Every text of a page or a file. ``content_type``: as its server said."""
    if not body or depth > _DEEPEST:
        return
    media_type = (content_type or "").partition(";")[0].strip().lower() or None
    kind = type_by_content(body)
    if body.startswith(_ZIP):
        yield from _texts_of_zip(body, depth)
    elif body.startswith(b"\x1f\x8b\x08"):
        yield from texts_of_bytes(_inflated(body, 31), None, url, depth + 1)
    if kind is None:
        yield from _texts_of_page(body, content_type, depth)
        return
    if kind == "application/pdf":
        yield from _texts_of_streams(body, depth)
    if kind.startswith(_WITH_READER):
        text = read_file(body, media_type, url, file_type(body, Told(media_type, url))).text
        yield from readings(text or "")
    yield from _words_within(body, is_picture=kind.startswith(_PICTURES))


def _texts_of_page(body: bytes, content_type: str | None, depth: int) -> Iterator[str]:
    """Texts of what may be a page: read as extract reads it, and where the letters leave a doubt in other charsets too."""
    is_html = b"<" in body[:_SOME_BYTES]
    decoded = [decoded_page(body, content_type, is_html=is_html).text]
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            decoded += [body.decode(charset, "replace") for charset in _CHARSETS]
    if b"\0" in body:
        decoded += [body[start:].decode(charset, "replace") for charset in ("utf-16-le", "utf-16-be") for start in (0, 1)]
    for text in dict.fromkeys(decoded):
        yield from readings(text)
        for data in enclosed(text):
            yield from _texts_within(data, depth + 1)


def _texts_within(data: bytes, depth: int) -> Iterator[str]:
    """Texts of bytes that stood in a text as base64. Most long words only look like it: what is no text says nothing."""
    if type_by_content(data) is not None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield from texts_of_bytes(data, None, None, depth)
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if _is_prose(data):
            yield from dict.fromkeys(data.decode(charset, "replace") for charset in _CHARSETS)
        elif len(data) >= _SOME_BYTES:
            yield from _words_within(data, is_picture=True)
        return
    yield from texts_of_bytes(data, None, None, depth) if "<" in text else readings(text)


def _is_prose(data: bytes) -> bool:
    """Whether bytes may be words in a single-byte charset: by chance one byte in four is a letter of ASCII or a space."""
    return len(data.translate(None, _NO_LETTERS)) > 0.6 * len(data)


def _texts_of_zip(body: bytes, depth: int) -> Iterator[str]:
    """Names and contents of the members of a zip file: office documents are such files."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            yield from readings("\n".join(archive.namelist()[:_MOST_MEMBERS]))
            yield archive.comment.decode("utf-8", "replace")
            left = _ZIP_BYTES
            for member in archive.infolist()[:_MOST_MEMBERS]:
                with archive.open(member) as file:
                    data = file.read(left)
                left -= len(data)
                yield from texts_of_bytes(data, None, None, depth + 1)
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile, zlib.error):
        return  # broken or encrypted: what stands in it bare is found by `_words_within`


def _texts_of_streams(body: bytes, depth: int) -> Iterator[str]:
    """Texts of the packed streams of a PDF that hold words: objects, metadata, files; page contents are for its reader."""
    for start in _PDF_STREAM.finditer(body):
        about = body[max(0, start.start() - 400) : start.start()]
        if not any(name in about for name in (b"/ObjStm", b"/Metadata", b"/EmbeddedFile", b"/XRef")):
            continue
        end = body.find(b"endstream", start.end())
        data = _inflated(body[start.end() : end if end >= 0 else len(body)], 15)
        if b"/EmbeddedFile" in about:
            yield from texts_of_bytes(data, None, None, depth + 1)
        yield from _words_within(data, is_picture=False)


def _words_within(body: bytes, *, is_picture: bool) -> Iterator[str]:
    """Stretches of letters in bytes that are no text; in pictures, where any byte occurs, only sure ones."""
    sure = b"\n".join(found[0] for found in _NARROW.finditer(body)).decode("utf-8", "replace")
    wide = "\n".join(found[0].decode("utf-16-le", "replace") for found in _WIDE.finditer(body))
    wide_big_end = "\n".join(found[0].decode("utf-16-be", "replace") for found in _WIDE_BIG_END.finditer(body))
    for text in dict.fromkeys((sure, wide, wide_big_end)):
        yield from readings(text)
    yield from pdf_hex_texts(sure)
    if not is_picture:
        letters = b"\n".join(found[0] for found in _NARROW_LETTERS.finditer(body) if _is_prose(found[0]))
        yield from dict.fromkeys(letters.decode(charset, "replace") for charset in ("utf-8", *_CHARSETS))


def _inflated(data: bytes, wbits: int, limit: int = _PACKED_BYTES) -> bytes:
    """What can be inflated, up to the limit; nothing of what is no such data."""
    try:
        return zlib.decompressobj(wbits).decompress(data, limit)
    except zlib.error:
        return b""


def _decoded_head(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(head.decode(charset) for charset in ("iso-8859-1", "iso-8859-2"))
