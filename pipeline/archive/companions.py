"""What stands in a foreign WARC beside a capture: its request, its metadata, the warcinfo of its file."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable

from pipeline.archive.digests import digest_fits
from pipeline.archive.warc import WarcRecord, all_fields, field
from pipeline.archive.writer import WarcWriter

KeepsOut = Callable[[WarcRecord], bool]
"""Whether a record holds a term of the list of objections."""

_MAX_WAITING = 64
_MAX_WAITING_BYTES = 16 * 1024 * 1024
_MAX_KEPT_IDS = 4096


class Companions:
    """Requests, metadata and the warcinfo of a foreign file, written only where they belong to a capture written.

    They may stand before or after it. What waits, and what is remembered, is limited.
    """

    def __init__(self, writer: WarcWriter, keeps_out: KeepsOut | None = None) -> None:
        self._writer = writer
        self._keeps_out = keeps_out
        self._info: WarcRecord | None = None
        self._waiting: OrderedDict[str, WarcRecord] = OrderedDict()
        self._waiting_bytes = 0
        self._kept: OrderedDict[str, None] = OrderedDict()

    def offer(self, record: WarcRecord) -> None:
        """Writes the record when its capture was written, else lets it wait for one."""
        if record.type == "warcinfo":
            self._info = record
        elif any(name in self._kept for name in _relations(record)):
            self._write(record)
        else:
            self._waiting[record.record_id] = record
            self._waiting_bytes += len(record.block)
            while len(self._waiting) > _MAX_WAITING or self._waiting_bytes > _MAX_WAITING_BYTES:
                self._waiting_bytes -= len(self._waiting.popitem(last=False)[1].block)

    def write_info(self) -> None:
        """Writes the warcinfo that holds for the capture about to be written, once."""
        if self._info is not None:
            info, self._info = self._info, None
            fields = [(n, re.split(r"[/\\]", v)[-1] if n.lower() == "warc-filename" else v) for n, v in info.fields]
            self._write(WarcRecord(tuple(fields), info.block))

    def capture_written(self, record: WarcRecord) -> None:
        """Remembers the capture and writes what waited for it."""
        self._remember(record.record_id)
        related = _relations(record)
        for name, waiting in list(self._waiting.items()):
            if name in related or record.record_id in _relations(waiting):
                del self._waiting[name]
                self._waiting_bytes -= len(waiting.block)
                self._write(waiting)

    def _write(self, record: WarcRecord) -> None:
        if self._keeps_out is not None and self._keeps_out(record):
            return
        fields = [item for item in record.fields if item[0].lower() != "warc-block-digest"]
        declared = field(fields, "WARC-Payload-Digest")
        if declared and not digest_fits(declared, record.payload):
            fields = [item for item in fields if item[0].lower() != "warc-payload-digest"]
        self._writer.write_record(WarcRecord(tuple(fields), record.block))
        self._remember(record.record_id)

    def _remember(self, record_id: str) -> None:
        self._kept[record_id] = None
        if len(self._kept) > _MAX_KEPT_IDS:
            self._kept.popitem(last=False)


def _relations(record: WarcRecord) -> list[str]:
    return all_fields(record.fields, "WARC-Concurrent-To") + all_fields(record.fields, "WARC-Refers-To")
