"""Files of the work cache: written whole or not at all, with a digest that tells whether they are as they were written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.faults import reached


def content_kept(path: Path) -> bytes | None:
    """What `keep_content` kept, None when there is nothing, or it is not whole."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content[16:] if content[:16] == hashlib.blake2b(content[16:], digest_size=16).digest() else None


def keep_content(path: Path, content: bytes) -> None:
    """Keeps the content with a digest of it. Raises OSError."""
    write_aside(path, hashlib.blake2b(content, digest_size=16).digest() + content)


def write_aside(path: Path, content: bytes) -> None:
    """Writes a file beside its place and puts it there whole. Raises OSError."""
    aside = path.with_name(f"{path.name}.open")
    reached("cache.write")
    aside.write_bytes(content)
    reached("cache.rename")
    aside.replace(path)
