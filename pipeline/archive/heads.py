"""Heads of HTTP messages and their lines: read as they came, and made so that no value can start a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

FOLDING: Final = (" ", "\t")
"""What a line begins with that continues the one before it."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]")
_HEAD_END = re.compile(rb"\n[ \t\r\f\v]*\n")
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")


def status_code_of(http_head: bytes) -> int | None:
    """The status code in a response head, None when there is none."""
    match = _STATUS_LINE.match(http_head)
    return int(match.group(1)) if match else None


def media_type_of(content_type: str | None) -> str | None:
    """The media type that a Content-Type names, in small letters; None when it is not of the form ``type/subtype``."""
    essence = (content_type or "").partition(";")[0].partition(",")[0].strip().lower()
    return essence if _MEDIA_TYPE.fullmatch(essence) else None


def clean_value(text: str) -> str:
    r"""``text`` fit for one header line: runs of control characters and line separators become one space.

    What cannot be written as UTF-8 (undecodable file names) is written as ``\udcXX`` in ASCII.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    return _CONTROL.sub(" ", text).encode("utf-8", "backslashreplace").decode("utf-8").strip()


def clean_name(text: str) -> str:
    """``text`` fit as a header name: every character that RFC 9110 forbids in a token becomes ``_``."""
    return (_NOT_TOKEN.sub("_", text) if _NOT_TOKEN.search(text) else text) or "_"


def http_head_length(block: bytes) -> int:
    """Bytes of the HTTP head with its blank line; all of the block when the head does not end."""
    end = _HEAD_END.search(block)
    return end.end() if end else len(block)


def http_headers(head: bytes) -> dict[str, str]:
    """Header lines of an HTTP head, names in small letters, values of one name joined by a comma and a space."""
    found: dict[str, str] = {}
    last = ""
    for text in head_lines(head)[1:]:
        if text[:1] in FOLDING and last:
            found[last] = f"{found[last]} {clean_value(text)}".strip()
            continue
        name, colon, value = text.partition(":")
        if colon and name.strip():
            last = name.strip().lower()
            value = clean_value(value)
            found[last] = f"{found[last]}, {value}" if last in found else value
    return found


def http_head(first_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """An HTTP head as bytes. Control characters in names and values are neutralised: no header can start another."""
    return made_head(first_line, [(clean_name(name), clean_value(value)) for name, value in headers])


def made_head(first_line: str, headers: Sequence[tuple[str, str]]) -> bytes:
    """As `http_head`, of headers that are clean."""
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return f"{clean_value(first_line)}\r\n{lines}\r\n".encode()


def head_lines(head: bytes) -> list[str]:
    """The lines of a head: UTF-8, and Latin-1 each line that is no UTF-8."""
    head = head.replace(b"\r\n", b"\n")
    try:
        return head.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return [_text(line) for line in head.split(b"\n")]


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
