"""Bytes to text: by BOM, then content, then what the page declares, with the known lies of Polish pages caught.

Observed on Polish pages: UTF-8 declared and ISO-8859-2 sent, the reverse, nothing declared, windows-1250 sent as
ISO-8859-2 (C1 control characters after decoding give it away), and UTF-8 with single bad bytes. Therefore bytes that
are valid UTF-8 are UTF-8 whatever is declared, and between single-byte charsets the letters decide.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)


class Decoded(NamedTuple):
    """Text of a page. ``how`` is one of bom, header, meta, content, guess; ``replaced`` counts U+FFFD put in."""

    text: str
    charset: str
    how: str
    replaced: int

    @property
    def decoder(self) -> str:
        """How bytes became text, on one line, e.g. ``windows-1250 (content; declared iso-8859-2)``."""
        note = f"; {self.replaced} bytes unreadable" if self.replaced else ""
        return f"{self.charset} ({self.how}{note})"


_ALIASES = {"iso8859-2": "iso-8859-2", "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252"}

# Letters that prose in the languages of our sources is made of, beyond ASCII.
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_CYRILLIC = frozenset(chr(c) for c in (*range(0x410, 0x450), 0x401, 0x451, *map(ord, "ґҐєЄіІїЇ")))
_OTHER_LETTERS = frozenset("äöüßÄÖÜáéíúýčďěňřšťůžÁÉÍÚÝČĎĚŇŘŠŤŮŽàâçèêëîïôûœñãõÀÂÇÈÊËÎÏÔÛŒÑÃÕ")
_PUNCTUATION = frozenset("„”“’‘«»–—…•·§°№\u00a0\u00ad")
# Ordered: on a tie the earlier wins. ISO-8859-2 was the W3C-era norm for Polish sites, windows-1250 the desktop's.
_SINGLE_BYTE = ("iso-8859-2", "windows-1250", "windows-1251", "koi8-u", "windows-1252")
_C1 = re.compile("[\x80-\x9f]")
_SAMPLE = 200_000
_HEADER_READ = 1_000


def decoded_page(body: bytes, content_type: str | None = None, *, is_html: bool = True) -> Decoded:
    """Text of ``body``. ``content_type`` is the value of the HTTP header; never raises on any bytes.

    Order: byte order mark; valid UTF-8; UTF-8 with a few bad bytes; then single-byte charsets, where a declared one
    is kept unless the letters it yields speak for another.
    """
    bom, bom_bytes = read_bom(body)
    if bom is not None and bom_bytes is not None:
        text = body[len(bom_bytes) :].decode(bom, errors="replace")
        return Decoded(text, _named(bom), "bom", text.count("\ufffd"))
    declared, how = _declared(body, content_type, is_html=is_html)
    if declared is not None and declared.startswith("utf-16"):
        declared, how = None, "content"  # a declaration readable as ASCII cannot be true of UTF-16 (WHATWG HTML)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if declared in (None, "utf-8") or body.isascii():
            return Decoded(text, "utf-8", how if declared else "content", 0)
        return Decoded(text, "utf-8", f"content; declared {declared}", 0)
    valid, bad = _utf8_sequences(body[:_SAMPLE])
    if valid >= 4 * bad and valid > 0:
        text = body.decode("utf-8", errors="replace")
        return Decoded(text, "utf-8", how if declared == "utf-8" else "content", text.count("\ufffd"))
    return _single_byte(body, declared, how)


def _named(charset: str) -> str:
    name = codecs.lookup(charset).name
    return _ALIASES.get(name, name)


def _declared(body: bytes, content_type: str | None, *, is_html: bool) -> tuple[str | None, str]:
    from_header = _of_header(content_type[:_HEADER_READ]) if content_type else None
    if from_header:
        return from_header, "header"
    from_meta = html_body_declared_encoding(body[:8192]) if is_html else None
    if from_meta and resolve_encoding(from_meta):
        return _named(from_meta), "meta"
    return None, "content"


@lru_cache(maxsize=256)
def _of_header(content_type: str) -> str | None:
    """The charset a Content-Type names; the same few headers stand on page after page."""
    found = http_content_type_encoding(content_type)
    return _named(found) if found else None


def _utf8_sequences(body: bytes) -> tuple[int, int]:
    """Number of well-formed multi-byte sequences and of bytes that belong to none."""
    text = body.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return sum(1 for char in text if ord(char) > 0x7F) - bad, bad


def _single_byte(body: bytes, declared: str | None, how: str) -> Decoded:
    sample = body[:_SAMPLE]
    candidates = list(_SINGLE_BYTE)
    legacy = declared if declared not in (None, "utf-8") else None
    if legacy is not None:
        candidates = [legacy, *(c for c in candidates if c != legacy)]
    scores = {charset: _plausibility(sample.decode(charset, errors="replace")) for charset in candidates}
    best = max(candidates, key=lambda charset: scores[charset])
    if legacy is not None and scores[best] - scores[legacy] < 0.02:
        best = legacy
    if scores[best] < 0.5:
        import chardet  # few pages come to this, and it takes 6 ms to load

        guess = chardet.detect(sample)["encoding"]
        if guess and resolve_encoding(guess):
            best, how = _named(guess), "guess"
    elif best != legacy:
        how = f"content; declared {declared}" if declared else "content"
    text = body.decode(best, errors="replace")
    return Decoded(text, best, how, text.count("\ufffd"))


def _plausibility(text: str) -> float:
    """Mean weight of the non-ASCII characters of ``text``.

    1 for letters expected of our sources, negative for signs that do not stand in prose. A Polish letter counts for more
    than another Latin one, so that the reading that gives Polish words wins; capitals inside a word in small letters (what
    Cyrillic looks like in a wrong charset) count against.
    """
    points = 0.0
    seen = 0
    before = " "
    for char in text:
        if char > "\x7f":
            seen += 1
            if char in _POLISH or char in _CYRILLIC:
                points += -0.5 if char.isupper() and before.islower() else 1.0
            elif char in _PUNCTUATION:
                points += 0.7
            elif char in _OTHER_LETTERS:
                points += -0.5 if char.isupper() and before.islower() else 0.5
            elif _C1.match(char) or char == "\ufffd":
                points -= 2.0
            else:
                points -= 0.5
            script_clash = char in _CYRILLIC and before.isascii() and before.isalpha()
            points -= 1.0 if script_clash else 0.0
        before = char
    return points / seen if seen else 1.0
