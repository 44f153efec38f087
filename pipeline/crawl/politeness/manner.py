"""How a run behaves towards publishers, whatever the source, and what it says of itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from pipeline import __version__
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.limits import ATTACHMENT_LIMITS, PAGE_LIMITS, Limits
from pipeline.errors import ConfigError

_CONTACT: Final = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+|https?://[^\s<>()]+\.[^\s<>()]+")


class Client(Protocol):
    """What fetches: `pipeline.crawl.network.transport.HttpClient`."""

    async def fetch(self, request: FetchRequest) -> FetchResult: ...


ClientFactory = Callable[[], AbstractAsyncContextManager[Client]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Manner:
    """How the run behaves, whatever the source.

    ``max_wait_seconds``: a host that wants to be left alone for longer is left to a later run. ``min_delay_seconds``
    holds where a source asks for less.
    """

    user_agent: str
    hosts_at_once: int = 8
    min_delay_seconds: float = 0.0
    max_wait_seconds: float = 600.0
    page_limits: Limits = PAGE_LIMITS
    attachment_limits: Limits = ATTACHMENT_LIMITS


def user_agent(contact: str | None) -> str:
    """The User-Agent of a live crawl. Raises ConfigError without a contact a publisher could write to."""
    if not contact:
        raise ConfigError(
            'no contact address: a publisher must be able to reach you; set contact = "you@your-domain" under [crawl] in'
            " praktyki.toml, or PRAKTYKI_CONTACT"
        )
    contact = contact.strip()
    if not _CONTACT.fullmatch(contact) or not contact.isascii():
        raise ConfigError(f"contact {contact!r} is neither an e-mail nor a web address")
    return f"praktyki/{__version__} (+{contact})"


def warc_info(manner: Manner, run: str) -> dict[str, str]:
    """What the warcinfo of each file says of the run."""
    return {"http-header-user-agent": manner.user_agent, "robots": "obey", "run": run}
