"""What lies in the files and folders that import is pointed at: which files, of which kind, and what is known of them.

A ``captures.csv`` beside files tells address and time: columns ``file``, ``url``, ``fetched_at``, empty for unknown. Files
that belong to pages (PDF, office documents …) are taken where it names them.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from pipeline.archive.files import shown

CAPTURES_CSV: Final = "captures.csv"
KINDS_READ: Final = ".warc, .warc.gz, .wet, .wet.gz, .html, .htm, .xhtml and .txt, documents where a captures.csv names them"
_MEDIA_TYPES = {".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".txt": "text/plain"}
# Files that belong to a page. They are read only where captures.csv names them: alone they tell of no record.
_FILE_TYPES = {
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pps": "application/vnd.ms-powerpoint",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".csv": "text/csv",
    ".zip": "application/zip",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
}
_WARC_SUFFIXES = (".warc", ".warc.gz", ".wet", ".wet.gz")
_COLUMNS = ("file", "url", "fetched_at")
_MAX_CSV_BYTES = 50 * 1024 * 1024
_MAX_URL = 100_000
_NAMED = 5  # of files that a message is about

Tell = Callable[[str, str], None]
"""Takes the place a message is about, on one line, and the message."""


class InputFile(NamedTuple):
    """A file to import. ``media_type`` is None for WARC and WET files, which tell address and time themselves."""

    path: Path
    media_type: str | None
    url: str | None = None
    fetched_at: dt.datetime | None = None


class _Facts(NamedTuple):
    url: str | None
    fetched_at: dt.datetime | None


def media_type_of(path: Path) -> str | None:
    """The word ``warc``, the media type of a page, or None for a kind of file that import does not read; by the name alone."""
    name = path.name.lower()
    if name.endswith(_WARC_SUFFIXES):
        return "warc"
    return _MEDIA_TYPES.get(os.path.splitext(name)[1])  # noqa: PTH122  # Path.suffix knows no suffix in ".txt"


def attachment_type_of(path: Path) -> str | None:
    """The media type of a file that belongs to a page (PDF, office documents, pictures …), None for others; by the name."""
    return _FILE_TYPES.get(path.suffix.lower())


def is_page_type(media_type: str) -> bool:
    """Whether the media type is one of a page, which import holds to be text."""
    return media_type in _MEDIA_TYPES.values()


def web_address(text: str) -> str | None:
    """``text`` as an http or https address in ASCII (Polish letters and spaces escaped), None when it is none."""
    if len(text) > _MAX_URL or any(ord(char) < 0x20 or ord(char) == 0x7F for char in text):
        return None
    try:
        parts = urlsplit(text)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or re.search(r"\s", parts.netloc):
            return None
        _ = parts.port
        address = text if re.fullmatch(r"[!-~]+", text) else safe_url_string(text)
    except ValueError:
        return None
    return address if re.fullmatch(r"[!-~]+", address) else None


def zoned_time(text: str) -> dt.datetime:
    """A time with its offset or Z. Raises ValueError, saying why, for a time without one and for anything else."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no ISO 8601 time; write it as 2024-05-01T12:00:00Z") from error
    if time.tzinfo is None:
        raise ValueError(f"{text[:40]!r} has no time zone and is ambiguous; write it as 2024-05-01T12:00:00Z or with +02:00")
    try:
        return time.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError(f"{text[:40]!r} is out of range") from error


def files_in(path: Path, *, failed: Tell, skipped: Tell, leave_out: Path | None = None) -> Iterator[InputFile]:
    """The files to import at ``path``, a file or a folder read to its depths, sorted; hidden files are left out.

    A ``captures.csv`` stands for the files that it lists.

    ``failed`` is told what cannot be read, ``skipped`` what is of another kind. ``leave_out`` is the archive itself.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        failed(shown(path), f"{error.strerror or error}; check the path and its rights")
        return
    if stat.S_ISDIR(mode):
        yield from _files_below(path, (), {}, failed, skipped, leave_out)
        return
    if not stat.S_ISREG(mode):
        failed(shown(path), "is neither a file nor a folder; name a file or a folder")
        return
    if path.name == CAPTURES_CSV:
        yield from _listed_files(path.parent, failed)
        return
    kind = media_type_of(path)
    facts = _captures_csv(path.parent, failed, only=path) if kind or attachment_type_of(path) else {}
    kind = kind or _listed_attachment(path, facts or {})
    if kind is None:
        if facts is not None:
            failed(shown(path), f"is of a kind that import does not read; it reads {KINDS_READ}")
        return
    yield from _with_facts(path, kind, facts)


def _files_below(
    folder: Path,
    above: tuple[tuple[int, int], ...],
    facts: dict[Path, _Facts | None],
    failed: Tell,
    skipped: Tell,
    leave_out: Path | None,
) -> Iterator[InputFile]:
    """Depth first. ``above`` are device and inode of the folders above: meeting one of them again is a loop of links."""
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))  # noqa: PTH208  # names, not paths, decide what is hidden
    except OSError as error:
        failed(shown(folder), f"{error.strerror or error}; check the rights of the folder")
        return
    here = (status.st_dev, status.st_ino)
    if here in above:
        failed(shown(folder), "a link leads back to a folder above; it was not followed again: remove the link")
        return
    if leave_out is not None and leave_out.exists() and leave_out.samefile(folder):
        skipped(shown(folder), "is the archive itself")
        return
    own = _captures_csv(folder, failed)
    if own is None:
        return
    facts = {**facts, **own} if own else facts
    others = []
    for name in names:
        path = folder / name
        if name.startswith(".") or name == CAPTURES_CSV:
            continue
        if path.is_dir():
            yield from _files_below(path, (*above, here), facts, failed, skipped, leave_out)
        elif (kind := media_type_of(path) or _listed_attachment(path, facts)) is None or (path.exists() and not path.is_file()):
            others.append(name)
        else:
            yield from _with_facts(path, kind, facts)
    if others:
        skipped(shown(folder), f"{len(others)} files of other kinds left out: {_some(others)}")


def _listed_files(folder: Path, failed: Tell) -> Iterator[InputFile]:
    facts = _captures_csv(folder, failed) or {}
    for path in sorted(path for path, known in facts.items() if known is not None):
        kind = media_type_of(path) or _listed_attachment(path, facts)
        if kind is None:
            failed(shown(path), f"is of a kind that import does not read; it reads {KINDS_READ}")
        else:
            yield from _with_facts(path, kind, facts)


def _listed_attachment(path: Path, facts: dict[Path, _Facts | None]) -> str | None:
    return attachment_type_of(path) if path in facts else None


def _with_facts(path: Path, kind: str, facts: dict[Path, _Facts | None] | None) -> Iterator[InputFile]:
    if facts is None:
        return
    known = facts.get(path, _Facts(None, None))
    if kind == "warc":
        yield InputFile(path, None)
    elif known is not None:
        yield InputFile(path, kind, known.url, known.fetched_at)


def _captures_csv(folder: Path, failed: Tell, only: Path | None = None) -> dict[Path, _Facts | None] | None:
    """What ``captures.csv`` of the folder says, by path; None in place of facts for a file whose row is bad.

    None altogether when the file is there but cannot be read: then the pages beside it must not be imported, for they
    would get into the archive without the address that the file was to give. With ``only``, other rows are not judged.
    """
    path = folder / CAPTURES_CSV
    try:
        if not path.is_file():
            return {}
        rows = _csv_rows(path)
        header = [name.strip().lower() for name in rows[0]]
        columns = [header.index(name) for name in _COLUMNS]
    except (OSError, UnicodeDecodeError, ValueError, IndexError, csv.Error) as error:
        failed(
            shown(path),
            f"cannot be read ({error}); mend it (UTF-8, first line file,url,fetched_at): no page beside it was imported",
        )
        return None
    facts: dict[Path, _Facts | None] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [row[column].strip() if column < len(row) else "" for column in columns]
        target = _listed_path(folder, cells[0])
        if only is not None and target != only:
            continue
        problem = "names no file of this folder" if target is None else _row_problem(target, facts, cells)
        if problem is None and target is not None:
            facts[target] = _Facts(web_address(cells[1]), zoned_time(cells[2]) if cells[2] else None)
            continue
        failed(f"{shown(path)} row {number}", f"{shown(cells[0][:100])!r} {problem}")
        if target is not None and target not in facts:
            facts[target] = None
    return facts


def _csv_rows(path: Path) -> list[list[str]]:
    """Rows of a CSV file, fields parted by comma or, as Polish spreadsheets write it, by semicolon."""
    if path.stat().st_size > _MAX_CSV_BYTES:
        raise ValueError(f"more than {_MAX_CSV_BYTES} bytes")
    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    delimiter = ";" if ";" in lines[0] and "," not in lines[0] else ","
    return list(csv.reader(lines, delimiter=delimiter, strict=True))


def _listed_path(folder: Path, cell: str) -> Path | None:
    """The file a row names, None for anything that is not below the folder."""
    name = PurePosixPath(cell)
    if not cell or "\0" in cell or "\\" in cell or name.is_absolute() or ".." in name.parts or not name.parts:
        return None
    return folder.joinpath(*name.parts)


def _row_problem(path: Path, facts: dict[Path, _Facts | None], cells: list[str]) -> str | None:
    if path in facts:
        return "is listed twice; keep one row"
    try:
        is_file = path.is_file()
    except OSError:
        is_file = False
    if not is_file:
        return "is listed but missing; put the file there or remove the row"
    if media_type_of(path) == "warc" and any(cells[1:]):
        return "is a WARC file, which tells address and time itself; leave url and fetched_at empty"
    if cells[1] and web_address(cells[1]) is None:
        return f"has no http or https address in url: {shown(cells[1][:100])!r}; mend it or leave it empty"
    if cells[2]:
        try:
            zoned_time(cells[2])
        except ValueError as error:
            return f"has a fetched_at that cannot be used: {error}"
    return None


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(shown(name) for name in names[:_NAMED]) + more
