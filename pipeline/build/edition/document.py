"""JSON documents of a snapshot, as people read them: indented, letters as they are, a line feed at the end."""

from __future__ import annotations

from typing import Any

import msgspec


def json_document(value: Any) -> bytes:
    """The value as a document. The standard library indents in Python, which took 0.02 s of every build.

    Raises UnicodeEncodeError for a text that is none.
    """
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
