"""Decks rendered to the shapes of the site and read back; the traps one by one; no text makes the parser raise."""

from __future__ import annotations

import html
import itertools
import re
from typing import NamedTuple

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from saved_pages import capture, sources

from pipeline.extract.page import Page
from pipeline.records import Deck, Finding, PageIssue
from pipeline.sources.spec import Judgement, Source, source_of


class Wording(NamedTuple):
    host: str
    loading: str
    download: str
    theme: str
    transcript: str
    similar: str


WORDINGS = {
    "pl": Wording(
        "slideplayer.pl",
        "Pobieranie prezentacji. Proszę czekać",
        "Pobierz ppt",
        "Prezentacja na temat:",
        "Zapis prezentacji:",
        "Podobne prezentacje",
    ),
    "en": Wording(
        "slideplayer.com",
        "Presentation is loading. Please wait.",
        "Download ppt",
        "Presentation on theme:",
        "Presentation transcript:",
        "Similar presentations",
    ),
    "de": Wording(
        "slideplayer.org",
        "Die Präsentation wird geladen. Bitte warten",
        "Präsentation herunterladen",
        "Präsentation zum Thema:",
        "Präsentation transkript:",
        "Ähnliche Präsentationen",
    ),
    "es": Wording(
        "slideplayer.es",
        "La descarga está en progreso. Por favor, espere",
        "Descargar ppt",
        "Presentación del tema:",
        "Transcripción de la presentación:",
        "Presentaciones similares",
    ),
    "pt": Wording(
        "slideplayer.com.br",
        "A apresentação está carregando. Por favor, espere",
        "Carregar ppt",
        "Apresentação em tema:",
        "Transcrição da apresentação:",
        "Apresentações semelhantes",
    ),
    # Theme, transcript and similar labels of these two are not known: the page is read by shape.
    "cs": Wording(
        "slideplayer.cz",
        "Prezentace se nahrává, počkejte prosím",
        "Stáhnout prezentaci",
        "Motiv neznámý:",
        "Přepis neznámý:",
        "Další neznámé",
    ),
    "fr": Wording(
        "slideplayer.fr",
        "La présentation est en train de télécharger. S'il vous plaît, attendez",
        "Télécharger la présentation",
        "Sujet inconnu :",
        "Texte inconnu :",
        "Autres inconnues",
    ),
}
RELATED = ["1 Rada seniorów w małej gminie", "Mobilna biblioteka", "12 kroków do budżetu obywatelskiego"]


class Slide(NamedTuple):
    number: int
    title: str | None
    body: str

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.title, self.body) if part)


def classic(title: str, slides: list[Slide], words: Wording, *, related: bool = True) -> str:
    below = [words.similar, "", *(line for name in RELATED for line in (name, "", name, "")), "Reklamy Google"]
    head = [words.loading, "", words.loading, "", title, "", words.similar, "", ""]
    theme = f'{words.theme} "{title}"— {words.transcript}'
    blocks = [line for slide in slides for line in (f"{slide.number} {slide.text}".strip(), "")]
    return "\n".join([*head, theme, "", *blocks, "", f'{words.download} "{title}"', "", *(below if related else [])])


def desktop(slides: list[Slide], words: Wording, *, publisher: str | None = None) -> str:
    lines = [words.download, words.loading]
    lines += [f"Published by{publisher} Modified over 9 years ago"] if publisher else []
    for slide in slides:
        lines += [str(slide.number), *slide.text.split("\n")] if slide.text else [str(slide.number)]
    return "\n".join(lines) + "\n"


def amp(title: str, slides: list[Slide], words: Wording) -> str:
    lines = [title, "", "Slides:", "", "", "Advertisements", words.similar, RELATED[0], "Advertisements", "", *RELATED[1:]]
    return "\n".join([*lines, *(slide.text.replace("\n", " ") for slide in slides if slide.text)]) + "\n"


def as_html(text: str) -> str:
    """The same page as markup: a block for each line, an empty block line for each blank one."""
    rows = "".join(f"<div>{html.escape(line)}</div>" if line else "<p></p>" for line in text.split("\n"))
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body>{rows}</body></html>'


def slideplayer() -> Source:
    return next(source for source in sources() if source.name == "slideplayer")


def page_of(text: str, url: str | None = None, *, status_code: int | None = None, is_html: bool = False) -> Page:
    media_type = "text/html" if is_html else "text/plain"
    return Page(capture(url, media_type, status_code=status_code), text.encode("utf-8", "surrogatepass"))


def read(text: str, url: str | None = None, *, is_html: bool = False) -> tuple[Judgement, list[Finding]]:
    page = page_of(text, url, is_html=is_html)
    source = slideplayer()
    return source.module.page_verdict(page, source), list(source.module.parse(page, source))


def deck_of(text: str, url: str | None = None, *, is_html: bool = False) -> Deck:
    _, findings = read(text, url, is_html=is_html)
    deck = findings[0]
    assert isinstance(deck, Deck)
    return deck


def issues_of(text: str, url: str | None = None, *, is_html: bool = False) -> list[PageIssue]:
    return [finding for finding in read(text, url, is_html=is_html)[1] if isinstance(finding, PageIssue)]


def pairs(deck: Deck) -> list[tuple[int | None, str]]:
    return [(slide.number, slide.text) for slide in deck.slides]


# Decks made up by hypothesis. Words hold letters, so that no text is a number alone on its line (which no reader could
# tell from the next slide's number); a text may begin with a number, be in capitals, or hold a list.

WORDS = (
    "gmina sołectwo świetlica radni budżet POWIAT Bürgerhaus Stadtrat obec knihovna громада бібліотека library council mairie "
    "commune ayuntamiento município • – (2010) 3. 12 2013 1) „fundusz” www.example.org"
).split()
phrases = (
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)
    .map(" ".join)
    .filter(lambda text: re.search(r"[^\W\d_]", text) is not None)
)
titles = st.lists(st.sampled_from([word for word in WORDS if word[0].isalpha()]), min_size=2, max_size=8).map(" ".join)
languages = st.sampled_from(sorted(WORDINGS))


@st.composite
def decks(draw: st.DrawFn, *, may_be_empty: bool = True, begins_with_number: bool = True) -> list[Slide]:
    first = draw(st.sampled_from([0, 1]))
    count = draw(st.integers(3, 25))
    slides = []
    for number in range(first, first + count):
        if may_be_empty and draw(st.integers(0, 5)) == 0:
            slides.append(Slide(number, None, ""))
            continue
        title, body = draw(phrases), draw(phrases)
        if not begins_with_number:
            title = title.lstrip("0123456789.) ") or "gmina"
        slides.append(Slide(number, title, body))
    assume(sum(bool(slide.text) for slide in slides) >= 2)
    return slides


@settings(deadline=None, max_examples=150)
@given(titles, decks(), languages, st.booleans())
def test_classic_deck_is_read_back(title: str, slides: list[Slide], language: str, is_html: bool) -> None:  # noqa: FBT001 - drawn
    text = classic(title, slides, WORDINGS[language])
    deck = deck_of(as_html(text) if is_html else text, is_html=is_html)
    assert pairs(deck) == [(slide.number, slide.text) for slide in slides]
    assert (deck.title, deck.shape) == (title, "classic")


@settings(deadline=None, max_examples=150)
@given(decks(), languages, st.booleans())
def test_desktop_deck_is_read_back(slides: list[Slide], language: str, is_html: bool) -> None:  # noqa: FBT001 - drawn
    text = desktop(slides, WORDINGS[language])
    deck = deck_of(as_html(text) if is_html else text, is_html=is_html)
    assert pairs(deck) == [(slide.number, slide.text) for slide in slides]
    assert [slide.title for slide in deck.slides] == [slide.title for slide in slides]
    assert deck.shape == "desktop"


@settings(deadline=None, max_examples=100)
@given(titles, decks(begins_with_number=False), st.sampled_from(["pl", "en", "de", "es", "pt"]))
def test_amp_deck_is_read_back_without_numbers(title: str, slides: list[Slide], language: str) -> None:
    slides = [Slide(slides[0].number, title, "aa"), *slides[1:]]
    words = WORDINGS[language]
    deck = deck_of(amp(title, slides, words), f"https://{words.host}/amp/77")
    assert pairs(deck) == [(None, slide.text.replace("\n", " ")) for slide in slides if slide.text]
    assert (deck.title, deck.shape) == (title, "amp")


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=400),
    st.sampled_from([None, "https://slideplayer.pl/slide/1/", "https://slideplayer.com/", "http://[broken"]),
)
@example("1", None)
@example('Zapis prezentacji:\n2\n1\n0\n"', None)
@example('Prezentacja na temat: "', "https://slideplayer.pl/slide/1/")
@example("Podobne prezentacje", "https://slideplayer.pl/amp/1")
@example("\ud800 1\n2 \x00\n3", None)
def test_no_text_makes_the_parser_raise(text: str, url: str | None) -> None:
    for is_html in (False, True):
        _, findings = read(text, url, is_html=is_html)
        assert sum(isinstance(finding, Deck) for finding in findings) <= 1


line_pieces = st.sampled_from(
    [
        *["1", "2", "3", "2 gmina", "7", "2010", "", "©", "Slides:", "Advertisements", "Similar presentations", "Published by"],
        *["Presentation transcript:", "Ads by Google", "Presentation is loading. Please wait.", 'Download ppt "X"'],
        'Presentation on theme: "X"— Presentation transcript:',
    ]
)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(line_pieces, max_size=30),
    st.sampled_from([None, "https://slideplayer.com/amp/5", "https://slideplayer.com/slide/5"]),
)
def test_labels_in_any_order_never_raise_and_never_reach_a_slide(lines: list[str], url: str | None) -> None:
    _, findings = read("\n".join(lines), url)
    labels = {"Similar presentations", "Ads by Google", "Presentation is loading. Please wait."}
    if any(before and below == "Ads by Google" for before, below in itertools.pairwise(lines)):
        labels -= {"Ads by Google"}  # right below a number it may be the title of a slide
    for deck in (finding for finding in findings if isinstance(finding, Deck)):
        assert not labels & set("\n".join(slide.text for slide in deck.slides).split("\n"))


# Traps


def numbered_page(*blocks: str, title: str = "Rada seniorów") -> str:
    parts = ["Pobieranie prezentacji. Proszę czekać", title, f'Prezentacja na temat: "{title}"— Zapis prezentacji:', *blocks]
    return "\n\n".join([*parts, f'Pobierz ppt "{title}"', "Podobne prezentacje", "4 Inna prezentacja", "Reklamy Google"])


def test_numbers_inside_slides_split_nothing() -> None:
    text = numbered_page(
        "1 3 filary rady",
        "2 Rok założenia\n2010\n2011",
        "3 Zadania\n1 spotkania\n2 wyjazdy\n3 dyżury\n4 dotacje",
        "4 2 rzeczy",
        "5",
    )
    assert pairs(deck_of(text)) == [
        (1, "3 filary rady"),
        (2, "Rok założenia\n2010\n2011"),
        (3, "Zadania\n1 spotkania\n2 wyjazdy\n3 dyżury\n4 dotacje"),
        (4, "2 rzeczy"),
        (5, ""),
    ]


def test_list_inside_a_slide_of_a_rendering_without_blank_lines() -> None:
    text = numbered_page("1 Wstęp\n2 Zadania\n1 spotkania\n2 wyjazdy\n3 dyżury\n3 Koszty\n4 Koniec")
    assert pairs(deck_of(text)) == [
        (1, "Wstęp"),
        (2, "Zadania\n1 spotkania\n2 wyjazdy\n3 dyżury"),
        (3, "Koszty"),
        (4, "Koniec"),
    ]


def test_gaps_are_kept_and_a_wide_one_is_reported() -> None:
    text = numbered_page("1 A", "2 B", "4 D", "5 E", "9 I", "10 J", "11 K", "12 L")
    assert [slide.number for slide in deck_of(text).slides] == [1, 2, 4, 5, 9, 10, 11, 12]
    gaps = [issue for issue in issues_of(text) if issue.column == "slide_number"]
    assert [(gap.status, gap.raw_text) for gap in gaps] == [("ambiguous", "9")]


@pytest.mark.parametrize("last", [6, 8, 12])
def test_a_gap_before_the_last_slide_does_not_glue_it_to_the_one_before(last: int) -> None:
    text = numbered_page("1 A", "2 B\n7 punkt", "3 C", "4 D", f"{last} Koniec")
    assert pairs(deck_of(text)) == [(1, "A"), (2, "B\n7 punkt"), (3, "C"), (4, "D"), (last, "Koniec")]


def test_a_year_that_begins_a_block_is_no_slide() -> None:
    text = numbered_page("1 A", "2 B", "1999 reforma", "3 C")
    assert pairs(deck_of(text)) == [(1, "A"), (2, "B\n1999 reforma"), (3, "C")]


def test_numbering_from_zero_and_repeated_steps() -> None:
    text = numbered_page("0 Start", "1 Krok", "2 Krok", "3 Krok")
    assert pairs(deck_of(text)) == [(0, "Start"), (1, "Krok"), (2, "Krok"), (3, "Krok")]


def test_an_empty_slide_right_above_the_next_number_swallows_no_slide() -> None:
    deck = deck_of(numbered_page("1 Rada", "2 Lista", "3\n4\n5 Koniec 1 1", "6\n7 gmin", "7 gmin razem"))
    assert pairs(deck) == [(1, "Rada"), (2, "Lista"), (3, ""), (4, ""), (5, "Koniec 1 1"), (6, "7 gmin"), (7, "gmin razem")]


def test_block_without_a_number_belongs_to_the_slide_before_it() -> None:
    assert pairs(deck_of(numbered_page("1 A", "ciąg dalszy", "2 B"))) == [(1, "A\nciąg dalszy"), (2, "B")]


def test_text_before_the_first_number_is_kept_and_reported() -> None:
    text = numbered_page("bez numeru", "1 A", "2 B")
    assert pairs(deck_of(text)) == [(None, "bez numeru"), (1, "A"), (2, "B")]
    assert ("slide_number", "ambiguous") in {(issue.column, issue.status) for issue in issues_of(text)}


def test_nothing_below_the_transcript_reaches_a_slide() -> None:
    texts = " ".join(slide.text for slide in deck_of(numbered_page("1 A", "2 B", "3 C")).slides)
    assert texts == "A B C"


def test_transcript_that_is_cut_keeps_its_last_slide() -> None:
    text = numbered_page("1 A", "2 B", "3 C").partition("Pobierz ppt")[0]
    assert pairs(deck_of(text)) == [(1, "A"), (2, "B"), (3, "C")]


def test_furniture_side_by_side_below_unnumbered_slides_is_no_slide() -> None:
    slides = ["Rada seniorów w Lipnie", "Kto? Mieszkańcy", "Download i upload w gminie", "Dziękujemy"]
    text = "\n".join(["Rada seniorów w Lipnie", "", "Podobne prezentacje", "Inna rada", "", "Reklamy", "", *slides])
    deck = deck_of(f"{text}\n\nReklamy\nO projekcie SlidePlayer Warunki korzystania", "https://slideplayer.pl/amp/12/")
    assert [slide.text for slide in deck.slides] == slides


def test_last_desktop_slide_may_be_called_like_the_footer() -> None:
    slides = [Slide(1, "Start", "tekst"), Slide(2, "Środek", "tekst"), Slide(3, "Feedback", "")]
    text = (
        desktop(slides, WORDINGS["en"])
        + "\nAbout project\nSlidePlayer\nFeedback\n© 2025 SlidePlayer.com Inc.\nAll rights reserved.\n"
    )
    assert pairs(deck_of(text))[-1] == (3, "Feedback")


def test_desktop_text_that_begins_with_its_own_number() -> None:
    lines = [
        "Download presentation",
        "Presentation is loading. Please wait.",
        "1",
        "1 Agenda of the day",
        "2",
        "2 Needs",
        "3",
        "3 Costs",
    ]
    assert pairs(deck_of("\n".join(lines))) == [(1, "1 Agenda of the day"), (2, "2 Needs"), (3, "3 Costs")]


def test_titles_of_slides() -> None:
    two_lines = deck_of(numbered_page("1 Rada", "2 Zadania\nspotkania i wyjazdy", "3 Koniec"))
    assert [slide.title for slide in two_lines.slides] == [None, "Zadania", None]
    one_line = deck_of("Pobieranie prezentacji. Proszę czekać\n1\nRada w gminie\n2\nZadania rady\n3\nKoniec")
    assert [slide.title for slide in one_line.slides] == [None, None, None]


@pytest.mark.parametrize(
    "url",
    [
        "https://slideplayer.pl/slide/59/",
        "http://www.slideplayer.pl/slide/59",
        "https://slideplayer.pl./slide/59?x=1",
        "https://slideplayer.pl/amp/59/",
        "https://slideplayer.pl:443/slide/59/#s3",
        "https://web.archive.org/web/2015/http://slideplayer.pl/slide/59/",
    ],
)
def test_one_id_for_every_spelling_of_the_address(url: str) -> None:
    assert deck_of(numbered_page("1 A", "2 B", "3 C"), url).record_id == "slideplayer.pl:59"


def test_content_id_without_an_address_depends_on_content_alone() -> None:
    text = numbered_page("1 A", "2 B", "3 C")
    ids = {deck_of(text).record_id, deck_of(text + "\n\nReklamy").record_id}
    assert len(ids) == 1
    assert re.fullmatch(r"sha256:[0-9a-f]{12}", ids.pop())
    assert deck_of(numbered_page("1 A", "2 B", "3 D")).record_id not in ids


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Published byAnna Przykładowa Modified over 9 years ago", "Anna Przykładowa"),
        ("Veröffentlicht von:Otto Muster Geändert vor über 7 Jahren", "Otto Muster"),
        ("ZveřejnilJan Vzorný", "Jan Vzorný"),
        ("Opublikowany przezJan Próbny Został zmieniony 7 lat temu", "Jan Próbny"),
        ("Published by", "Urząd Gminy"),
    ],
)
def test_publisher_stands_apart(line: str, name: str) -> None:
    head = ["Presentation is loading. Please wait.", line, *([name] if line == "Published by" else [])]
    deck = deck_of("\n".join([*head, "1", "Rada", "seniorów", "2", "Zadania", "rady"]))
    assert deck.publisher == name
    assert pairs(deck) == [(1, "Rada\nseniorów"), (2, "Zadania\nrady")]


def test_unknown_labels_are_read_by_shape_and_reported() -> None:
    text = classic("Knihovna v obci", [Slide(1, None, "Knihovna v obci"), Slide(2, None, "Druhý")], WORDINGS["cs"])
    labels = [issue.label for issue in issues_of(text) if issue.status == "unknown_label" and issue.label]
    assert labels == ["Motiv neznámý:", "Přepis neznámý:"]


def test_blank_lines_between_title_and_body_hide_no_title() -> None:
    deck = deck_of("Pobieranie prezentacji. Proszę czekać\n1\n\nRada\n\nw gminie\n\n2\n\nZadania\n\nwyjazdy\n\n3\n\nKoniec")
    assert [(slide.title, slide.text) for slide in deck.slides] == [
        ("Rada", "Rada\nw gminie"),
        ("Zadania", "Zadania\nwyjazdy"),
        ("Koniec", "Koniec"),
    ]


@pytest.mark.parametrize("ad", ["Reklamy", "Reklamy Google"])
def test_an_advertisement_between_slides_ends_nothing(ad: str) -> None:
    classic_text = numbered_page("1 A", "2 B", ad, "3", ad, "4 D")
    assert pairs(deck_of(classic_text)) == [(1, "A"), (2, "B"), (3, ""), (4, "D")]
    desktop_text = f'Pobieranie prezentacji. Proszę czekać\n1\nRada\nw gminie\n\n{ad}\n\n2\nZadania\nrady\n\nPobierz ppt "Rada"'
    assert pairs(deck_of(desktop_text)) == [(1, "Rada\nw gminie"), (2, "Zadania\nrady")]


def test_links_to_other_decks_below_the_last_slide_are_no_part_of_it() -> None:
    slides = "<h3>1</h3><h4>Rada</h4><p>w gminie</p><h3>2</h3><h4>Zadania</h4><p>wyjazdy</p>"
    head = "<p>Pobieranie prezentacji. Proszę czekać</p>"
    page = f"<html><body>{head}{slides}<p><a href='/slide/7/'>Inna rada</a></p></body></html>"
    assert pairs(deck_of(page, "https://slideplayer.pl/slide/59/", is_html=True)) == [
        (1, "Rada\nw gminie"),
        (2, "Zadania\nwyjazdy"),
    ]


def test_headings_of_the_markup_are_titles() -> None:
    rows = "".join(
        f"<h3>{n} {title}</h3><p>{body}</p>"
        for n, title, body in [(1, "Rada", "seniorów"), (2, "Zadania", ""), (3, "3 lata", "pracy")]
    )
    page = as_html(numbered_page("@")).replace("<div>@</div>", rows)
    assert [(slide.number, slide.title, slide.text) for slide in deck_of(page, is_html=True).slides] == [
        (1, "Rada", "Rada\nseniorów"),
        (2, "Zadania", "Zadania"),
        (3, "3 lata", "3 lata\npracy"),
    ]


def test_theme_line_may_be_broken_and_its_words_may_stand_in_the_title() -> None:
    broken = 'Presentation on theme: "A long\ntitle"\n— Presentation transcript:\n\n1 A\n\n2 B'
    assert (deck_of(broken).title, pairs(deck_of(broken))) == ("A long title", [(1, "A"), (2, "B")])
    for title in ('Prezentacja na temat: "Gmina"', '"Aktywni" w gminie', "Rada - głos - decyzja"):
        assert deck_of(numbered_page("1 A", "2 B", title=title)).title == title


def test_missing_title_is_reported_with_a_candidate() -> None:
    text = desktop([Slide(1, "Rada", "seniorów"), Slide(2, "Zadania", "rady")], WORDINGS["pl"])
    missing = [issue for issue in issues_of(text) if issue.status == "missing"]
    assert [(issue.column, issue.candidates) for issue in missing] == [("title", ["Rada"])]


def test_title_from_the_html_head() -> None:
    body = as_html(desktop([Slide(1, "Rada", "seniorów"), Slide(2, "Zadania", "rady")], WORDINGS["pl"]))
    page = body.replace("</head>", "<title>Rada seniorów - ppt pobierz</title></head>")
    assert deck_of(page, is_html=True).title == "Rada seniorów"


def test_picture_numbers_are_held_against_the_slides() -> None:
    body = as_html(numbered_page("1 A", "2 B", "3 C"))
    pictures = "".join(f'<img src="//images.example.org/9/59/slides/slide_{n}.jpg">' for n in range(1, 5))
    other = '<img src="//images.example.org/9/60/slides/slide_44.jpg">'
    page = body.replace("</body>", f"{pictures}{other}</body>")
    url = "https://slideplayer.pl/slide/59/"
    assert deck_of(page, url, is_html=True).picture_count == 4
    doubts = [issue for issue in issues_of(page, url, is_html=True) if issue.column == "slide_count"]
    assert [(doubt.status, doubt.raw_text) for doubt in doubts] == [("ambiguous", "4")]
    assert not issues_of(page.replace("slide_4.", "slide_3."), url, is_html=True)


def test_mended_links_are_reported_with_the_published_text() -> None:
    text = numbered_page("1 Sieć (Centra Lokalne)Centra Lokalne działa", "2 \uf0b7 punkt", "3 C")
    assert pairs(deck_of(text))[:2] == [(1, "Sieć (Centra Lokalne) działa"), (2, "• punkt")]
    repaired = [issue.raw_text for issue in issues_of(text) if issue.status == "repaired"]
    assert repaired == ["Sieć (Centra Lokalne)Centra Lokalne działa"]


# Verdicts


@pytest.mark.parametrize(
    ("text", "url", "status_code", "verdict"),
    [
        ("Nie znaleziono", "https://slideplayer.pl/slide/1/", 404, "gone"),
        ("Gone", "https://slideplayer.pl/slide/1/", 410, "gone"),
        (numbered_page("1 A", "2 B"), "https://slideplayer.pl/slide/1/", 503, "shell"),
        (
            "Presentation is loading. Please wait.\n\nPresentation is loading. Please wait.",
            "https://slideplayer.com/slide/1/",
            200,
            "shell",
        ),
        (
            "Page not found\nThe page you asked for is not here\nHome\nSearch\nContact",
            "https://slideplayer.com/slide/1/",
            200,
            "shell",
        ),
        ("Just a moment...\nVerify you are human\nRay ID 5\nPerformance by x", "https://slideplayer.com/amp/1", 200, "shell"),
        ("SlidePlayer\nSearch\nA deck\nAnother deck", "https://slideplayer.com/search/?q=library", 200, "index"),
        ("SlidePlayer\nA deck\nAnother deck\nThird", "https://slideplayer.com", 200, "index"),
        ("Terms of Service\n\nYou must agree to them.", "https://slideplayer.com/support/terms/", 200, "not_ours"),
        (numbered_page("1 A", "2 B"), None, None, "detail"),
    ],
)
def test_verdicts(text: str, url: str | None, status_code: int | None, verdict: str) -> None:
    page = page_of(text, url, status_code=status_code)
    source = slideplayer()
    judgement = source.module.page_verdict(page, source)
    assert judgement.verdict == verdict, judgement.reason
    assert judgement.reason
    if verdict == "index":
        assert not list(source.module.parse(page, source))


@pytest.mark.parametrize("language", ["pl", "en", "de", "es", "pt"])
def test_pages_without_an_address_are_claimed_by_their_labels(language: str) -> None:
    slides = [Slide(1, None, "Gmina"), Slide(2, None, "Rada")]
    for text in (classic("Gmina razem", slides, WORDINGS[language]), amp("Gmina razem", slides, WORDINGS[language])):
        source = source_of(page_of(text), sources())
        assert source is not None
        assert source.name == "slideplayer"


def test_a_deck_alike_in_the_list_of_related_ones_is_no_first_slide() -> None:
    words = WORDINGS["es"]
    cut = "Los cuadernos de este taller fueron hechos por los equipos de la asociación de vecinos y de la biblioteca. Los."
    head = [cut, "", "Slides:", "", "", "Advertisements", words.similar, "Otra biblioteca", "Advertisements", ""]
    related = [
        "Los cuadernos de este taller para la casa",
        "LA BIBLIOTECA DEL BARRIO",
        cut,
        "Los cuadernos de este taller para el archivo",
        "E L ARCHIVO DEL MUNICIPIO",
    ]
    url = "https://slideplayer.es/amp/7001"
    for is_html in (False, True):
        page = "\n".join([*head, *related])
        judgement, findings = read(as_html(page) if is_html else page, url, is_html=is_html)
        assert (judgement.verdict, findings) == ("shell", [])
    links = "".join(f'<a href="/slide/{n}/">{html.escape(line)}</a><br>' for n, line in enumerate([*related, cut[:-5]]))
    assert read(f"{as_html(chr(10).join(head[:7]))}{links}", url, is_html=True)[0].verdict == "shell"
    slides = [cut.replace("Los.", "Los vecinos leen"), "Fin"]
    assert pairs(deck_of("\n".join([*head, *related, *slides]), url)) == [(None, text) for text in slides]
