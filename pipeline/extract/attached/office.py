"""Texts of Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300) files, and the names in a ZIP archive.

The XML is read as a stream, nothing of it is kept but the text. Declared entities, the stuff of XML bombs, end the reading:
office files declare none. What a member inflates to is limited.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final
from xml.parsers import expat  # streams; entity declarations are refused below, external entities are never fetched

from pipeline.extract.attached.filetext import NoText, Text

MAX_MEMBER: Final = 100 * 1024 * 1024
"""Bytes one member of a ZIP file may inflate to."""
MAX_NAMES: Final = 1_000
"""Names of a ZIP archive that are listed."""
_ENCRYPTED: Final = "encrypted: it cannot be read without its password"
_STEP: Final = 64 * 1024
_ENCRYPTED_FLAG: Final = 0x1
_UTF8_FLAG: Final = 0x800
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")

Attributes = dict[str, str]


def opened_zip(body: bytes) -> zipfile.ZipFile:
    """The archive. Raises NoText when it is broken."""
    try:
        return zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise NoText(f"the ZIP container is broken: {error}") from error


def docx_text(body: bytes, text: Text) -> None:
    """Text of a Word document: body with text boxes, then footnotes and endnotes. Headers and footers are left out."""
    with opened_zip(body) as archive:
        main = _main_part(archive, "word/document.xml")
        for name in (main, *(posixpath.join(posixpath.dirname(main), f"{part}.xml") for part in ("footnotes", "endnotes"))):
            if name in archive.NameToInfo:
                _read_xml(archive, name, _Words(text, "wordprocessingml"))
                text.add("\n")


def pptx_text(body: bytes, text: Text) -> None:
    """Text of the slides of a presentation in their order, without notes; slides are parted by an empty line."""
    with opened_zip(body) as archive:
        for name in _slides(archive):
            _read_xml(archive, name, _Words(text, "drawingml"))
            text.add("\n")


def odf_text(body: bytes, text: Text) -> None:
    """Text of an OpenDocument text, spreadsheet or presentation, without comments and deleted passages."""
    with opened_zip(body) as archive:
        if "META-INF/manifest.xml" in archive.NameToInfo and b"encryption-data" in _bytes(archive, "META-INF/manifest.xml"):
            raise NoText(_ENCRYPTED)
        if "content.xml" not in archive.NameToInfo:
            raise NoText("the container has no content.xml: it is broken or no office file")
        _read_xml(archive, "content.xml", _OpenDocument(text))


def zip_names(body: bytes, text: Text) -> None:
    """Names of the files in an archive, one a line; nothing is unpacked."""
    with opened_zip(body) as archive:
        names = [_name(entry) for entry in archive.infolist() if not entry.is_dir()]
    text.notes.append(f"an archive of {len(names)} files: their names alone")
    for name in names[:MAX_NAMES]:
        text.add(f"{' '.join(name.split())}\n")


def _name(entry: zipfile.ZipInfo) -> str:
    """Name of a member: UTF-8 where flagged or where it is, else the code page that Polish Windows packs with."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp852")


class _Words:
    """Collects ``t`` elements of WordprocessingML or DrawingML: each paragraph on a line, those of table cells too."""

    def __init__(self, text: Text, vocabulary: str) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._in_text = 0
        self._skipped = 0

    def start(self, tag: str, _attributes: Attributes) -> None:
        space, _, name = tag.rpartition(" ")
        # A Fallback repeats what the Choice beside it holds, for older programs.
        if self._skipped or name == "Fallback":
            self._skipped += 1
        elif self._vocabulary in space:
            if name == "t":
                self._in_text += 1
            elif name in ("br", "cr"):
                self._text.add("\n")
            elif name == "tab":
                self._text.add("\t")
            elif name == "noBreakHyphen":
                self._text.add("-")

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        space, _, name = tag.rpartition(" ")
        if self._vocabulary not in space:
            return
        if name == "t":
            self._in_text -= 1
        elif name in ("p", "tr"):
            self._text.add("\n")

    def data(self, piece: str) -> None:
        if self._in_text and not self._skipped:
            self._text.add(piece)


class _OpenDocument:
    """Collects text of paragraphs and headings; comments, deleted passages and descriptions of pictures are left out."""

    _PARAGRAPHS: Final = ("p", "h")
    _LEFT_OUT: Final = frozenset(
        ("text tracked-changes", "office annotation", "svg-compatible title", "svg-compatible desc", "presentation notes")
    )

    def __init__(self, text: Text) -> None:
        self._text = text
        self._depth = 0
        self._skipped = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        space, name = _vocabulary(tag)
        if self._skipped or f"{space} {name}" in self._LEFT_OUT:
            self._skipped += 1
        elif space != "text":
            return
        elif name in self._PARAGRAPHS:
            self._depth += 1
        elif name == "line-break":
            self._text.add("\n")
        elif name == "tab":
            self._text.add("\t")
        elif name == "s":
            count = next((value for key, value in attributes.items() if key.endswith(":text:1.0 c")), "1")
            self._text.add(" " * min(int(count) if count.isdecimal() else 1, 100))

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        space, name = _vocabulary(tag)
        if space == "text" and name in self._PARAGRAPHS:
            self._depth -= 1
            self._text.add("\n")
        elif (space, name) in (("table", "table-row"), ("drawing", "page")):
            self._text.add("\n")

    def data(self, piece: str) -> None:
        if self._depth and not self._skipped:
            self._text.add(re.sub(r"\s+", " ", piece))


def _vocabulary(tag: str) -> tuple[str, str]:
    """Vocabulary and name of an OpenDocument element: ``urn:oasis:names:tc:opendocument:xmlns:text:1.0 p`` is text, p."""
    space, _, name = tag.rpartition(" ")
    parts = space.split(":")
    return parts[-2] if len(parts) > 1 else "", name


def _read_xml(archive: zipfile.ZipFile, name: str, reader: _Words | _OpenDocument) -> None:
    parser = _parser(reader.start, reader.end, reader.data)
    try:
        for piece in _pieces(archive, name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise NoText(f"{name} in the container is broken: {error}") from error


def _parser(
    start: Callable[[str, Attributes], None], end: Callable[[str], None] | None, data: Callable[[str], None] | None
) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_declaration: object) -> None:
    raise NoText("the XML declares entities, which no office file does: an XML bomb is not read")


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member in pieces. Raises NoText for one that is encrypted, broken, or inflates to more than MAX_MEMBER bytes."""
    entry = archive.getinfo(name)
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise NoText(_ENCRYPTED)
    length = 0
    try:
        with archive.open(entry) as member:
            while piece := member.read(_STEP):
                length += len(piece)
                if length > MAX_MEMBER:
                    raise NoText(f"{name} in the container inflates to more than {MAX_MEMBER} bytes")
                yield piece
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, zlib.error) as error:
        raise NoText(f"{name} in the container is broken: {error}") from error


def _bytes(archive: zipfile.ZipFile, name: str, limit: int = 5 * 1024 * 1024) -> bytes:
    whole = bytearray()
    for piece in _pieces(archive, name):
        whole += piece
        if len(whole) > limit:
            raise NoText(f"{name} in the container has more than {limit} bytes")
    return bytes(whole)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relations of a part: id → (last word of the type, target as a member's name)."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag.rpartition(" ")[2] == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    if name in archive.NameToInfo:
        _parse_all(archive, name, start)
    return found


def _parse_all(archive: zipfile.ZipFile, name: str, start: Callable[[str, Attributes], None]) -> None:
    parser = _parser(start, None, None)
    try:
        parser.Parse(_bytes(archive, name), True)
    except expat.ExpatError as error:
        raise NoText(f"{name} in the container is broken: {error}") from error


def _main_part(archive: zipfile.ZipFile, usual: str) -> str:
    named = (target for kind, target in _relations(archive, "").values() if kind == "officeDocument")
    main = next((target for target in named if target in archive.NameToInfo), usual)
    if main not in archive.NameToInfo:
        raise NoText(f"the container has no {usual}: it is broken or no office file")
    return main


def _slides(archive: zipfile.ZipFile) -> list[str]:
    """Members of the slides in the order of the presentation; by their numbers where that is not told."""
    main = _main_part(archive, "ppt/presentation.xml")
    relations = _relations(archive, main)
    order: list[str] = []

    def start(tag: str, attributes: Attributes) -> None:
        if tag.rpartition(" ")[2] == "sldId":
            order.extend(value for name, value in attributes.items() if name.endswith("relationships id"))

    _parse_all(archive, main, start)
    named = [relations[name][1] for name in order if name in relations and relations[name][1] in archive.NameToInfo]
    if named:
        return named
    numbered = sorted((int(match[1]), name) for name in archive.namelist() if (match := _SLIDE.fullmatch(name)))
    return [name for _, name in numbered]
