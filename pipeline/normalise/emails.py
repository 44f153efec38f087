"""E-mail addresses as printed, disguised and misprinted ones too (RFC 5321 for what an address may be)."""

from __future__ import annotations

import re

from pipeline.normalise.domains import is_host
from pipeline.normalise.reading import MAX_VALUE, TOO_LONG, Reading, invalid, missing, ok, repaired
from pipeline.normalise.text import one_line, says_nothing

_SIGN = r"(?:\s*@\s*|\s*[(\[{<]\s*(?:at|małpa|malpa|@|собака)\s*[)\]}>]\s*|\s+(?:at|małpa|malpa)\s+)"
_DOT = r"(?:\.|\s*[(\[{]\s*(?:dot|kropka|крапка|\.)\s*[)\]}]\s*)"
_ADDRESS = re.compile(
    r"(?P<scheme>mailto:\s*)?(?<![\w.+-])(?P<local>[^\W_](?:[\w.+'&!#$%*/=?^`{|}~-]{0,62}[\w+-])?|\w)"
    r"(?P<sign>" + _SIGN + r")(?P<domain>[^\W_][\w-]{0,62}(?:" + _DOT + r"[\w-]{1,63}){0,8})",
    re.IGNORECASE,
)  # fmt: skip
_FURTHER = re.compile(r"(?:\s*\.\s*)([\w-]{1,63})")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def emails(text: str) -> list[Reading[str]]:
    """Every address of the text in order: local part as printed, domain in small letters.

    "(at)", "[at]", " at ", "(małpa)" and stray spaces are mended and said to be repaired. What has an @ and is no address is
    invalid.
    """
    if says_nothing(text):
        return [missing(text)] if text.strip() else []
    if len(text) > MAX_VALUE:
        return [invalid(text, TOO_LONG)]
    line = one_line(re.sub(r"\b[eе]\s?@\s?-?\s?mail\b:?", " ", text, flags=re.IGNORECASE))
    found: list[Reading[str]] = []
    position, rest = 0, []
    while match := _ADDRESS.search(line, position):
        reading, end = _reading(match, line)
        if reading is None:  # " at " between plain words
            rest.append(line[position : match.end("local")])
            position = match.end("local")
            continue
        rest.append(line[position : match.start()])
        found.append(reading)
        position = end
    rest.append(line[position:])
    for piece in re.split(r"[\s,;]+", " ".join(rest)):
        bare = piece.strip(".,:;()[]<>\"'„”/-")
        if "@" in piece:
            found.append(invalid(piece, "the text with an @ is no e-mail address"))
        elif "." in bare and is_host(bare):
            found.append(invalid(bare, "the e-mail address has no @"))
    return found or [invalid(text, "the text holds no e-mail address")]


def _reading(match: re.Match[str], line: str) -> tuple[Reading[str] | None, int]:
    end = match.end()
    domain = re.sub(_DOT, ".", match["domain"], flags=re.IGNORECASE)
    slips = []
    if match["sign"] != "@":
        slips.append(
            "spaces stand around the @" if match["sign"].strip() == "@" else f"{match['sign'].strip()} stands for the @"
        )
    if domain != match["domain"]:
        slips.append("a word stands for the full stop")
    while not is_host(domain) and (further := _FURTHER.match(line, end)) and is_host(f"{domain}.{further[1]}"):
        domain, end = f"{domain}.{further[1]}", further.end()
        slips.append("spaces stand in the domain")
    raw = line[match.start() : end]
    local = match["local"]
    if not is_host(domain):
        if "@" not in match["sign"] and not match["sign"].strip().startswith(("(", "[", "{", "<")):
            return None, end
        return invalid(raw, f"{domain} is no known domain"), end
    if not _LOCAL.fullmatch(local):
        return invalid(raw, "the part before the @ has characters that no address may have"), end
    value = f"{local}@{domain.lower()}"
    return (repaired(value, raw, "; ".join(slips)) if slips else ok(value, raw)), end
