"""The bundled sample site: its two lists, links, charsets, what may stand in it, and how the sources judge its pages."""

from __future__ import annotations

import csv
import datetime as dt
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from saved_pages import capture, reading

from pipeline.archive.inputs import files_in
from pipeline.extract.page import Page

ROOT = Path(__file__).parents[2]
SITE = ROOT / "pipeline" / "demo" / "site"
SEEDS = ROOT.parent / "shared" / "seeds"
LISTS = {"captures.csv", "served.csv"}
PAGE_SUFFIXES = {".html", ".txt"}
SERVED_ONLY = ".body"  # ends the names of pages and texts that a server answers with and an import must not take for captures

# Links that lead to a 404 on purpose: an attachment, a practice, a deck.
DEAD = {
    "https://archiwum.dobrepraktyki.pl/pliki/163/ulotka.pdf",
    "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=5&art=399",
    "https://slideplayer.pl/slide/7001999/",
}
# File-name stem → (charset of the bytes, decoder as the page model must name it).
CHARSETS = {
    "art-147": ("iso-8859-2", "iso-8859-2 (content; declared utf-8)"),
    "art-188": ("windows-1250", "windows-1250 (content; declared iso-8859-2)"),
    "art-205": ("iso-8859-2", "iso-8859-2 (content)"),
}
INVENTED_DOMAIN = re.compile(r"(?:^|\.)(?:example\.(?:org|com|net)|example)$")
EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
VOID = frozenset("area base br col hr img input link meta source wbr".split())


class Served(NamedTuple):
    url: str
    file: str
    status: int
    content_type: str


class Captured(NamedTuple):
    file: str
    url: str
    fetched_at: str


def _rows(name: str) -> list[dict[str, str]]:
    with (SITE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SERVED = [Served(row["url"], row["file"], int(row["status"]), row["content_type"]) for row in _rows("served.csv")]
CAPTURED = [Captured(row["file"], row["url"], row["fetched_at"]) for row in _rows("captures.csv")]
BY_URL = {answer.url: answer for answer in SERVED}
CAPTURE_IDS = [captured.file for captured in CAPTURED]


@cache
def _page(url: str) -> Page:
    answer = BY_URL[url]
    media_type = answer.content_type.partition(";")[0]
    headers = {"content-type": answer.content_type}
    return Page(capture(url, media_type, status_code=answer.status), (SITE / answer.file).read_bytes(), headers)


def _charset_variant(file: str) -> tuple[str, str] | None:
    return next((known for stem, known in CHARSETS.items() if Path(file).name.startswith(f"{stem}-")), None)


def _text(path: Path) -> str:
    variant = _charset_variant(path.name)
    return path.read_bytes().decode(variant[0] if variant else "utf-8")


def _text_files() -> list[Path]:
    return sorted(p for p in SITE.rglob("*") if p.suffix in {".html", ".txt", ".csv", ".xml", SERVED_ONLY})


@cache
def _robots(origin: str) -> RobotFileParser:
    parser = RobotFileParser()
    answer = BY_URL.get(f"{origin}/robots.txt")
    parser.parse((SITE / answer.file).read_text("utf-8").splitlines() if answer else [])
    return parser


def test_the_lists_have_their_columns() -> None:
    assert list(_rows("captures.csv")[0]) == ["file", "url", "fetched_at"]
    assert list(_rows("served.csv")[0]) == ["url", "file", "status", "content_type"]


def test_every_file_is_served_and_every_served_file_exists() -> None:
    on_disk = {p.relative_to(SITE).as_posix() for p in SITE.rglob("*") if p.is_file()} - LISTS
    assert {answer.file for answer in SERVED} == on_disk


def test_served_answers_are_one_an_address() -> None:
    assert len(BY_URL) == len(SERVED)
    assert {answer.status for answer in SERVED} == {200, 404}
    assert {answer.url for answer in SERVED if answer.status == 404} == DEAD


def test_files_lie_in_the_folder_of_their_host() -> None:
    for answer in SERVED:
        assert answer.file.split("/")[0] == urlsplit(answer.url).hostname, answer.url


def test_captures_are_served_pages_one_to_one() -> None:
    assert len({captured.url for captured in CAPTURED}) == len({captured.file for captured in CAPTURED}) == len(CAPTURED)
    for captured in CAPTURED:
        answer = BY_URL[captured.url]
        assert (answer.file, answer.status) == (captured.file, 200)
        assert Path(captured.file).suffix in PAGE_SUFFIXES
        assert answer.content_type.startswith("text/plain" if captured.file.endswith(".txt") else "text/html")


def test_capture_times_follow_one_another_in_september_2026() -> None:
    assert all(re.fullmatch(r"2026-09-\d\dT\d\d:\d\d:\d\dZ", captured.fetched_at) for captured in CAPTURED)
    times = [dt.datetime.fromisoformat(captured.fetched_at) for captured in CAPTURED]
    assert times == sorted(set(times))


def test_an_import_of_the_folder_takes_the_captures_and_nothing_else() -> None:
    failures: list[str] = []
    found = files_in(SITE, failed=lambda *told: failures.append(" ".join(told)), skipped=lambda *_: None)
    assert {(file.path, file.url) for file in found} == {(SITE / captured.file, captured.url) for captured in CAPTURED}
    assert failures == []


def test_sizes() -> None:
    assert sum(p.stat().st_size for p in SITE.rglob("*") if p.is_file()) < 600_000


@pytest.mark.parametrize("captured", CAPTURED, ids=CAPTURE_IDS)
def test_links_lead_to_served_addresses(captured: Captured) -> None:
    hosts = {urlsplit(answer.url).hostname for answer in SERVED}
    for link in _page(captured.url).links:
        target = urldefrag(link.url).url
        parts = urlsplit(target)
        if parts.hostname not in hosts:
            assert INVENTED_DOMAIN.search(parts.hostname or ""), target
        elif _robots(f"{parts.scheme}://{parts.netloc}").can_fetch("praktyki", target):
            assert target in BY_URL, target


def test_dead_links_are_linked() -> None:
    linked = {urldefrag(link.url).url for captured in CAPTURED for link in _page(captured.url).links}
    assert linked >= DEAD


def test_listings_reach_every_practice_and_some_address_is_forbidden_by_robots() -> None:
    linked = {urldefrag(link.url).url for captured in CAPTURED for link in _page(captured.url).links}
    practices = {captured.url for captured in CAPTURED if "art=" in captured.url or "/praktyka/" in captured.url}
    assert practices <= linked
    forbidden = [url for url in linked & BY_URL.keys() if not _robots("https://dobrepraktyki.pl").can_fetch("praktyki", url)]
    assert forbidden == ["https://dobrepraktyki.pl/szukaj.html"]


@pytest.mark.parametrize("captured", CAPTURED, ids=CAPTURE_IDS)
def test_charset_is_as_intended(captured: Captured) -> None:
    body = (SITE / captured.file).read_bytes()
    page = _page(captured.url)
    variant = _charset_variant(captured.file)
    if variant is None:
        assert body.decode("utf-8") == page.text
        assert page.decoded.charset == "utf-8"
        return
    charset, decoder = variant
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert page.text == body.decode(charset)
    assert page.decoded.decoder == decoder
    has_c1_controls = re.search("[\x80-\x9f]", body.decode("iso-8859-2")) is not None
    assert has_c1_controls == (charset == "windows-1250")


@pytest.mark.parametrize("path", _text_files(), ids=lambda path: path.relative_to(SITE).as_posix())
def test_text_files_end_lines_with_line_feeds(path: Path) -> None:
    text = _text(path)
    assert "\r" not in text
    assert "\ufffd" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("path", _text_files(), ids=lambda path: path.relative_to(SITE).as_posix())
def test_addresses_are_invented(path: Path) -> None:
    for match in EMAIL.finditer(_text(path)):
        assert INVENTED_DOMAIN.search(match.group(1).casefold()), match.group(0)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the real pages are not beside this checkout")
def test_nothing_of_the_real_pages_stands_in_the_sample() -> None:
    seeds = "\n".join(p.read_text("utf-8", errors="replace") for p in sorted(SEEDS.glob("*.txt")))
    sample = "\n".join(_text(path) for path in _text_files())
    assert EMAIL.search(seeds)
    for match in EMAIL.finditer(seeds):
        assert match.group(0) not in sample
    for phone in re.findall(r"tel\. ([\d ]+\d)|Telefon:\s+([\d ]+\d)", seeds):
        assert re.sub(r"\D", "", "".join(phone)) not in re.sub(r"[ \u00a0]", "", sample)
    folded = " ".join(sample.split())
    for sentence in re.split(r"[.!?\n]", seeds):
        shared = " ".join(sentence.split())
        if len(shared) > 60:
            assert shared not in folded, shared


class _Balance(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  (the base class's signature)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")


@pytest.mark.parametrize("answer", [a for a in SERVED if a.content_type.startswith("text/html")], ids=lambda answer: answer.url)
def test_html_is_well_formed(answer: Served) -> None:
    balance = _Balance()
    balance.feed(_text(SITE / answer.file))
    assert balance.faults == []
    assert balance.open == []
    page = _page(answer.url)
    assert page.is_html
    assert page.html_title
    assert [line for line in page.lines if not line.is_blank]


def test_attachments_are_real_files() -> None:
    kinds = {Path(a.file.removesuffix(SERVED_ONLY)).suffix: SITE / a.file for a in SERVED if "/pliki/" in a.file}
    assert set(kinds) == {".pdf", ".csv", ".docx", ".odt", ".txt"}
    pdf = kinds[".pdf"].read_bytes()
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    assert pdf[start : start + 4] == b"xref"
    for suffix, member in ((".docx", "word/document.xml"), (".odt", "content.xml")):
        with zipfile.ZipFile(kinds[suffix]) as archive:
            assert archive.testzip() is None
            assert member in archive.namelist()


def test_visitor_counter_differs_from_page_to_page() -> None:
    counters = [
        match.group(1)
        for captured in CAPTURED
        if (match := re.search(r">(\d(?:\.\d{3})+)<br>gości odwiedziło nas", _page(captured.url).text))
    ]
    assert len(counters) == len(set(counters)) > 30


def _intended(captured: Captured) -> tuple[str, str]:
    host, name = captured.file.split("/", 1)
    if host.endswith("dobrepraktyki.pl"):
        if re.search("logowanie|przerwa|pozorne-404", name):
            return "bdp", "shell"
        if name.startswith("strona-"):
            return "bdp", "not_ours"
        return "bdp", "detail" if re.match(r"(art|praktyka)-\d", name) else "index"
    if host.startswith("slideplayer"):
        return "slideplayer", "detail"
    if host.endswith("blogspot.com"):
        return "blogger", "index" if name == "2023-05.html" else "detail"
    return ("bpzoliborz", "detail") if host == "bpzoliborz.pl" else ("web", "detail")


@pytest.mark.parametrize("captured", CAPTURED, ids=CAPTURE_IDS)
def test_sources_judge_pages_as_intended(captured: Captured) -> None:
    source, judgement, _ = reading(_page(captured.url))
    assert (source.name, judgement.verdict) == _intended(captured), judgement.reason
