"""Traces in words of at most 80 columns where they can, and as data for machines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.trace.archived import Archived, ByteRange
from pipeline.trace.evidence import SAID
from pipeline.trace.letters import Span
from pipeline.trace.run import Located, Trace

_WIDTH = 80
_LABEL = 15
_ROOM = 3 * (_WIDTH - _LABEL - 2)
_MOST_TEXTS = 12
_WORDS = 5
_LOOKED_AT = 300  # characters on either side of a text in which its neighbouring words are looked for
_TAG = re.compile(r"<[^<>]*>|^[^<>]*>|<[^<>]*$")


def cell_text(trace: Trace, snapshot: str) -> str:
    """One cell: value, derivation, raw text, label, page, archive, byte ranges, words around."""
    lines = [f"{trace.table} {record_name(trace)} {trace.column}, snapshot {snapshot}", ""]
    lines.append(_line("value", _clipped(_shown(trace.value), _ROOM)))
    note = trace.evidence.note
    lines.append(_line("derivation", SAID[trace.evidence.derivation] + (f": {note}" if note else "")))
    for located in trace.texts[:_MOST_TEXTS]:
        lines += _text_lines(located, trace.archived)
    if len(trace.texts) > _MOST_TEXTS:
        lines.append(_line("", f"… and {len(trace.texts) - _MOST_TEXTS} more texts, all with --json"))
    if trace.archived is None:
        lines.append(_line("page", "none behind this value"))
        return "\n".join(lines)
    lines += _page_lines(trace)
    return "\n".join(lines)


def row_text(traces: Sequence[Trace], snapshot: str) -> str:
    """A whole row: its pages, then one line for each cell that is not null."""
    letters = {id(archived): _letter(number) for number, archived in enumerate(_pages(traces))}
    lines = [f"{traces[0].table} {record_name(traces[0])}, snapshot {snapshot}", ""]
    for archived in _pages(traces):
        capture = archived.capture
        lines.append(f"{letters[id(archived)]}  {capture.source_url or 'address not known'}")
        lines.append(f"   captured {_time(archived)}; decoder {_decoder(archived)}")
        lines.append(f"   raw/{capture.warc_file}, byte {capture.warc_offset}")
        lines.append(f"   {_digest(archived)}")
    width = max(len(trace.column) for trace in traces)
    lines += ["", f"{'column':<{width}}  {'bytes of the page':<17}  {'how':<9}  value"]
    for trace in traces:
        page = letters[id(trace.archived)] if trace.archived is not None else "-"
        start = f"{trace.column:<{width}}  {page} {_whole_range(trace):<15}  {trace.evidence.derivation:<9}  "
        lines.append(start + _clipped(_shown(trace.value), max(12, _WIDTH - len(start))))
    return "\n".join(lines)


def cell_data(trace: Trace) -> Mapping[str, Any]:
    """One cell for machines. Byte ranges are pairs of start and end, the end not included."""
    archived = trace.archived
    data: dict[str, Any] = {
        "column": trace.column,
        "value": trace.value,
        "derivation": trace.evidence.derivation,
        "note": trace.evidence.note or None,
        "is_located": trace.is_located,
        "texts": [
            {
                "text": located.piece.text,
                "label": located.piece.label,
                "in_decoded_page": [archived.in_decoded_page(span) for span in located.spans] if archived else [],
                "in_body": [archived.in_body(span) for span in located.spans] if archived else [],
                "around": _around(archived, located.spans) if archived and located.spans else None,
            }
            for located in trace.texts
        ],
        "capture": None,
    }
    if archived is not None:
        capture = archived.capture
        data["capture"] = {
            "capture_id": capture.capture_id,
            "source_url": capture.source_url,
            "captured_at": capture.captured_at.isoformat() if capture.captured_at else None,
            "warc_file": capture.warc_file,
            "warc_offset": capture.warc_offset,
            "body_digest": capture.body_digest,
            "digest": "fits" if archived.is_verified else "cannot be checked",
            "media_type": capture.media_type,
            "decoder": _decoder(archived),
            "body_is_coded": archived.is_coded,
        }
    return data


def record_name(trace: Trace) -> str:
    """The record as the command takes it: its key, parts joined by "/"."""
    return "/".join(map(str, trace.key)) or "(no key)"


def _text_lines(located: Located, archived: Archived | None) -> list[str]:
    piece = located.piece
    lines = [_line("raw text", _clipped(piece.text, _ROOM))]
    if piece.label is not None:
        lines.append(_line("label", piece.label))
    if archived is None:
        return lines
    if not located.spans:
        return [*lines, _line("", "not found on the page")]
    whole = Span(located.spans[0].start, located.spans[-1].end)
    parts = f" in {len(located.spans)} stretches" if len(located.spans) > 1 else ""
    lines.append(_line("decoded page", f"{_bytes(archived.in_decoded_page(whole))}{parts}"))
    body = archived.in_body(whole)
    if body is not None:
        lines.append(_line("archived body", _bytes(body) + (", its coding undone" if archived.is_coded else "")))
    return [*lines, _line("words around", _around(archived, located.spans))]


def _page_lines(trace: Trace) -> list[str]:
    archived = trace.archived
    if archived is None:
        return []
    capture = archived.capture
    lines = [
        _line("page", capture.source_url or "address not known"),
        _line("captured", _time(archived)),
        _line("archive", f"raw/{capture.warc_file}, record at byte {capture.warc_offset}"),
        _line("payload", _digest(archived)),
        _line("decoder", _decoder(archived)),
    ]
    found = [span for located in trace.texts for span in located.spans]
    if len(trace.texts) > 1 and found:
        whole = Span(min(span.start for span in found), max(span.end for span in found))
        number = sum(bool(located.spans) for located in trace.texts)
        said = f"{_bytes(archived.in_decoded_page(whole))}; {number} of {len(trace.texts)} texts found"
        lines.append(_line("from first to last", said))
    return lines


def _whole_range(trace: Trace) -> str:
    found = [span for located in trace.texts for span in located.spans]
    if trace.archived is None or not found:
        return "not found" if trace.texts else ""
    whole = trace.archived.in_decoded_page(Span(min(s.start for s in found), max(s.end for s in found)))
    return f"{whole.start}:{whole.end}" + ("" if trace.is_located else " (part)")


def _pages(traces: Iterable[Trace]) -> list[Archived]:
    return list({id(trace.archived): trace.archived for trace in traces if trace.archived is not None}.values())


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"#{number + 1}"


def _line(label: str, text: str) -> str:
    """A labelled line, broken at words where it would be wider than the page and can be broken."""
    room, lines = _WIDTH - _LABEL - 2, [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    head, *more = lines
    return "\n".join([f"{label:<{_LABEL}}  {head}".rstrip(), *(f"{'':<{_LABEL}}  {line}" for line in more)])


def _around(archived: Archived, spans: Sequence[Span]) -> str:
    """The text as it stands on the page in brackets, with a few words before and after."""
    text = archived.page.text if archived.page is not None else ""
    is_html = archived.page is not None and archived.page.is_html
    start, end = spans[0].start, spans[-1].end
    before = _words(text[max(0, start - _LOOKED_AT) : start], is_html=is_html)[-_WORDS:]
    after = _words(text[end : end + _LOOKED_AT], is_html=is_html)[:_WORDS]
    inside = _words(text[start:end], is_html=is_html)
    if len(inside) > 2 * _WORDS:
        inside = [*inside[:_WORDS], "…", *inside[-_WORDS:]]
    return " ".join(["…", *before, f"[{' '.join(inside)}]", *after, "…"])


def _words(text: str, *, is_html: bool) -> list[str]:
    return (html.unescape(_TAG.sub(" ", text)) if is_html else text).split()


def _shown(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _clipped(text: str, room: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= room else f"{plain[: room - 1].rstrip()}…"


def _bytes(found: ByteRange) -> str:
    return f"bytes {found.start}:{found.end}"


def _time(archived: Archived) -> str:
    time = archived.capture.captured_at
    return f"{time:%Y-%m-%d %H:%M:%S} UTC" if time is not None else "at a time not known"


def _digest(archived: Archived) -> str:
    return f"{archived.capture.body_digest} " + ("(verified)" if archived.is_verified else "(of a kind that cannot be checked)")


def _decoder(archived: Archived) -> str:
    if archived.page is not None:
        return archived.page.decoded.decoder
    if archived.is_page:
        return "not decoded: the page is too heavy"
    return f"none: a file of type {archived.capture.media_type}"
