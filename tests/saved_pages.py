"""Saved pages with the records expected of them: ``tests/pages/<source>/<case>/``.

A case holds ``page.html`` or ``page.txt`` (the bytes as archived) and ``expected.json``::

    {"url": "https://…" or null, "content_type": "text/html; charset=utf-8" (optional),
     "status_code": 200 (optional), "verdict": "detail",
     "findings": [{"type": "practice_tab", "record_id": "bdp:12", …}, …]}

Each finding lists the fields to hold, every one of which is a test of its own; fields left out are not compared.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.extract.page import Page
from pipeline.records import Capture, Finding
from pipeline.sources.spec import Judgement, Source, discovered_sources, source_of

PAGES = Path(__file__).parent / "pages"


class Case(NamedTuple):
    source: str
    name: str
    folder: Path

    @property
    def id(self) -> str:
        return f"{self.source}/{self.name}"

    @property
    def expected(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / "expected.json").read_text("utf-8"))
        return loaded


def all_cases() -> list[Case]:
    return [Case(f.parent.parent.name, f.parent.name, f.parent) for f in sorted(PAGES.glob("*/*/expected.json"))]


def capture(url: str | None, media_type: str | None, *, status_code: int | None = None) -> Capture:
    """A capture for a page that never was in an archive."""
    return Capture(
        capture_id="c:0000000000000000",
        source_url=url,
        captured_at=None,
        record_type="resource" if status_code is None else "response",
        status_code=status_code,
        media_type=media_type,
        body_digest="sha1:TEST",
        warc_file="test.warc.gz",
        warc_offset=0,
    )


def saved_page(case: Case) -> Page:
    file = next(case.folder.glob("page.*"))
    expected = case.expected
    content_type = expected.get("content_type")
    media_type = content_type.partition(";")[0] if content_type else {".html": "text/html", ".txt": "text/plain"}[file.suffix]
    return Page(
        capture(expected["url"], media_type, status_code=expected.get("status_code")),
        file.read_bytes(),
        {"content-type": content_type} if content_type else {},
    )


@cache
def sources() -> tuple[Source, ...]:
    return tuple(discovered_sources())


def reading(page: Page) -> tuple[Source, Judgement, list[Finding]]:
    """What the pipeline's sources say of a page: who reads it, the verdict, and what was found."""
    source = source_of(page, sources())
    assert source is not None
    judgement = source.module.page_verdict(page, source)
    findings = list(source.module.parse(page, source)) if judgement.verdict in ("detail", "index") else []
    return source, judgement, findings


@cache
def reading_of(case: Case) -> tuple[Source, Judgement, list[dict[str, Any]]]:
    source, judgement, findings = reading(saved_page(case))
    return source, judgement, [msgspec.to_builtins(finding) for finding in findings]
