"""A source held against its saved pages: ``<pages>/<source>/<case>/``, the page as archived and the records expected of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.errors import UsageError
from pipeline.extract.page import Page
from pipeline.records import Capture
from pipeline.scaffold.create import homes
from pipeline.sources.discovery import discovered_sources, unfilled
from pipeline.sources.spec import source_of

_TYPES = {".html": "text/html", ".txt": "text/plain"}


class Checked(NamedTuple):
    """What a source was held against, and what does not hold, one line each."""

    cases: list[str]
    problems: list[str]


def checked_source(name: str, sources_dir: Path | None) -> Checked:
    """What is not filled in, or does not hold, of the source ``name``. Raises UsageError when there is no such source."""
    sources, pages = homes(sources_dir)
    toml = sources / f"{name}.toml"
    if not toml.is_file():
        raise UsageError(f"{toml}: no such source; `praktyki new-source {name}` makes its files")
    files = [toml, toml.with_suffix(".py"), *sorted(path for path in (pages / name).rglob("*") if path.is_file())]
    problems = [line for path in files for line in unfilled(path)]
    cases = sorted((pages / name).glob("*/expected.json"))
    if not problems:
        problems = [line for case in cases for line in _case_problems(name, case, sources_dir)]
        problems = problems or [*_missing_kinds(pages / name, cases)]
    return Checked([case.parent.name for case in cases], problems)


def saved_page(folder: Path, expected: dict[str, Any]) -> Page:
    """The page of a case as the extract stage would see it."""
    file = next(folder.glob("page.*"))
    content_type = expected.get("content_type")
    media_type = content_type.partition(";")[0] if content_type else _TYPES[file.suffix]
    capture = page_capture(expected["url"], media_type, status_code=expected.get("status_code"))
    return Page(capture, file.read_bytes(), {"content-type": content_type} if content_type else {})


def page_capture(url: str | None, media_type: str | None, *, status_code: int | None = None) -> Capture:
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


def _case_problems(name: str, path: Path, sources_dir: Path | None) -> Iterator[str]:
    try:
        expected = json.loads(path.read_text("utf-8"))
        page = saved_page(path.parent, expected)
        wanted = [dict(finding) for finding in expected["findings"]]
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        yield f"{path}: cannot be read ({type(error).__name__}: {error}); url, verdict, findings and page.html are meant"
        return
    source = source_of(page, discovered_sources(sources_dir))
    if source is None or source.name != name:
        yield f"{path}: the page goes to source {source.name if source else None}; mend [claims] in {name}.toml"
        return
    try:
        judgement = source.module.page_verdict(page, source)
        if judgement.verdict != expected.get("verdict"):
            yield f"{path}: verdict is {judgement.verdict} ({judgement.reason}), {expected.get('verdict')} is expected"
        is_read = judgement.verdict in ("detail", "index")
        found = [msgspec.to_builtins(finding) for finding in source.module.parse(page, source)] if is_read else []
    except Exception as error:  # noqa: BLE001 - whatever a parser under way raises is what its author wants to see
        yield f"{path}: {type(error).__name__}: {error}"
        return
    if [finding["type"] for finding in found] != [finding.get("type") for finding in wanted]:
        yield f"{path}: found {[finding['type'] for finding in found]}, expected {[finding.get('type') for finding in wanted]}"
        return
    for number, (have, want) in enumerate(zip(found, wanted, strict=True)):
        for field, value in want.items():
            if have.get(field) != value:
                yield f"{path}: findings[{number}].{field} is {have.get(field)!r}, {value!r} is expected"


def _missing_kinds(folder: Path, cases: list[Path]) -> Iterator[str]:
    verdicts = {json.loads(path.read_text("utf-8")).get("verdict") for path in cases}
    if "detail" not in verdicts:
        yield f"{folder}: no page with a record (verdict detail); save one as <case>/page.html with its expected.json"
    if not verdicts & {"gone", "shell", "not_ours"}:
        yield f"{folder}: no bad page (gone, shell or not_ours); save one as <case>/page.html with its expected.json"
