"""Requirements that each source's TOML states: numbers of rows, shares of rows with a value. Below refuses, above warns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.causes import Causes
from pipeline.build.checks import Problem
from pipeline.build.evidence import (
    ENOUGH_ROWS,
    Evidence,
    Publisher,
    counted,
    filled,
    first_page,
    of_source,
    share,
    standing,
    without,
)
from pipeline.build.readable import misread_rows
from pipeline.build.shapes import shape_of
from pipeline.schema.spec import tables
from pipeline.sources.spec import RowExpectation

MOST_MISREAD = 0.05
MOST_CONTACTS = 0.2


def expectation_problems(
    source: Publisher, made: Mapping[str, pa.Table], evidence: Evidence, causes: Causes
) -> Iterator[Problem]:
    """What the rows of one source lack against its TOML, and against what holds for any source."""
    pages = of_source(made["captures"], source.name)
    details = counted(pages, "verdict")["detail"]
    rows_found = 0
    for table, expectation in source.facts.expect.items():
        rows = standing(of_source(made[table], source.name))
        rows_found += rows.num_rows
        yield from _volume_problems(source.name, table, rows, expectation.rows, evidence, causes)
        if rows.num_rows >= ENOUGH_ROWS:
            for column, limits in expectation.shares.items():
                yield from _fill_problems(source.name, table, column, rows, limits, causes)
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
    yield from _text_problems(source.name, made)
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
            yield _of_whole(rows.num_rows < least, "number of rows", table, detail, first_page(rows))
        for column, (least_share, most_share) in expectation.shares.items():
            filled = share(rows, column)
            if not least_share <= round(filled, 4) <= most_share:
                detail = (
                    f"{filled:.2%} of {rows.num_rows} rows have a value, {least_share:.0%} to {most_share:.0%} are expected"
                )
                example = first_page(without(rows, column))
                yield _of_whole(filled < least_share, "fill rate", f"{table}.{column}", detail, example)


def _of_whole(is_less: bool, requirement: str, where: str, detail: str, example: str | None) -> Problem:  # noqa: FBT001
    cause = "the sample site or the code that reads it was changed, or the data folder was made by an older version"
    return Problem(
        "refuse" if is_less else "warn", requirement, where, detail, may_be_accepted=True, example=example, cause=cause
    )


def _volume_problems(
    source: str, table: str, rows: pa.Table, limits: tuple[int, int], evidence: Evidence, causes: Causes
) -> Iterator[Problem]:
    least, most = limits
    where = f"{source}: {table}"
    if rows.num_rows > most:
        detail = f"{rows.num_rows} rows, at most {most} are expected"
        yield Problem("warn", "number of rows", where, detail, source=source, example=first_page(rows))
    account = evidence.accounts.get(source)
    if evidence.asks_volumes and account is not None and account.is_crawled_to_the_end and rows.num_rows < least:
        detail = f"{rows.num_rows} rows after a crawl to the end, at least {least} are expected"
        cause = causes.of(source, table)
        yield Problem(
            "refuse",
            "number of rows",
            where,
            detail,
            may_be_accepted=True,
            source=source,
            example=first_page(of_source(rows, source)),
            cause=cause if "look at" not in cause else "listing empty or cut",
        )


def _fill_problems(
    source: str, table: str, column: str, rows: pa.Table, limits: tuple[float, float], causes: Causes
) -> Iterator[Problem]:
    least, most = limits
    share_filled = filled(rows, column) / rows.num_rows
    where = f"{source}: {table}.{column}"
    if share_filled < least:
        yield Problem(
            "refuse",
            "fill rate",
            where,
            f"{share_filled:.0%} of {rows.num_rows} rows have a value, at least {least:.0%} is expected",
            may_be_accepted=True,
            source=source,
            example=first_page(without(rows, column)),
            cause=causes.of(source, table, column),
        )
    elif share_filled > most:
        detail = f"{share_filled:.0%} of {rows.num_rows} rows have a value, at most {most:.0%} is expected"
        yield Problem("warn", "fill rate", where, detail, source=source, example=first_page(rows))


def _text_problems(source: str, made: Mapping[str, pa.Table]) -> Iterator[Problem]:
    """Text in a wrong charset, and contact data where a place, a name or a date is printed."""
    for name, table in tables().items():
        if not table.has_provenance or table.is_restricted or name not in made:
            continue
        rows = of_source(made[name], source)
        for column, spec in table.columns.items():
            if spec.type != "text" or not (spec.is_prose or spec.privacy == "institution"):
                continue
            is_labelled = spec.label is not None and not column.endswith("_raw")
            told = _told(rows, column, asks_shapes=is_labelled)
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
                    example=first_page(rows.slice(told.first_misread, 1)),
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
                    example=first_page(rows.slice(told.first_moved, 1)),
                    cause=f"labels swapped: contact data stand where {spec.label!r} is printed",
                )


class _Told(NamedTuple):
    """What a column of text shows: how many values, those with misread letters, those that are contact data; first rows."""

    filled: int
    misread: int
    first_misread: int
    moved: int
    first_moved: int


def _told(rows: pa.Table, column: str, *, asks_shapes: bool) -> _Told:
    filled = number = misread = moved = first_misread = first_moved = 0
    for batch in rows.select([column]).to_batches():
        values = batch.column(0)
        filled += len(values) - values.null_count
        wrong = misread_rows(values)
        if wrong.true_count and not misread:
            first_misread = number + pc.index(wrong, True).as_py()
        misread += wrong.true_count
        if asks_shapes:
            for place, text in enumerate(values.to_pylist(), number):
                if text and shape_of(text) in _CONTACT_SHAPES:
                    first_moved = first_moved if moved else place
                    moved += 1
        number += len(values)
    return _Told(filled, misread, first_misread, moved, first_moved)


_CONTACT_SHAPES = frozenset({"masked e-mail", "masked telephone", "telephone", "e-mail", "web address"})
