"""The report as its readers meet it: what stands in it, in a browser, on paper, without script."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser_kit import Browser, browser
from made import built, page, tab

from pipeline.build.edition.package import damage
from pipeline.build.run import write_report
from pipeline.errors import BuildError
from pipeline.explorer import page as explorer
from pipeline.records import Deck, ExtractedPage, PageIssue
from pipeline.report.html import PACKAGE, WATERFALL, report_html

URL = "https://example.org/index.php?art="
HOSTILE = "</script><script>document.title='ran'</script>\"'`{{7*7}}${7*7}<img src=x onerror=alert(1)> \u202egnp.exe"
SHOWN = HOSTILE.replace("\u202e", "U+202E")
PLACES = (["Jarocin", "jarociński", "wielkopolskie"], ["Barlinek", "myśliborski", "zachodniopomorskie"])


def pages(changed: str = "45.000") -> list[ExtractedPage]:
    issue = PageIssue(
        table="practices",
        record_id="bdp:1",
        column="population",
        status="invalid",
        reason="made for the test",
        raw_text=HOSTILE,
    )
    made = []
    for number in range(12):
        locality, powiat, voivodeship = PLACES[number % 2]
        labels = {
            "locality": [locality],
            "powiat": [powiat],
            "voivodeship": [voivodeship],
            "population": [changed if number == 3 else str(900 * 2**number)],
            "entered_on": [f"20{10 + number}-03-15"],
        }
        title = HOSTILE if number == 0 else f"Ogród {number}"
        found = tab(f"bdp:{number}", slug=f"ogrod-{number}", title=title, labels=labels)
        made.append(page(f"{URL}{number}", [found, issue] if number == 1 else [found], day=9 if number == 3 else 1))
    made.append(page(f"{URL}404", verdict="gone", status_code=404))
    made.append(page("javascript:alert(1)", verdict="not_ours", source=None))
    deck = Deck(record_id="slideplayer.pl:1", title=HOSTILE, site="slideplayer.pl", shape="classic", publisher=None, slides=[])
    made.append(page("https://slideplayer.pl/slide/1/", [deck], source="slideplayer"))
    return made


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second of two editions."""
    folder = tmp_path_factory.mktemp("report")
    built(folder, pages("44.000"), asks_volumes=False)
    return built(folder, pages(), asks_volumes=False).snapshot


@pytest.fixture(scope="module")
def report(snapshot: Path) -> Path:
    return snapshot / "report.html"


class Outline(HTMLParser):
    """Headings, tables, and whatever could reach out of the page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.tables = self.captions = 0
        self.without_scope = 0
        self.reaching: list[str] = []
        self.links: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.without_scope += tag == "th" and given.get("scope") not in ("row", "col")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in ("img", "link", "iframe", "object", "embed", "base", "form", "use", "image"):
            self.reaching.append(tag)
        self.reaching += [name for name in given if name in ("src", "srcset", "style", "xlink:href") or name.startswith("on")]


def test_one_file_that_reaches_nowhere_and_is_in_order(report: Path) -> None:
    html = report.read_text("utf-8")
    assert len(html) < 3_000_000
    outline = Outline(html)
    assert outline.reaching == []
    assert {link for link in outline.links if not link.startswith(("#", "https://"))} == {explorer.FILE_NAME}
    assert outline.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert outline.tables == outline.captions > 12
    assert outline.without_scope == 0
    assert "url(" not in html
    assert "@import" not in html
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]


def test_the_same_snapshot_gives_the_same_bytes_anywhere(snapshot: Path, report: Path) -> None:
    code = "import sys; from pathlib import Path; from pipeline.report.html import report_html; "
    code += "sys.stdout.buffer.write(report_html(Path(sys.argv[1])).encode())"
    other = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"}
    found = subprocess.run([sys.executable, "-c", code, str(snapshot)], env=other, capture_output=True, check=True).stdout
    assert found == report.read_bytes()


def test_made_anew_it_changes_nothing_the_package_tells_of(snapshot: Path, report: Path) -> None:
    before = report.read_bytes()
    assert write_report(snapshot.parents[1]) == report
    assert report.read_bytes() == before
    assert damage(snapshot) == []
    assert (snapshot / WATERFALL).is_file()


def test_a_snapshot_that_cannot_be_read_is_named(snapshot: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"the report cannot be made of it .*build the snapshot anew"):
        report_html(tmp_path)
    (tmp_path / PACKAGE).write_bytes((snapshot / PACKAGE).read_bytes())
    (tmp_path / WATERFALL).write_text("[{", "utf-8")
    with pytest.raises(BuildError, match="cannot be made"):
        report_html(tmp_path)


def test_it_opens_without_a_fault(reader: Browser, report: Path) -> None:
    reader.open(report)
    assert reader.driver.title == reader.seen("h1") == "Dobre praktyki samorządów: rocznik danych"
    assert reader.console_errors() == []
    assert reader.foreign_requests() == []
    for scheme in ("light", "dark"):
        reader.prefer(scheme=scheme)
        assert reader.axe() == []
    assert reader.script("return document.querySelectorAll('figure svg').length") >= 6
    assert reader.script("return document.querySelectorAll('svg script, svg style, svg a, svg image, svg [id]').length") == 0


def test_hostile_titles_are_text(reader: Browser, report: Path) -> None:
    reader.open(report)
    reader.script("for (const box of document.querySelectorAll('details')) box.open = true")
    # Title of a practice and of a deck, and the raw text of an issue.
    assert reader.seen("main").count(SHOWN) == 3
    assert reader.driver.title != "ran"
    assert reader.console_errors() == []
    assert reader.script("return document.querySelectorAll('main script, main img').length") == 0
    assert not [link for link in reader.find_all("a") if (link.get_attribute("href") or "").startswith("javascript")]


def test_language_and_colours_switch_without_a_reload(reader: Browser, report: Path) -> None:
    reader.open(report)
    reader.script("window.stays = true")
    reader.find("#lang-en").click()
    reader.find("#theme-dark").click()
    assert reader.seen("h1") == "Good practices of local government: a yearbook of the data"
    text = reader.seen("main")
    assert "Practices by type of unit" in text
    assert "Praktyki według" not in text
    assert "urban-rural gmina" in reader.seen("main svg + table, #practices")
    assert reader.script("return window.stays && document.documentElement.lang") == "en"
    reader.find("#lang-pl").click()
    assert "gmina miejsko-wiejska" in reader.seen("#practices")
    assert reader.driver.current_url.endswith("#lang=pl&theme=dark")


def test_the_keyboard_reaches_content_and_chapters(reader: Browser, report: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    reader.open(report)
    reader.find("body").send_keys(Keys.TAB)
    focused = reader.driver.switch_to.active_element
    assert focused.get_attribute("class") == "skip"
    focused.send_keys(Keys.ENTER)
    assert reader.script("return document.activeElement.id") == "content"
    reader.find('nav a[href="#quality"]').send_keys(Keys.ENTER)
    assert reader.script("return document.activeElement.id") == "quality"


def test_figures_map_and_issues_say_what_the_tables_hold(reader: Browser, report: Path, snapshot: Path) -> None:
    reader.open(report)
    assert reader.seen(".figures").splitlines()[:4] == ["dobre praktyki", "12", "prezentacje", "1"]
    shades = reader.script("return [...document.querySelectorAll('.country title')].map(title => title.textContent)")
    assert {"jarociński: 6", "myśliborski: 6"} <= set(shades)
    assert "2010-03-15 2021-03-15" in reader.seen("#glance")
    assert "population te same strony, inny kod programu 1" in reader.seen("#changes")
    reader.script("for (const box of document.querySelectorAll('details')) box.open = true")
    assert f"praktyki trace practices bdp:1 population --snapshot {snapshot.name}" in reader.seen("#quality")
    assert reader.find(f'#quality a[href="{URL}1"]').is_displayed()
    assert "wymagania spełnione" in reader.seen("#gate")


def test_it_fits_a_telephone_and_prints(reader: Browser, report: Path, tmp_path: Path) -> None:
    reader.open(report)
    reader.size(390, 800)
    assert reader.script("return document.documentElement.scrollWidth") == 390
    reader.prefer(media="print")
    assert not reader.find(".switches").is_displayed()
    reader.pdf(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").stat().st_size > 50_000


def test_without_script_the_content_is_there_in_one_language(report: Path) -> None:
    with browser(script=False) as opened:
        opened.open(report)
        assert "Praktyki według działu bazy" in opened.seen("main")
        assert "Practices by section" not in opened.seen("main")
