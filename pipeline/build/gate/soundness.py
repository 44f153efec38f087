"""Signs of a fault that the rows of a source show by themselves, whatever the snapshot before said.

Records that hold their parts twice, units no register knows, dates in the future, texts in languages the source does not
publish in, texts whose letters are not those of their language, and markup that was escaped twice.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.gate.checks import Problem
from pipeline.build.gate.evidence import ENOUGH_ROWS, Publisher, counted, first_page, matching, row_with
from pipeline.build.gate.readable import entity_rows
from pipeline.build.gate.tallies import SourceRows, Tallies
from pipeline.schema.spec import tables

MOST_REPEATED: Final = 0.3
MOST_IN_OTHER_LANGUAGES: Final = 0.2
MOST_REFUSED: Final = 0.5
MOST_UNKNOWN: Final = 0.4
_A_DAY: Final = pa.scalar(dt.timedelta(days=1), pa.duration("s"))
FEW: Final = 0.05
_PARTS: Final = {
    # table: the record a row belongs to, the text that makes two rows the same, whether publishers never repeat it themselves
    "practice_sections": ("practice_id", "text", True),
    "practice_contacts": ("practice_id", "raw_text", True),
    "slides": ("presentation_id", "text", False),
}
_LEAST_TOLD: Final = 40
"""Characters from which a repeated text is no mere heading."""
_HEAD: Final = 4 * _LEAST_TOLD
_LANGUAGE_OF: Final = {"practices": "summary", "articles": "text", "practice_sections": "text", "slides": "text"}
_CYRILLIC: Final = frozenset(("uk", "ru", "be", "bg", "sr", "mk", "kk"))
_MOSTLY: Final = 0.7


def soundness_problems(source: Publisher, made: Mapping[str, pa.Table], tallies: Tallies) -> Iterator[Problem]:
    """Problems of one source."""
    for name in tables():
        if name in made and tables()[name].has_provenance:
            rows = SourceRows(made, name, source.name, tallies, are_standing=True)
            if not rows.number:
                continue
            if name in _PARTS:
                yield from _repetition_problems(source.name, rows)
            if name in ("practices", "presentations", "articles"):
                yield from _language_problems(source, rows)
            if name == "practices":
                yield from _unit_problems(source.name, rows)
            yield from _date_problems(source.name, rows)
            if name in _LANGUAGE_OF:
                yield from _letter_problems(source.name, rows)
            if not tables()[name].is_restricted:
                yield from _markup_problems(source.name, rows)


def _problem(
    source: str, requirement: str, where: str, detail: str, cause: str, example: pa.Table, *, is_refused: bool
) -> Problem:
    level: Any = "refuse" if is_refused else "warn"
    page = first_page(example)
    return Problem(
        level, requirement, f"{source}: {where}", detail, may_be_accepted=True, source=source, example=page, cause=cause
    )


def _repetition_problems(source: str, rows: SourceRows) -> Iterator[Problem]:
    record, told, is_refused = _PARTS[rows.table]
    if rows.number < ENOUGH_ROWS:
        return

    def counted(some: pa.Table) -> dict[str, int]:
        same = _same_parts(some, record, told)
        return {"again": sum((pc.sum(parts["count_all"]).as_py() or 0) - parts.num_rows for parts in same)}

    again = rows.tally("parts that say the same", counted)["again"]
    if again / rows.number > MOST_REPEATED:
        detail = f"{again} of {rows.number} rows repeat another row of their record"
        cause = "the page prints its parts twice, or the parser takes them twice"
        first = next(parts[record][0].as_py() for parts in _same_parts(rows.rows, record, told) if parts.num_rows)
        example = row_with(rows.rows, record, first)
        yield _problem(source, "a record says a thing once", rows.table, detail, cause, example, is_refused=is_refused)


def _same_parts(rows: pa.Table, record: str, told: str) -> Iterator[pa.Table]:
    """Parts of records that say the same as another one, with their number; the rows stand record by record."""

    def grouped(some: pa.Table) -> pa.Table:
        long_enough = pc.greater_equal(pc.utf8_length(pc.fill_null(some[told], "")), _LEAST_TOLD)
        parts = some.filter(long_enough).group_by([record, told]).aggregate([([], "count_all")])
        return parts.filter(pc.greater(parts["count_all"], 1)).sort_by([(record, "ascending")])

    waiting: pa.Table | None = None  # the last record of a batch may go on in the next one
    for batch in rows.select([record, told]).to_batches():
        some = pa.Table.from_batches([batch])
        if waiting is not None:
            some = pa.concat_tables([waiting, some])
        is_last = pc.equal(some[record], some[record][-1])
        waiting = some.filter(is_last)
        yield grouped(some.filter(pc.invert(is_last)))
    if waiting is not None:
        yield grouped(waiting)


def _unit_problems(source: str, rows: SourceRows) -> Iterator[Problem]:
    """Practices that name a unit which no register knows: the names stand under each other's labels, or are cut."""
    units = rows.tally("units", lambda some: {"named": _named(some).num_rows, "unknown": _unknown(some).num_rows})
    named, unknown = units["named"], units["unknown"]
    if named >= ENOUGH_ROWS and unknown / named > MOST_UNKNOWN:
        detail = f"{unknown} of {named} practices name a unit that is not in the register, or is not certain"
        cause = "labels swapped (locality, powiat, voivodeship), names cut, or an old register"
        example = _unknown(rows.rows)
        yield _problem(source, "units are in the register", f"{rows.table}.terc", detail, cause, example, is_refused=False)


def _named(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.and_(pc.is_valid(rows["locality"]), pc.is_valid(rows["powiat"])))


def _unknown(rows: pa.Table) -> pa.Table:
    named = _named(rows)
    return named.filter(pc.is_null(named["terc"]))


def _date_problems(source: str, rows: SourceRows) -> Iterator[Problem]:
    """Days after the capture that tells of them; the day itself may be the next one where the publisher is."""
    for column, spec in tables()[rows.table].columns.items():
        if spec.type != "date" or column == "gone_on":
            continue

        def future(some: pa.Table, column: str = column) -> pa.Table:
            return matching(some, [column, "captured_at"], _is_in_the_future)

        later = rows.tally(f"{column}: in the future", lambda some: {"rows": future(some).num_rows})["rows"]
        dates = rows.filled(column)
        if later:
            detail = f"{later} of {dates} dates are later than the capture of their page"
            is_refused = dates >= ENOUGH_ROWS and later / dates > FEW
            cause = "dates printed in another format, or a clock of the publisher that is wrong"
            where, example = f"{rows.table}.{column}", future(rows.rows)
            yield _problem(source, "dates are not in the future", where, detail, cause, example, is_refused=is_refused)


def _is_in_the_future(rows: pa.RecordBatch) -> pa.Array:
    days = pc.cast(rows["captured_at"], pa.date32(), safe=False)  # times have microseconds, of which a day knows nothing
    captured = pc.add(pc.cast(days, pa.timestamp("s")), _A_DAY)
    return pc.fill_null(pc.greater(pc.cast(rows.column(0), pa.timestamp("s")), captured), False)


def _language_problems(source: Publisher, rows: SourceRows) -> Iterator[Problem]:
    told = rows.tally("languages", _languages)
    del told["und"]
    other = Counter({language: number for language, number in told.items() if language not in source.facts.languages})
    part = other.total() / told.total() if told else 0.0
    if told.total() < ENOUGH_ROWS or part <= MOST_IN_OTHER_LANGUAGES:
        return
    first = min(other, key=lambda language: (-other[language], language))
    detail = f"{other.total()} of {told.total()} texts are in languages the source does not state ({', '.join(sorted(other))})"
    cause = f"site translated or replaced: its texts are in {first}"
    is_refused = part > MOST_REFUSED and not source.facts.claims.is_fallback
    example = row_with(rows.rows, "language", first)
    where = f"{rows.table}.language"
    yield _problem(source.name, "texts are in the source's languages", where, detail, cause, example, is_refused=is_refused)


def _languages(rows: pa.Table) -> dict[str, int]:
    return {language: number for language, number in counted(rows, "language").items() if language is not None}


def _letter_problems(source: str, rows: SourceRows) -> Iterator[Problem]:
    columns = (_LANGUAGE_OF[rows.table], "language")

    def in_other_letters(some: pa.Table) -> pa.Table:
        # Letters are counted where one of the other script stands: counting takes thirty times as long as looking for one.
        mixed = matching(some, columns, lambda batch: _is_mixed(*columns, batch))
        return matching(mixed, columns, lambda batch: pc.and_(_is_asked(*columns, batch), _has_other_letters(*columns, batch)))

    def asked(some: pa.Table) -> dict[str, int]:
        return {"rows": matching(some, columns, lambda batch: _is_asked(*columns, batch)).num_rows}

    wrong = rows.tally("in other letters", lambda some: {"rows": in_other_letters(some).num_rows})["rows"]
    if wrong:
        texts = rows.tally("texts with letters enough", asked)["rows"]
        detail = f"{wrong} of {texts} texts are written in other letters than their language has"
        is_refused = texts >= ENOUGH_ROWS and wrong / texts > FEW
        cause = "the language was told wrongly"
        where, example = f"{rows.table}.language", in_other_letters(rows.rows)
        yield _problem(source, "languages fit the letters", where, detail, cause, example, is_refused=is_refused)


def _is_mixed(told: str, language: str, rows: pa.RecordBatch) -> pa.Array:
    """In which texts a letter stands that their language has not."""
    texts = pc.fill_null(rows[told], "")
    has_others = pc.match_substring_regex(texts, r"[^\P{L}\p{Cyrillic}]")
    return pc.if_else(_is_cyrillic(rows[language]), has_others, pc.match_substring_regex(texts, r"\p{Cyrillic}"))


def _is_cyrillic(languages: pa.Array) -> pa.Array:
    return pc.is_in(languages, value_set=pa.array(sorted(_CYRILLIC)))


def _is_asked(told: str, language: str, rows: pa.RecordBatch) -> pa.Array:
    """Which texts have letters enough to tell a language by, and have one."""
    texts = pc.fill_null(rows[told], "")
    heads = pc.utf8_slice_codeunits(texts, 0, _HEAD)  # most texts have shown as many letters by then
    is_long_enough = pc.greater_equal(pc.count_substring_regex(heads, r"\p{L}"), _LEAST_TOLD)
    is_open = pc.and_(pc.invert(is_long_enough), pc.greater(pc.utf8_length(texts), _HEAD))
    counted_whole = pc.greater_equal(pc.count_substring_regex(texts.filter(is_open), r"\p{L}"), _LEAST_TOLD)
    is_long_enough = pc.replace_with_mask(is_long_enough, is_open, counted_whole)
    return pc.and_(is_long_enough, pc.fill_null(pc.not_equal(rows[language], "und"), False))


def _has_other_letters(told: str, language: str, rows: pa.RecordBatch) -> pa.Array:
    """Which texts are mostly in other letters than their language has."""
    texts = pc.fill_null(rows[told], "")
    letters = pc.count_substring_regex(texts, r"\p{L}")
    cyrillic = pc.divide(
        pc.cast(pc.count_substring_regex(texts, r"\p{Cyrillic}"), pa.float64()), pc.cast(letters, pa.float64())
    )
    return pc.if_else(_is_cyrillic(rows[language]), pc.less(cyrillic, 1 - _MOSTLY), pc.greater(cyrillic, _MOSTLY))


def _markup_problems(source: str, rows: SourceRows) -> Iterator[Problem]:
    if rows.number < ENOUGH_ROWS:
        return
    for column, spec in tables()[rows.table].columns.items():
        if spec.type != "text" or not (spec.is_prose or spec.privacy == "institution"):
            continue

        def escaped(some: pa.Table, column: str = column) -> pa.Table:
            return matching(some, [column], lambda batch: entity_rows(batch.column(0)))

        wrong = rows.tally(f"{column}: entities", lambda some: {"rows": escaped(some).num_rows})["rows"]
        if wrong / rows.number > FEW:
            detail = f"{wrong} of {rows.number} values hold entities of HTML as text"
            cause = "markup escaped twice at the source"
            where, example = f"{rows.table}.{column}", escaped(rows.rows)
            yield _problem(source, "text holds no markup", where, detail, cause, example, is_refused=True)
