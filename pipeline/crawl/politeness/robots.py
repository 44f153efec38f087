"""robots.txt as RFC 9309 says: what it allows, and on which line that rests.

`RobotsRules` come from the answers of a look-up (`robots_lookup`). Rules carry the file as received and can be kept in
a database (`to_row`, `from_row`); they are read only when asked. Matching is done by Google's own engine through
fast-robotstxt; the engine compares the bare product token (``praktyki``, not ``praktyki/1.0``), so a token with other
characters than letters, ``-`` and ``_`` is refused.

Where the engine differs from the Google code it is made of: it decodes percent-encoding in patterns and addresses
alike before it compares (RFC 9309 2.2.2), where the original compares ``/%61`` and ``/a`` as different.
"""

from __future__ import annotations

import codecs
import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

from pipeline.crawl.network.limits import RobotsLimits
from pipeline.crawl.politeness.robots_match import directives, lines_of, names_everyone, plain_verdict, product_token

try:
    from robotstxt import RobotsMatcher  # type: ignore[import-untyped]  # ships no types
except ImportError:  # no wheel for this Python or machine
    RobotsMatcher = None

Outcome = Literal["rules", "unavailable", "unreachable"]
"""rules: a file was read (2.3.1.1); unavailable: 4xx or too many redirects, everything is allowed (2.3.1.2, 2.3.1.3);
unreachable: 5xx or no answer, nothing is allowed until a later look-up (2.3.1.4)."""

_TOKEN: Final = re.compile(r"[A-Za-z_-]+")
_SECONDS: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?\s*(?:s|sec|seconds)?", re.ASCII | re.IGNORECASE)
_DEFAULT_LIMITS: Final = RobotsLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """Whether an address may be fetched, and the evidence.

    ``line_number`` and ``line_text`` are None when no line decides; ``reason`` says in words what did.
    """

    allowed: bool
    line_number: int | None
    line_text: str | None
    fetched_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlDelay:
    """Seconds between requests that a ``Crawl-delay`` line asks for (no part of RFC 9309, but widely written)."""

    seconds: float
    line_number: int
    line_text: str


@dataclass(frozen=True, kw_only=True)
class RobotsRules:
    """What one origin (``scheme://host[:port]``) lets one product token fetch, as learnt at ``fetched_at`` (UTC).

    ``body`` is the file as received, decoded from its content coding and cut at the limit. ``expires_at`` tells when it
    must be looked up again; ``final_url`` where it was found after redirects.
    """

    origin: str
    token: str
    outcome: Outcome
    reason: str
    fetched_at: dt.datetime
    expires_at: dt.datetime
    status: int | None = None
    final_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body: bytes = b""

    def __post_init__(self) -> None:
        """Raises ValueError for a product token that no robots.txt could name, and for a time without a zone."""
        if not _TOKEN.fullmatch(self.token):
            raise ValueError(f"product token {self.token!r}: letters, '-' and '_' only (RFC 9309 2.2.1)")
        if self.fetched_at.tzinfo is None or self.expires_at.tzinfo is None:
            raise ValueError("times of robots.txt need a zone")

    @classmethod
    def from_response(
        cls,
        origin: str,
        token: str,
        status: int | None,
        body: bytes | None,
        *,
        fetched_at: dt.datetime,
        detail: str = "",
        is_whole: bool = True,
        final_url: str | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        limits: RobotsLimits = _DEFAULT_LIMITS,
    ) -> Self:
        """Rules from the last answer of a look-up; ``status`` is None when there was none, ``detail`` says why.

        2xx is read, 4xx allows all, everything else disallows all. ``is_whole`` is false when the body was cut at a
        size limit: then its last, broken line is left out, since half a pattern means something else.
        """
        if status is not None and 200 <= status < 300 and body is not None:
            outcome, reason, body = "rules", f"HTTP {status}", _cut(body, limits.body_bytes, is_whole=is_whole)
        elif status is not None and 400 <= status < 500:
            outcome, reason, body = "unavailable", detail or f"HTTP {status}", b""
        else:
            outcome, reason, body = "unreachable", detail or (f"HTTP {status}" if status is not None else "no answer"), b""
        # 429 allows like any 4xx (2.3.1.3), but it asks to come back later: so the file is asked for again soon.
        is_settled = outcome != "unreachable" and status != 429
        seconds = limits.cache_seconds if is_settled else limits.retry_seconds
        return cls(
            origin=origin,
            token=token,
            outcome=outcome,  # type: ignore[arg-type]  # one of the three literals above
            reason=reason,
            fetched_at=fetched_at,
            expires_at=fetched_at + dt.timedelta(seconds=seconds),
            status=status,
            final_url=final_url,
            etag=etag,
            last_modified=last_modified,
            body=body,
        )

    def is_fresh(self, now: dt.datetime) -> bool:
        """Whether the rules may still be used without another look-up: no longer than they are kept, whatever clocks say."""
        return now < self.expires_at < now + 2 * (self.expires_at - self.fetched_at)

    def verdict(self, url: str, *, limits: RobotsLimits = _DEFAULT_LIMITS) -> RobotsVerdict:
        """Whether ``url`` (absolute, percent-encoded) may be fetched. Raises ValueError for another origin's address."""
        if origin_of(url) != self.origin:
            raise ValueError(f"{url[:200]} is not of {self.origin}, whose robots.txt this is")
        path = _path_of(url)
        if path.partition("?")[0] == "/robots.txt":
            return self._verdict(True, 0, "robots.txt itself is always allowed (RFC 9309 2.2.2)")
        if self.outcome == "unavailable":
            return self._verdict(True, 0, f"robots.txt is unavailable ({self.reason}): everything is allowed")
        if self.outcome == "unreachable":
            return self._verdict(False, 0, f"robots.txt is unreachable ({self.reason}): nothing is allowed")
        if self._starred_bytes * len(path) > limits.match_cost:
            return self._verdict(False, 0, "robots.txt is too large to be matched against so long an address")
        if RobotsMatcher is None:
            allowed, line_number = plain_verdict(self._octets, self.token, path)
        else:
            with RobotsMatcher() as matcher:
                allowed = matcher.is_allowed(self._text, self.token, url)
                line_number = matcher.matching_line
        return self._verdict(allowed, line_number, "rule" if line_number else "no line matches")

    @functools.cached_property
    def crawl_delay(self) -> CrawlDelay | None:
        """The longest Crawl-delay of the groups that name the token, or else of the groups for ``*``; None without."""
        own: list[CrawlDelay] = []
        everyone: list[CrawlDelay] = []
        agents: list[bytes] = []
        delays: list[CrawlDelay] = []
        rules_seen = names_token = False
        for line_number, key, value in [*directives(self._octets), (0, "user-agent", b"")]:
            if key == "user-agent":
                if rules_seen or line_number == 0:
                    is_own = any(product_token(agent) == self.token.lower() for agent in agents)
                    names_token = names_token or is_own
                    own += delays if is_own else []
                    everyone += delays if any(names_everyone(agent) for agent in agents) else []
                    agents, delays, rules_seen = [], [], False
                agents.append(value)
            elif key == "crawl-delay":
                rules_seen = True  # unlike for Google's matcher: "*" often has this line alone, and another group follows
                seconds = _seconds(value)
                if seconds is not None:
                    delays.append(CrawlDelay(seconds=seconds, line_number=line_number, line_text=self._line(line_number)))
            elif key in ("allow", "disallow"):
                rules_seen = True
        return max(own if names_token else everyone, key=lambda delay: delay.seconds, default=None)

    @functools.cached_property
    def sitemaps(self) -> tuple[str, ...]:
        """The absolute http(s) addresses of ``Sitemap:`` lines, each once, in order; they belong to no group (2.2.4)."""
        found: dict[str, None] = {}
        for _, key, value in directives(self._octets):
            url = value.decode("utf-8", "replace")
            if key == "sitemap" and re.match(r"https?://[^\s/]", url, re.IGNORECASE) and len(found) < _DEFAULT_LIMITS.sitemaps:
                found[url] = None
        return tuple(found)

    def to_row(self) -> dict[str, str | int | bytes | None]:
        """Plain values for a database row; times as ISO 8601 in UTC."""
        row = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return row | {name: row[name].astimezone(dt.UTC).isoformat() for name in ("fetched_at", "expires_at")}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """The rules that `to_row` wrote."""
        values = {field.name: row[field.name] for field in dataclasses.fields(cls)}
        return cls(**values | {name: dt.datetime.fromisoformat(values[name]) for name in ("fetched_at", "expires_at")})

    @functools.cached_property
    def _text(self) -> str:
        return _engine_text(self.body)

    @functools.cached_property
    def _octets(self) -> bytes:
        return self._text.encode("utf-8")

    @functools.cached_property
    def _starred_bytes(self) -> int:
        return sum(len(line) for line in lines_of(self._octets) if b"*" in line)

    def _line(self, line_number: int) -> str:
        return lines_of(self._octets)[line_number - 1].decode("utf-8").strip()

    def _verdict(self, allowed: bool, line_number: int, reason: str) -> RobotsVerdict:  # noqa: FBT001 - private
        return RobotsVerdict(
            allowed=allowed,
            line_number=line_number or None,
            line_text=self._line(line_number) if line_number else None,
            fetched_at=self.fetched_at,
            reason=reason,
        )


def origin_of(url: str) -> str:
    """``scheme://host[:port]`` of an absolute http(s) address, in small letters, without the scheme's own port.

    Raises ValueError for anything else.
    """
    end = url.find("/", 8)  # behind "https://"
    return _origin(url[:end] if end > 0 else url)


@functools.lru_cache(maxsize=512)
def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url[:200]!r} is no absolute http address")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.removesuffix(".")
    own_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if parts.port in (None, own_port) else f"{parts.scheme}://{host}:{parts.port}"


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut(body: bytes, limit: int, *, is_whole: bool) -> bytes:
    if len(body) <= limit and is_whole:
        return body
    body = body[:limit]
    return body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]


def _engine_text(body: bytes) -> str:
    """The file as text whose UTF-8 bytes the engine reads.

    Bytes that are no UTF-8 stay the bytes they are, percent-encoded as the engine itself would. UTF-16 with a byte
    order mark, as Windows editors save "Unicode", is converted: taken as bytes it would forbid nothing.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    text = body.decode("utf-8", "surrogateescape")
    return re.sub("[\udc80-\udcff]", lambda match: f"%{ord(match[0]) - 0xDC00:02X}", text)


def _seconds(value: bytes) -> float | None:
    match = _SECONDS.fullmatch(value.decode("utf-8", "replace").strip())
    return float(f"{match[1]}.{match[2] or 0}") if match else None
