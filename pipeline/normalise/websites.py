"""Web addresses as printed: a missing scheme stays missing, a broken host is kept and flagged."""

from __future__ import annotations

import re

from pipeline.normalise.domains import is_host
from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, invalid, missing, ok
from pipeline.normalise.text import one_line, says_nothing

_SEPARATOR = re.compile(
    r"[\r\n]+|\s*[,;|](?=\s|$|https?:|www\.)|\s*;\s*|\s+/\s+"
    r"|\s+(?:lub|oraz|i|a także|та|і|або|and|or)\s+(?=https?:|www\.|\S+\.\S)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:(?P<scheme>https?)://)?(?P<host>[^\s/?#:@\\]+)(?P<port>:\d{1,5})?(?P<rest>[/?#]\S*)?", re.IGNORECASE
)  # fmt: skip
_WRAPPING = " \t.,;:!()[]<>{}\"'„”“«»’‘"
_LABEL = re.compile(
    r"^(?:adres\s+)?(?:strona(?:\s+(?:internetowa|www))?|witryna(?:\s+internetowa)?|www|сайт|веб-?сайт|web|website)\s*:\s*(?!//)",
    re.IGNORECASE,
)


def websites(text: str) -> list[Reading[str]]:
    """Every web address of the text in order: as printed, scheme and host in small letters, no scheme added.

    A broken host (unknown top-level domain, no dot, a space in it) is invalid and its value is the text as printed.
    """
    if says_nothing(text):
        return [missing(text)] if text.strip() else []
    if len(text) > MAX_VALUE:
        return [invalid(text, TOO_LONG)]
    found: list[Reading[str]] = []
    for part in _SEPARATOR.split(text):
        chunk = _LABEL.sub("", one_line(part)).strip(" ,;")
        if chunk:
            found += _readings(chunk)
    return found or [invalid(text, "the text holds no web address")]


def _readings(chunk: str) -> list[Reading[str]]:
    """The addresses between two separators; a chunk whose spaces tear an address apart stays whole."""
    words = [piece for word in chunk.split(" ") for piece in _comma_parted(word)]
    readings = [_reading(word) for word in words]
    good = [reading for reading in readings if reading.status == "ok"]
    torn = any(_is_fragment(word) for word in words)
    if len(words) == 1 or (good and not torn):
        addresses = [
            reading
            for reading, word in zip(readings, words, strict=True)
            if reading.status == "ok" or "." in word.strip(_WRAPPING)
        ]
        return addresses or readings
    if not torn and not any(sign in chunk for sign in "./"):  # "brak własnej strony"
        return [invalid(chunk, "the text holds no web address")]
    return [Reading(chunk, "invalid", chunk, "the address has spaces in it")]


def _comma_parted(word: str) -> list[str]:
    """``x.pl,y.pl`` in two: no host has a comma, while a path may."""
    left, _, right = word.partition(",")
    return (
        [left, *_comma_parted(right)]
        if is_host(left.lower()) and is_host(right.partition(",")[0].partition("/")[0].lower())
        else [word]
    )


def _is_fragment(word: str) -> bool:
    bare = word.casefold().strip("()[]<>\"'")
    return (
        (bare.endswith((".", "://")) and bare.startswith(("www", "http")))
        or bare.startswith(".")
        or bare in {"www", "http", "https"}
    )


def _reading(word: str) -> Reading[str]:
    bare = _trimmed(word)
    match = _ADDRESS.fullmatch(bare)
    if match is None:
        return Reading(bare or word, "invalid", word, "the text is no web address")
    host = match["host"].lower().rstrip(".")
    rest = match["rest"] or ""
    if not is_host(host):
        reason = f"{host} is no host under a known top-level domain" if "." in host else "the host has no dot"
        return Reading(bare, "invalid", word, reason)
    scheme = f"{match['scheme'].lower()}://" if match["scheme"] else ""
    value = scheme + host + (match["port"] or "") + rest
    if re.match(r"/+(?:www\.|https?:)", rest, re.IGNORECASE):
        return Reading(
            value, "ambiguous", word, "a slash parts two addresses or begins a path", (scheme + host, rest.lstrip("/"))
        )
    return ok(value, word)


def _trimmed(word: str) -> str:
    """The word without the punctuation around it; a closing bracket that the address opens itself stays."""
    bare = word.lstrip(_WRAPPING)
    while bare and bare[-1] in _WRAPPING and not (bare[-1] == ")" and bare.count("(") >= bare.count(")")):
        bare = bare[:-1]
    return bare
