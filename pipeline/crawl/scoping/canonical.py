"""One page, one address: what is asked for, and the key by which pages are told apart.

The general rules are w3lib's (percent-encoding, order of parameters) and those of RFC 3986 section 6.2; what a source's
parameters and spellings mean stands in its TOML.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import msgspec
from w3lib.url import canonicalize_url, safe_url_string

from pipeline.sources.spec import Crawl

MAX_ADDRESS: Final = 4096
"""Characters of an address the crawler takes; longer ones come from traps. Most servers refuse 8 KiB."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_OWN_PORTS: Final = frozenset(map(str, _DEFAULT_PORTS.values()))
_HOST_LENGTH: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # left out, as browsers leave out tabs and line breaks
_PLAIN: Final = Crawl()


# Addresses that no rule but the source's own changes: most links of most pages. The rules below take twenty times as long.
_IN_FORM: Final = re.compile(
    r"(?P<page>https?://(?P<host>(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}(?::(?P<port>[1-9][0-9]{1,4}))?)"
    r"(?:(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?|/))(?:\?(?P<query>[A-Za-z0-9_.=&-]*))?"
)


class NotAnAddress(ValueError):
    """A link that leads to no page: another scheme, no host, unreadable, too long. The message says which."""


class Address(NamedTuple):
    """``url`` is what is asked for; ``key`` is equal for every spelling of one page; ``host`` is host[:port]."""

    url: str
    key: str
    host: str


class _General(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    drop_parameters: list[str]
    drop_path_parameters: list[str]


@cache
def _general() -> _General:
    return msgspec.toml.decode(Path(__file__).with_name("canonical.toml").read_bytes(), type=_General)


def canonical(link: str, crawl: Crawl = _PLAIN) -> Address:
    """The address a link names under the source's rules. Raises NotAnAddress; needs no network."""
    link = link.strip()
    if len(link) > MAX_ADDRESS:
        raise NotAnAddress(f"the address has {len(link)} characters, {MAX_ADDRESS} are taken")
    in_form = _IN_FORM.fullmatch(link)
    if in_form and len(in_form["host"]) <= _HOST_LENGTH and _is_other_port(in_form["port"]):
        page = in_form["page"]
        query = _query(in_form["query"], crawl) if in_form["query"] else ""
        if not query:
            return Address(page, _rewritten(page, crawl), in_form["host"])
        url = f"{page}?{query}"
        return Address(url, _plain_key(page, query, crawl) or _key(url, crawl), in_form["host"])
    try:
        parts = urlsplit(link if in_form else safe_url_string(_CONTROL.sub("", link), encoding="utf-8"))
        scheme, host = parts.scheme.lower(), _host(parts)
    except (ValueError, UnicodeError) as error:
        raise NotAnAddress(f"unreadable address ({error})") from error
    path = _without_dot_segments(_without_session(parts.path)) or "/"
    query = _query(parts.query, crawl)
    url = urlunsplit((scheme, host, path, query, ""))
    return Address(url, _key(url, crawl), host)


def _is_other_port(port: str | None) -> bool:
    return port is None or (port not in _OWN_PORTS and int(port) <= 65535)


def dropped_names(crawl: Crawl) -> tuple[str, ...]:
    """Names of query parameters that are never sent, in small letters."""
    return _in_small_letters((*_general().drop_parameters, *crawl.drop_parameters))


@lru_cache(maxsize=64)
def _in_small_letters(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names)


def _host(parts: SplitResult) -> str:
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise NotAnAddress(f"{scheme[:20] or 'no scheme'}: only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise NotAnAddress("the address names a user")
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise NotAnAddress("the address names no host")
    shown = f"[{host}]" if ":" in host else host
    port = parts.port
    return shown if port is None or port == _DEFAULT_PORTS[scheme] else f"{shown}:{port}"


def _without_session(path: str) -> str:
    return _session().sub("", path) if ";" in path else path


@cache
def _session() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in _general().drop_path_parameters)
    return re.compile(rf";(?:{names})=[^;/]*", re.IGNORECASE)


def _without_dot_segments(path: str) -> str:
    """RFC 3986 section 5.2.4, percent-encoded dots included: browsers and servers read them so."""
    if "/." not in path and "%2" not in path:
        return path
    out: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if plain in (".", ".."):
            if plain == ".." and len(out) > 1:
                out.pop()
            if position == len(segments) - 1:
                out.append("")
        else:
            out.append(segment)
    return "/".join(out)


def _query(query: str, crawl: Crawl) -> str:
    if not query:
        return query
    whole, beginnings = _dropped(dropped_names(crawl))
    names = [(part.partition("=")[0].lower(), part) for part in query.split("&") if part]
    return "&".join([part for name, part in names if name not in whole and not name.startswith(beginnings)])


@lru_cache(maxsize=64)
def _dropped(patterns: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Names as they stand, and beginnings of names (``utm_*``)."""
    beginnings = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    return frozenset(pattern for pattern in patterns if not pattern.endswith("*")), beginnings


def _key(url: str, crawl: Crawl) -> str:
    in_form = _IN_FORM.fullmatch(url)
    plain = _plain_key(in_form["page"], in_form["query"] or "", crawl) if in_form else None
    if plain is not None:
        return plain
    parts = urlsplit(url)
    query = "&".join(["".join(pair) for pair in _telling(parts.query, crawl)])
    return _rewritten(str(canonicalize_url(urlunsplit(parts._replace(query=query)), keep_blank_values=True)), crawl)


def _plain_key(page: str, query: str, crawl: Crawl) -> str | None:
    """The key of an address in form; None where a value holds a "=", which canonicalize_url quotes.

    Where nothing is to be quoted or unquoted it comes to this: the parameters in order, each name with its "=".
    """
    pairs = _telling(query, crawl)
    if any("=" in value for _, _, value in pairs):
        return None
    query = "&".join([f"{name}={value}" for name, value in sorted([(name, value) for name, _, value in pairs])])
    return _rewritten(f"{page}?{query}" if query else page, crawl)


def _telling(query: str, crawl: Crawl) -> list[tuple[str, str, str]]:
    """The parameters that tell one page from another, as sent: name, equals sign, value.

    They are compared as sent: decoding would make all letters that are not UTF-8 one replacement character.
    """
    pairs = [part.partition("=") for part in query.split("&") if part]
    if crawl.key_parameters:
        names = {unquote(name) for name, _, _ in pairs}
        group = next((group for group in crawl.key_parameters if group and group[0] in names), None)
        if group is not None:
            pairs = [pair for pair in pairs if unquote(pair[0]) in group]
    if crawl.default_parameters:
        pairs = [pair for pair in pairs if crawl.default_parameters.get(unquote(pair[0])) != unquote(pair[2])]
    return pairs


def _rewritten(key: str, crawl: Crawl) -> str:
    for rule in crawl.rewrite:
        key = re.sub(rule.pattern, rule.replacement, key)
    return key
