"""The shared look: escaping, the policy, and the switches as a reader uses them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser_kit import Browser, browser

from pipeline.report.markup import (
    Markup,
    attribute,
    both,
    document,
    is_web_address,
    joined,
    link,
    look_css,
    published,
    switches,
    text,
    words,
)

HOSTILE = "</script><script>alert(1)</script>\"'`{{7*7}}${7*7}<!-- & \u202egnp.exe\x00 ]]>"
PAIRS = [("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("mark", "paper"), ("mark", "sheet")]
PAIRS += [(name, "paper") for name in ("deck", "partner", "good", "warn", "bad")]
PAIRS += [(f"on-{step}", f"scale-{step}") for step in range(6)]


class Parsed(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.shown = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_hostile_text_stays_text() -> None:
    parsed = Parsed(published(HOSTILE, "pl"))
    assert parsed.tags == ["bdi", "span", "span"]
    assert parsed.shown == HOSTILE.replace("\u202e", "U+202E").replace("\x00", "U+0000")
    assert '"' not in attribute(HOSTILE)
    assert "\u202e" not in attribute(HOSTILE)
    assert text(None) == published(None) == '<span class="soft">–</span>'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "file:///x", "//x", "http://[", ""]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert not is_web_address(address)
    assert "<a" not in link(address)
    assert link("https://example.org/?a=1&b=\"'>").startswith(
        '<a href="https://example.org/?a=1&amp;b=&quot;&#x27;&gt;" rel="noreferrer'
    )


def test_words_are_said_once_where_they_are_the_same() -> None:
    assert words("BDP", "BDP") == "BDP"
    assert joined([text("a"), text("b")], " < ") == "a &lt; b"
    assert both(Markup("<b>a</b>"), Markup("<b>b</b>")) == (
        '<span class="pl" lang="pl"><b>a</b></span> <span class="en" lang="en"><b>b</b></span>'
    )


def tokens() -> dict[str, tuple[str, str]]:
    css = look_css()
    found = {name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)}
    for name, one, other in re.findall(r"--([\w-]+): var\(--([\w-]+)\)(;)", css):
        assert other
        found[name] = found[one]
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("front", "back"), PAIRS)
@pytest.mark.parametrize("scheme", [0, 1])
def test_contrast_is_what_wcag_asks_of_text(front: str, back: str, scheme: int) -> None:
    lighter, darker = sorted((luminance(tokens()[name][scheme]) for name in (front, back)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def page(folder: Path) -> Path:
    body = Markup(
        f'<header class="page">{switches()}<h1>{words("Rocznik", "Yearbook")}</h1></header><main class="page">'
        f'<a href="#dalej">{words("Dalej", "On")}</a> <a data-keeps-look href="explorer.html">{words("Szukaj", "Search")}</a>'
        f'<details><summary>{words("Więcej", "More")}</summary><h2 id="dalej">{words("Dział", "Chapter")}</h2></details></main>'
    )
    path = folder / "page.html"
    path.write_text(document("Rocznik", body), "utf-8")
    return path


def test_switches_change_the_page_and_the_address_keeps_them(reader: Browser, tmp_path: Path) -> None:
    path = page(tmp_path)
    reader.open(path)
    assert reader.seen("h1") == "Rocznik"
    light = reader.script("return getComputedStyle(document.body).backgroundColor")
    reader.find("#lang-en").click()
    reader.find("#theme-dark").click()
    assert reader.seen("h1") == "Yearbook"
    assert reader.script("return [document.documentElement.lang, document.title]") == ["en", "Yearbook"]
    assert reader.script("return getComputedStyle(document.body).backgroundColor") != light
    assert reader.driver.current_url.endswith("#lang=en&theme=dark")
    assert reader.find("a[data-keeps-look]").get_attribute("href") == tmp_path.as_uri() + "/explorer.html#lang=en&theme=dark"
    reader.find('a[href="#dalej"]').click()
    assert reader.script("return document.activeElement.id") == "dalej"
    reader.open(path.as_uri() + "#lang=en&theme=dark&at=dalej")
    assert reader.seen("h1") == "Yearbook"
    assert reader.find("h2").is_displayed()
    assert reader.console_errors() == []
    assert reader.axe() == []


def test_the_system_says_light_or_dark(reader: Browser, tmp_path: Path) -> None:
    reader.open(page(tmp_path))
    background = "return getComputedStyle(document.body).backgroundColor"
    light = reader.script(background)
    reader.prefer(scheme="dark")
    dark = reader.script(background)
    assert dark != light
    reader.find("#theme-light").click()
    assert reader.script(background) == light
    reader.prefer(scheme="dark", media="print")
    assert not reader.find(".switches").is_displayed()


def test_the_policy_lets_nothing_else_run(reader: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    body = Markup(
        '<script>document.title = "ran"</script><p style="color: red" onclick="x()">a</p><img src="//example.org/x.png" alt="">'
    )
    path.write_text(document("Rocznik", Markup(str(switches()) + body)), "utf-8")
    reader.open(path)
    assert reader.driver.title == "Rocznik"
    assert len(reader.console_errors()) >= 3
    assert reader.script("return getComputedStyle(document.querySelector('p')).color") != "rgb(255, 0, 0)"


def test_the_switches_work_without_script(tmp_path: Path) -> None:
    with browser(script=False) as opened:
        opened.open(page(tmp_path))
        assert opened.seen("h1") == "Rocznik"
        opened.find("label:has(#lang-en)").click()
        assert opened.seen("h1") == "Yearbook"
        assert opened.driver.title == "Rocznik"
