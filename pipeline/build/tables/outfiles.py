"""Files of a snapshot as they are written: tables as Parquet, generated files, and the digests that packages tell."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.faults import reached
from pipeline.schema.spec import tables

ZSTD_LEVEL = 3
"""Of Parquet files. 9 takes four times the time for a tenth fewer bytes, 4 a tenth more for next to none."""

_digests: ContextVar[dict[Path, str] | None] = ContextVar("_digests", default=None)


def write_table(folder: Path, name: str, rows: pa.Table) -> Path:
    """Writes one table as Parquet (zstd, no run clock in it); restricted tables are readable by their owner only."""
    table = tables()[name]
    path = folder / table.path
    if table.is_restricted:
        reached("snapshot.restricted")
        path.parent.mkdir(mode=0o700, exist_ok=True)
    reached("snapshot.table")
    pq.write_table(rows, path, compression="zstd", compression_level=ZSTD_LEVEL, write_page_checksum=True)
    if table.is_restricted:
        reached("snapshot.chmod")
        path.chmod(0o600)
    return path


def write_file(path: Path, content: bytes) -> None:
    """Writes one generated file of a snapshot. Raises OSError."""
    reached("snapshot.file")
    path.write_bytes(content)


def file_digest(path: Path) -> str:
    """``sha256:<hex>`` of a file."""
    known = _digests.get()
    if known is not None and path in known:
        return known[path]
    with path.open("rb") as file:
        digest = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    if known is not None:
        known[path] = digest
    return digest


@contextmanager
def finished_files() -> Iterator[None]:
    """Each file that is asked for inside is written to its end: three packages tell its digest, which is computed once."""
    token = _digests.set({})
    try:
        yield
    finally:
        _digests.reset(token)
