"""The record that begins a WARC file: which program made it, and how (ISO 28500:2017, 6.2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pipeline import __version__
from pipeline.archive.dates import iso_time
from pipeline.archive.heads import clean_name, clean_value
from pipeline.archive.packing import completed_record
from pipeline.archive.warc import WarcRecord, new_record_id


def warcinfo_record(filename: str, time: dt.datetime, info: Mapping[str, str]) -> WarcRecord:
    """The complete warcinfo of the file of that name. ``info``: further fields, of the run that writes it."""
    fields = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", new_record_id()),
        ("WARC-Filename", filename),
        ("WARC-Date", iso_time(time)),
        ("Content-Type", "application/warc-fields"),
    )
    named = {
        "software": f"praktyki/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        **info,
    }
    block = "".join(f"{clean_name(name)}: {clean_value(value)}\r\n" for name, value in named.items())
    return completed_record(WarcRecord(fields, block.encode("utf-8")), "")
