"""Labels about persons ("Burmistrz", "Autor opracowania"): with the contacts when they name one, never public when in doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.normalise.contacts import contacts
from pipeline.records import LabelledValue, PageIssue

_MOST_WORDS = 5


def is_about_persons(label: str, beginnings: Sequence[str]) -> bool:
    """Whether a word of the label begins as words about persons do; ``beginnings`` in small letters."""
    words = label.casefold().rstrip(" :").split()
    return label[:1].isupper() and len(words) <= _MOST_WORDS and any(word.startswith(tuple(beginnings)) for word in words)


def names_person(lines: Sequence[str]) -> bool:
    """Whether the lines hold what has the shape of a person's name, two words at least."""
    return any(contact.name and " " in contact.name for contact in contacts(lines))


def with_named_persons(labels: Sequence[LabelledValue], column: str, is_about: Callable[[str], bool]) -> list[LabelledValue]:
    """The labels, those that nobody listed mapped to ``column`` where they are about persons and their value names one."""
    return [
        LabelledValue(label=label.label, lines=label.lines, status="mapped", column=column)
        if label.status == "unknown" and is_about(label.label) and names_person(label.lines)
        else label
        for label in labels
    ]


def unread_text(
    table: str, record_id: str, reason: str, lines: Sequence[str], *, label: str | None = None, is_personal: bool
) -> PageIssue:
    """An issue about text that fills no column. Issues are public: what may name a person stays in extracted/."""
    return PageIssue(
        record_id=record_id,
        table=table,
        column=None,
        status="unknown_label",
        reason=f"{reason}; the text may name a person and stands in extracted/ only" if is_personal else reason,
        label=label,
        raw_text=None if is_personal else "\n".join(lines),
    )
