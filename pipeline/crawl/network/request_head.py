"""The head of a request as it goes over the wire."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Final

from pipeline.crawl.network.guard import Target

_UNSENDABLE: Final = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")  # what would end a header line, or is no text


class NotSent(Exception):
    """The request cannot be put into HTTP; `HttpClient.fetch` tells it as a failure of the page."""


def request_head(target: Target, fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The request as sent. Raises NotSent for a field that would end its line: validators come from servers."""
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target.request_target.encode("ascii"), _field_lines(tuple(fields)))


@functools.lru_cache(maxsize=64)
def _field_lines(fields: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """The header lines of a request: the same for page after page of a host. Raises NotSent."""
    for name, value in fields:
        if _UNSENDABLE.search(value) or value != value.strip():
            raise NotSent(f"a value that cannot be sent in {name.decode('ascii')}: {value[:40]!r}")
    return b"".join([b"%b: %b\r\n" % field for field in fields])
