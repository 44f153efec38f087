"""A captured page as parsers see it: decoded text, DOM, lines. The only importer of selectolax beside `lines`.

A `Page` does no I/O. Selectors say how many matches they expect: `one`, `maybe_one`, `some`, `every`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.errors import MatchCountError, PageTooHeavy
from pipeline.extract.charset import Decoded, decoded_page
from pipeline.extract.heavy import PARSING_SECONDS, may_be_endless, refuse_deep_nesting
from pipeline.extract.lines import Line, html_lines, text_lines
from pipeline.extract.timelimit import ends_within
from pipeline.normalise.text import spaced_once
from pipeline.records import Capture

MAX_BODY_BYTES = 20 * 1024 * 1024
_PLAIN = bytes(byte for byte in (*range(0xCC), 0xD0, 0xD1) if byte != ord("<"))
"""Bytes of UTF-8 that letters up to U+02FF and from U+0400 to U+047F are made of, which no normal form changes and none of
which joins the one before it; without the "<". What is left of a page says at once whether its letters can be left as they
are and how many tags there are: one pass in place of three slower ones."""
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:-]+(?=[/?#]|$)")
_DIRECTORY = re.compile(rf"{_ORIGIN.pattern}/(?:[\w~,%-][\w.~,%-]*/)*(?=[^/?#]*(?:[?#]|$))")
_PLAIN_PATH = r"[\w~,%-][\w.~,%-]*+(?:/[\w~,%-][\w.~,%-]*+)*+/?(?:\?[\w=&.,%~-]++)?"
_PLAIN_HREF = re.compile(rf"(?P<whole>https?://[A-Za-z0-9.:-]+/(?:{_PLAIN_PATH})?)|(?P<root>/)?{_PLAIN_PATH}")
_META_NAMES = ("name", "property", "itemprop")
_HTML_START = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|h\d)\b",
    re.IGNORECASE | re.DOTALL,
)


Node = LexborNode
"""A node of the parsed tree, for the signatures of modules that may not name selectolax."""


class Link(NamedTuple):
    """A link of a page: absolute address (or as written, when the page has none) and its text on one line."""

    url: str
    text: str


class Page:
    """One capture, decoded. ``headers`` are those of the archived response, keys in small letters."""

    def __init__(self, capture: Capture, body: bytes, headers: dict[str, str] | None = None) -> None:
        """Decodes ``body``. Raises PageTooHeavy beyond MAX_BODY_BYTES or MAX_OPEN_TAGS."""
        if len(body) > MAX_BODY_BYTES:
            raise PageTooHeavy(f"page has {len(body)} bytes, the limit is {MAX_BODY_BYTES}")
        self.capture = capture
        self._lines_of: dict[tuple[int, tuple[str, ...], frozenset[int]], list[Line]] = {}
        self.headers = headers or {}
        self.is_html = _is_html(capture, body)
        self.decoded: Decoded = decoded_page(body, self.headers.get("content-type"), is_html=self.is_html)
        is_utf8 = self.decoded.charset == "utf-8" and not self.decoded.replaced
        rest = body.translate(None, _PLAIN) if is_utf8 else b""
        tags = rest.count(b"<") if is_utf8 else self.decoded.text.count("<")
        # One way of writing letters: an "ś" of two characters is no other word.
        text = self.decoded.text if b"\x00" not in body else self.decoded.text.replace("\x00", "\ufffd")
        self.text: str = text if is_utf8 and len(rest) == tags else unicodedata.normalize("NFC", text)
        # Where the text is the body letter by letter, the parser is spared its being encoded once more.
        is_as_sent = is_utf8 and self.text is self.decoded.text and not body.startswith(codecs.BOM_UTF8)
        self._markup: str | bytes = body if is_as_sent else self.text
        if self.is_html:
            refuse_deep_nesting(self.text, tags)

    @property
    def url(self) -> str | None:
        """Target URI of the capture, None when it is not known."""
        return self.capture.source_url

    @cached_property
    def address(self) -> SplitResult | None:
        """The target URI in parts, host in small letters without ``www.`` and trailing dots; None when not known."""
        if self.url is None:
            return None
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return None
        return parts._replace(netloc=bare_host(parts.hostname or ""))

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters of the target URI, the last of each name."""
        if self.address is None:
            return {}
        return {name: values[-1] for name, values in parse_qs(self.address.query, keep_blank_values=True).items()}

    @cached_property
    def dom(self) -> LexborHTMLParser:
        """The parsed tree. For a page that came as text it is empty: ask `is_html` first where that matters.

        Raises PageTooHeavy for markup that the parser does not get through in time.
        """
        markup = self._markup if self.is_html else ""
        if may_be_endless(markup) and not ends_within(PARSING_SECONDS, lambda: LexborHTMLParser(markup)):
            raise PageTooHeavy(f"parsing the page takes longer than {PARSING_SECONDS} s of processor time")
        return LexborHTMLParser(markup)

    @cached_property
    def lines(self) -> list[Line]:
        """All lines of the page, those of menus and footers too."""
        if not self.is_html:
            return text_lines(self.text)
        body = self.dom.body
        return html_lines(body) if body is not None else []

    def every(self, selector: str) -> list[LexborNode]:
        """All nodes the CSS selector matches, in document order; none for a text page."""
        return self.dom.css(selector) if self.is_html else []

    def some(self, selector: str) -> list[LexborNode]:
        """As `every`. Raises MatchCountError when there is none."""
        found = self.every(selector)
        if not found:
            raise MatchCountError(f"selector {selector!r} matched nothing, at least one was expected")
        return found

    def one(self, selector: str) -> LexborNode:
        """The only node the selector matches. Raises MatchCountError for none or several."""
        found = self.every(selector)
        if len(found) != 1:
            raise MatchCountError(f"selector {selector!r} matched {len(found)} nodes, exactly one was expected")
        return found[0]

    def maybe_one(self, selector: str) -> LexborNode | None:
        """The node the selector matches, None for none. Raises MatchCountError for several."""
        found = self.every(selector)
        if len(found) > 1:
            raise MatchCountError(f"selector {selector!r} matched {len(found)} nodes, at most one was expected")
        return found[0] if found else None

    def first(self, selector: str) -> LexborNode | None:
        """The first node of any number, None for none."""
        return self.dom.css_first(selector) if self.is_html else None

    def lines_of(self, node: LexborNode, without: Collection[str] = (), left_out: Iterable[LexborNode] = ()) -> list[Line]:
        """Lines of one part of the page, leaving out elements of the tags in ``without`` (``nav``) and nodes ``left_out``.

        Read once: verdict and parser ask for the same parts, and nobody changes the tree.
        """
        asked = (node.mem_id, tuple(without), frozenset(skipped.mem_id for skipped in left_out))
        found = self._lines_of.get(asked)
        if found is None:
            found = self._lines_of[asked] = html_lines(node, without, asked[2])
        return list(found)

    def meta(self, name: str) -> str | None:
        """Content of ``<meta name=…>`` or ``<meta property=…>``, the first that is not empty."""
        return next(filter(None, (self._metas.get((attribute, name)) for attribute in _META_NAMES)), None)

    @cached_property
    def _stated(self) -> dict[str, list[LexborNode]]:
        """What the page states of itself, by tag, in document order: asked for in one go, since each query walks the tree."""
        found: dict[str, list[LexborNode]] = {}
        for node in self.every('base[href], link[rel="canonical"], meta, title'):
            found.setdefault(node.tag or "", []).append(node)
        return found

    @cached_property
    def _metas(self) -> dict[tuple[str, str], str]:
        """Contents of ``<meta>`` by attribute and name, the first that is not empty."""
        found: dict[tuple[str, str], str] = {}
        for node in self._stated.get("meta", []):
            attributes = node.attributes
            content = (attributes.get("content") or "").strip()
            for attribute in _META_NAMES if content else ():
                found.setdefault((attribute, attributes.get(attribute) or ""), content)
        return found

    @cached_property
    def html_title(self) -> str | None:
        """Text of ``<title>`` on one line, None when absent or empty."""
        titles = self._stated.get("title")
        return one_line(titles[0].text()) or None if titles else None

    @cached_property
    def canonical(self) -> str | None:
        """Address in ``<link rel=canonical>``, absolute where it can be made so."""
        links = self._stated.get("link")
        href = (links[0].attributes.get("href") or "").strip() if links else ""
        return self.absolute(href) if href else None

    @cached_property
    def links(self) -> list[Link]:
        """All ``<a href>`` of the page in document order, addresses made absolute."""
        return self.links_of(self.dom.body)

    @cached_property
    def addresses(self) -> list[str]:
        """What the ``<a href>`` of the page lead to, in document order, each once, without fragments, made absolute."""
        body = self.dom.body if self.is_html else None
        if body is None:
            return []
        hrefs = dict.fromkeys((anchor.attributes.get("href") or "").strip().partition("#")[0] for anchor in body.css("a[href]"))
        return list(dict.fromkeys(self.absolute(href) for href in hrefs if href))

    def links_of(self, node: LexborNode | None) -> list[Link]:
        """The ``<a href>`` below ``node``."""
        if node is None or not self.is_html:
            return []
        found = []
        for anchor in node.css("a[href]"):
            href = (anchor.attrs.get("href") or "").strip()
            if href:
                found.append(Link(self.absolute(href), one_line(anchor.text())))
        return found

    def absolute(self, href: str) -> str:
        """``href`` resolved against the base of the page; as written when that cannot be done."""
        plain = _PLAIN_HREF.fullmatch(href)  # most links of a menu; urljoin takes ten times as long
        if plain is not None:
            if plain["whole"]:
                return href
            before = self._origin if plain["root"] else self._directory
            if before:
                return before + href
        try:
            return urljoin(self._base, href)
        except ValueError:
            return href

    @cached_property
    def _base(self) -> str:
        """Address that links of the page are relative to. A page may hold thousands of links: it is looked up once."""
        bases = self._stated.get("base")
        base = (bases[0].attributes.get("href") or "") if bases else ""
        try:
            return urljoin(self.url or "", base)
        except ValueError:
            return self.url or ""

    @cached_property
    def _origin(self) -> str:
        """Scheme and host of the base in its own spelling; empty where it is no plain web address."""
        found = _ORIGIN.match(self._base)
        return found.group() if found else ""

    @cached_property
    def _directory(self) -> str:
        """What relative paths stand behind: the base up to its last slash; empty where it is no plain web address."""
        found = _DIRECTORY.match(self._base)
        return found.group() if found else ""

    @cached_property
    def _folded_lines(self) -> list[str]:
        """The lines that are not blank, sorted: those with one beginning stand together."""
        return sorted(folded for line in self.lines if (folded := one_line(line.text).casefold()))

    def has_line(self, *phrases: str) -> bool:
        """Whether a line of the page begins with one of the phrases; capitals and kinds of white space make no difference."""
        return any(self._has_beginning(_folded_phrase(phrase)) for phrase in phrases)

    def _has_beginning(self, beginning: str) -> bool:
        at = bisect_left(self._folded_lines, beginning)
        return at < len(self._folded_lines) and self._folded_lines[at].startswith(beginning)


@lru_cache(maxsize=1024)
def _folded_phrase(phrase: str) -> str:
    return one_line(phrase).casefold()


def bare_host(host: str) -> str:
    """Host in small letters without port, ``www.`` and trailing dots: how hosts of sources are compared."""
    return host.casefold().rstrip(".").removeprefix("www.").rstrip(".")


def one_line(text: str) -> str:
    """``text`` with every run of white space, no-break spaces included, as one space, and none at its ends."""
    return spaced_once(text)


def _is_html(capture: Capture, body: bytes) -> bool:
    if capture.record_type == "conversion" or capture.media_type == "text/plain":
        return False
    if capture.media_type in ("text/html", "application/xhtml+xml"):
        return True
    return _HTML_START.match(body[:4096]) is not None
