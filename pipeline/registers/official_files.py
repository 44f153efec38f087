"""The cells of an official register file: CSV, a ZIP file of one CSV or XML, TERYT's XML, or an XLSX workbook.

GUS hands TERC out as CSV and XML inside ZIP files, the Ukrainian ministry KATOTTH as XLSX (ECMA-376 SpreadsheetML, of
which the first sheet's plain and shared strings are read). Encodings: UTF-8 with or without a byte order mark, else
windows-1250 (Polish) or windows-1251 (Ukrainian).
"""

from __future__ import annotations

import csv
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from pipeline.errors import UsageError

_MAX_BYTES = 64 * 1024 * 1024
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN = re.compile(r"[A-Z]{1,3}")


def cells(path: Path) -> list[list[str]]:
    """Rows of cells as text, empty rows left out. Raises `UsageError` when the file cannot be read as any of these."""
    try:
        if not zipfile.is_zipfile(path):
            if path.stat().st_size > _MAX_BYTES:
                raise UsageError(f"{path}: larger than 64 MB, no register is")
            return _rows(path.read_bytes(), path)
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return _sheet(archive, path)
            inner = [item for item in archive.infolist() if item.filename.casefold().endswith((".csv", ".xml"))]
            if len(inner) != 1:
                raise UsageError(f"{path}: a ZIP file must hold one CSV or XML file")
            return _rows(_member(archive, inner[0].filename, path), path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise UsageError(f"{path}: cannot be read ({' '.join(str(error).split())})") from error
    except (ET.ParseError, KeyError, IndexError, ValueError) as error:
        raise UsageError(f"{path}: broken XML inside ({' '.join(str(error).split())})") from error


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    with archive.open(name) as member:
        data = member.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise UsageError(f"{path}: {name} is larger than 64 MB, no register is")
    return data


def _rows(data: bytes, path: Path) -> list[list[str]]:
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _xml(data, path)
    return _csv(_text(data, path), path)


def _text(data: bytes, path: Path) -> str:
    for charset in ("utf-8-sig", "cp1251" if b"UA0" in data[:4000] else "cp1250"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{path}: neither UTF-8 nor windows-1250; export the file anew as UTF-8")


def _csv(text: str, path: Path) -> list[list[str]]:
    head = text[:2000]
    delimiter = max(";,\t", key=head.count)
    try:
        return [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"{path}: broken CSV ({error})") from error


def _tree(data: bytes, path: Path) -> ET.Element:
    """The root element. A register declares no entities: a document type is refused, and with it every entity trick."""
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise UsageError(f"{path}: XML with a document type is not taken; give the official file")
    return ET.fromstring(data)  # noqa: S314 - entities are refused above, and the size is limited


def _xml(data: bytes, path: Path) -> list[list[str]]:
    """TERYT's XML: <row> elements whose children are the columns (older files: <col name="…">)."""
    rows: list[list[str]] = []
    header: list[str] = []
    for element in _tree(data, path).iter("row"):
        found = {(child.get("name") or child.tag).casefold(): (child.text or "").strip() for child in element}
        if not header:
            header = list(found)
            rows.append(header)
        rows.append([found.get(name, "") for name in header])
    return rows


def _sheet(archive: zipfile.ZipFile, path: Path) -> list[list[str]]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in archive.namelist():
        tree = _tree(_member(archive, "xl/sharedStrings.xml", path), path)
        shared = ["".join(text.text or "" for text in item.iter(f"{_SHEET}t")) for item in tree.iter(f"{_SHEET}si")]
    sheets = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
    rows: list[list[str]] = []
    for element in _tree(_member(archive, sheets[0], path), path).iter(f"{_SHEET}row"):
        row: list[str] = []
        for cell in element.iter(f"{_SHEET}c"):
            column = _COLUMN.match(cell.get("r", ""))
            at = _number(column.group()) if column else len(row)
            row += [""] * (at - len(row))
            row.append(_value(cell, shared))
        if any(text.strip() for text in row):
            rows.append(row)
    return rows


def _number(letters: str) -> int:
    """A column's number from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ET.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    value = cell.findtext(f"{_SHEET}v") or ""
    return shared[int(value)] if cell.get("t") == "s" and value else value
