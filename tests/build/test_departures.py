"""Rows of pages that are gone stay, with the day on which that was seen; a page that comes back is not gone."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_kit import members_of, record, response
from made import arrow, built, page, rows, tab

from pipeline.archive.importer import import_paths
from pipeline.build.run import build
from pipeline.config import Settings
from pipeline.errors import RefusedByGate
from pipeline.extract.run import extract
from pipeline.records import Article, AttachmentLink, Deck, ExtractedPage, SlideText, TextBlock
from pipeline.schema.spec import tables
from pipeline.trace.run import Tracer

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
NEW = "https://dobrepraktyki.pl/praktyka,7,wspolny-ogrod.html"
SUMMARY, PRESENTATION, FILES = URL + "7", URL + "7&s=2", URL + "7&s=3"
CONTACTS = {"contacts": ["Jan Próbny", "Skarbnik"]}
LISTED = AttachmentLink(title="plan.pdf", url="https://archiwum.dobrepraktyki.pl/files/plan.pdf")
PRACTICE = [
    page(SUMMARY, [tab("bdp:7", labels=CONTACTS)]),
    page(PRESENTATION, [tab("bdp:7", "presentation", text="Ogród założono we wsi i wszyscy w nim pracują.")]),
    page(FILES, [tab("bdp:7", "attachments", text="", attachments=[LISTED])]),
]
OF_PRACTICE = ("practices", "practice_sections", "practice_attachments", "practice_contacts", "record_places")


def gone(url: str, day: int, status: int = 404) -> ExtractedPage:
    return page(url, verdict="gone", day=day, status_code=status)


def departures(data: Path, table: str) -> set[tuple[bool, str | None]]:
    return {(row["is_gone"], str(row["gone_on"]) if row["gone_on"] else None) for row in rows(data, table)}


def without_departure(data: Path, table: str) -> list[dict[str, Any]]:
    told = ("is_gone", "gone_on", "gone_capture_id")
    return [{name: value for name, value in row.items() if name not in told} for row in rows(data, table)]


def test_rows_of_a_record_that_is_gone_stay_as_they_were(tmp_path: Path) -> None:
    built(tmp_path, PRACTICE)
    before = {table: without_departure(tmp_path, table) for table in OF_PRACTICE}
    assert all(before.values())
    assert all(departures(tmp_path, table) == {(False, None)} for table in OF_PRACTICE)
    built(tmp_path, [*PRACTICE, gone(SUMMARY, 5, 410), gone(SUMMARY, 8)])
    assert {table: without_departure(tmp_path, table) for table in OF_PRACTICE} == before
    assert all(departures(tmp_path, table) == {(True, "2026-09-05")} for table in OF_PRACTICE)


def test_changes_name_both_captures(tmp_path: Path) -> None:
    built(tmp_path, PRACTICE)
    departed = gone(SUMMARY, 5)
    built(tmp_path, [*PRACTICE, departed])
    found = {(r["table"], r["column"]): r for r in rows(tmp_path, "changes")}
    assert set(found) == {(t, c) for t in OF_PRACTICE[:3] for c in ("is_gone", "gone_on")}
    assert {r["cause"] for r in found.values()} == {"gone_at_source"}
    assert {r["capture_after"] for r in found.values()} == {departed.capture.capture_id}
    told = found["practices", "is_gone"]
    assert (told["before"], told["after"], told["capture_before"]) == ("False", "True", PRACTICE[0].capture.capture_id)
    assert found["practices", "gone_on"]["after"] == "2026-09-05"
    latest = tmp_path / "datasets" / "latest"
    assert "gone at source" in (latest / "CHANGELOG.md").read_text("utf-8")
    back = page(SUMMARY, [tab("bdp:7", labels=CONTACTS)], day=9)
    built(tmp_path, [*PRACTICE, departed, back])
    assert departures(tmp_path, "practices") == {(False, None)}
    returned = {(r["table"], r["column"]): r for r in rows(tmp_path, "changes")}["practices", "is_gone"]
    assert (returned["cause"], returned["before"], returned["after"]) == ("edited_at_source", "True", "False")
    assert (returned["capture_before"], returned["capture_after"]) == (departed.capture.capture_id, back.capture.capture_id)


def shell(day: int) -> ExtractedPage:
    return page(SUMMARY, verdict="shell", day=day)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([gone(SUMMARY, 5), shell(9)], (True, "2026-09-05")),
        ([shell(3), gone(SUMMARY, 5)], (True, "2026-09-05")),
        ([gone("http://www.archiwum.dobrepraktyki.pl/index.php?p2=2&p1=1&art=7", 5)], (True, "2026-09-05")),
        ([gone(URL + "8", 5)], (False, None)),
        ([page(SUMMARY, verdict="shell", day=5, status_code=503)], (False, None)),
        ([page(SUMMARY, verdict="not_ours", day=5, status_code=301)], (False, None)),
        ([gone(SUMMARY, 5), page(SUMMARY, [tab("bdp:7")], day=7), gone(SUMMARY, 11)], (True, "2026-09-11")),
        ([gone(SUMMARY, 5), page(SUMMARY, [tab("bdp:7")], day=7)], (False, None)),
        ([gone(SUMMARY, 5), page(NEW, [tab("bdp2:7")], day=3)], (False, None)),  # another site shows it still
        ([gone(SUMMARY, 5), page(NEW, [tab("bdp2:7")], day=3), gone(NEW, 6)], (True, "2026-09-06")),
        ([page(SUMMARY, verdict="gone", day=None, status_code=404)], (False, None)),
        ([gone(PRESENTATION, 5), gone(FILES, 5)], (False, None)),
    ],
)
def test_a_practice_is_gone_when_its_summary_is(
    later: list[ExtractedPage], expected: tuple[bool, str | None], tmp_path: Path
) -> None:
    built(tmp_path, [*PRACTICE, *later])
    assert departures(tmp_path, "practices") == {expected}


def test_a_gone_answer_before_the_last_good_capture_says_nothing(tmp_path: Path) -> None:
    built(tmp_path, [gone(SUMMARY, 1), page(SUMMARY, [tab("bdp:7")], day=2)])
    assert departures(tmp_path, "practices") == {(False, None)}
    undated = page(SUMMARY, [tab("bdp:7")], day=None)
    built(tmp_path / "undated", [gone(SUMMARY, 1), undated])
    assert departures(tmp_path / "undated", "practices") == {(False, None)}


def test_a_tab_that_is_gone_takes_its_own_rows_along_alone(tmp_path: Path) -> None:
    built(tmp_path, [*PRACTICE, gone(PRESENTATION, 6)])
    assert departures(tmp_path, "practice_sections") == {(True, "2026-09-06")}
    assert departures(tmp_path, "practice_attachments") == {(False, None)}
    assert rows(tmp_path, "practices")[0]["has_presentation"] is True


DECK_URL, AMP_URL = "https://slideplayer.pl/slide/7/", "https://slideplayer.pl/amp/7"


def deck(url: str, day: int) -> ExtractedPage:
    slides = [SlideText(number=1, title=None, text="Zebranie wiejskie w Gietrzwałdzie wybiera zadania sołectwa")]
    found = Deck(record_id="slideplayer.pl:7", title="Zebranie", site=None, publisher=None, shape="classic", slides=slides)
    return page(url, [found], day=day, source="slideplayer")


def post(url: str, day: int, verdict: Any = "detail") -> ExtractedPage:
    text = TextBlock(text="Biblioteka zaprasza mieszkańców gminy na wspólne czytanie w każdą środę po południu.")
    found = Article(record_id="blogger:a.blogspot.com/x", title="Czytanie", published_text=None, blocks=[text])
    return page(url, [found], day=day, source="blogger", verdict=verdict)


def test_slides_go_with_their_deck(tmp_path: Path) -> None:
    departed = gone(DECK_URL, 5)
    built(tmp_path, [deck(DECK_URL, 1), departed])
    assert departures(tmp_path, "presentations") == departures(tmp_path, "slides") == {(True, "2026-09-05")}
    assert {row["gone_capture_id"] for row in rows(tmp_path, "slides")} == {departed.capture.capture_id}


def test_a_record_seen_later_on_another_page_is_not_gone(tmp_path: Path) -> None:
    built(tmp_path / "deck", [deck(DECK_URL, 1), gone(DECK_URL, 5), deck(AMP_URL, 7)])
    assert departures(tmp_path / "deck", "presentations") == {(False, None)}
    listing = post("https://a.blogspot.com/2023/05/", 9, "index")
    built(tmp_path / "post", [post("https://a.blogspot.com/x", 1), gone("https://a.blogspot.com/x", 5), listing])
    assert departures(tmp_path / "post", "articles") == {(False, None)}


ADDRESS = "https://gmina.example.org/ogrod"
GOOD = "<title>Ogród</title><article><h1>Ogród</h1><p>Mieszkańcy założyli ogród, gmina kupiła nasiona.</p></article>".encode()
MISSING = b"<h1>Nie znaleziono</h1>"
WALL = "<title>Zaloguj się</title><form><input name=l><input type=password></form><p>Musisz się zalogować.</p>".encode()
HEAD = "HTTP/1.1 {} X\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
FIELDS = ("Content-Type", "application/http; msgtype=response")


def answer(day: int, body: bytes, status: int = 200, url: str = ADDRESS) -> bytes:
    return record("response", url, response(body, HEAD.format(status)), FIELDS, date=f"2026-09-{day:02}T05:00:00Z")


def again(day: int, body: bytes, status: int = 200, url: str = ADDRESS) -> bytes:
    digest = "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
    fields = (FIELDS, ("WARC-Payload-Digest", digest))
    return record("revisit", url, HEAD.format(status).encode(), *fields, date=f"2026-09-{day:02}T05:00:00Z")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([answer(1, GOOD), answer(5, MISSING, 404)], "2026-09-05"),
        ([answer(1, GOOD), answer(5, MISSING, 404), again(9, GOOD)], None),
        ([answer(1, GOOD), answer(5, MISSING, 404), again(9, GOOD, 304)], None),
        ([answer(1, GOOD), answer(5, MISSING, 404), again(9, MISSING, 404)], "2026-09-05"),
        ([answer(1, GOOD), answer(5, MISSING, 404), again(9, GOOD), again(12, MISSING, 404)], "2026-09-12"),
        ([answer(1, GOOD), answer(2, MISSING, 404, ADDRESS + "2"), again(5, MISSING, 404)], "2026-09-05"),
        ([answer(1, GOOD), again(5, MISSING, 404)], "2026-09-05"),  # the answer itself lies in another archive
        ([answer(1, GOOD), answer(2, WALL, 200, ADDRESS + "2"), answer(5, MISSING, 404), again(9, WALL)], "2026-09-05"),
        ([answer(1, GOOD), again(5, GOOD)], None),
    ],
)
def test_revisits_tell_too(records: list[bytes], expected: str | None, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, engine="serial")
    (tmp_path / "a.warc.gz").write_bytes(members_of(*records))
    assert not import_paths([tmp_path / "a.warc.gz"], settings.raw, say=print).failures
    extract(settings, print)
    build(settings, print, "a test: one page")
    (row,) = [row for row in rows(tmp_path, "articles") if row["source_url"] == ADDRESS]
    assert (row["is_gone"], str(row["gone_on"]) if row["gone_on"] else None) == (expected is not None, expected)
    with Tracer(settings) as tracer:
        cells = {trace.column: trace for trace in tracer.traces("articles", row)}
    shown = cells["is_gone"].archived
    assert shown is not None
    assert shown.is_verified
    assert (b"Nie znaleziono" in shown.payload.body) == (row["gone_capture_id"] is not None)


def many(numbers: range, day: int = 1, **labels: list[str]) -> list[ExtractedPage]:
    told = {"implementing_unit": ["Urząd Miejski"], "street": ["Rynek 1"], **labels}
    return [page(f"{URL}{n}", [tab(f"bdp:{n}", title=f"Praktyka {n}", slug=f"s{n}", labels=told)], day=day) for n in numbers]


def test_the_gate_counts_what_still_stands(tmp_path: Path) -> None:
    built(tmp_path, many(range(30)))
    few_at_a_time = [gone(f"{URL}{n}", 5) for n in range(7)]  # too few new pages for a share of pages to be asked
    with pytest.raises(RefusedByGate, match="rows stay: 23 rows, 30 in the previous snapshot") as refusal:
        built(tmp_path, [*many(range(30)), *few_at_a_time])
    assert f"see {URL}" in str(refusal.value)
    assert "pages removed" in str(refusal.value)
    accepted = [*many(range(30)), *few_at_a_time]
    built(tmp_path, accepted, accept="the publisher closed a section")
    assert sum(row["is_gone"] for row in rows(tmp_path, "practices")) == 7
    assert len(rows(tmp_path, "practices")) == 30
    report = json.loads((tmp_path / "datasets" / "run_report.json").read_text("utf-8"))
    assert report["gone"] == {"practices": 7, "record_places": 7}
    assert "30" in (tmp_path / "datasets" / "run_report.txt").read_text("utf-8")
    assert built(tmp_path, [*accepted, *many(range(40, 42), day=9)]).gate.refusals == []  # said once, not again


def test_what_belongs_to_a_record_that_is_gone_is_no_loss_of_its_own(tmp_path: Path) -> None:
    """One deck of two goes: half the slides go with it, and every deck that stands has all of its own."""

    def slides(number: int, count: int) -> Deck:
        texts = [f"{number}: zebranie numer {n} wybiera zadania i dzieli pieniądze sołectwa na rok" for n in range(count)]
        told = [SlideText(number=n, title=None, text=text) for n, text in enumerate(texts, start=1)]
        name = f"slideplayer.pl:{number}"
        return Deck(record_id=name, title=f"Zebranie {number}", site=None, publisher=None, shape="classic", slides=told)

    def shown(number: int, day: int, count: int) -> ExtractedPage:
        return page(f"https://slideplayer.pl/slide/{number}/", [slides(number, count)], day=day, source="slideplayer")

    both = [shown(7, 1, 22), shown(8, 1, 22)]
    built(tmp_path, both)
    departed = gone("https://slideplayer.pl/slide/7/", 5)
    assert built(tmp_path, [*both, departed]).gate.refusals == []
    assert sum(row["is_gone"] for row in rows(tmp_path, "slides")) == 22
    with pytest.raises(RefusedByGate, match="slides: rows stay"):
        built(tmp_path, [*both, departed, shown(8, 9, 9)])


def test_rows_that_are_gone_do_not_water_down_a_fall_of_the_fill_rate(tmp_path: Path) -> None:
    old = many(range(60))
    lost = [gone(f"{URL}{n}", 5) for n in range(38)]
    built(tmp_path, [*old, *lost], accept="a test")
    emptied = many(range(38, 60), 9, powiat=[])
    with pytest.raises(RefusedByGate, match=r"practices\.powiat"):
        built(tmp_path, [*old, *lost, *emptied])


def test_a_snapshot_of_the_first_schema_is_compared(tmp_path: Path) -> None:
    first = built(tmp_path, PRACTICE).snapshot
    for table in tables().values():
        if table.has_provenance:
            path = first / table.path
            pq.write_table(pq.read_table(path).drop_columns(["is_gone", "gone_on", "gone_capture_id"]), path)
    departed = gone(SUMMARY, 5)
    built(tmp_path, [*PRACTICE, departed])
    changes = [row for row in rows(tmp_path, "changes") if row["table"] == "practices"]
    assert {(row["column"], row["cause"], row["capture_after"]) for row in changes} == {
        ("is_gone", "gone_at_source", departed.capture.capture_id),
        ("gone_on", "gone_at_source", departed.capture.capture_id),
    }


def test_columns_are_added_at_the_end(tmp_path: Path) -> None:
    built(tmp_path, PRACTICE)
    for name, found in arrow(tmp_path).items():
        if tables()[name].has_provenance:
            assert found.column_names[-3:] == ["is_gone", "gone_on", "gone_capture_id"]
            assert found.schema.field("gone_on").type == pa.date32()
    late = msgspec.structs.replace(PRACTICE[0].capture, captured_at=dt.datetime(2026, 9, 1, 23, 30, tzinfo=dt.UTC))
    just_after = msgspec.structs.replace(gone(SUMMARY, 1).capture, captured_at=dt.datetime(2026, 9, 1, 23, 59, tzinfo=dt.UTC))
    pages = [msgspec.structs.replace(PRACTICE[0], capture=late), msgspec.structs.replace(gone(SUMMARY, 1), capture=just_after)]
    built(tmp_path / "same-day", pages)
    assert departures(tmp_path / "same-day", "practices") == {(True, "2026-09-01")}
