"""HTML to lines: blocks end a line, inline tags do not, a table row reads as a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_pages import capture

from pipeline.errors import MatchCountError, PageTooHeavy
from pipeline.extract.heavy import MAX_OPEN_TAGS
from pipeline.extract.lines import NBSP, Line
from pipeline.extract.page import Page


def lines(html: str) -> list[str]:
    return [line.text for line in page(html).lines]


def page(html: str, url: str | None = "https://example.org/a/b.html") -> Page:
    return Page(capture(url, "text/html"), html.encode())


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("a<br>b", ["a", "b"]),
        ("a<br><br>b", ["a", "", "b"]),
        ("a <b>b</b><i>c</i>\n d", ["a bc d"]),
        ("<p>a</p><p>b</p>", ["a", "", "b"]),
        ("<div>a</div><div>b</div>", ["a", "b"]),
        ("<ul><li>a<li>b</ul>c", ["a", "b", "", "c"]),
        ("<table><tr><td>Powiat:</td><td>gnieźnieński</td></tr><tr><td>Ulica:</td><td>Polna</td></tr></table>",
         ["Powiat:\tgnieźnieński", "Ulica:\tPolna"]),
        ("<table><tr><td>menu<br>more</td><td>body</td></tr></table>", ["menu", "more", "body"]),
        ("<table><tr><td>&nbsp;</td><td>body</td></tr></table>", ["body"]),
        ("<table><tr><td>Telefon:</td><td>1<br>2</td></tr></table>", ["Telefon:\t1", "2"]),
        ("x<script>var a</script><style>b{}</style><!-- c -->y", ["xy"]),
        ("&nbsp;a&nbsp;&nbsp; b", [f"{NBSP}a{NBSP}{NBSP} b"]),
        ("<pre>a\n  b</pre>", ["a", "b"]),
        ("<h2>a</h2>b", ["a", "", "b"]),
        ("<dl><dt>a</dt><dd>b</dd></dl>", ["a", "b"]),
        ("", []),
    ],
)  # fmt: skip
def test_lines(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_roles() -> None:
    found = page("<h3>Cele</h3><p><strong>Efekty</strong></p><p><b>pół</b> na pół</p><ul><li>raz</ul>").lines
    assert [(line.text, line.role) for line in found if line.text] == [
        ("Cele", "heading"),
        ("Efekty", "bold"),
        ("pół na pół", ""),
        ("raz", "item"),
    ]


def test_further_lines_of_a_value_cell_are_inner() -> None:
    found = page("<table><tr><td>Osoby:</td><td>A<br>B</td></tr><tr><td>C</td></tr></table>").lines
    assert [(line.text, line.inner) for line in found] == [("Osoby:\tA", False), ("B", True), ("C", False)]


def test_plain_text_keeps_its_lines() -> None:
    found = Page(capture(None, "text/plain"), f"a\r\n{NBSP}b \n\nc".encode()).lines
    assert found == [Line("a"), Line(f"{NBSP}b"), Line(""), Line("c")]


def test_selectors_say_how_many_they_expect() -> None:
    found = page("<p>1</p><p>2</p><h1>t</h1>")
    assert found.one("h1").text() == "t"
    assert found.maybe_one("h2") is None
    assert len(found.some("p")) == 2
    for failing in (lambda: found.one("p"), lambda: found.maybe_one("p"), lambda: found.some("h2"), lambda: found.one("h2")):
        with pytest.raises(MatchCountError, match="matched"):
            failing()


def test_addresses() -> None:
    found = page(
        '<base href="/x/"><link rel="canonical" href="c.html"><a href="d?e=1">  f\n g </a>', "https://WWW.Example.org./a"
    )
    assert found.canonical == "https://WWW.Example.org./x/c.html"
    assert found.links == [("https://WWW.Example.org./x/d?e=1", "f g")]
    assert found.address is not None
    assert found.address.netloc == "example.org"


def test_deep_nesting_is_refused_before_the_parser_sees_it() -> None:
    with pytest.raises(PageTooHeavy, match=str(MAX_OPEN_TAGS)):
        page("<div>" * 100_000)
    assert lines("<p>a</p>" * 10_000)[:2] == ["a", ""]


@given(st.text(alphabet=st.sampled_from(list("<>/abp \n&;trdliu")), max_size=200))
@settings(deadline=None, max_examples=300)
def test_never_raises_and_lines_are_lines(html: str) -> None:
    for line in page(html).lines:
        assert "\n" not in line.text
        assert line.text == line.text.strip(" \t\n\r\f")
