"""A data folder over a corpus, and our commands run on it as whole processes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Spent, spent, total

ACCEPTED = "generated pages: their numbers are not a publisher's"
_MADE_OF = {"parquet": "*.parquet", "csv": "*.csv", "explorer": "explorer*"}


class Made(NamedTuple):
    """What extract and build took."""

    extract: Spent
    build: Spent

    @property
    def both(self) -> Spent:
        """One after the other."""
        return total([self.extract, self.build])


def engine_of(engine: str, workers: int) -> dict[str, str]:
    """The environment that chooses an engine, for commands that know it and for those that do not."""
    return {"PRAKTYKI_ENGINE": engine, "PRAKTYKI_WORKERS": str(workers)}


SERIAL = engine_of("serial", 1)


def laid_out(data: Path, *corpora: Path) -> Path:
    """A new data folder whose raw/ holds the WARC files of the corpora, as links, a folder a corpus."""
    shutil.rmtree(data, ignore_errors=True)
    for number, raw in enumerate(corpora):
        add_corpus(data, raw, f"corpus{number}")
    return data


def add_corpus(data: Path, raw: Path, name: str) -> None:
    """Links the WARC files and indexes of a corpus into the folder ``name`` of raw/."""
    folder = data / "raw" / name
    folder.mkdir(parents=True)
    for path in sorted(raw.rglob("*")):
        if path.is_file():
            os.link(path, folder / path.name)


def made(
    data: Path | str,
    log: Path,
    engine: Mapping[str, str] = SERIAL,
    *more: str,
    during_extract: Callable[[int], None] | None = None,
) -> Made:
    """Runs extract and build on a data folder, or at an address. ``more``: options of both."""
    place = ["--data-dir", str(data), *more]
    return Made(
        spent(["-m", "pipeline", "extract", *place], log, engine, during_extract),
        spent(["-m", "pipeline", "build", "--accept", ACCEPTED, *place], log, engine),
    )


def sizes_of(data: Path) -> dict[str, int]:
    """Bytes of what a run read and wrote, by kind."""
    snapshot = data / "datasets" / "latest"
    parts = {
        "warc": _bytes(data / "raw", "*.warc.gz"),
        "cdxj": _bytes(data / "raw", "*.cdxj"),
        "extracted": _bytes(data / "extracted", "*"),
        "snapshot": _bytes(snapshot, "*"),
    }
    return parts | {kind: _bytes(snapshot, pattern) for kind, pattern in _MADE_OF.items()}


def _bytes(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.resolve().rglob(pattern) if path.is_file())


def snapshot_digest(snapshot: Path) -> str:
    """SHA-256 over the names and bytes of every file of a snapshot, its id included."""
    digest = hashlib.sha256(snapshot.resolve().name.encode())
    for path in sorted(path for path in snapshot.resolve().rglob("*") if path.is_file()):
        digest.update(f"\0{path.relative_to(snapshot.resolve()).as_posix()}\0".encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
