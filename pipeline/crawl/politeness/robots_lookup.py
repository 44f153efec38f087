"""How the robots.txt of an origin is looked up (RFC 9309 2.3): which address to fetch next, and what the answers come to.

The network stays with the caller: it fetches what `RobotsLookup` names and feeds it the answers until rules come out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Final
from urllib.parse import urljoin

from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.limits import ROBOTS_LIMITS, Limits, RobotsLimits
from pipeline.crawl.politeness.robots import RobotsRules, origin_of

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_DEFAULT_LIMITS: Final = RobotsLimits()


class RobotsLookup:
    """One look-up of an origin's robots.txt: fetch `url`, `feed` the answer, until rules come out.

    Redirects are followed five times, to other hosts too, and the rules found count for the origin that was asked
    (2.3.1.2). Every hop goes through the guard like any other fetch, and may be archived.
    """

    def __init__(
        self, origin: str, token: str, *, previous: RobotsRules | None = None, limits: RobotsLimits = _DEFAULT_LIMITS
    ) -> None:
        """``previous``: expired rules of the same origin, to be confirmed by a 304 where the server can."""
        self.origin = origin
        self.token = token
        self.url = f"{origin}/robots.txt"
        self.hops: list[str] = []
        self._limits = limits
        is_direct = previous is not None and previous.outcome == "rules" and previous.final_url == self.url
        self._previous = previous if is_direct else None

    def request(self, user_agent: str, *, limits: Limits = ROBOTS_LIMITS) -> FetchRequest:
        """The next fetch. Of a file above the limit the beginning is wanted, and parsed (2.5)."""
        first = self._previous if not self.hops else None
        return FetchRequest(
            url=self.url,
            user_agent=user_agent,
            etag=first.etag if first else None,
            last_modified=first.last_modified if first else None,
            accept="text/plain,*/*;q=0.8",
            wants_beginning=True,
            limits=limits,
        )

    def feed(self, result: FetchResult, now: dt.datetime) -> RobotsRules | None:
        """Takes the answer to `request`; None when another hop is to be fetched."""
        status, failure = result.status, result.failure
        if status in _REDIRECTS:
            self.hops.append(self.url)
            if len(self.hops) > self._limits.redirects:
                return self._rules(404, None, now, detail=f"more than {self._limits.redirects} redirects")
            location = result.header("Location")
            following = _redirect_url(self.url, location) if location else None
            if following is None:
                return self._rules(None, None, now, detail=f"HTTP {status} without a usable Location")
            self.url = following
            return None
        if status == 304 and self._previous is not None and not self.hops:
            return dataclasses.replace(
                self._previous,
                fetched_at=now,
                expires_at=now + dt.timedelta(seconds=self._limits.cache_seconds),
                etag=result.header("ETag") or self._previous.etag,
                last_modified=result.header("Last-Modified") or self._previous.last_modified,
            )
        if status is None:
            return self._rules(None, None, now, detail=failure.detail if failure else "no answer")
        if 200 <= status < 300 and failure is not None and not _is_beginning(result):
            return self._rules(None, None, now, detail=f"HTTP {status}, but {failure.detail}")
        return self._rules(status, result.body, now, is_whole=failure is None, result=result)

    def _rules(
        self,
        status: int | None,
        body: bytes | None,
        now: dt.datetime,
        *,
        detail: str = "",
        is_whole: bool = True,
        result: FetchResult | None = None,
    ) -> RobotsRules:
        return RobotsRules.from_response(
            self.origin,
            self.token,
            status,
            body,
            fetched_at=now,
            detail=detail,
            is_whole=is_whole,
            final_url=self.url,
            etag=result.header("ETag") if result else None,
            last_modified=result.header("Last-Modified") if result else None,
            limits=self._limits,
        )


def _redirect_url(base: str, location: str) -> str | None:
    try:
        url = urljoin(base, location.strip()).partition("#")[0]
        origin_of(url)
    except ValueError:
        return None
    return url


def _is_beginning(result: FetchResult) -> bool:
    """Whether a size limit, and nothing else, cut the body: what was read up to it counts (2.5)."""
    return result.truncated == "length" and bool(result.body)
