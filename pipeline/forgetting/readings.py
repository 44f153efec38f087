"""Every way in which a text can be written down on a page: references, escapes, tags, codes within codes, all undone.

Where extract asks what a page says, this asks what anybody could still read out of its bytes: comments, scripts, attributes
and addresses too. Each reading is handed out beside the others: what is undone in one place may be meant in another.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterator
from typing import Final

_ROUNDS: Final = 3
"""How often codes within codes are undone: "%26%2347%3B" is a percent sign within a reference within an escape."""
_TAG = re.compile(r"<!--|-->|<[/!?a-zA-Z][^<>]{0,20000}>")
_NOT_SHOWN = re.compile(r"<(?P<name>script|style|noscript|template)\b|<!--", re.IGNORECASE)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|ins|mark|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,20000}>", re.IGNORECASE
)
_JSON_ESCAPE = re.compile(r"\\(?:u(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})|x([0-9a-fA-F]{2})|([nrtbfv])|(.))", re.DOTALL)
_TAG_WITHIN_WORD = re.compile(rf"\w(?:{_INLINE_TAG.pattern})+\w", re.IGNORECASE)
_DIGEST = re.compile(r"\bsha1:[A-Z2-7]{32}\b")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# "?page=12&art=58" is no quoted-printable text: letters beyond ASCII or broken lines are.
_QUOTED_PRINTABLE = re.compile(r"=[C-F][0-9A-F]=[89AB][0-9A-F]|=[89A-F][0-9A-F][a-z]|\w=\r?\n")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX_TEXT = re.compile(r"<((?:FEFF)(?:\s*[0-9A-Fa-f]{2})+)\s*>")
"""A text string of a PDF in hexadecimal digits (ISO 32000-1, 7.3.4.3)."""
_HIDDEN_EMAIL = re.compile(r"""(?:data-cfemail=["']|/cdn-cgi/l/email-protection#)([0-9a-fA-F]{6,400})""")
_MOST_ENCLOSED = 2_000
_LONGEST_ENCLOSED = 30 * 1024 * 1024


def readings(text: str) -> Iterator[str]:
    """The text and every other reading of it. Digests are left out: five letters of a name stand in one of a million."""
    if "sha1:" in text:
        text = _DIGEST.sub("sha1:", text)
    yield text
    reading = text
    for _ in range(_ROUNDS):
        undone = _undone(reading)
        if undone == reading:
            break
        reading = undone
        yield reading
    # Tags with a space for each, for words stand in cells; and with none for those that stand within a word.
    if "<" in reading:
        yield _TAG.sub(" ", reading)
        shown = _without_unseen(reading)
        if shown != reading:  # words may follow each other over a script
            yield _TAG.sub(" ", shown)
        if _TAG_WITHIN_WORD.search(reading):
            yield _TAG.sub(" ", _INLINE_TAG.sub("", reading))
    if not _is_utf8_escaped(text):  # old addresses escape the bytes of a single-byte charset
        yield from (_undone(text, charset) for charset in ("iso-8859-2", "windows-1250"))
    if _QUOTED_PRINTABLE.search(text):
        unquoted = quopri.decodestring(text.encode("utf-8", "surrogatepass"))
        yield from dict.fromkeys(unquoted.decode(charset, "replace") for charset in ("utf-8", "iso-8859-2", "windows-1250"))
    yield from (hidden for match in _HIDDEN_EMAIL.finditer(text) if (hidden := _shown_email(match[1])))


def enclosed(text: str) -> Iterator[bytes]:
    """Bytes that stand in the text as base64: data: addresses, mail."""
    for number, match in enumerate(_BASE64.finditer(text)):
        if number >= _MOST_ENCLOSED:
            break
        data = _from_base64(match[0])
        if data:
            yield data


def pdf_hex_texts(text: str) -> Iterator[str]:
    """Texts that stand in a PDF as hexadecimal digits."""
    for match in _HEX_TEXT.finditer(text):
        yield bytes.fromhex("".join(match[1].split())).decode("utf-16", "replace")


def _without_unseen(text: str) -> str:
    """The markup without scripts, styles and comments."""
    small = text.lower()
    parts: list[str] = []
    done = 0
    missing: set[str] = set()  # closing tags that do not come any more: looked for once
    for start in _NOT_SHOWN.finditer(text):
        end_mark = f"</{start['name'].lower()}" if start["name"] else "-->"
        if start.start() < done or end_mark in missing:
            continue
        end = small.find(end_mark, start.end())
        if end < 0:
            missing.add(end_mark)
            continue
        parts.append(text[done : start.start()])
        done = end + len(end_mark)
    return " ".join([*parts, text[done:]])


def _undone(text: str, charset: str = "utf-8") -> str:
    """The text with one layer of references, percent escapes and backslash escapes taken off."""
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = _PERCENT.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(charset, "replace"), text)
    if "\\" in text:
        text = _JSON_ESCAPE.sub(_meant, text)
    return text


def _is_utf8_escaped(text: str) -> bool:
    """Whether all percent escapes stand for UTF-8."""
    runs = (bytes.fromhex(found[0].replace("%", "")) for found in _PERCENT.finditer(text)) if "%" in text else ()
    return all("\ufffd" not in run.decode("utf-8", "replace") for run in runs)


def _meant(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else " "
    return " " if match[4] else match[5]


def _from_base64(text: str) -> bytes | None:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) > _LONGEST_ENCLOSED:
        return None
    try:
        return base64.b64decode(plain[: len(plain) // 4 * 4] + _padded(plain[len(plain) // 4 * 4 :]))
    except (binascii.Error, ValueError):
        return None


def _padded(rest: str) -> str:
    return rest + "=" * (-len(rest) % 4) if len(rest) > 1 else ""


def _shown_email(code: str) -> str | None:
    """An address that a shield of the web hides as bytes, each changed by the first."""
    data = bytes.fromhex(code[: len(code) // 2 * 2])
    return bytes(byte ^ data[0] for byte in data[1:]).decode("utf-8", "replace") if len(data) > 3 else None
