"""JSON on one line in which nothing but visible ASCII stands."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

_QUICK: Final = msgspec.json.Encoder(enc_hook=str)
_ESCAPING: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str)


def ascii_json(value: Any) -> str:
    """``value`` as JSON; control characters, direction marks and all else beyond ASCII escaped, unknown types as `str`.

    Most lines of a crawl are ASCII anyhow: those are written ten times as fast as by an encoder that escapes.
    """
    try:
        data = _QUICK.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair, as file names and addresses may hold
        data = b"\x7f"
    if data.isascii() and b"\x7f" not in data:
        return data.decode("ascii")
    return _ESCAPING.encode(value).replace("\x7f", "\\u007f")
