"""Where inline elements touch: words of their own are parted, parts of one word are not."""

from __future__ import annotations

import pytest
from saved_pages import capture

from pipeline.extract.page import Page


def text_of(html: str) -> str:
    return Page(capture("https://example.org/a", "text/html"), html.encode()).lines[0].text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p><strong>Jan Próbny</strong><span>Wójt gminy</span></p>", "Jan Próbny Wójt gminy"),
        ("<p><strong>Jan Próbny</strong><span><em>Wójt</em> gminy</span></p>", "Jan Próbny Wójt gminy"),
        ('<p><strong>Jan Próbny</strong><span class="person-role">wójt</span></p>', "Jan Próbny wójt"),
        ('<p><span class="name">Олена Проба</span>методистка</p>', "Олена Проба методистка"),
        ("<p><b>Anna</b><b>Kos</b></p>", "Anna Kos"),
    ],
)
def test_words_of_their_own(html: str, expected: str) -> None:
    assert text_of(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p><b>L</b>ipno i <i>Face</i>Book, e<b>Urząd</b></p>", "Lipno i FaceBook, eUrząd"),
        ("<p>Jan Próbny<!-- -->Wójt</p>", "Jan PróbnyWójt"),
        ("<p>sołtys<span>ka</span> gminy<b>Lipno</b>25</p>", "sołtyska gminy Lipno25"),
        ("<p><a>Rada Seniorów</a><a>Rada Seniorów</a></p>", "Rada SeniorówRada Seniorów"),  # told as a copy by touching itself
    ],
)
def test_parts_of_words(html: str, expected: str) -> None:
    assert text_of(html) == expected
