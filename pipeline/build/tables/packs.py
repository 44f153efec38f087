"""Packs: several small tables in one piece of bytes, compressed, as workers hand them on and the work cache keeps them.

A pack begins with the length of its list (4 bytes, big-endian), the list and the list's CRC-32; the tables follow. The list
tells of each table its name, rows, bytes and CRC-32: how many rows there are is known without opening any.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from typing import Final

import msgspec
import pyarrow as pa

_WORD: Final = 4
_Listed = tuple[str, int, int, int]

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[_Listed])
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
ALONE: Final = pa.ipc.IpcReadOptions(use_threads=False)
"""For reading what was written here: handing columns of a few rows to threads took three times what opening them takes."""


def packed(tables: Mapping[str, pa.Table]) -> bytes:
    """The tables, empty ones left out."""
    listed: list[_Listed] = []
    content: list[bytes] = []
    for name, rows in tables.items():
        if not rows.num_rows:
            continue
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=_OPTIONS) as stream:
            stream.write_table(rows)
        content.append(sink.getvalue().to_pybytes())
        listed.append((name, rows.num_rows, len(content[-1]), zlib.crc32(content[-1])))
    told = _encoder.encode(listed)
    return b"".join([_word(len(told)), told, _word(zlib.crc32(told)), *content])


class Unpacked:
    """A pack; each table is read when it is asked for."""

    def __init__(self, content: bytes | memoryview, wanted: Collection[str] | None = None) -> None:
        """``wanted``: the tables that will be asked for, None for all: others are not looked at.

        Raises ValueError when the bytes are not those that were packed.
        """
        view = memoryview(content)
        self.size = len(view)
        end = _WORD + int.from_bytes(view[:_WORD], "big")
        told = view[_WORD:end]
        if len(view) < end + _WORD or zlib.crc32(told) != int.from_bytes(view[end : end + _WORD], "big"):
            raise ValueError("a pack is damaged")
        self._rows: dict[str, int] = {}
        self._tables: dict[str, memoryview] = {}
        at = end + _WORD
        for name, rows, size, checksum in _decoder.decode(told):  # a ValidationError is a ValueError
            self._rows[name] = rows
            self._tables[name] = view[at : at + size]
            at += size
            if (wanted is None or name in wanted) and zlib.crc32(self._tables[name]) != checksum:
                raise ValueError("a pack is damaged")
        if at != len(view):
            raise ValueError("a pack is damaged")

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def names(self) -> list[str]:
        """The tables that have rows."""
        return list(self._tables)

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return self._rows.get(name, 0)

    def table(self, name: str) -> pa.Table:
        """A table that is there."""
        return pa.ipc.open_stream(self._tables[name], options=ALONE).read_all()


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")
