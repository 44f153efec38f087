"""robots.txt read line by line, and Google's matching rules in plain Python.

`directives` serves Crawl-delay and Sitemap, which the engine does not hand out with their lines. `plain_verdict`
stands in for the engine where it has no wheel (Python 3.14), and is its second opinion in the tests. The rules are
those of RFC 9309 2.2 and what Google's matcher is documented to add: keys with common slips, blanks for a missing
colon, ``/index.htm…`` in an Allow line also for its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_LINE_LIMIT: Final = 2083 * 8 - 1  # what Google's parser takes of one line
_KEYS: Final = (
    ("user-agent", ("user-agent", "useragent", "user agent")),
    ("allow", ("allow",)),
    ("disallow", ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")),
    ("sitemap", ("sitemap", "site-map")),
    ("crawl-delay", ("crawl-delay", "crawldelay", "crawl delay")),
)
_PRODUCT_TOKEN: Final = re.compile(rb"[A-Za-z_-]*")
_ESCAPED: Final = re.compile(rb"%([0-9A-Fa-f]{2})|[\x80-\xff]")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Directive(NamedTuple):
    """One line that says something. ``line_number`` counts from 1; CR, LF and CRLF each end one line."""

    line_number: int
    key: str
    value: bytes


class _Match(NamedTuple):
    priority: int = -1
    line_number: int = 0


def lines_of(body: bytes) -> list[bytes]:
    """The lines as the engine counts them, without their ends; a byte order mark is left out."""
    return re.split(rb"\r\n|\r|\n", body.removeprefix(b"\xef\xbb\xbf"))


def directives(body: bytes) -> Iterator[Directive]:
    """The lines with a known key, in order. Keys: user-agent, allow, disallow, sitemap, crawl-delay."""
    for number, line in enumerate(lines_of(body), start=1):
        text = line[:_LINE_LIMIT].partition(b"#")[0].strip(b" \t\r\n\v\f")
        key, separator, value = text.partition(b":")
        if not separator:
            words = re.split(rb"[ \t]+", text)
            if len(words) != 2:  # a colon may be missing only between two words
                continue
            key, value = words
        spelt = key.strip().lower()
        for name, spellings in _KEYS:
            if any(spelt.startswith(spelling.encode("ascii")) for spelling in spellings):
                yield Directive(number, name, value.strip())
                break


def names_everyone(agent: bytes) -> bool:
    """Whether a User-agent value is ``*``, whatever follows a blank."""
    return agent[:1] == b"*" and (len(agent) == 1 or agent[1:2].isspace())


def product_token(agent: bytes) -> str:
    """The part of a User-agent value that counts (RFC 9309 2.2.1), in small letters: ``praktyki`` of ``Praktyki/2``."""
    match = _PRODUCT_TOKEN.match(agent)
    return match[0].decode("ascii").lower() if match else ""


def plain_verdict(body: bytes, token: str, path: str) -> tuple[bool, int]:
    """Whether ``token`` may fetch ``path`` (with query), and the number of the deciding line (0: no line decides).

    The longest matching pattern wins, Allow on a tie; the groups that name the token are one group; ``*`` counts
    only when none does.
    """
    wanted = token.lower()
    normal_path = _normal(path.encode("utf-8"))
    best = {(key, own): _Match() for key in ("allow", "disallow") for own in (True, False)}
    own = everyone = ever_own = rules_seen = False
    for line_number, key, value in directives(body):
        if key == "user-agent":
            if rules_seen:
                own = everyone = rules_seen = False
            if names_everyone(value):
                everyone = True
            elif product_token(value) == wanted:
                own = ever_own = True
        elif key in ("allow", "disallow") and (own or everyone):
            rules_seen = True
            priority = _priority(key, _normal(value), normal_path)
            if priority > best[key, own].priority:
                best[key, own] = _Match(priority, line_number)
    deciding = ever_own
    allow, disallow = best["allow", deciding], best["disallow", deciding]
    winner = disallow if disallow.priority > allow.priority else allow
    return not (winner is disallow and disallow.priority > 0), winner.line_number


def _priority(key: str, pattern: bytes, path: bytes) -> int:
    if _matches(pattern, path):
        return len(pattern)
    folder, slash, name = pattern.rpartition(b"/")
    if key == "allow" and slash and name.startswith(b"index.htm"):
        pattern = folder + b"/$"
        return len(pattern) if _matches(pattern, path) else -1
    return -1


def _matches(pattern: bytes, path: bytes) -> bool:
    """``*`` stands for any bytes, ``$`` at the end for the end of the path, all else for itself."""
    anchored = pattern.endswith(b"$")
    first, *rest = pattern.removesuffix(b"$").split(b"*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not rest:
        return not anchored or at == len(path)
    for part in rest[:-1]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if anchored:
        return len(path) - at >= len(rest[-1]) and path.endswith(rest[-1])
    return path.find(rest[-1], at) >= 0


def _normal(octets: bytes) -> bytes:
    """RFC 9309 2.2.2: bytes outside ASCII percent-encoded, unreserved characters not, hexadecimal digits in capitals."""

    def normal(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return b"%%%02X" % match[0][0]
        value = int(match[1], 16)
        return bytes([value]) if value in _UNRESERVED else match[0].upper()

    return _ESCAPED.sub(normal, octets)
