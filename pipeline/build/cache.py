"""The work cache beside extracted/: what was noted of pages and the rows made of records, for the next build.

It may be deleted at any time; a build then makes everything anew, with the same result. It holds pages as published, persons
included, of records that are others by now too (`chunkfile`), and is for the owner's eyes only. `praktyki forget` deletes it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipeline.build.choice.notes import Piece, PieceNotes, decoded, encoded, piece_notes
from pipeline.build.environment import environment
from pipeline.build.tables.chunkfile import base_of, first_in, name_in
from pipeline.build.tables.keeping import content_kept, keep_content, write_aside
from pipeline.build.unchanged import cache_folder
from pipeline.config import Settings

_NOTES = ".notes"
_ROWS = ".pages"
_CHUNKS = ".rows"
_PLANS = "plans.digests"
_CLEAN = "searched.clean"
_EXPLORER = "records.explorer"
_COUNTS = "gate.counts"
_LINES = "csv.lines"


class WorkCache:
    """The part of the work cache that this code, these libraries and these registers may use; what is of others goes."""

    def __init__(self, settings: Settings) -> None:
        """Raises OSError."""
        self._base = cache_folder(settings)
        self._base.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = self._base / _key(settings)
        for other in self._base.iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other, ignore_errors=True)
        self.folder.mkdir(exist_ok=True)
        self._chunks: dict[str, Path] = {}
        self._begins: dict[str, list[tuple[str, Path]]] = {}
        for path in sorted(self.folder.glob(f"*{_CHUNKS}")):
            name = name_in(path)
            if name not in self._chunks or base_of(path) is not None:  # what lies over another one knows more records
                self._chunks[name] = path

    @property
    def explorer(self) -> Path:
        """Where is kept what the records of the explorer came to."""
        return self.folder / _EXPLORER

    @property
    def plans(self) -> Path:
        """Where the digests of the plans are kept that the last snapshot was made of."""
        return self.folder / _PLANS

    @property
    def clean(self) -> Path:
        """Where is kept what holds no personal data of the files of the last snapshot."""
        return self.folder / _CLEAN

    @property
    def counts(self) -> Path:
        """Where is kept what the gate counted in the last snapshot."""
        return self.folder / _COUNTS

    @property
    def lines(self) -> Path:
        """Where is kept which lines stand where in the CSV edition of the last snapshot."""
        return self.folder / _LINES

    def piece(self, piece: Piece, told: str) -> Path:
        """Where the notes of a piece are kept. ``told`` tells its file from any other."""
        return _piece_in(self.folder, piece, told)

    def chunk(self, name: str, digest: str) -> Path:
        """Where the rows of a chunk are kept."""
        return self.folder / f"{name}.{digest}{_CHUNKS}"

    def emptied(self) -> None:
        """Removes everything that is kept. Raises OSError."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._chunks, self._begins = {}, {}

    def chunks_before(self, kind: str, first: str, last: str) -> list[Path]:
        """The rows that the last build kept of the records of a kind between two ids, in order. Raises OSError."""
        if kind not in self._begins:
            paths = [path for name, path in self._chunks.items() if name.startswith(f"{kind}-")]
            bases = {base_of(path) for path in paths}  # one that begins with another record than what lies over it
            paths = [path for path in paths if path not in bases]
            self._begins[kind] = sorted((begin, path) for path in paths if (begin := first_in(path)) is not None)
        begins = self._begins[kind]
        start = bisect_right(begins, first, key=itemgetter(0)) - 1
        end = bisect_right(begins, last, key=itemgetter(0))
        return [path for _, path in begins[max(0, start) : end]]

    def keep_only(self, used: Iterable[Path]) -> None:
        """Removes what the finished build did not use. Raises OSError."""
        used = [*used]
        bases = [base for path in used if path.suffix == _CHUNKS and (base := base_of(path)) is not None]
        kept = {path.name for path in (*used, *bases, self.explorer, self.clean, self.plans, self.counts, self.lines)}
        for path in self.folder.iterdir():
            if path.name not in kept:
                path.unlink()


def told_apart(path: Path) -> str:
    """What tells an extracted file from any other that stood in its place: its header, size and time of change."""
    told = path.stat()
    with path.open("rb") as file:
        return f"{path}\0{told.st_size}\0{told.st_mtime_ns}\0{file.readline()!r}"


def notes_at_hand(settings: Settings) -> Callable[[Piece], PieceNotes | None]:
    """What the last build kept of pieces, for who only looks: nothing is made, written or removed."""
    folder = cache_folder(settings) / _key(settings)
    told = cache(told_apart)
    return lambda piece: kept_notes(_piece_in(folder, piece, told(piece.path)))


def _piece_in(folder: Path, piece: Piece, told: str) -> Path:
    name = hashlib.blake2b(f"{told}\0{piece.start}\0{piece.end}".encode(), digest_size=16).hexdigest()
    return folder / f"{name}{_NOTES}"


def rows_beside(notes: Path) -> Path:
    """Where the rows of a piece are kept, its notes being there."""
    return notes.with_suffix(_ROWS)


def kept_notes(path: Path) -> PieceNotes | None:
    """Notes as kept, None when there are none, or not whole."""
    content = content_kept(path)
    try:
        return decoded(content) if content is not None else None
    except ValueError:
        return None  # they are made anew


def keep_notes(path: Path, notes: PieceNotes, rows: bytes) -> None:
    """Keeps notes and rows of a piece, the notes last: where they are, the rows are. Raises OSError."""
    write_aside(rows_beside(path), rows)
    keep_content(path, encoded(notes))


class NoteTask(NamedTuple):
    """A piece to be noted; its notes go to ``target``."""

    piece: Piece
    target: Path


def noted_piece(task: NoteTask) -> None:
    """Notes a piece and keeps that. Raises ExtractError, OSError."""
    keep_notes(task.target, *piece_notes(task.piece))


def registers_told(registers: Path) -> str:
    """A digest of the register tables newer than the package's; the same as long as no update was laid over them."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(registers.glob("*")) if registers.is_dir() else ():
        if path.is_file():
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _key(settings: Settings) -> str:
    told = json.dumps(environment(), sort_keys=True) + registers_told(settings.registers)
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
