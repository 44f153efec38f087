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
from pipeline.records import Finding
from pipeline.scaffold import cases
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Judgement, Source, source_of

capture = cases.page_capture
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


def saved_page(case: Case) -> Page:
    return cases.saved_page(case.folder, case.expected)


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
