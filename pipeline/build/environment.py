"""What a snapshot was made by: the code, the libraries that decide its bytes, and Python. No clock, no path of a machine."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pipeline import __version__

LIBRARIES = (
    "chardet",
    "idna",
    "isal",
    "langdetect",
    "morfeusz2",
    "msgspec",
    "phonenumberslite",
    "publicsuffixlist",
    "pyarrow",
    "selectolax",
    "w3lib",
)
"""Libraries whose version can change a value or a byte of a table or of the report."""

_CODE_SUFFIXES = (".py", ".toml", ".csv", ".gz", ".json", ".css", ".js")
_NO_CODE = "demo/site"
_PACKAGE = Path(__file__).resolve().parent.parent


def environment() -> dict[str, Any]:
    """Version and fingerprint of the code, versions of the libraries and of Python, as plain JSON values."""
    return {
        "code_version": __version__,
        "code_fingerprint": code_fingerprint(),
        "python": platform.python_version(),
        "libraries": {library: library_version(library) for library in LIBRARIES},
    }


@cache
def code_fingerprint() -> str:
    """16 hex digits of the digest of every file of the package that takes part in a build: code, schema, sources, registers.

    It needs no repository: a copy, a clone and an installed package of the same code have the same fingerprint.
    """
    digest = hashlib.sha256()
    for name in sorted(_code_files()):
        digest.update(name.encode() + b"\0" + hashlib.sha256((_PACKAGE / name).read_bytes()).digest())
    return digest.hexdigest()[:16]


def _code_files() -> Iterator[str]:
    """Paths below the package, with slashes; pathlib takes three times as long to list them, of every build."""
    for folder, _, names in os.walk(_PACKAGE):
        room = os.path.relpath(folder, _PACKAGE).replace(os.sep, "/")
        if room == _NO_CODE or room.startswith(f"{_NO_CODE}/"):
            continue
        yield from (name if room == "." else f"{room}/{name}" for name in names if name.endswith(_CODE_SUFFIXES))


@cache
def library_version(library: str) -> str | None:
    """Version of an installed library, None when it is not there."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None
