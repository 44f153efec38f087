"""Readers that need a library of the extra ``attachments``: PDF, spreadsheets, RTF, Word and PowerPoint of before 2007.

The libraries are imported when a file needs them; an ImportError names the one that is not installed.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Final, Literal

from pipeline.extract.attached.filetext import NoText, Text

LIBRARIES: Final = ("office-oxide", "pypdfium2", "python-calamine", "striprtf")
_FIB_MAGIC: Final = b"\xec\xa5"  # MS-DOC 2.5.2: wIdent of FibBase, at the start of the WordDocument stream
_FIB_ENCRYPTED: Final = 0x0100  # fEncrypted
_SECTOR: Final = 64  # MS-CFB 2.6.1: short streams begin at multiples of 64 bytes, long ones of 512
_VERSIONS: Final = range(0x65, 0x113)  # nFib of Word 6 to Word 2007
# MS-PPT 2.3.2: size and headerToken of CurrentUserAtom in an encrypted presentation.
_PPT_ENCRYPTED: Final = b"\x14\x00\x00\x00\xdf\xc4\xd1\xf3"
_ENCRYPTED: Final = "encrypted: it cannot be read without its password"


def pdf_text(body: bytes, text: Text) -> None:
    """Text layer of a PDF, page by page."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise NoText(_ENCRYPTED if "password" in str(error).lower() else f"the PDF is broken: {error}") from error
    with document:
        pages = len(document)
        broken = 0
        has_text = False
        for number in range(pages):
            try:
                page = document[number]
                piece = page.get_textpage().get_text_bounded()
            except pypdfium2.PdfiumError:
                broken += 1
                continue
            has_text = has_text or bool(piece.strip())
            text.add(f"{piece}\n\n")
            page.close()
    if broken:
        text.notes.append(f"{broken} of {pages} pages cannot be read")
    if not has_text:
        raise NoText(f"no text layer on its {pages} page{'s' if pages != 1 else ''}: a scan or drawings")


def sheet_text(body: bytes, text: Text) -> None:
    """Cells of every sheet: name of the sheet on a line, then a line for each row, cells parted by tabs."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(body))
    except python_calamine.PasswordError as error:
        raise NoText(_ENCRYPTED) from error
    for name in book.sheet_names:
        try:
            rows = book.get_sheet_by_name(name).to_python()
        except python_calamine.CalamineError:  # a sheet that holds a chart alone
            text.notes.append("a sheet cannot be read")
            continue
        lines = ["\t".join(map(_cell, row)).rstrip() for row in rows]
        if any(lines):
            text.add(f"{name}\n")
            for line in lines:
                text.add(f"{line}\n")
            text.add("\n")


def _cell(value: object) -> str:
    """A cell as text: numbers without ``.0``, dates in ISO 8601, line breaks as spaces."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return " ".join(str(value).split())


def rtf_text(body: bytes, text: Text) -> None:
    """Text of Rich Text Format."""
    from striprtf.striprtf import rtf_to_text

    text.add(rtf_to_text(body.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]  # its types are partial


def doc_text(body: bytes, text: Text) -> None:
    """Text of a Word document of Word 97 to 2003."""
    starts = range(_SECTOR, len(body), _SECTOR)
    heads = (body[at : at + 12] for at in starts if body.startswith(_FIB_MAGIC, at))
    fib = next((head for head in heads if int.from_bytes(head[2:4], "little") in _VERSIONS), b"")
    if int.from_bytes(fib[10:12], "little") & _FIB_ENCRYPTED:
        raise NoText(_ENCRYPTED)
    _old_office(body, "doc", text)


def ppt_text(body: bytes, text: Text) -> None:
    """Text of the slides of PowerPoint 97 to 2003, without notes."""
    if _PPT_ENCRYPTED in body:
        raise NoText(_ENCRYPTED)
    _old_office(body, "ppt", text)


def _old_office(body: bytes, kind: Literal["doc", "ppt"], text: Text) -> None:
    import office_oxide

    try:
        text.add(office_oxide.Document.from_bytes(body, kind).plain_text())
    except office_oxide.OfficeOxideError as error:
        raise NoText(f"the file is broken or older than Office 97: {error}") from error
