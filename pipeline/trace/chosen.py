"""The captures a snapshot's rows were read from: as build chose them, among the captures that snapshot knows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

import msgspec

from pipeline.build.notes import piece_notes, pieces
from pipeline.build.selection import KINDS, Chosen, Selection
from pipeline.build.signing import SigningTask, bands_made
from pipeline.build.suspects import Asked
from pipeline.config import Settings
from pipeline.errors import PraktykiError
from pipeline.extract.run import SUFFIX, extracted_pages
from pipeline.extract.worker import extracted_page
from pipeline.records import ExtractedHeader, ExtractedPage, json_line
from pipeline.sources.discovery import discovered_sources
from pipeline.trace.archived import Archived

_READ_AGAIN = ("detail", "index")


class ChosenRecords:
    """Practices, decks and articles by id, with the pages their parts were read from. Use as a context manager.

    ``extracted/`` may hold more captures than the snapshot, or less: others are left out, missing ones are parsed again
    from the archive.
    """

    def __init__(
        self, settings: Settings, captures: Mapping[str, Mapping[str, Any]], archived: Callable[[str], Archived]
    ) -> None:
        """``captures``: the snapshot's, by id. Raises ArchiveError when a capture to be parsed again cannot be read."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="praktyki-trace-")))
            files = _files(settings, captures, archived, folder)
            read = [(number, piece) for number, path in enumerate(files) for piece in pieces(path)]
            notes = ((number, piece_notes(piece)[0]) for number, piece in read)
            signing = partial(_signed, [piece.path for _, piece in read])
            selection = stack.enter_context(Selection(folder / "selection.sqlite", files, notes, signing))
            self._stack = stack.pop_all()
        self._selection = selection
        self._unread: dict[str, Iterator[tuple[str, list[Chosen]]]] = {kind: selection.records(kind) for kind in KINDS}
        self._read: dict[str, dict[str, list[Chosen]]] = {kind: {} for kind in self._unread}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def parts(self, kind: str, record_id: str) -> list[Chosen]:
        """The chosen parts of a record (``practice``, ``deck``, ``article``), newest first; none for an unknown id."""
        read = self._read[kind]
        if record_id not in read:
            for other, parts in self._unread[kind]:
                read[other] = parts
                if other == record_id:
                    break
        return read.get(record_id, [])


def _files(
    settings: Settings, captures: Mapping[str, Mapping[str, Any]], archived: Callable[[str], Archived], folder: Path
) -> list[Path]:
    """Files of extracted pages that hold the snapshot's captures and no others."""
    files = sorted(settings.extracted.rglob(f"*{SUFFIX}")) if settings.extracted.is_dir() else []
    held: set[str] = set()
    has_others = False
    for path in files:
        for capture_id in _capture_ids(path):
            held.add(capture_id)
            has_others |= capture_id not in captures
    if has_others:
        files = [_written(folder / f"{number}{SUFFIX}", _known(path, captures)) for number, path in enumerate(files)]
    missing = [row for row in captures.values() if row["capture_id"] not in held and row["verdict"] in _READ_AGAIN]
    if missing:
        sources = discovered_sources(settings.sources_dir)
        pages = (extracted_page(settings.raw, archived(row["capture_id"]).capture, sources) for row in missing)
        files.append(_written(folder / f"again{SUFFIX}", pages))
    if not files:
        raise PraktykiError(f"{settings.extracted}: empty, and the snapshot lists no page to read again")
    return files


def _signed(paths: list[Path], asked: Iterator[Asked]) -> Iterator[list[bytes]]:
    return (bands_made(SigningTask(paths[one.piece], one.texts)) for one in asked)


class _Id(msgspec.Struct, frozen=True):
    capture_id: str


class _Line(msgspec.Struct, frozen=True):
    capture: _Id | None = None


def _capture_ids(path: Path) -> Iterator[str]:
    """Ids of the captures of an extracted file; a broken line is passed by, whoever reads the whole line will say so."""
    decoder = msgspec.json.Decoder(_Line)
    with path.open("rb") as file:
        for line in file:
            with suppress(msgspec.MsgspecError):
                if (capture := decoder.decode(line).capture) is not None:
                    yield capture.capture_id


def _known(path: Path, captures: Mapping[str, Mapping[str, Any]]) -> Iterator[ExtractedPage]:
    return (page for _, page in extracted_pages(path) if page.capture.capture_id in captures)


def _written(path: Path, pages: Iterator[ExtractedPage]) -> Path:
    with path.open("wb") as file:
        file.write(json_line(ExtractedHeader(warc_file=path.name, index_digest="", fingerprint="")))
        for page in pages:
            file.write(json_line(page))
    return path
