"""The captures a snapshot's rows were read from: as build chose them, among the captures that snapshot knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property, partial
from pathlib import Path
from typing import Final, NamedTuple, Self

from pipeline.build.cache import notes_at_hand
from pipeline.build.choice.chosen import Chosen
from pipeline.build.choice.notes import Piece, PieceNotes, decoded, encoded, piece_notes, pieces
from pipeline.build.choice.selection import Selection
from pipeline.build.choice.signing import SigningTask, bands_made
from pipeline.build.choice.suspects import Asked
from pipeline.config import Settings
from pipeline.errors import PraktykiError
from pipeline.extract.run import SUFFIX
from pipeline.extract.worker import extracted_page
from pipeline.records import ExtractedHeader, json_line
from pipeline.sources.discovery import discovered_sources
from pipeline.temporary import temporary_folder
from pipeline.trace.archived import Archived
from pipeline.trace.captures import Captures

_READ_AGAIN: Final = ("detail", "index")
_MOST_KEPT: Final = 64
"""Records whose pages are kept: the cells of one row ask for the same."""


class ChosenRecords:
    """Practices, decks and articles by id, with the pages their parts were read from. Use as a context manager.

    ``extracted/`` may hold more captures than the snapshot, or less: others are left out, missing ones are parsed again
    from the archive. What a build noted of the pages is taken over where it still lies in the work cache. Nothing here holds
    pages or records of all the archive, but for the ids of the snapshot's captures.
    """

    def __init__(self, settings: Settings, captures: Captures) -> None:
        self._settings = settings
        self._captures = captures
        self._stack = ExitStack()
        self._read: dict[tuple[str, str], list[Chosen]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stack.close()

    def parts(self, kind: str, record_id: str) -> list[Chosen]:
        """The chosen parts of a record (``practice``, ``deck``, ``article``), newest first; none for an unknown id.

        Raises ArchiveError when a capture to be parsed again cannot be read.
        """
        asked = kind, record_id
        if asked not in self._read:
            if len(self._read) >= _MOST_KEPT:
                self._read.clear()
            self._read[asked] = self._selection.record(kind, record_id)
        return self._read[asked]

    @cached_property
    def _selection(self) -> Selection:
        folder = self._stack.enter_context(temporary_folder("trace"))
        noted = list(_noted(self._settings, self._captures, folder))
        paths = list(dict.fromkeys(one.piece.path for one in noted))
        numbers = {path: number for number, path in enumerate(paths)}
        notes = ((numbers[one.piece.path], one.notes()) for one in noted)
        signing = partial(_signed, [one.piece.path for one in noted])
        return self._stack.enter_context(Selection(folder / "selection.sqlite", paths, notes, signing))


class _Noted(NamedTuple):
    """A piece, and what yields its notes."""

    piece: Piece
    notes: Callable[[], PieceNotes]


def _noted(settings: Settings, captures: Captures, folder: Path) -> Iterator[_Noted]:
    """The pieces that hold the snapshot's captures; their notes tell of no others."""
    files = sorted(settings.extracted.rglob(f"*{SUFFIX}")) if settings.extracted.is_dir() else []
    at_hand = notes_at_hand(settings)
    is_held = {capture_id: False for capture_id, _ in captures.verdicts()}
    has_others = False
    found: list[_Noted] = []
    for path in files:
        for piece in pieces(path):
            notes = at_hand(piece)
            again = partial(_at_hand_again, at_hand, piece)
            if notes is None:
                notes = piece_notes(piece)[0]
                again = partial(_read_back, _kept_aside(folder / f"{len(found)}.notes", notes))
            for page in notes.pages:
                has_others |= page.capture_id not in is_held
                is_held[page.capture_id] = True
            found.append(_Noted(piece, again))
    if has_others:
        known = frozenset(capture_id for capture_id, _ in captures.verdicts())
        found = [one._replace(notes=partial(_of_captures, one.notes, known)) for one in found]
    yield from found
    missing = (name for name, verdict in captures.verdicts() if not is_held[name] and verdict in _READ_AGAIN)
    made_again = list(pieces(_extracted_again(settings, captures, missing, folder)))
    yield from (_Noted(piece, partial(_made, piece)) for piece in made_again)
    if not files and not made_again:
        raise PraktykiError(f"{settings.extracted}: empty, and the snapshot lists no page to read again")


def _at_hand_again(at_hand: Callable[[Piece], PieceNotes | None], piece: Piece) -> PieceNotes:
    return at_hand(piece) or _made(piece)  # a build may have run meanwhile


def _made(piece: Piece) -> PieceNotes:
    return piece_notes(piece)[0]


def _kept_aside(path: Path, notes: PieceNotes) -> Path:
    path.write_bytes(encoded(notes))
    return path


def _read_back(path: Path) -> PieceNotes:
    return decoded(path.read_bytes())


def _of_captures(notes: Callable[[], PieceNotes], known: frozenset[str]) -> PieceNotes:
    """The notes of the captures that are known. Of revisits nobody can tell whether the snapshot knew them."""
    return PieceNotes([page for page in notes().pages if page.capture_id in known], [])


def _extracted_again(settings: Settings, captures: Captures, missing: Iterator[str], folder: Path) -> Path:
    """A file of pages like those of extracted/, parsed from the archive."""
    sources = discovered_sources(settings.sources_dir)
    path = folder / f"again{SUFFIX}"
    with path.open("wb") as file:
        file.write(json_line(ExtractedHeader(warc_file=path.name, index_digest="", fingerprint="")))
        for name in missing:
            page = extracted_page(settings.raw, Archived(settings.raw, captures[name]).capture, sources)
            file.write(json_line(page))
    return path


def _signed(paths: Sequence[Path], asked: Iterator[Asked]) -> Iterator[list[bytes]]:
    return (bands_made(SigningTask(paths[one.piece], one.texts)) for one in asked)
