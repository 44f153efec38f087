"""Files that belong to records: what kind of file a body is, told by its first bytes, and the text in it.

`file_text` reads whatever it is given and answers with a reason where there is no text. It may run into the limits of
its process: `filereader` gives it one of its own.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from pipeline.extract.attached.documents import doc_text, pdf_text, ppt_text, rtf_text, sheet_text
from pipeline.extract.attached.filetext import MAX_TEXT, Enough, FileText, NoText, Text
from pipeline.extract.attached.office import docx_text, odf_text, opened_zip, pptx_text, zip_names

PAGE_TYPES: Final = frozenset(("text/html", "application/xhtml+xml", "text/plain"))
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: Final = (
    (b"{\\rtf", "application/rtf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"ID3", "audio/mpeg"),
    (b"FWS", "application/x-shockwave-flash"),
    (b"CWS", "application/x-shockwave-flash"),
    (b"%!PS", "application/postscript"),
    (b"\xdb\xa5\x2d\x00", "application/msword"),  # Word 2, before compound files
)
# Streams of compound files (MS-DOC, MS-PPT, MS-XLS, MS-OFFCRYPTO), by the names their directory holds in UTF-16.
_STREAMS: Final = (
    ("EncryptedPackage", "application/encrypted"),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
)
# First folder of the members of an Office Open XML file (ISO/IEC 29500-2).
_PARTS: Final = (
    ("word/", f"{_OOXML}.wordprocessingml.document"),
    ("ppt/", f"{_OOXML}.presentationml.presentation"),
    ("xl/", f"{_OOXML}.spreadsheetml.sheet"),
)
_HTML: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_TEXT_NAMES: Final = {".txt": "text/plain", ".csv": "text/csv", ".tsv": "text/tab-separated-values"}
_TEXT_TYPES: Final = frozenset((*_TEXT_NAMES.values(), "application/csv"))
_UNREAD: Final = (
    ("image/", "an image"),
    ("audio/", "a sound recording"),
    ("video/", "a film"),
    ("application/x-shockwave-flash", "a film"),
    ("application/vnd.rar", "a RAR archive: no reader"),
    ("application/x-7z-compressed", "a 7-Zip archive: no reader"),
    ("application/gzip", "a gzip archive: no reader"),
    ("application/x-ole-storage", "a broken office file of before 2007, or a compound file of another kind: no reader"),
    ("application/encrypted", "encrypted: it cannot be read without its password"),
)


class Told(NamedTuple):
    """What an address tells of a file, for kinds of file that their bytes do not tell."""

    media_type: str | None
    url: str | None


def type_by_content(body: bytes) -> str | None:
    """Media type told by the first bytes of a file (and the directory of a container); None where they tell nothing."""
    if b"%PDF-" in body[:1024]:  # readers accept bytes before it (ISO 32000-1, annex H.3.4.1)
        return "application/pdf"
    if body.startswith(_OLE):
        streams = (kind for name, kind in _STREAMS if name.encode("utf-16-le") + b"\0\0" in body)
        return next(streams, "application/x-ole-storage")
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _type_of_zip(body)
    if body[4:8] == b"ftyp":
        return "video/mp4"
    if body.startswith(b"RIFF"):
        return {b"AVI ": "video/x-msvideo", b"WAVE": "audio/x-wav", b"WEBP": "image/webp"}.get(body[8:12])
    return next((kind for start, kind in _SIGNATURES if body.startswith(start)), None)


def _type_of_zip(body: bytes) -> str:
    try:
        with opened_zip(body) as archive:
            names = archive.namelist()
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (NoText, OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        names = []
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _PARTS if any(name.startswith(part) for name in names)), "application/zip")
    return "application/zip"


def is_file(body: bytes, told: Told) -> bool:
    """Whether a capture is a file rather than a page: by its content, its media type, or as a text by its address."""
    if type_by_content(body) is not None:
        return True
    if told.media_type is not None and told.media_type not in PAGE_TYPES:
        return True
    return told.media_type == "text/plain" and _text_type(told) is not None


def file_type(body: bytes, told: Told) -> str | None:
    """Media type of a file: by content, then by the name of a text file, then as the server said."""
    found = type_by_content(body)
    if found is not None:
        return found
    if _HTML.match(body[:4096]):
        return "text/html"
    return _text_type(told) or told.media_type


def _text_type(told: Told) -> str | None:
    """Type of a file of plain text by the end of its address."""
    try:
        path = urlsplit(told.url or "").path
    except ValueError:
        return None
    return _TEXT_NAMES.get(PurePosixPath(unquote(path)).suffix.lower())


def file_text(body: bytes, told: Told) -> FileText:
    """The text of a file, cut at MAX_TEXT characters; without one the reason. Raises nothing but MemoryError."""
    kind = file_type(body, told)
    text = Text()
    reason = None
    try:
        _read(kind, body, text)
    except Enough:
        pass
    except NoText as error:
        reason = str(error)
    except MemoryError:
        raise
    except ImportError as error:
        reason = f"{error.name} is not installed: install the extra 'attachments' of praktyki"
    except Exception as error:  # noqa: BLE001 - readers fail on broken files in every way; the row says so
        reason = f"the file is broken or of an unknown make: {type(error).__name__}: {error}"[:300]
    except BaseException as error:  # a panic of a library in Rust is no Exception
        if type(error).__name__ != "PanicException":
            raise
        reason = "the file is broken: its reader gave up"
    return text.result(reason)


def _read(kind: str | None, body: bytes, text: Text) -> None:
    if not body:
        raise NoText("the file is empty")
    if kind == "text/html":
        raise NoText("the address answers with an HTML page, not with a file")
    reader = _READERS.get(kind or "")
    if reader is not None:
        reader(body, text)
        return
    if kind is not None and kind.startswith(_ODF):
        odf_text(body, text)
        return
    if kind in _TEXT_TYPES:
        _plain_text(body, text)
        return
    unread = next((what for start, what in _UNREAD if (kind or "").startswith(start)), None)
    raise NoText(unread or f"a file of type {kind or 'unknown'}: no reader")


def _plain_text(body: bytes, text: Text) -> None:
    from pipeline.extract.charset import decoded_page

    # Four bytes a character at most; the cut may halve the last one.
    sample = body[: 4 * MAX_TEXT + 4]
    if b"\0" in sample and not sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NoText("the file is no text, whatever its name says")
    text.add(decoded_page(sample, None, is_html=False).text)


_READERS: Final[dict[str, Callable[[bytes, Text], None]]] = {
    "application/pdf": pdf_text,
    "application/rtf": rtf_text,
    "application/msword": doc_text,
    "application/vnd.ms-powerpoint": ppt_text,
    "application/vnd.ms-excel": sheet_text,
    f"{_OOXML}.spreadsheetml.sheet": sheet_text,
    f"{_ODF}.spreadsheet": sheet_text,
    f"{_OOXML}.wordprocessingml.document": docx_text,
    f"{_OOXML}.presentationml.presentation": pptx_text,
    "application/zip": zip_names,
}
