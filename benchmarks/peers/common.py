"""What the naive scripts share: reading the archive with warcio, the language with langdetect, the table with pandas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

METRYKA = {
    "Data wprowadzenia do BDP": "entered_on",
    "Typ jednostki": "unit_type",
    "Miejscowość": "locality",
    "Powiat": "powiat",
    "Województwo": "voivodeship",
    "Liczba mieszkańców": "population",
}
"""Labels of the Metryka that stand in the main columns."""


def responses(raw: Path) -> Iterator[tuple[str, str, bytes]]:
    """Address, WARC-Date and body of every response."""
    from warcio.archiveiterator import ArchiveIterator

    for path in sorted(raw.rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    headers = record.rec_headers
                    yield headers.get_header("WARC-Target-URI"), headers.get_header("WARC-Date"), record.content_stream().read()


def kind_of(url: str) -> str:
    """Which publisher's page it is."""
    if "dobrepraktyki.pl" in url:
        return "practice"
    if "slideplayer" in url:
        return "deck"
    return "post" if "blogspot" in url else "article"


def language_of(text: str) -> str | None:
    """What langdetect says; None when it finds nothing to go by."""
    from langdetect import DetectorFactory, LangDetectException, detect

    DetectorFactory.seed = 0
    try:
        return str(detect(text))
    except LangDetectException:
        return None


def number_of(text: str | None) -> int | None:
    """``45.000`` as a number."""
    digits = re.sub(r"[^\d]", "", text or "")
    return int(digits) if digits else None


def write_table(raw: Path, target: Path, row_of: Callable[[str, bytes], dict[str, Any]]) -> None:
    """A row for every response, as Parquet."""
    import pandas as pd

    rows = []
    for url, date, body in responses(raw):
        row = {"url": url, "captured_at": date, "kind": kind_of(url), **row_of(url, body)}
        row["language"] = language_of(row["text"])
        row["population"] = number_of(row.get("population"))
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame["captured_at"] = pd.to_datetime(frame["captured_at"], utc=True)
    frame.to_parquet(target, index=False)
