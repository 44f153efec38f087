"""Data blocks of explorer.html: compressed texts inside the page, which the browser opens on demand.

A block is an inert ``<script type="application/octet-stream" id=…>`` that holds base64 of a zlib stream (RFC 1950), what
``DecompressionStream("deflate")`` of a browser reads. Nothing in it can end the element or be run.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

_LEVEL = 6
_BLOCK = re.compile(r'<script type="application/octet-stream" id="([a-z]+[0-9]*)">([A-Za-z0-9+/=]*)</script>\n?')


class Block(NamedTuple):
    """One block of a page: its id and the bytes it holds."""

    name: str
    content: bytes


def block_markup(name: str, content: bytes) -> str:
    """The block as markup; the same content gives the same markup."""
    packed = base64.b64encode(zlib.compress(content, _LEVEL)).decode("ascii")
    return f'<script type="application/octet-stream" id="{name}">{packed}</script>\n'


def json_bytes(value: Any) -> bytes:
    """JSON without spaces, for a block. Raises ValueError for a number JSON does not know."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks of a page, one opened at a time. Raises ValueError when one cannot be opened."""
    for found in _BLOCK.finditer(page):
        try:
            yield Block(found[1], zlib.decompress(base64.b64decode(found[2], validate=True)))
        except zlib.error as error:
            raise ValueError(f"block {found[1]} cannot be opened: {error}") from error


def without_blocks(page: str) -> str:
    """The page's own markup: every block left out."""
    return _BLOCK.sub("", page)
