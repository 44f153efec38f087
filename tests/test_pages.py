"""Every source against its saved pages: one test for the verdict, one for the kinds of findings, one for each field."""

from __future__ import annotations

from typing import Any

import pytest
from saved_pages import Case, all_cases, reading_of, sources

from pipeline.sources.discovery import unfilled

CASES = all_cases()
FIELDS = [
    pytest.param(case, position, field, value, id=f"{case.id}-{position}-{finding['type']}-{field}")
    for case in CASES
    for position, finding in enumerate(case.expected["findings"])
    for field, value in finding.items()
]


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_source_and_verdict(case: Case) -> None:
    source, judgement, _ = reading_of(case)
    assert (source.name, judgement.verdict) == (case.source, case.expected["verdict"]), judgement.reason
    assert judgement.reason


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_kinds_of_findings(case: Case) -> None:
    _, _, findings = reading_of(case)
    assert [finding["type"] for finding in findings] == [finding["type"] for finding in case.expected["findings"]]


@pytest.mark.parametrize(("case", "position", "field", "expected"), FIELDS)
def test_field(case: Case, position: int, field: str, expected: Any) -> None:
    _, _, findings = reading_of(case)
    assert findings[position].get(field) == expected


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_nothing_is_left_to_fill_in(case: Case) -> None:
    assert [line for path in sorted(case.folder.iterdir()) for line in unfilled(path)] == []


@pytest.mark.parametrize("source", [source.name for source in sources()])
def test_every_source_has_a_good_page_and_a_bad_one(source: str) -> None:
    verdicts = {case.expected["verdict"] for case in CASES if case.source == source}
    assert "detail" in verdicts
    assert verdicts & {"gone", "shell", "not_ours"}
