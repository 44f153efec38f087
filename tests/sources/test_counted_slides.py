"""Transcripts of any host whose slides are counted with a word: "Slajd 1", "Слайд №2", "Slide 3 of 12"."""

from __future__ import annotations

import pytest
from saved_pages import capture, sources

from pipeline.extract.page import Page
from pipeline.records import Deck
from pipeline.sources.spec import source_of

SLIDES = (
    "Rada seniorów w Lipnie\nKrok po kroku",
    "Kto może zostać członkiem?\n1. Mieszkaniec\n2. Senior",
    "Dziękujemy za uwagę",
)


def page_of(text: str, *, is_html: bool = False) -> Page:
    media_type = "text/html" if is_html else "text/plain"
    return Page(capture(None, media_type), text.encode())


def deck_of(text: str, *, is_html: bool = False) -> Deck | None:
    page = page_of(text, is_html=is_html)
    source = source_of(page, sources())
    assert source is not None
    found = [finding for finding in source.module.parse(page, source) if isinstance(finding, Deck)]
    assert len(found) <= 1
    return found[0] if found else None


def transcript(marker: str, slides: tuple[str, ...] = SLIDES, tail: str = "") -> str:
    blocks = [f"{marker.format(n=number, m=len(slides))}\n{text}" for number, text in enumerate(slides, 1)]
    return "\n\n".join(["Rada seniorów w Lipnie\nDodał: rs_lipno", *blocks, *([tail] if tail else [])])


@pytest.mark.parametrize(
    "marker",
    ["Slajd {n}", "Slajd {n} z {m}", "Слайд №{n}", "Слайд № {n}:", "SLIDE {n}/{m}", "Slide {n} of {m}.", "Номер слайду {n}"],
)
def test_slides_counted_with_a_word_make_a_deck(marker: str) -> None:
    deck = deck_of(transcript(marker, tail="Podobne prezentacje o samorządzie\nBudżet obywatelski"))
    assert deck is not None
    assert [(slide.number, slide.text) for slide in deck.slides] == list(enumerate(SLIDES, 1))
    assert deck.slides[1].title == "Kto może zostać członkiem?"
    assert deck.title == "Rada seniorów w Lipnie"


def test_headings_and_links_below_the_last_slide_are_none_of_it() -> None:
    slides = "".join(f"<h2>Слайд {n}</h2><p>{text}</p>" for n, text in enumerate(("Громада", "Бюджет", "", "Дякуємо"), 1))
    page = (
        f"<html><title>Громада</title><body>{slides}<h3>Читайте ще</h3><a href='/p/2'>Податки</a><p>Про нас</p></body></html>"
    )
    deck = deck_of(page, is_html=True)
    assert deck is not None
    assert [slide.text for slide in deck.slides] == ["Громада", "Бюджет", "", "Дякуємо"]


def test_small_pictures_above_the_transcript_are_no_slides() -> None:
    deck = deck_of("Slajd 1\nSlajd 2\nSlajd 3\n\n" + transcript("Slajd {n}"))
    assert deck is not None
    assert [slide.text for slide in deck.slides] == list(SLIDES)


@pytest.mark.parametrize(
    "text",
    [
        "Jak zrobić prezentację o radzie seniorów.\n\nSlajd 1 przedstawia radę, slajd 2 zadania.\nSlajd 3 zostaw pusty.",
        "Konspekt zajęć o radzie seniorów w gminie\n\nSlajd 1\nTytuł i nazwisko prowadzącego\n\nSlajd 4\nWnioski z dyskusji",
        "Jak mówić o radzie seniorów\n\n"
        + "\n\n".join(
            f"Slajd {n}\nNa tym slajdzie pokaż mapę projektów, które zgłoszono. Kolory mają odpowiadać dzielnicom miasta."
            for n in range(1, 5)
        ),
        "Galeria zdjęć z naszej konferencji w Lipnie, która odbyła się w maju\n\nSlajd 1\nSlajd 2\nSlajd 3\nSlajd 4\nSlajd 5",
    ],
)
def test_a_page_that_mentions_slides_is_no_deck(text: str) -> None:
    assert deck_of(text) is None


def test_a_name_below_the_number_does_not_count_the_slides() -> None:
    blocks = "\n\n".join(f"{n}\nSlajd {n}\nTekst slajdu o radzie seniorów, część {n}" for n in range(1, 6))
    deck = deck_of(f"Pobieranie prezentacji. Proszę czekać\n\n{blocks}")
    assert deck is not None
    assert [slide.title for slide in deck.slides] == [f"Slajd {n}" for n in range(1, 6)]


NUMBERED = [
    "1 Rada seniorów w Lipnie www.example.org",
    "2 Plan prezentacji: 1.1 Kto może zostać członkiem; 1.2 Zadania rady",
    "3 Obszar działania Liczba mieszkańców: 12 393",
    "4 Dziękujemy za uwagę",
]


@pytest.mark.parametrize("parting", ["\n", "\n\n"])
def test_a_text_of_numbered_lines_without_an_address_is_a_transcript(parting: str) -> None:
    deck = deck_of(parting.join(NUMBERED))
    assert deck is not None
    assert [(slide.number, slide.text) for slide in deck.slides] == [
        (number, line.partition(" ")[2]) for number, line in enumerate(NUMBERED, 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(NUMBERED[:3]),
        "\n".join(["Jak działa rada", *NUMBERED]),
        "\n".join([*NUMBERED, "Zobacz także"]),
        "\n".join([*NUMBERED[:3], "5 Dziękujemy za uwagę"]),
        "\n".join(line.replace(" ", ". ", 1) for line in NUMBERED),
        "1 10\n2 20\n3 30\n4 Suma",
    ],
)
def test_other_texts_with_numbers_are_no_transcripts(text: str) -> None:
    assert deck_of(text) is None


def test_numbered_lines_of_a_page_with_an_address_are_its_hosts() -> None:
    page = Page(capture("https://docs.example.org/7-x.html", "text/plain"), "\n".join(NUMBERED).encode())
    source = source_of(page, sources())
    assert source is not None
    assert source.name == "web"


def test_numbers_glued_to_the_text_below_them() -> None:
    text = "Рада сеньйорів\n\nСлайд 1Рада сеньйорів: як почати\n\n\nСлайд 2хто входить;\nхто голосує.\n\nСлайд 3Дякуємо"
    deck = deck_of(text)
    assert deck is not None
    assert deck.title == "Рада сеньйорів"
    assert [(slide.number, slide.text) for slide in deck.slides] == [
        (1, "Рада сеньйорів: як почати"),
        (2, "хто входить;\nхто голосує."),
        (3, "Дякуємо"),
    ]
    assert deck_of("Нотатки\n\nСлайд 1Рада сеньйорів\n\nСлайд 4Дякуємо\n\nСлайд 9Кінець") is None


def test_the_line_that_makes_the_address_is_the_title() -> None:
    text = "\n\n".join(
        ["Блог", "Рада сеньйорів у Липному", "Скачати", *(f"Слайд {n}\n\nТекст номер {n}" for n in (1, 2, 3, 4))]
    )
    page = Page(capture("https://slides.example.org/a/rada-senioriv-u-lypnomu", "text/plain"), text.encode())
    source = source_of(page, sources())
    assert source is not None
    [deck] = [finding for finding in source.module.parse(page, source) if isinstance(finding, Deck)]
    assert deck.title == "Рада сеньйорів у Липному"
