"""What every reader of this package answers: a value, how sure it is, and the text it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
U = TypeVar("U")

Status = Literal["ok", "repaired", "ambiguous", "invalid", "missing"]
"""How a text was read.

ok: as it stands; repaired: a slip was mended and the reason tells which; ambiguous: several readings fit, ``candidates``
lists them; invalid: no reading fits; missing: the text says nothing, or that there is nothing.
"""


MAX_VALUE = 2_000
"""Characters of one value. The readers of single values refuse longer texts: they are pages gone wrong, and cost time."""
TOO_LONG = f"the text has more than {MAX_VALUE} characters"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A typed value beside its text.

    ``value`` is None unless the status is ok or repaired, with one exception: websites and post offices that are printed
    wrongly keep what can be kept. ``raw`` is the text exactly as given, or the part of it this value was read from.
    ``reason`` is one sentence, empty for a plain ok. ``candidates`` are the readings that fit an ambiguous text.
    """

    value: T | None
    status: Status
    raw: str
    reason: str = ""
    candidates: tuple[str, ...] = ()


def ok(value: T, raw: str) -> Reading[T]:
    """The text reads as it stands."""
    return Reading(value, "ok", raw)


def repaired(value: T, raw: str, reason: str) -> Reading[T]:
    """The text was read after a slip was mended."""
    return Reading(value, "repaired", raw, reason)


def ambiguous(raw: str, reason: str, candidates: tuple[str, ...] = ()) -> Reading[T]:
    """Several readings fit, so none is taken."""
    return Reading(None, "ambiguous", raw, reason, candidates)


def invalid(raw: str, reason: str) -> Reading[T]:
    """No reading fits."""
    return Reading(None, "invalid", raw, reason)


def missing(raw: str) -> Reading[T]:
    """The text is empty, or says that there is no value."""
    return Reading(None, "missing", raw, "the text is empty" if not raw.strip() else "the text says that there is no value")
