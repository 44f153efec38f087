"""Pages that came as Markdown: headings, bold labels and links are read as their reader would see them."""

from __future__ import annotations

import pytest

from pipeline.extract.lines import Line
from pipeline.extract.markdown import is_markdown, markdown_lines


@pytest.mark.parametrize(
    ("printed", "text", "role"),
    [
        ("# Partnerstwo „Przystań”", "Partnerstwo „Przystań”", "heading"),
        ("## **Jak działamy** ##", "Jak działamy", "heading"),
        ("**Rok powstania:** 2019", "Rok powstania: 2019", ""),
        (
            "- **Partner:** [Dom Kultury](https://dk.example.org/a_(b)",
            "- Partner: [Dom Kultury](https://dk.example.org/a_(b)",
            "",
        ),
        ("Zobacz [stronę](https://dk.example.org/x).", "Zobacz stronę.", ""),
        ("#hasztag bez odstępu", "#hasztag bez odstępu", ""),
        ("2 ** 3 i a**b**c", "2 ** 3 i a**b**c", ""),
    ],
)
def test_lines(printed: str, text: str, role: str) -> None:
    assert markdown_lines([Line(printed)]) == [Line(text, role)]


def test_plain_text_is_no_markdown() -> None:
    assert not is_markdown("Lista:\n* pierwszy\n* drugi, nr #3")
    assert is_markdown("Wstęp\n## Dalej")


def test_a_long_line_of_signs_is_read_in_time() -> None:
    text = "[" * 20_000 + "**" * 20_000 + "](" * 20_000
    assert markdown_lines([Line(text)])[0].text.startswith("[[")
