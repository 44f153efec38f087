from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.lines import Line, text_lines
from pipeline.extract.sections import folded_heading, text_blocks

PROSE = "Gmina prowadzi świetlicę w dawnej szkole i zaprasza do niej mieszkańców wszystkich sołectw."
KNOWN = frozenset({"cele projektu", "koszty"})


def blocks(text: str, *, by_shape: bool = True) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in text_blocks(text_lines(text), KNOWN.__contains__, by_shape=by_shape)]


def test_a_known_heading_needs_no_blank_line() -> None:
    assert blocks(f"{PROSE}\nCele projektu:\n{PROSE}") == [
        ("paragraph", PROSE),
        ("heading", "Cele projektu:"),
        ("paragraph", PROSE),
    ]


def test_numbering_and_capitals_do_not_hide_a_known_heading() -> None:
    assert folded_heading("IV. CELE\u00a0 PROJEKTU :") == "cele projektu"
    assert blocks("2) Koszty\n100 zł") == [("heading", "2) Koszty"), ("paragraph", "100 zł")]


def test_a_short_line_before_prose_is_a_heading_by_shape_only_when_asked() -> None:
    text = f"Droga do świetlicy\n\n{PROSE}"
    assert blocks(text)[0] == ("heading", "Droga do świetlicy")
    assert blocks(text, by_shape=False)[0] == ("paragraph", "Droga do świetlicy")


def test_a_heading_may_stand_between_a_full_stop_and_prose() -> None:
    assert blocks(f"- raz\n- dwa.\nDroga do świetlicy\n{PROSE}") == [
        ("list", "- raz\n- dwa."),
        ("heading", "Droga do świetlicy"),
        ("paragraph", PROSE),
    ]
    assert blocks(f"- raz\n- dwa\nTrzy\n- cztery\n{PROSE}")[0][1] == "- raz\n- dwa\n- Trzy\n- cztery"


def test_below_a_heading_without_blank_lines_may_stand_a_short_sentence() -> None:
    text = f"{PROSE}\nDroga do świetlicy\nCelem była praca:\n- raz,\n- dwa.\nNowe miejsce\n- trzy."
    assert blocks(text) == [
        ("paragraph", PROSE),
        ("heading", "Droga do świetlicy"),
        ("paragraph", "Celem była praca:"),
        ("list", "- raz,\n- dwa."),
        ("heading", "Nowe miejsce"),
        ("list", "- trzy."),
    ]
    names = f"{PROSE}\nSzkoła Podstawowa\nStraż Pożarna\nKoło Gospodyń"
    assert blocks(names) == [("paragraph", names)]


def test_a_line_that_begins_as_a_known_heading_is_one_before_a_sum() -> None:
    assert blocks("1. raz\n2. dwa\nKoszty wdrożenia praktyki\nRazem: 45.300 zł") == [
        ("list", "1. raz\n2. dwa"),
        ("heading", "Koszty wdrożenia praktyki"),
        ("paragraph", "Razem: 45.300 zł"),
    ]
    items = "Koszty osobowe\nKoszty rzeczowe\nKoszty inne"
    assert blocks(f"{PROSE}\n\n{items}") == [("paragraph", PROSE), ("paragraph", items)]
    assert blocks("1. Koszty osobowe\n2. Koszty rzeczowe")[0][0] == "list"


def test_sentences_list_lead_ins_and_last_lines_are_no_headings() -> None:
    for line in ("Zajęcia trwają.", "Powstały trzy grupy:", "ciąg dalszy bez dużej litery", "Liczba osób 120"):
        assert blocks(f"{line}\n\n{PROSE}")[0][0] == "paragraph"
    assert blocks(f"{PROSE}\n\nKoniec opisu")[-1][0] == "paragraph"


def test_bullets_of_all_kinds_become_one_list() -> None:
    assert blocks("- raz\n– dwa\n• trzy\n\uf0b7 cztery\n-pięć") == [("list", "- raz\n- dwa\n- trzy\n- cztery\n- pięć")]


def test_a_negative_number_and_a_dash_inside_are_no_bullets() -> None:
    assert blocks("-5 stopni\nmróz - i śnieg") == [("paragraph", "-5 stopni\nmróz - i śnieg")]


def test_an_item_that_lost_its_hyphen_stays_in_the_list() -> None:
    assert blocks("- szkoły,\nprzedszkola,\n- żłobki.") == [("list", "- szkoły,\n- przedszkola,\n- żłobki.")]


def test_a_wrapped_item_is_not_split() -> None:
    assert (
        blocks("- szkoły prowadzone\nprzez stowarzyszenia\n- żłobki")[0][1]
        == "- szkoły prowadzone przez stowarzyszenia\n- żłobki"
    )
    assert blocks("- zajęcia,\nktóre prowadzi instruktor,\n- pokazy")[0][1] == "- zajęcia, które prowadzi instruktor,\n- pokazy"


def test_prose_after_a_list_is_a_paragraph() -> None:
    assert blocks(f"- raz,\n- dwa.\n{PROSE}") == [("list", "- raz,\n- dwa."), ("paragraph", PROSE)]


def test_a_blank_line_parts_blocks_and_single_line_ends_do_not() -> None:
    assert blocks("a.\nb.\n\nc.") == [("paragraph", "a.\nb."), ("paragraph", "c.")]


def test_numbers_of_a_numbered_list_are_kept() -> None:
    assert blocks("1. raz\n2. dwa") == [("list", "1. raz\n2. dwa")]


def test_markup_makes_headings_and_lists() -> None:
    lines = [Line("Nazwa", "heading"), Line("dalej", "heading"), Line("a", "item"), Line("b", "item"), Line("Wołanie", "bold")]
    found = text_blocks([*lines, Line("Cały akapit tłustym drukiem.", "bold")])
    assert [(block.kind, block.text) for block in found] == [
        ("heading", "Nazwa dalej"),
        ("list", "- a\n- b"),
        ("heading", "Wołanie"),
        ("paragraph", "Cały akapit tłustym drukiem."),
    ]


@given(st.lists(st.text(alphabet="aĄ .,-:;•1)\u00a0\t", max_size=12), max_size=10), st.booleans())
@settings(deadline=None)
def test_nothing_is_lost_and_no_line_is_split(texts: list[str], by_shape: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    lines = [Line(text.strip(" ")) for text in texts]
    found = text_blocks(lines, KNOWN.__contains__, by_shape=by_shape)
    before = "".join(letter for line in lines for letter in line.text if letter.isalnum())
    assert "".join(letter for block in found for letter in block.text if letter.isalnum()) == before
    assert all(block.text.strip() == block.text and block.text for block in found)


def test_numbered_chapters_are_headings_and_sums_are_none() -> None:
    lines = text_lines(
        "1. Opis problemu\n\nRynek był parkingiem.\n\n2. Przebieg procesu\n\nWylosowano 60 osób.\n\n3. Wyniki\n\nPoparło 85%.\n"
        "Koszt procesu: 48 tys. zł\n\nKoniec tej opowieści o rynku, na którym od dwudziestu lat stały samochody mieszkańców."
    )
    headings = [block.text for block in text_blocks(lines, by_shape=True) if block.kind == "heading"]
    assert headings == ["1. Opis problemu", "2. Przebieg procesu", "3. Wyniki"]


def test_roman_chapters_are_headings() -> None:
    lines = text_lines(
        "I. Geneza\n\nOd 2016 r.\n\nII. Przebieg\n\nmaj – wybory\n\n1. Wybór\n\nPo dwóch.\n\nIII. Efekty\n\n9 uchwał"
    )
    headings = [block.text for block in text_blocks(lines, by_shape=True) if block.kind == "heading"]
    assert headings == ["I. Geneza", "II. Przebieg", "III. Efekty"]


def test_numbered_items_apart_are_no_chapters() -> None:
    lines = text_lines("Cele:\n\n1. Basen\n\n2. Boisko\n\n3. Park\n\nTo wszystko.")
    assert [
        block.text for block in text_blocks(lines, by_shape=True) if block.kind == "heading" and block.text[0].isdigit()
    ] == []
