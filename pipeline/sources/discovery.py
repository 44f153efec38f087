"""All sources there are: found by their files, and refused when what these state does not hold together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import msgspec

from pipeline.errors import SourceSpecError
from pipeline.schema.spec import tables
from pipeline.sources.loading import outside_module, package_module
from pipeline.sources.spec import RowExpectation, Source, SourceFacts, SourceModule, folded_label

NAME = re.compile(r"[a-z][a-z0-9_]*")
"""What a source may be called."""

FILL = "FILL:"
"""Marks what is left to write in the files that `praktyki new-source` makes."""


def discovered_sources(extra_dir: Path | None = None) -> list[Source]:
    """All sources by name: those of the package and those in ``extra_dir``.

    Raises SourceSpecError for a stem without its other half, a broken TOML, or a name that stands twice.
    """
    found = [_source(path, partial(package_module, path)) for path in _stems(Path(__file__).parent)]
    if extra_dir is not None:
        if not extra_dir.is_dir():
            raise SourceSpecError(
                f"{extra_dir}: no such folder; --sources-dir names the folder that holds <source>.toml and .py"
            )
        found += [_source(path, outside_module(path)) for path in _stems(extra_dir)]
    names = [source.name for source in found]
    for name in names:
        if names.count(name) > 1:
            raise SourceSpecError(f"source {name!r} stands in the package and in {extra_dir}; rename one of them")
    fallbacks = [source.name for source in found if source.facts.claims.is_fallback]
    if len(fallbacks) > 1:
        raise SourceSpecError(f"several sources claim to be the fallback: {', '.join(fallbacks)}; only one may")
    return sorted(found, key=lambda source: source.name)


def unfilled(path: Path) -> list[str]:
    """What is left to write in a file of a source, one line each: ``<path>:<line>: FILL: …``."""
    lines = path.read_text("utf-8", "replace").splitlines()
    return [f"{path}:{number}: {_told(line)}" for number, line in enumerate(lines, 1) if FILL in line]


def _told(line: str) -> str:
    """The text that stands after the mark, without what closes it."""
    return FILL + line.partition(FILL)[2].rstrip().removesuffix("-->").rstrip(" \"',])")


def _stems(folder: Path) -> list[Path]:
    tomls = sorted(folder.glob("*.toml"))
    for path in tomls:
        if not path.with_suffix(".py").is_file():
            raise SourceSpecError(f"{path}: its parser {path.with_suffix('.py').name} is missing")
    return tomls


def _source(path: Path, module: SourceModule | Callable[[], SourceModule]) -> Source:
    name = path.stem
    if not NAME.fullmatch(name):
        raise SourceSpecError(f"{path}: a source's name is small letters, digits and underscores")
    try:
        facts = msgspec.toml.decode(path.read_bytes(), type=SourceFacts)
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise SourceSpecError(f"{path}: {error}") from error
    left = [line for file in (path, path.with_suffix(".py")) for line in unfilled(file)]
    if left:
        more = f" (and {len(left) - 1} more places: `praktyki check-source {name}` lists them)" if len(left) > 1 else ""
        raise SourceSpecError(f"{left[0]}{more}")
    source = Source(name, facts, module, (path, path.with_suffix(".py")))
    _check_labels(source)
    check_expectations(path, facts.expect)
    _check_crawl(source)
    return source


def _check_labels(source: Source) -> None:
    spellings = [folded_label(s) for group in source.facts.labels.columns.values() for s in group]
    spellings += [folded_label(s) for s in source.facts.labels.ignored]
    twice = sorted({s for s in spellings if spellings.count(s) > 1})
    if twice:
        raise SourceSpecError(f"{source.files[0]}: label stands under two columns or twice: {', '.join(twice)}")


def check_expectations(where: Path, expect: Mapping[str, RowExpectation]) -> None:
    """Without expectations the gate could not tell a broken run from a good one: rows and fill rates are stated, as ranges.

    Raises SourceSpecError naming the file ``where``, table and column.
    """
    if not expect:
        raise SourceSpecError(f"{where}: states no fill rate; write [expect.<table>] with rows and fill")
    for name, expectation in expect.items():
        table = tables().get(name)
        if table is None or "source" not in table.columns:
            raise SourceSpecError(f"{where}: [expect.{name}]: no such table of records")
        if not 0 <= expectation.rows[0] <= expectation.rows[1]:
            raise SourceSpecError(f"{where}: [expect.{name}] rows: [minimum, maximum] is meant, not {list(expectation.rows)}")
        if not expectation.fill:
            raise SourceSpecError(f"{where}: [expect.{name}] states no fill rate; write fill = {{ <column> = [least, most] }}")
        for column, limits in expectation.fill.items():
            if column not in table.columns:
                raise SourceSpecError(f"{where}: [expect.{name}.fill]: table {name} has no column {column!r}")
            if not isinstance(limits, tuple):
                raise SourceSpecError(
                    f"{where}: [expect.{name}.fill] {column} = {limits}: a range is meant, [least, most], e.g. [{limits}, 1.0]"
                )
            least, most = limits
            if not 0 <= least <= most <= 1:
                raise SourceSpecError(f"{where}: [expect.{name}.fill] {column}: shares from 0 to 1, the least first")


def _check_crawl(source: Source) -> None:
    crawl = source.facts.crawl
    if crawl is None:
        return
    for pattern in (*(rule.pattern for rule in crawl.follow), *(rule.pattern for rule in crawl.rewrite)):
        try:
            re.compile(pattern)
        except re.error as error:
            raise SourceSpecError(f"{source.files[0]}: [crawl] pattern {pattern!r}: {error}") from error
    if not crawl.hosts and not source.facts.claims.hosts and not source.facts.claims.is_fallback:
        raise SourceSpecError(f"{source.files[0]}: [crawl] needs hosts, since the source claims none")
    ages = (crawl.revisit_days.listing, crawl.revisit_days.detail, crawl.revisit_days.attachment, crawl.revisit_days.sitemap)
    if min(crawl.delay_seconds, crawl.max_pages, crawl.max_depth, crawl.attachment_bytes, *ages) < 0:
        raise SourceSpecError(f"{source.files[0]}: [crawl] holds a number below 0")
