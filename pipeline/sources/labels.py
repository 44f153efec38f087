"""The labelled part of a page by the labels its source lists: every label mapped, ignored by name, or unknown with a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from pipeline.extract.glued_labels import one_label_a_line
from pipeline.extract.labelled import StatusOf, labelled_values, one_per_column, with_lines_shared_out
from pipeline.extract.lines import Line
from pipeline.extract.paired_labels import with_pairs_apart
from pipeline.extract.people.person_labels import is_about_persons, with_named_persons
from pipeline.extract.unit_names import column_of_unit, with_units_in_place
from pipeline.records import LabelledValue, LabelStatus
from pipeline.sources.spec import Source, folded_label

_REMARK = re.compile(r"\s*\([^)]*\)")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # soft hyphens and spaces without width


def source_labels(
    lines: Sequence[Line], source: Source, *, contacts: str, single: Collection[str], units: Collection[str]
) -> tuple[list[str], list[LabelledValue]]:
    """Text before the first label, and the labels of the part in order.

    ``contacts``: the column of persons, whose values carry labels of their own (phrases ``sub_labels``) and which takes
    labels about persons (``person_words``). ``single``: columns that hold one value, whatever number of labels speaks of
    it. ``units``: the columns of places, in which a value that names another kind of unit is put in its own column.
    """
    sub_labels = frozenset(folded_label(label) for label in source.phrases("sub_labels"))

    def is_about(label: str) -> bool:
        return is_about_persons(label, source.phrases("person_words"))

    before, labels = labelled_values(
        one_label_a_line(lines, label_status(source), last=contacts),
        label_status(source),
        is_sub_label=lambda label: folded_label(label) in sub_labels,
        compound=(contacts,),
        is_compound=is_about,
        is_open=True,
    )

    def rank(label: LabelledValue) -> int:
        spellings = [folded_label(spelling) for spelling in source.facts.labels.columns[label.column or ""]]
        folded = folded_label(label.label)
        return spellings.index(folded) if folded in spellings else len(spellings)

    labels = with_lines_shared_out(with_pairs_apart(labels, lines, single), single)
    labels = with_units_in_place(with_named_persons(labels, contacts, is_about), units)
    return [text.strip() for text in before if text.strip()], one_per_column(labels, single, rank)


@lru_cache(maxsize=8)
def label_status(source: Source) -> StatusOf:
    """What tells of a label whether the source maps it (and to which column), ignores it, or does not list it."""

    @lru_cache(maxsize=4096)
    def status_of(label: str) -> tuple[LabelStatus, str | None]:
        # "Liczba mieszkańców (2010):" is the listed label with a remark.
        visible = _INVISIBLE.sub("", label)
        closed, bracket, rest = visible.rpartition(")")  # brackets that stay open would each be followed to the end
        bare = _REMARK.sub("", closed + bracket) + rest
        if not source.may_list(bare):
            return "unknown", None
        for folded in (folded_label(visible), folded_label(bare)):
            if folded in source.column_of_label:
                return "mapped", source.column_of_label[folded]
            if folded in source.ignored_labels:
                return "ignored", None
        plain = source.column_by_letters(bare)
        return ("mapped", plain) if plain is not None else ("unknown", None)

    return status_of


def why_unknown(label: LabelledValue, source: Source) -> str:
    """Why nothing reads the label's value: it is in no list, or another label fills its column."""
    column = source.column_of_label.get(folded_label(label.label))
    if column is None:
        return f"label is not listed in {source.name}.toml"
    return f"another label fills {column_of_unit(' '.join(label.lines)) or column}"
