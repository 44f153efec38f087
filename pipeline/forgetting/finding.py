"""Which records must go, by their bytes and by what was read out of them; and a brake on terms that are nobody's name."""

from __future__ import annotations

from typing import Final

import msgspec

from pipeline.archive.index import archive_digests, warc_paths
from pipeline.config import Settings
from pipeline.errors import UsageError
from pipeline.extract.run import extracted_name, extracted_pages, header_of
from pipeline.forgetting.files import strings_of
from pipeline.forgetting.readings import readings
from pipeline.forgetting.scan import ArchiveScan, archive_scan
from pipeline.privacy.terms import Matcher

MANY_RECORDS: Final = 100
MANY_SHARE: Final = 0.05
"""More records than both are not forgotten by mistake."""


def scan_of(settings: Settings, matcher: Matcher) -> ArchiveScan:
    """What must go: records that hold a term in their bytes, or out of which extract read one. Raises ArchiveError."""
    also = _hits_by_what_was_read(settings, matcher)
    return archive_scan(settings.raw, matcher, also, engine=settings.engine, workers=settings.worker_count)


def _hits_by_what_was_read(settings: Settings, matcher: Matcher) -> dict[str, frozenset[int]]:
    """Records out of which extract read a term, WARC file → offsets: what stands together there stands apart on the page."""
    found: dict[str, frozenset[int]] = {}
    for warc in warc_paths(settings.raw):
        name = warc.relative_to(settings.raw).as_posix()
        path = settings.extracted / extracted_name(name)
        header = header_of(path)
        if header is None or header.warc_sha256 != archive_digests(warc).warc_sha256:
            continue
        offsets = {
            page.capture.warc_offset
            for _, page in extracted_pages(path)
            if matcher.holds_any(reading for text in strings_of(msgspec.to_builtins(page)) for reading in readings(text))
        }
        if offsets:
            found[name] = frozenset(offsets)
    return found


def refuse_many(scan: ArchiveScan) -> None:
    """A name that is a word of the language, or of the publisher, would take half of the archive along. Raises UsageError."""
    hits = sum(map(len, scan.hits.values()))
    if hits > MANY_RECORDS and hits > MANY_SHARE * scan.records:
        said = f"{hits} of {scan.records} records hold a term: is it a person's?"
        raise UsageError(f"{said} look with --dry-run, and give --many if it must be")
