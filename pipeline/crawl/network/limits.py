"""Every bound the network layer keeps, in one place. All of them are set high above what an honest page needs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one request. Times in seconds, sizes in bytes; a test injects short times instead of waiting.

    ``connect_seconds`` spans name resolution, TCP and TLS; ``read_seconds`` and ``write_seconds`` the wait for each
    single piece; ``pool_seconds`` the wait for the client's one connection; ``total_seconds`` everything from name
    resolution to the last byte, so that a server which sends one byte now and then cannot hold a page open.

    ``wire_bytes`` counts all that comes off the socket for one response: head, chunk framing and payload as sent.
    ``decoded_bytes`` bounds the body with its content coding taken off; ``ratio`` bounds decoded to coded bytes once
    ``ratio_floor_bytes`` are decoded. HTML reaches 20 to 40, a table of repeated rows some 100; deflate cannot pass
    1032, a bomb made for it comes near.

    ``head_bytes`` and ``header_count`` bound the status line with its headers, 1xx answers included. ``url_bytes``
    bounds an address in ASCII, percent-encoding included: RFC 9110 4.1 asks for 8000 and more.
    """

    connect_seconds: float = 15.0
    read_seconds: float = 30.0
    write_seconds: float = 15.0
    pool_seconds: float = 5.0
    total_seconds: float = 120.0

    url_bytes: int = 8 * KIB
    head_bytes: int = 64 * KIB
    header_count: int = 200
    wire_bytes: int = 16 * MIB
    decoded_bytes: int = 64 * MIB
    ratio: int = 200
    ratio_floor_bytes: int = 1 * MIB

    def __post_init__(self) -> None:
        """Raises ValueError for a bound that is not above zero: nothing could ever be fetched within it."""
        for field in dataclasses.fields(self):
            if not getattr(self, field.name) > 0:
                raise ValueError(f"limit {field.name} must be above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsLimits:
    """Bounds of robots.txt (RFC 9309).

    ``body_bytes``: what is parsed, the rest is ignored (2.5: at least 500 KiB). ``redirects``: followed in a row, also
    to other hosts (2.3.1.2: at least five). ``cache_seconds``: how long an answer holds (2.4: not above 24 hours).
    ``retry_seconds``: when an unreachable robots.txt is asked for again. ``sitemaps``: ``Sitemap:`` lines kept.
    ``match_cost`` bounds the work of one verdict, in bytes of rules with ``*`` times bytes of the path: Google's
    matcher takes about a second for 10^9, and a hostile file of 500 KiB against a long address would take five.
    """

    body_bytes: int = 500 * KIB
    redirects: int = 5
    cache_seconds: float = 24 * 3600.0
    retry_seconds: float = 3600.0
    sitemaps: int = 1000
    match_cost: int = 300_000_000


PAGE_LIMITS: Final = Limits()
"""For a page."""

ATTACHMENT_LIMITS: Final = Limits(total_seconds=600.0, wire_bytes=100 * MIB, decoded_bytes=200 * MIB)
"""For a file that belongs to a practice: scanned reports are far larger than pages."""

ROBOTS_LIMITS: Final = Limits(total_seconds=60.0, wire_bytes=600 * KIB, decoded_bytes=500 * KIB)
"""For fetching robots.txt: what lies beyond 500 KiB is not parsed, so it is not fetched either."""
