"""Packs: several small tables in one piece of bytes, compressed, as workers hand them on and the work cache keeps them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import msgspec
import pyarrow as pa


class _Pack(msgspec.Struct, array_like=True, frozen=True):
    checksum: int
    tables: dict[str, bytes]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Pack)
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)


def packed(tables: Mapping[str, pa.Table]) -> bytes:
    """The tables, empty ones left out."""
    content: dict[str, bytes] = {}
    checksum = 0
    for name, rows in tables.items():
        if not rows.num_rows:
            continue
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=_OPTIONS) as stream:
            stream.write_table(rows)
        content[name] = sink.getvalue().to_pybytes()
        checksum = zlib.crc32(content[name], checksum)
    return _encoder.encode(_Pack(checksum, content))


class Unpacked:
    """A pack; each table is read when it is asked for."""

    def __init__(self, content: bytes) -> None:
        """Raises ValueError when the bytes are not those that were packed."""
        pack = _decoder.decode(content)  # a ValidationError is a ValueError
        checksum = 0
        for table in pack.tables.values():
            checksum = zlib.crc32(table, checksum)
        if checksum != pack.checksum:
            raise ValueError("a pack is damaged")
        self._tables = pack.tables

    def __contains__(self, name: str) -> bool:
        return name in self._tables

    def names(self) -> list[str]:
        """The tables that have rows."""
        return list(self._tables)

    def table(self, name: str) -> pa.Table:
        """A table that is there."""
        return pa.ipc.open_stream(self._tables[name]).read_all()
