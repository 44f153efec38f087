"""Documents that a page shows as text, lists of such documents, and lists of articles told by their address."""

from __future__ import annotations

import pytest
from saved_pages import capture, reading

from pipeline.extract.page import Page
from pipeline.records import Article

PROSE = "Świetlica wiejska w Lipnie otwiera drzwi dla wszystkich sołectw, a jej plan układają sami mieszkańcy."
TITLE = "Świetlica dla wszystkich"
ABOVE = [
    "Świetlica dla wszystkich",
    "",
    "Wielkość: px",
    "Rozpocząć pokaz od strony:",
    "",
    'Download "Świetlica dla wszystkich"',
    "",
]
ALIKE = ["Podobne dokumenty", "Regulamin biblioteki gminnej i zasady korzystania z czytelni w roku szkolnym 2019", "Statut"]


def read(body: str, url: str | None = "https://docs.example.org/71-x.html", media_type: str = "text/plain") -> list[Article]:
    _, judgement, findings = reading(Page(capture(url, media_type), body.encode()))
    articles = [finding for finding in findings if isinstance(finding, Article)]
    assert (judgement.verdict == "detail") == bool(articles)
    return articles


@pytest.mark.parametrize("label", ["Transkrypt", "Transkrypt:", "Транскрипт"])
def test_the_text_of_a_document_stands_below_its_label(label: str) -> None:
    [article] = read("\n".join([*ABOVE, label, "", f"1 {PROSE}", "", "2 Plan zajęć", *ALIKE]))
    assert article.title == "Świetlica dla wszystkich"
    assert [block.text for block in article.blocks] == [f"1 {PROSE}", "2 Plan zajęć"]


@pytest.mark.parametrize("label", [f"Transcript {TITLE}", f"Transcript of {TITLE}"])
def test_the_label_may_name_the_title_once_more(label: str) -> None:
    [article] = read(f"{TITLE}\n\nDownload Report\n\n{label}\n\n{PROSE}\nTranscript of another")
    assert (article.title, article.blocks[0].text) == (TITLE, PROSE)


@pytest.mark.parametrize("counter", ["600 likes | 757 Views", "1,204 views", "Odsłony: 15"])
def test_a_counter_is_no_title(counter: str) -> None:
    [article] = read(f"{counter}\nŚwietlica dla wszystkich\n{PROSE}\n{PROSE}")
    assert article.title == TITLE


def test_the_title_of_a_document_in_markup() -> None:
    body = "".join(f"<p>{line}</p>" for line in [*ABOVE, "Transkrypt", f"1 {PROSE}"])
    page = f"<html><head><title>Świetlica dla wszystkich</title></head><body>{body}</body></html>"
    [article] = read(page, media_type="text/html")
    assert (article.title, [block.text for block in article.blocks]) == ("Świetlica dla wszystkich", [f"1 {PROSE}"])


def test_a_label_with_nothing_below_it_and_one_inside_the_text_are_none() -> None:
    [article] = read(f"{PROSE}\nTranskrypt")
    assert article.blocks[0].text == PROSE
    [article] = read("\n".join([*[PROSE] * 60, "Transkrypt", "Dalej"]))
    assert len(article.blocks) == 62


def test_a_list_of_documents_alike_is_no_article() -> None:
    assert read("\n".join(["Świetlica dla wszystkich", "", *ALIKE])) == []
    [article] = read("\n".join(["Świetlica", PROSE, *ALIKE]))
    assert "Regulamin" not in "".join(block.text for block in article.blocks)


@pytest.mark.parametrize(
    "path",
    ["tag/partnerstwo/", "blog/category/praktyki", "tagi/praktyki", "aktualnosci/page/3/", "2019/04/", "?m=201904", "?cat=7"],
)
def test_addresses_of_lists_of_articles(path: str) -> None:
    assert read(f"Kategoria: dobre praktyki\n\nSposób na świetlicę\n\n{PROSE}", f"https://town.example.org/{path}") == []


@pytest.mark.parametrize("path", ["category/wiesci/swietlica", "2019/04/swietlica", "strona/page", "tag", "2019"])
def test_addresses_of_articles(path: str) -> None:
    assert len(read(f"Świetlica\n\n{PROSE}", f"https://town.example.org/{path}")) == 1


def test_the_name_of_a_button_is_no_title() -> None:
    [article] = read(f"image_pdfimage_print\nimage_pdfimage_print\n\n{PROSE}\n{PROSE}")
    assert (article.title, [block.text for block in article.blocks]) == (None, [PROSE, PROSE])
