"""What the explorer of the last build came to, kept in the work cache: groups that are the same are taken from there.

The file holds the groups one after the other, then a list of them with digests of all, then the list's own digest and length.
A file that is not whole is taken for none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import msgspec

from pipeline.errors import WorkCacheDamaged
from pipeline.explorer.pieces import Group, MadeGroup, Piece, pieces_of
from pipeline.explorer.records import MOST_OF_A_KIND
from pipeline.faults import reached

_DIGEST: Final = 16
_MOST_UNUSED: Final = 2
"""How many times more words may be known than are used before they are collected anew."""


class Known(NamedTuple):
    """``digests``: table → id of a record → digest of all that it shows; ``path``: where is kept what it came to."""

    path: Path
    digests: Mapping[str, Mapping[str, bytes]]

    def of(self, group: Group) -> list[bytes]:
        """The digests of the records of a group; empty for one that has none, and is made anew."""
        found = self.digests.get(group.table, {})
        return [found.get(record_id, b"") for record_id in group.ids]


class _Listed(msgspec.Struct, array_like=True, frozen=True):
    table: str
    start: int
    size: int
    digest: bytes
    ids: list[str]
    digests: list[bytes]


class Content(NamedTuple):
    """A group as it was kept, and the digest of that."""

    content: bytes
    digest: bytes


class _Contents(msgspec.Struct, array_like=True, frozen=True):
    words: str
    groups: list[_Listed]


_encoder = msgspec.msgpack.Encoder()
_contents = msgspec.msgpack.Decoder(_Contents)
_group = msgspec.msgpack.Decoder(MadeGroup)


class KeptGroups:
    """The groups of the last build, read as they are asked for."""

    def __init__(self, path: Path | None) -> None:
        """None, or a file that is not there or not whole: nothing is kept."""
        self._path = path
        self._of_group: dict[tuple[str, str], _Listed] = {}
        self._of_record: dict[tuple[str, str], tuple[_Listed, int]] = {}
        self.words: list[str] = []
        contents = _list_of(path) if path is not None else None
        if contents is not None:
            self.words = contents.words.split("\n") if contents.words else []
            for listed in contents.groups:
                self._of_group[listed.table, listed.ids[0]] = listed
                for number, record_id in enumerate(listed.ids):
                    self._of_record[listed.table, record_id] = listed, number
        self._taken: tuple[_Listed, list[Piece]] | None = None

    def whole(self, group: Group, digests: Sequence[bytes]) -> tuple[MadeGroup, Content] | None:
        """The group and what it was kept as, when nothing in it has changed. Raises WorkCacheDamaged when it cannot be read."""
        listed = self._of_group.get((group.table, group.ids[0]))
        if listed is None or listed.ids != group.ids or not _are_same(listed.digests, digests):
            return None
        content = self._content(listed)
        return self._decoded(content), Content(content, listed.digest)

    def made(self, group: Group) -> MadeGroup:
        """The group, as it was kept. Raises WorkCacheDamaged when it is not there or cannot be read."""
        listed = self._of_group.get((group.table, group.ids[0]))
        if listed is None or listed.ids != group.ids:
            raise self._damaged("not what was asked for")
        return self._read(listed)

    def blocks(self) -> Iterator[str]:
        """The packed blocks of all groups. Raises WorkCacheDamaged when one cannot be read."""
        for listed in self._of_group.values():
            yield from (text for _, text in self._read(listed).blocks)

    def has(self, table: str, record_id: str, digest: bytes) -> bool:
        """Whether a record is kept as it is."""
        listed, number = self._of_record.get((table, record_id), (None, 0))
        return listed is not None and bool(digest) and listed.digests[number] == digest

    def piece(self, table: str, record_id: str) -> Piece:
        """What a record that is kept came to. Raises WorkCacheDamaged when it cannot be read."""
        listed, number = self._of_record[table, record_id]
        if self._taken is None or self._taken[0] is not listed:
            try:
                self._taken = listed, pieces_of(self._read(listed))
            except ValueError as error:
                raise self._damaged(error) from error
        return self._taken[1][number]

    def _read(self, listed: _Listed) -> MadeGroup:
        return self._decoded(self._content(listed))

    def _content(self, listed: _Listed) -> bytes:
        assert self._path is not None  # nothing is listed otherwise
        try:
            with self._path.open("rb") as file:
                file.seek(listed.start)
                content = file.read(listed.size)
        except OSError as error:
            raise self._damaged(error) from error
        if _digest(content) != listed.digest:
            raise self._damaged("not what was written")
        return content

    def _decoded(self, content: bytes) -> MadeGroup:
        try:
            return _group.decode(content)
        except ValueError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception | str) -> WorkCacheDamaged:
        return WorkCacheDamaged(f"{self._path}: {error}; delete it and build again")


class KeepingGroups:
    """Keeps the groups of this build for the next one. Use as a context manager; ``path`` None: nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._listed: list[_Listed] = []
        self._end = 0

    def __enter__(self) -> Self:
        """Raises OSError."""
        self._file = self._aside().open("wb") if self._path is not None else None
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()
            self._aside().unlink(missing_ok=True)

    def add(self, group: Group, digests: Sequence[bytes], made: MadeGroup, kept: Content | None = None) -> None:
        """Takes a group; ``kept``: what it was kept as, where nothing in it has changed. Raises OSError."""
        if self._file is not None:
            content = _encoder.encode(made) if kept is None else kept.content
            digest = _digest(content) if kept is None else kept.digest
            self._file.write(content)
            self._listed.append(_Listed(group.table, self._end, len(content), digest, group.ids, [*digests]))
            self._end += len(content)

    def close(self, words: Sequence[str], used: int) -> None:
        """Ends the file with the words that groups name by number; ``used``: how many of them a record has. Raises OSError."""
        if self._file is None or self._path is None:
            return
        contents = _encoder.encode(_Contents("\n".join(words), self._listed))
        self._file.write(contents + _digest(contents) + len(contents).to_bytes(8, "big"))
        self._file.close()
        reached("cache.explorer")
        if len(words) > _MOST_UNUSED * used:
            self._path.unlink(missing_ok=True)
        else:
            self._aside().replace(self._path)

    def _aside(self) -> Path:
        assert self._path is not None
        return self._path.with_name(f"{self._path.name}.open")


def is_mostly_kept(known: Known, tables: Iterable[str]) -> bool:
    """Whether nine of ten records that are shown are kept as they are: their page is made in little time and memory."""
    kept = KeptGroups(known.path)
    wanted = [
        (table, name, digest)
        for table in tables
        for name, digest in islice(known.digests.get(table, {}).items(), MOST_OF_A_KIND)  # of more records there are digests
    ]
    return sum(kept.has(*record) for record in wanted) > 0.9 * len(wanted)


def _are_same(kept: Sequence[bytes], now: Sequence[bytes]) -> bool:
    return all(now) and [*kept] == [*now]


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=_DIGEST).digest()


def _list_of(path: Path) -> _Contents | None:
    try:
        with path.open("rb") as file:
            end = file.seek(-8, 2)
            size = int.from_bytes(file.read(8), "big")
            file.seek(end - _DIGEST - size)
            content, digest = file.read(size), file.read(_DIGEST)
        return _contents.decode(content) if _digest(content) == digest else None
    except (OSError, ValueError, OverflowError):
        return None  # everything is made anew
