"""The sample site made larger, faults seeded into it, and one round of the pipeline on what comes of it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from archive_kit import members_of, record, response

from pipeline.archive.importer import import_paths
from pipeline.build.gate.checks import Problem
from pipeline.build.run import build
from pipeline.config import Settings
from pipeline.demo.run import SITE
from pipeline.errors import RefusedByGate
from pipeline.extract.run import extract

OLD_SITE = SITE / "archiwum.dobrepraktyki.pl"
HOST = "https://archiwum.dobrepraktyki.pl/index.php"
DECK = "https://slideplayer.pl/slide/7001123/"
THRICE = ("112", "147", "163", "188")
HEAD = "HTTP/1.1 {} OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
PRINTED = ("title", "entered_on", "unit_type", "locality", "powiat", "voivodeship", "street", "population", "phones")


class Page(NamedTuple):
    """An answer of the site: its text as UTF-8, and its status."""

    html: str
    status: int = 200


Site = dict[str, Page]


class Round(NamedTuple):
    """What one round came to: ``told`` are the gate's problems, ``rows`` those of the latest snapshot."""

    is_published: bool
    message: str
    told: list[Problem]
    data: Path

    def rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = pq.read_table(self.data / "datasets" / "latest" / f"{table}.parquet").to_pylist()
        return found

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.data / "datasets" / "run_report.json").read_bytes())
        return found


def larger_site() -> Site:
    """Twenty-four practices with summary and presentation, and a deck.

    They are the sample's ten and copies of them under other numbers and titles, just above the twenty rows from which the gate
    asks for shares: every page more makes every drill slower.
    """
    site: Site = {}
    for path in sorted(OLD_SITE.glob("art-*-s[12].html")):
        art, tab = re.fullmatch(r"art-(\d+)-s(\d)", path.stem).groups()  # type: ignore[union-attr]  # the names are ours
        text = _utf8(path)
        for copy in range(3 if art in THRICE else 2):
            number = str(int(art) + 1000 * copy)
            html = text.replace(f"art={art}", f"art={number}")
            shown = f" - odsłona {copy + 1}" if copy else ""
            html = re.sub(r'(class="tytul"><b>)([^<]+)', rf"\g<1>\g<2>{shown}", html)
            site[address(number, tab)] = Page(html)
    site[HOST + "?p1=1"] = Page(_utf8(OLD_SITE / "index-p1.html"))
    site[DECK] = Page(deck(24))
    return site


def address(art: str, tab: str) -> str:
    return f"{HOST}?p1=1&p2=1&art={art}" + ("" if tab == "1" else f"&s={tab}")


def deck(slides: int) -> str:
    """The sample deck with as many slides as asked for."""
    text = (SITE / "slideplayer.pl" / "slide-7001123.html").read_text("utf-8")
    first, last = text.index('<div class="uk-margin slide_text"'), text.rindex('<div class="uk-margin slide_text"')
    end = text.index("</div>", last) + len("</div>")
    one = (
        '<div class="uk-margin slide_text" id="s{0}">\n<a class="uk-thumbnail" name="slide{0}">'
        '<img src="https://images.example.net/25/7001123/slides/slide_{0}.jpg" width="320" height="240" alt=""></a>\n'
        "<p>{0} Zebranie wiejskie numer {0} wybiera zadania i dzieli pieniądze sołectwa</p>\n</div>\n"
    )
    return text[:first] + "".join(one.format(number) for number in range(1, slides + 1)) + text[end:]


def _utf8(path: Path) -> str:
    """A page of the sample site, whose files are in several charsets, as UTF-8 that says so."""
    body = path.read_bytes()
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("cp1250" if re.search(rb"[\x80-\x9f]", body) else "iso-8859-2")
    return re.sub(r"charset=[\w-]+", "charset=utf-8", text, count=1)


def played(
    data: Path,
    site: Mapping[str, Page],
    day: int,
    *,
    account: Mapping[str, Any] | None = None,
    body: Any = None,
    **build_as: Any,
) -> Round:
    """Archives the site as fetched on a day of September 2026, extracts and builds in ``data``."""
    settings = Settings(data_dir=data, engine="serial")
    if site:
        file = data / f"day-{day}.warc.gz"
        date = f"2026-09-{day:02}T05:00:00.568569Z"  # as a crawl has them
        encoded = body or (lambda text: text.encode())
        fields = ("Content-Type", "application/http; msgtype=response")
        records = [
            record("response", url, response(encoded(page.html), HEAD.format(page.status)), fields, date=date)
            for url, page in site.items()
        ]
        file.write_bytes(members_of(*records))
        assert not import_paths([file], settings.raw, say=_silent).failures
        file.unlink()
    if account is not None:
        (settings.raw / "runs").mkdir(parents=True, exist_ok=True)
        (settings.raw / "runs" / f"202609{day:02}T050000Z.json").write_text(json.dumps(account), "utf-8")
    extract(settings, _silent)
    try:
        report = build(settings, _silent, **build_as)
    except RefusedByGate as refusal:
        told = json.loads((data / "datasets" / "run_report.json").read_bytes())["gate"]["problems"]
        return Round(False, str(refusal), [Problem(**problem) for problem in told], data)
    return Round(True, report.outcome, report.gate.problems, data)


def copied(base: Path, data: Path, *, is_fresh: bool) -> Path:
    """A data folder that continues ``base``; ``is_fresh``: with its snapshots, but an archive that begins anew."""
    shutil.copytree(base, data, symlinks=True, ignore=shutil.ignore_patterns("raw", "extracted") if is_fresh else None)
    return data


def _silent(_line: str) -> None:
    pass
