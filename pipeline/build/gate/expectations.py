"""Requirements that each source's TOML states: numbers of rows, shares of rows with a value. Below refuses, above warns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.gate.causes import Causes
from pipeline.build.gate.checks import Problem
from pipeline.build.gate.evidence import (
    ENOUGH_ROWS,
    Evidence,
    Publisher,
    counted,
    first_page,
    of_source,
    share,
    without,
)
from pipeline.build.gate.readable import misread_rows
from pipeline.build.gate.shapes import shape_of
from pipeline.build.gate.tallies import SourceRows, Tallies
from pipeline.schema.spec import tables
from pipeline.sources.spec import RowExpectation

MOST_MISREAD = 0.05
MOST_CONTACTS = 0.2


def expectation_problems(
    source: Publisher, made: Mapping[str, pa.Table], evidence: Evidence, causes: Causes, tallies: Tallies
) -> Iterator[Problem]:
    """What the rows of one source lack against its TOML, and against what holds for any source."""
    pages = of_source(made["captures"], source.name)
    details = counted(pages, "verdict")["detail"]
    rows_found = 0
    for table, expectation in source.facts.expect.items():
        rows = SourceRows(made, table, source.name, tallies, are_standing=True)
        rows_found += rows.number
        yield from _volume_problems(source.name, rows, expectation.rows, evidence, causes)
        if rows.number >= ENOUGH_ROWS:
            for column, limits in expectation.shares.items():
                yield from _fill_problems(source.name, column, rows, limits, causes)
    if pages.num_rows >= ENOUGH_ROWS and not details and not rows_found:
        yield Problem(
            "refuse",
            "a source yields records",
            source.name,
            f"{pages.num_rows} pages archived, none carries a record",
            may_be_accepted=True,
            source=source.name,
            example=first_page(pages),
            cause=causes.of(source.name),
        )
    yield from _text_problems(source.name, made, tallies)
    account = evidence.accounts.get(source.name)
    if account is not None and (account.is_forbidden or account.trouble is not None):
        detail = f"the crawl {account.run} had no answer: the rows of this source are those of earlier captures"
        yield Problem("warn", "a source answers", source.name, detail, source=source.name, cause=causes.of(source.name))


def whole_problems(whole: Mapping[str, RowExpectation], made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """What the tables lack against expectations of the whole, of however few rows: a sample site is known to the row."""
    for table, expectation in whole.items():
        if table not in made:
            continue  # restricted, and left out of this snapshot
        rows = made[table]
        least, most = expectation.rows
        if not least <= rows.num_rows <= most:
            detail = f"{rows.num_rows} rows, {least} to {most} are expected"
            yield _of_whole("number of rows", table, detail, first_page(rows), is_less=rows.num_rows < least)
        for column, (least_share, most_share) in expectation.shares.items():
            filled = share(rows, column)
            if not least_share <= round(filled, 4) <= most_share:
                detail = (
                    f"{filled:.2%} of {rows.num_rows} rows have a value, {least_share:.0%} to {most_share:.0%} are expected"
                )
                example = first_page(without(rows, column))
                yield _of_whole("fill rate", f"{table}.{column}", detail, example, is_less=filled < least_share)


def _of_whole(requirement: str, where: str, detail: str, example: str | None, *, is_less: bool) -> Problem:
    cause = "the sample site or the code that reads it was changed, or the data folder was made by an older version"
    return Problem(
        "refuse" if is_less else "warn", requirement, where, detail, may_be_accepted=True, example=example, cause=cause
    )


def _volume_problems(
    source: str, rows: SourceRows, limits: tuple[int, int], evidence: Evidence, causes: Causes
) -> Iterator[Problem]:
    least, most = limits
    where = f"{source}: {rows.table}"
    if rows.number > most:
        detail = f"{rows.number} rows, at most {most} are expected"
        yield Problem("warn", "number of rows", where, detail, source=source, example=first_page(rows.rows))
    account = evidence.accounts.get(source)
    if evidence.asks_volumes and account is not None and account.is_crawled_to_the_end and rows.number < least:
        detail = f"{rows.number} rows after a crawl to the end, at least {least} are expected"
        cause = causes.of(source, rows.table)
        yield Problem(
            "refuse",
            "number of rows",
            where,
            detail,
            may_be_accepted=True,
            source=source,
            example=first_page(rows.rows),
            cause=cause if "look at" not in cause else "listing empty or cut",
        )


def _fill_problems(
    source: str, column: str, rows: SourceRows, limits: tuple[float, float], causes: Causes
) -> Iterator[Problem]:
    least, most = limits
    share_filled = rows.filled(column) / rows.number
    where = f"{source}: {rows.table}.{column}"
    if share_filled < least:
        yield Problem(
            "refuse",
            "fill rate",
            where,
            f"{share_filled:.0%} of {rows.number} rows have a value, at least {least:.0%} is expected",
            may_be_accepted=True,
            source=source,
            example=first_page(without(rows.rows, column)),
            cause=causes.of(source, rows.table, column),
        )
    elif share_filled > most:
        detail = f"{share_filled:.0%} of {rows.number} rows have a value, at most {most:.0%} is expected"
        yield Problem("warn", "fill rate", where, detail, source=source, example=first_page(rows.rows))


def _text_problems(source: str, made: Mapping[str, pa.Table], tallies: Tallies) -> Iterator[Problem]:
    """Text in a wrong charset, and contact data where a place, a name or a date is printed."""
    for name, table in tables().items():
        if not table.has_provenance or table.is_restricted or name not in made:
            continue
        rows = SourceRows(made, name, source, tallies)
        for column, spec in table.columns.items():
            if not rows.number or spec.type != "text" or not (spec.is_prose or spec.privacy == "institution"):
                continue
            asks_shapes = spec.label is not None and not column.endswith("_raw")
            told = _told(rows, column, asks_shapes=asks_shapes)
            where = f"{source}: {name}.{column}"
            if told.misread:
                many = told.filled >= ENOUGH_ROWS and told.misread / told.filled > MOST_MISREAD
                yield Problem(
                    "refuse" if many else "warn",
                    "text is decoded rightly",
                    where,
                    f"{told.misread} of {told.filled} values hold letters that a wrong charset makes",
                    may_be_accepted=True,
                    source=source,
                    example=_page_at(rows, _firsts(rows.rows, column, asks_shapes=asks_shapes).misread),
                    cause="charset flipped",
                )
            if told.filled >= ENOUGH_ROWS and told.moved / told.filled > MOST_CONTACTS:
                yield Problem(
                    "refuse",
                    "values stand under their own label",
                    where,
                    f"{told.moved} of {told.filled} values are telephones, e-mails or web addresses",
                    may_be_accepted=True,
                    source=source,
                    example=_page_at(rows, _firsts(rows.rows, column, asks_shapes=asks_shapes).moved),
                    cause=f"labels swapped: contact data stand where {spec.label!r} is printed",
                )


class _Told(NamedTuple):
    """What a column of text shows: how many values, those with misread letters, those that are contact data."""

    filled: int
    misread: int
    moved: int


def _told(rows: SourceRows, column: str, *, asks_shapes: bool) -> _Told:
    def counted(some: pa.Table) -> dict[str, int]:
        found: Counter[str] = Counter()
        for values, misread, moved in _signs(some, column, asks_shapes=asks_shapes):
            found.update(filled=len(values) - values.null_count, misread=misread.true_count, moved=len(moved))
        return found

    found = rows.tally(f"{column}: letters and contact data", counted)
    return _Told(found["filled"], found["misread"], found["moved"])


class _Firsts(NamedTuple):
    """Numbers of the first rows with misread letters and with contact data; 0 without any."""

    misread: int
    moved: int


def _firsts(rows: pa.Table, column: str, *, asks_shapes: bool) -> _Firsts:
    number = 0
    firsts: dict[str, int] = {}
    for values, misread, moved in _signs(rows, column, asks_shapes=asks_shapes):
        if misread.true_count:
            firsts.setdefault("misread", number + pc.index(misread, True).as_py())
        if moved:
            firsts.setdefault("moved", number + moved[0])
        number += len(values)
    return _Firsts(firsts.get("misread", 0), firsts.get("moved", 0))


def _signs(rows: pa.Table, column: str, *, asks_shapes: bool) -> Iterator[tuple[pa.Array, pa.Array, list[int]]]:
    """Values, which of them have misread letters, and the places of those that are contact data; some rows at a time."""
    for batch in rows.select([column]).to_batches():
        values = batch.column(0)
        moved: list[int] = []
        if asks_shapes:
            moved = [at for at, text in enumerate(values.to_pylist()) if text and shape_of(text) in _CONTACT_SHAPES]
        yield values, misread_rows(values), moved


def _page_at(rows: SourceRows, number: int) -> str | None:
    return first_page(rows.rows.slice(number, 1))


_CONTACT_SHAPES = frozenset({"masked e-mail", "masked telephone", "telephone", "e-mail", "web address"})
