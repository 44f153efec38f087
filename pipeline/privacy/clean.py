"""Pieces of generated files that were searched for personal data before, and held none: they need not be searched again.

A piece is known by its digest, so that one that was changed, were it by a single byte, is searched. What is remembered holds
for the detectors and tables it was found with; whoever keeps it (the work cache of a build) keeps it apart for each version of
the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np

from pipeline.faults import reached

_SIZE: Final = 16
_MOST_BEFORE: Final = 300_000
"""Digests up to which those stay that were not met again: they are 30 MB of a process that searches."""


class CleanPieces:
    """``clean``: digests of the pieces met so far that are known to be clean."""

    def __init__(self, known: Iterable[bytes] = ()) -> None:
        self._known = frozenset(known)
        self._pending: list[bytes] = []
        self.clean: set[bytes] = set()

    def is_clean(self, kind: str, piece: bytes) -> bool:
        """Whether the piece is known to be clean; ``kind`` tells what its texts are searched for."""
        digest = blake2b(piece, digest_size=_SIZE, key=kind.encode()[:64]).digest()
        if digest in self._known:
            self.clean.add(digest)
            return True
        self._pending.append(digest)
        return False

    def settle(self, *, are_clean: bool) -> None:
        """Says what came of the search in the pieces that were not known."""
        if are_clean:
            self.clean.update(self._pending)
        self._pending.clear()


def kept_pieces(path: Path | None) -> CleanPieces:
    """The pieces known from before; none when nothing is kept, or what is kept is not whole."""
    if path is None:
        return CleanPieces()
    try:
        told = path.stat()
        return CleanPieces(_digests_in(path, told.st_mtime_ns, told.st_size, told.st_ino))
    except OSError:
        return CleanPieces()  # everything is searched


@lru_cache(maxsize=1)  # a worker searches many files of one build
def _digests_in(path: Path, *_version: int) -> frozenset[bytes]:
    digests = _content_of(path)
    return frozenset(digests[at : at + _SIZE] for at in range(0, len(digests), _SIZE))


def _content_of(path: Path) -> bytes:
    """The digests in a file, nothing when it is not there or not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return b""
    digests, told = content[_SIZE:], content[:_SIZE]
    return digests if len(digests) % _SIZE == 0 and told == blake2b(digests, digest_size=_SIZE).digest() else b""


def packed_digests(clean: Iterable[bytes]) -> bytes:
    """Digests in order, one behind the other: a hundred thousand of them take 1.6 MB, and 11 as objects of their own."""
    return b"".join(sorted(clean))


def keep_pieces(path: Path, runs: Iterable[bytes], *, those_before: bool = False) -> None:
    """Keeps the digests of clean pieces, given in runs of `packed_digests`, for the next search. Raises OSError.

    ``those_before``: whether those stay that were kept before, while they are not many: what is known of a whole block tells
    nothing of its records.
    """
    found = b"".join(runs)
    before = _content_of(path) if those_before else b""
    digests = _in_order(found + before if len(found) + len(before) <= _MOST_BEFORE * _SIZE else found)
    aside = path.with_name(f"{path.name}.open")
    reached("cache.clean")
    aside.write_bytes(blake2b(digests, digest_size=_SIZE).digest() + digests)
    aside.replace(path)


def _in_order(digests: bytes) -> bytes:
    """Packed digests in the order of their bytes, each once."""
    halves = np.frombuffer(digests, ">u8").astype(np.uint64).reshape(-1, 2)  # the machine's own numbers are sorted quickly
    ordered = halves[np.lexsort((halves[:, 1], halves[:, 0]))]
    is_new = np.ones(len(ordered), np.bool_)
    is_new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return ordered[is_new].astype(">u8").tobytes()
