"""What must not enter the archive again: whatever holds a term of the list of objections.

With an empty list every question is answered without looking at anything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final

from pipeline.archive.warc import WarcRecord
from pipeline.forgetting.readings import readings
from pipeline.forgetting.texts import texts_of_record
from pipeline.privacy.objections import Objections
from pipeline.privacy.terms import Matcher

REASON: Final = "holds a term of the list of objections; not archived"


class Keeper:
    """Answers for one run. False when nobody has objected."""

    def __init__(self, load: Callable[[], Matcher]) -> None:
        """``load`` is called at the first question: by then the run holds the lock of raw/, and no list changes any more."""
        self._load = load

    @cached_property
    def _matcher(self) -> Matcher:
        return self._load()

    def __bool__(self) -> bool:
        return bool(self._matcher)

    def keeps_out(self, record: WarcRecord) -> bool:
        """Whether a record holds a term anywhere: fields, head, body, in files too."""
        return bool(self._matcher) and self._matcher.holds_any(texts_of_record(record))

    def names_person(self, *texts: str) -> bool:
        """Whether an address, a name of a file or a line holds a term."""
        return bool(self._matcher) and any(self._matcher.holds_any(readings(text)) for text in texts)

    def without_lines(self, body: bytes) -> bytes:
        """A robots.txt without the lines that name a person: an address that does is never asked for anyway."""
        return without_lines(body, self._matcher)


def without_lines(body: bytes, matcher: Matcher) -> bytes:
    """The lines that hold no term."""
    lines = body.splitlines(keepends=True)
    return b"".join(line for line in lines if not matcher.holds_any(readings(line.decode("utf-8", "replace"))))


def keeper_of(raw_dir: Path) -> Keeper:
    """The keeper of an archive; its first answer raises ConfigError when its list of objections cannot be used."""
    return Keeper(lambda: Objections(raw_dir).matcher())


NOBODY: Final = Keeper(lambda: Matcher(b"\0", ()))
"""Keeps nothing out."""
