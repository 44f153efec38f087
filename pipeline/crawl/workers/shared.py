"""What the processes of one run share: how many requests of each source they have made, and descriptors handed to them."""

from __future__ import annotations

import fcntl
import mmap
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import reduction
from typing import Any, Final

_BYTES: Final = 8


class Handed:
    """An open descriptor that is handed to a process which is being started, which then holds a copy of its own."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def __reduce__(self) -> tuple[Callable[..., Handed], tuple[Any, ...]]:
        return _received, (reduction.DupFd(self.descriptor),)


def _received(copy: Any) -> Handed:
    return Handed(copy.detach())


class SharedCounts:
    """Requests of each source in a run, over all its processes: numbers in a file without a name that all of them map.

    A number is read and raised under a lock of the kernel's, which a process that is killed does not keep.
    """

    def __init__(self, descriptor: int, sources: Sequence[str]) -> None:
        """``descriptor``: that of `made` in this process or handed to it; ``sources`` in the same order everywhere."""
        self.descriptor = descriptor
        self._offsets = {source: number * _BYTES for number, source in enumerate(sources)}
        self._memory = mmap.mmap(descriptor, len(sources) * _BYTES)

    @classmethod
    def made(cls, counts: Mapping[str, int]) -> SharedCounts:
        """New ones with which the run begins."""
        with tempfile.TemporaryFile() as file:
            file.write(b"".join(count.to_bytes(_BYTES, "little") for count in counts.values()))
            file.flush()
            return cls(os.dup(file.fileno()), list(counts))

    def of(self, source: str) -> int:
        """Requests so far."""
        offset = self._offsets[source]
        return int.from_bytes(self._memory[offset : offset + _BYTES], "little")

    def taken(self, source: str, budget: float) -> bool:
        """Counts one more request unless the budget is spent; whether it was counted."""
        offset = self._offsets[source]
        fcntl.lockf(self.descriptor, fcntl.LOCK_EX, _BYTES, offset)
        try:
            count = self.of(source)
            if count >= budget:
                return False
            self._memory[offset : offset + _BYTES] = (count + 1).to_bytes(_BYTES, "little")
        finally:
            fcntl.lockf(self.descriptor, fcntl.LOCK_UN, _BYTES, offset)
        return True

    def close(self) -> None:
        """Lets go of them in this process."""
        self._memory.close()
        os.close(self.descriptor)
