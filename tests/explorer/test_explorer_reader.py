"""The explorer as a reader uses it: Chromium opens the file from disk, types, ticks, reads, goes back, saves."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from browser_kit import Browser
from ending import PATIENCE
from hostile import HOSTILE
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from wide_snapshot import write_wide_snapshot

from pipeline.explorer.folding import APOSTROPHES, INVISIBLE, LETTERS, folded_word, words
from pipeline.explorer.page import FILE_NAME, WEB, write_explorer
from pipeline.explorer.server import SnapshotServer


def until(reader: Browser, holds: Callable[[], Any]) -> Any:
    """Waits until the page shows it; an element may be replaced while it is read."""
    replaced = (NoSuchElementException, StaleElementReferenceException)
    wait = WebDriverWait(reader.driver, PATIENCE, poll_frequency=0.03, ignored_exceptions=replaced)
    return wait.until(lambda _driver: holds())


def opened(reader: Browser, page: Path | str, state: str = "") -> Browser:
    address = page if isinstance(page, str) else (page / FILE_NAME).as_uri()
    reader.open(f"{address}#{state}" if state else address)
    ready = "return document.documentElement.classList.contains('ready')"
    until(reader, lambda: reader.script(ready))
    if "record=" in state:
        until(reader, lambda: reader.find_all("#record:not([hidden]) #record-title"))
    return reader


def typed(reader: Browser, text: str) -> None:
    query = reader.find("#query")
    query.clear()
    query.send_keys(text)


def titles(reader: Browser) -> list[str]:
    return [item.text for item in reader.find_all("#list h3")]


def state(reader: Browser) -> dict[str, str]:
    found: dict[str, str] = reader.script("return Object.fromEntries(look.get())")
    return found


def follow(reader: Browser, title: str) -> None:
    (link,) = [item for item in reader.find_all("#list h3 a") if item.text == title]
    link.click()
    until(reader, lambda: reader.find_all("#record:not([hidden]) #record-title"))


def choice(reader: Browser, facet: str, value: str) -> Any:
    return reader.find(f'fieldset[data-facet="{facet}"] input[value="{value}"]')


def test_search_without_diacritics_finds_zoliborz(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    everything = len(titles(reader))
    typed(reader, "zolib")
    assert 0 < len(titles(reader)) < everything
    until(reader, lambda: all("olibor" in item.text.casefold() for item in reader.find_all("#list .result")))
    assert "Żoliborz" in reader.seen("#list")
    assert reader.find("#list mark").text.casefold().startswith("żolibor")
    assert state(reader) == {"q": "zolib"}
    assert reader.console_errors() == []
    assert reader.foreign_requests() == []


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("канев", "Дві громади домовилися про спільні бібліотечні маршрути"),
        ("kanev snovsk", "Дві громади домовилися про спільні бібліотечні маршрути"),
        ("myrhorod", "Сусідська полиця: як двір у Миргороді став читальнею"),
        ("МИРГОРОД", "Сусідська полиця: як двір у Миргороді став читальнею"),
        ("kotlowni", "Dom Opowieści w dawnej kotłowni"),
        ("dom opowiesc sanok gmina miejska", "Dom Opowieści w dawnej kotłowni"),
        ("bdp:112", "Dom Opowieści w dawnej kotłowni"),
        ("repaired waste", "Repair cafes run by town halls"),
    ],
)
def test_search_in_three_languages(reader: Browser, demo_snapshot: Path, query: str, title: str) -> None:
    opened(reader, demo_snapshot)
    typed(reader, query)
    assert title in titles(reader)


def test_where_no_record_has_all_words_those_with_most_are_shown(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    typed(reader, "library sanok kotlowni")
    assert titles(reader) == ["Dom Opowieści w dawnej kotłowni"]
    assert reader.seen("#partly") == "Żaden rekord nie zawiera wszystkich słów (3); te zawierają 2 z nich."
    typed(reader, "xyzzy")
    assert titles(reader) == []
    assert reader.find("#nothing").is_displayed()
    assert not reader.find("#partly").is_displayed()
    typed(reader, "sanok kotlowni")
    assert not reader.find("#partly").is_displayed()


def test_what_is_found_deep_in_a_text_is_shown_with_its_context(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    typed(reader, "printers")
    snippet = until(reader, lambda: [mark.text for mark in reader.find_all("#list .snippet mark")])
    assert snippet == ["printers"]
    assert reader.seen("#list .where").startswith("Slajd 9")


def test_filters_count_and_narrow(reader: Browser, demo_snapshot: Path) -> None:
    rows = pq.read_table(demo_snapshot / "practices.parquet").to_pylist()
    opened(reader, demo_snapshot)
    until(reader, lambda: titles(reader))
    choice(reader, "region", "podkarpackie").click()
    until(reader, lambda: state(reader) == {"region": "podkarpackie"})
    choice(reader, "kind", "practices").click()
    wanted = {row["title"] for row in rows if row["voivodeship"] == "podkarpackie"}
    until(reader, lambda: set(titles(reader)) == wanted)
    types = [row["unit_type"] for row in rows if row["voivodeship"] == "podkarpackie"]
    for kind in set(types):
        label = reader.find(f'fieldset[data-facet="unit_type"] label:has(input[value="{kind}"])')
        assert label.text.split("\n")[-1] == str(types.count(kind))
    choice(reader, "unit_type", "gmina_wiejska").click()
    rural = {row["title"] for row in rows if row["voivodeship"] == "podkarpackie" and row["unit_type"] == "gmina_wiejska"}
    until(reader, lambda: set(titles(reader)) == rural)
    assert [chip.text.removesuffix(" ×") for chip in reader.find_all(".chip")][:2] == ["Dobre praktyki", "podkarpackie"]
    reader.driver.back()
    until(reader, lambda: set(titles(reader)) == wanted)
    assert not choice(reader, "unit_type", "gmina_wiejska").is_selected()
    reader.find(".chip.all").click()
    until(reader, lambda: len(titles(reader)) > len(wanted))
    assert state(reader) == {}


def test_order(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot, "kind=practices&sort=population")
    rows = pq.read_table(demo_snapshot / "practices.parquet").to_pylist()
    by_population = sorted((row for row in rows if row["population"]), key=lambda row: -row["population"])
    assert titles(reader)[:3] == [row["title"] for row in by_population[:3]]
    reader.script("const sort = document.getElementById('sort'); sort.value = 'old'; sort.dispatchEvent(new Event('change'))")
    dated = sorted((row for row in rows if row["entered_on"]), key=lambda row: row["entered_on"])
    assert titles(reader)[0] == dated[0]["title"]


def test_practice_page(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    typed(reader, "kotlowni")
    follow(reader, "Dom Opowieści w dawnej kotłowni")
    shown = reader.seen("#record")
    (row,) = [row for row in pq.read_table(demo_snapshot / "practices.parquet").to_pylist() if row["practice_id"] == "bdp:112"]
    parts = [
        row for row in pq.read_table(demo_snapshot / "practice_sections.parquet").to_pylist() if row["practice_id"] == "bdp:112"
    ]
    people = pq.read_table(demo_snapshot / "restricted" / "practice_contacts.parquet").to_pylist()
    assert reader.script("return document.activeElement.id") == "record-title"
    assert all(line.strip() in shown for line in row["summary"].split("\n"))
    assert parts
    assert all(part["heading"] in shown for part in parts)
    assert all(word in shown for word in ("Metryka", "podkarpackie", "sanocki", "39 400", "1817011", row["implementing_unit"]))
    assert not [person["name"] for person in people if person["name"] and person["name"] in shown]
    assert reader.seen("#trace") == f"praktyki trace practices bdp:112 --snapshot {demo_snapshot.name}"
    assert reader.find("svg.poland").get_attribute("aria-label") == "Mapa Polski: Sanok"
    assert reader.script("return document.querySelectorAll('svg.poland .place').length") == 1
    assert reader.script("return document.querySelector('svg.poland .border').getBBox().width") > 300
    assert "karta" in reader.seen(".files").casefold()
    reader.find("#part-source ~ details summary").click()
    assert ".warc.gz @ " in reader.seen(".captures")
    assert reader.axe() == []
    assert reader.console_errors() == []


def test_deck_page_marks_empty_slides_and_leads_to_what_was_found(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot, "record=presentations%2Fslideplayer.com%3A8800451&q=repair")
    rows = [
        row
        for row in pq.read_table(demo_snapshot / "slides.parquet").to_pylist()
        if row["presentation_id"] == "slideplayer.com:8800451"
    ]
    slides = reader.find_all(".slide")
    assert len(slides) == len(rows)
    empty = [at for at, slide in enumerate(slides) if "empty" in (slide.get_attribute("class") or "").split()]
    assert empty == [at for at, row in enumerate(rows) if row["is_empty"]] != []
    assert "pusty slajd" in slides[empty[0]].text
    for slide, row in zip(slides, rows, strict=True):
        assert all(line in slide.text for line in (row["text"] or "").split("\n"))
    reader.find_all(".jump")[2].click()
    assert reader.script("return document.activeElement.id") == "slide-3"
    assert reader.axe() == []


def test_article_and_partnership_lead_to_each_other(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot, "kind=partnerships")
    follow(reader, "Pod Zegarem")
    assert "Żoliborz" in reader.seen("#record")
    reader.find("#part-article ~ p a").click()
    until(reader, lambda: reader.seen("#record-title") == "Partnerstwa sąsiedzkie")
    assert reader.find_all("#part-partnerships ~ ul a")
    reader.driver.back()
    until(reader, lambda: reader.seen("#record-title") == "Pod Zegarem")
    reader.driver.back()
    until(reader, lambda: reader.find("#browse").is_displayed())
    assert state(reader) == {"kind": "partnerships"}


def test_an_address_shows_the_same_to_another_reader(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    typed(reader, "dom")
    choice(reader, "kind", "practices").click()
    until(reader, lambda: "kind" in state(reader))
    reader.find("#lang-en").click()
    reader.find("#theme-dark").click()
    found, address = titles(reader), reader.driver.current_url
    opened(reader, address)
    assert titles(reader) == found
    assert reader.find("#query").get_attribute("value") == "dom"
    assert choice(reader, "kind", "practices").is_selected()
    assert reader.seen("#count").endswith(" of 26")


@pytest.mark.parametrize(
    "address",
    [
        "record=practices%2Fnone",
        "sort=sideways&kind=none&year=%7C%7C%25",
        "q=%F0%9F%98%80%00%22%3E&region=%25zz",
        "record=__proto__",
        "kind=constructor&unit_type=constructor",
        "%",
        "#%zz=1",
    ],
)
def test_an_address_made_up_is_no_error(reader: Browser, demo_snapshot: Path, address: str) -> None:
    opened(reader, demo_snapshot, address)
    assert reader.seen("main")
    assert reader.console_errors() == []


def test_language_and_colours(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    background = "return getComputedStyle(document.body).backgroundColor"
    light = reader.script(background)
    assert reader.seen("#count") == "26 rekordów"
    reader.find("#lang-en").click()
    until(reader, lambda: reader.seen("#count") == "26 records")
    assert reader.script("return document.documentElement.lang") == "en"
    assert "rural gmina" in reader.seen("#facets")
    assert str(reader.find("#query").get_attribute("placeholder")).startswith("e.g. ")
    reader.find("#theme-dark").click()
    assert reader.script(background) != light
    assert reader.axe() == []
    reader.find("#theme-light").click()
    assert reader.script(background) == light
    assert reader.axe() == []
    assert reader.console_errors() == []


def test_export_holds_what_was_found(reader: Browser, hostile_snapshot: Path, downloads: Path) -> None:
    opened(reader, hostile_snapshot)
    until(reader, lambda: titles(reader))
    reader.find("#export").click()
    name = f"praktyki-{hostile_snapshot.name}-{len(HOSTILE)}.csv"
    until(reader, lambda: (downloads / name).is_file() and (downloads / name).stat().st_size)
    body = (downloads / name).read_bytes()
    assert body.startswith(b"\xef\xbb\xbftable,record_id,title,")
    assert body.endswith(b"\r\n")
    rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines(keepends=True), strict=True))
    published = {row["practice_id"]: row["title"] for row in pq.read_table(hostile_snapshot / "practices.parquet").to_pylist()}
    assert {row["record_id"]: row["title"] for row in rows} == {
        key: "'" + title if title.startswith("=") else title for key, title in published.items()
    }
    assert {row["snapshot"] for row in rows} == {hostile_snapshot.name}


def test_texts_that_mean_harm_are_texts(reader: Browser, hostile_snapshot: Path) -> None:
    opened(reader, hostile_snapshot)
    until(reader, lambda: titles(reader))
    published = pq.read_table(hostile_snapshot / "practices.parquet").to_pylist()
    shown = {
        row["title"].replace("\u202e", "U+202E").replace("\u202c", "U+202C").replace("\u2066", "U+2066") for row in published
    }
    assert {title.replace("\n", "") for title in titles(reader)} == shown
    for row in published:
        opened(reader, hostile_snapshot, f"record=practices%2F{row['practice_id']}&q=ogrod%20script%20alert")
        assert reader.script("return document.title").startswith(row["title"][:6].strip())
        assert row["title"].split("\u202e")[0] in reader.seen("#record")
    assert reader.script("return [window.harmed, document.images.length, document.querySelectorAll('main svg').length]")[
        :2
    ] == [None, 0]
    assert reader.axe() == []
    assert reader.console_errors() == []
    assert reader.foreign_requests() == []


def test_keyboard_alone(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    until(reader, lambda: titles(reader))
    body = reader.find("body")
    body.send_keys("/")
    assert reader.script("return document.activeElement.id") == "query"
    reader.driver.switch_to.active_element.send_keys("kotlowni", Keys.ENTER)
    assert reader.script("return document.activeElement.id") == "results"
    for _ in range(6):
        reader.driver.switch_to.active_element.send_keys(Keys.TAB)
        if reader.script("return document.activeElement.closest('#list') !== null"):
            break
    reader.driver.switch_to.active_element.send_keys(Keys.ENTER)
    until(reader, lambda: reader.find_all("#record:not([hidden]) #record-title"))
    reader.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    until(reader, lambda: reader.find("#browse").is_displayed())
    assert state(reader) == {"q": "kotlowni"}


def test_on_a_telephone(reader: Browser, demo_snapshot: Path) -> None:
    reader.size(390, 844)
    opened(reader, demo_snapshot)
    until(reader, lambda: titles(reader))
    fits = "return document.documentElement.scrollWidth <= innerWidth"
    assert reader.script(fits)
    assert not reader.find("#filters").is_displayed()
    reader.find("#filters-open").click()
    assert reader.script("return document.activeElement.id") == "filters-close"
    choice(reader, "kind", "presentations").click()
    assert reader.axe() == []
    reader.find("#filters-done").click()
    until(reader, lambda: len(titles(reader)) == 3)
    for record in ("practices/bdp:112", "presentations/slideplayer.com:8800451"):
        opened(reader, demo_snapshot, f"record={record}")
        assert reader.script(fits)
    assert reader.axe() == []


def test_the_served_page_asks_only_this_machine(reader: Browser, demo_snapshot: Path) -> None:
    with SnapshotServer(demo_snapshot, 0) as server:
        thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
        thread.start()
        opened(reader, server.address + FILE_NAME)
        typed(reader, "zolib")
        assert "Żoliborz" in reader.seen("#list")
        assert [url for url in reader.requested() if not url.startswith((server.address, "data:", "blob:"))] == []
        assert [error for error in reader.console_errors() if "favicon" not in error] == []
        server.shutdown()
        thread.join()


def test_a_long_list_is_drawn_as_the_reader_goes_down(reader: Browser, tmp_path: Path) -> None:
    write_wide_snapshot(tmp_path, practices=300, slides=600)
    write_explorer(tmp_path, "wide")
    opened(reader, tmp_path)
    until(reader, lambda: titles(reader))
    assert len(titles(reader)) < 100
    first = reader.script("return document.querySelectorAll('#list > li').length")
    reader.script("window.scrollTo(0, document.body.scrollHeight)")
    until(reader, lambda: reader.script("return document.querySelectorAll('#list > li').length") > first)
    typed(reader, "bibliotek")
    assert len(titles(reader)) < 100
    numbers = json.loads(reader.script("return JSON.stringify(performance.getEntriesByType('resource').map((e) => e.name))"))
    assert numbers == []


TEXTS = [
    "Żoliborz ZAŻÓŁĆ gęślą jaźń",
    "Київ Канів пʼятниця п'ятниця п’ятниця ґанок Єдність Юрій щастя Чернігівська ёлка объезд",
    "Straße ŒUVRE æ ø đ ħ ı İstanbul ﬁlm ½ ² № Σίσυφος ΣΊΣΥΦΟΣ",
    "Z\u0307olib\u0301orz so\u00adfort a\u200bb \u202eabc d'Artagnan rock' 'n' roll",
    "日本語 العربية עברית हिन्दी 한국어 😀 e\u0301\u0323 _x_ a-b a_b 12,5 1.000",
    "O’Brien l‘eau ′prim′ ʹx ＇full＇ ＡＢＣ ａｂｃ ①② ǅ ŉ ǰ",
]


def test_page_and_index_fold_alike(reader: Browser, demo_snapshot: Path) -> None:
    opened(reader, demo_snapshot)
    script = (WEB / "fold.js").read_text("utf-8")
    table = {"letters": LETTERS, "apostrophes": APOSTROPHES, "invisible": INVISIBLE}
    found = reader.script(
        f"{script}; const folding = foldingOf(arguments[0]);"
        "return arguments[1].map((text) => folding.tokens(folding.plain(text)).map((token) => folding.folded(token.text)))",
        table,
        TEXTS,
    )
    assert [set(line) - {""} for line in found] == [words(text) for text in TEXTS]
    assert folded_word("Żoliborz") == "zoliborz"
