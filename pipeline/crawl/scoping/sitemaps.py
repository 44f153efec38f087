"""Addresses from sitemaps (sitemaps.org protocol 0.9) and from Atom and RSS feeds, within limits."""

from __future__ import annotations

import re
import zlib
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin
from xml.parsers import expat  # entities are refused below, so none can grow

MAX_ADDRESSES: Final = 50_000  # sitemaps.org: at most 50,000 addresses a file
MAX_BYTES: Final = 50 * 1024 * 1024  # and 50 MB uncompressed
_MAX_DEPTH: Final = 100
_MAX_TEXT: Final = 8192

Kind = Literal["urlset", "sitemapindex", "feed", "text"]


class SitemapUnreadable(ValueError):
    """Not a sitemap or feed, damaged, or beyond the limits. The message is the reason written into the ledger."""


class Sitemap(NamedTuple):
    """``addresses``: absolute, each once, in order; of a sitemapindex they are sitemaps. ``note``: what was left out."""

    kind: Kind
    addresses: list[str]
    note: str | None


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The addresses a sitemap or feed lists. ``body`` may be a gzip file. Raises SitemapUnreadable."""
    if body.startswith(b"\x1f\x8b"):
        body = _gunzipped(body)
    if len(body) > MAX_BYTES:
        raise SitemapUnreadable(f"the sitemap has {len(body)} bytes, {MAX_BYTES} are taken")
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _text_sitemap(body)
    return _Reader(url).read(body)


def _gunzipped(body: bytes) -> bytes:
    inflate = zlib.decompressobj(31)
    try:
        data = inflate.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise SitemapUnreadable(f"the gzip file is damaged ({error})") from None
    if len(data) > MAX_BYTES:
        raise SitemapUnreadable(f"the sitemap inflates to more than {MAX_BYTES} bytes")
    return data


def _text_sitemap(body: bytes) -> Sitemap:
    """One address a line, as sitemaps.org allows."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()[: MAX_ADDRESSES * 2]]
    found = [line for line in lines if re.match(r"https?://", line)]
    if not found:
        raise SitemapUnreadable("neither XML nor a list of addresses")
    return Sitemap("text", list(dict.fromkeys(found))[:MAX_ADDRESSES], None)


class _Reader:
    """Reads with expat, keeping nothing but the addresses."""

    def __init__(self, url: str) -> None:
        self._base = url
        self._kind: Kind | None = None
        self._path: list[str] = []
        self._text: list[str] | None = None
        self._text_length = 0
        self._found: dict[str, None] = {}
        self._left_out = 0

    def read(self, body: bytes) -> Sitemap:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = _refused_entity
        parser.UseForeignDTD(False)
        note = None
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            if self._kind is None:
                raise SitemapUnreadable(f"not XML that can be read ({error})") from None
            note = f"damaged XML ({error}); what stood before it is taken"
        if self._kind is None:
            raise SitemapUnreadable("no sitemap and no feed")
        if self._left_out:
            note = f"more than {MAX_ADDRESSES} addresses, the rest is left out"
        return Sitemap(self._kind, list(self._found), note)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2].lower()
        if not self._path:
            kinds: dict[str, Kind] = {
                "urlset": "urlset",
                "sitemapindex": "sitemapindex",
                "feed": "feed",
                "rss": "feed",
                "rdf": "feed",
            }
            self._kind = kinds.get(local)
            if self._kind is None:
                raise SitemapUnreadable(f"<{local[:40]}> is no sitemap and no feed")
        self._path.append(local)
        if len(self._path) > _MAX_DEPTH:
            raise SitemapUnreadable(f"elements stand more than {_MAX_DEPTH} deep in each other")
        parent = self._path[-2] if len(self._path) > 1 else ""
        if local == "link" and parent in ("entry", "feed") and attributes.get("href"):
            if attributes.get("rel", "alternate") in ("alternate", "next"):
                self._add(attributes["href"])
        elif (local == "loc" and parent in ("url", "sitemap")) or (local == "link" and parent == "item"):
            self._text, self._text_length = [], 0

    def _characters(self, data: str) -> None:
        if self._text is not None and self._text_length < _MAX_TEXT:
            self._text.append(data)
            self._text_length += len(data)

    def _end(self, _name: str) -> None:
        self._path.pop()
        if self._text is not None:
            self._add("".join(self._text))
            self._text = None

    def _add(self, link: str) -> None:
        link = link.strip()
        if not link or len(link) >= _MAX_TEXT:
            return
        try:
            address = urljoin(self._base, link)
        except ValueError:
            return
        if address in self._found:
            return
        if len(self._found) >= MAX_ADDRESSES:
            self._left_out += 1
            return
        self._found[address] = None


def _refused_entity(*_: object) -> None:
    raise SitemapUnreadable("the XML declares entities, which are refused")
