"""What a snapshot was made by: the code, the libraries that decide its bytes, and Python. No clock, no path of a machine."""

from __future__ import annotations

import hashlib
import platform
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
_NO_CODE = (Path("demo") / "site",)
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
    for path in sorted(_PACKAGE.rglob("*"), key=lambda path: path.relative_to(_PACKAGE).as_posix()):
        name = path.relative_to(_PACKAGE)
        if path.suffix not in _CODE_SUFFIXES or not path.is_file() or any(name.is_relative_to(part) for part in _NO_CODE):
            continue
        digest.update(name.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


@cache
def library_version(library: str) -> str | None:
    """Version of an installed library, None when it is not there."""
    try:
        return version(library)
    except PackageNotFoundError:
        return None
