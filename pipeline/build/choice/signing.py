"""The bands of signatures, made of the texts that are asked for and kept piece by piece for the next build."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from pipeline.build.choice.chosen import page_at, record_on
from pipeline.build.choice.duplicates import lines_of
from pipeline.build.choice.likeness import LEAST_EQUAL_WORDS, bands, folded_words, signature_of
from pipeline.build.choice.suspects import Text
from pipeline.build.tables.keeping import content_kept, keep_content
from pipeline.records import Record

_SUFFIX: Final = ".bands"


class SigningTask(NamedTuple):
    """Texts of an extracted file to be signed. ``kept``: where their bands are kept, None when they are not to be."""

    path: Path
    texts: list[Text]
    kept: Path | None = None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[tuple[Text, bytes]])


def bands_beside(notes: Path) -> Path:
    """Where the bands of a piece are kept, its notes being there."""
    return notes.with_suffix(_SUFFIX)


def bands_made(task: SigningTask) -> list[bytes]:
    """The bands of each text; no bytes for one so short that it tells nothing even when it is equal to another.

    Raises BuildError when the file has changed.
    """
    known = _known(task.kept)
    missing = sorted(text for text in task.texts if text not in known)
    for offset, texts in groupby(missing, lambda text: text.offset):
        page = page_at(task.path, offset)
        known |= {text: _bands(record_on(page, text.kind, text.record_id, text.part)) for text in texts}
    if missing and task.kept is not None:
        keep_content(task.kept, _encoder.encode([(text, known[text]) for text in task.texts]))
    return [known[text] for text in task.texts]


def _known(kept: Path | None) -> dict[Text, bytes]:
    content = content_kept(kept) if kept is not None else None
    try:
        return dict(_decoder.decode(content)) if content is not None else {}
    except msgspec.MsgspecError:
        return {}  # they are made anew


def _bands(record: Record) -> bytes:
    folded = folded_words(lines_of(record))
    if len(folded) < LEAST_EQUAL_WORDS:
        return b""
    return np.array([key & 0xFFFFFFFF for key in bands(signature_of(folded))], dtype=np.uint32).tobytes()
