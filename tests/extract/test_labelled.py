from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.labelled import known_label, labelled_values, one_per_column
from pipeline.extract.lines import Line, text_lines
from pipeline.records import LabelledValue, LabelStatus

COLUMNS = {
    "powiat": "powiat",
    "typ": "unit_type",
    "telefon": "phones",
    "tel.": "phones",
    "ulica": "street",
    "e-mail": "emails",
    "osoby": "contacts",
    "gmina": "locality",
}


def status_of(label: str) -> tuple[LabelStatus, str | None]:
    folded = " ".join(label.casefold().split()).rstrip(" :")
    if folded == "drukuj":
        return "ignored", None
    return ("mapped", COLUMNS[folded]) if folded in COLUMNS else ("unknown", None)


def read(text: str, *, is_open: bool = True) -> tuple[list[str], list[tuple[str, list[str], str]]]:
    return read_lines(text_lines(text), is_open=is_open)


def read_lines(lines: list[Line], *, is_open: bool = True) -> tuple[list[str], list[tuple[str, list[str], str]]]:
    before, values = labelled_values(
        lines,
        status_of,
        is_sub_label=lambda label: label.casefold() in ("tel.", "tel", "e-mail", "kom."),
        compound=("contacts",),
        is_open=is_open,
    )
    return before, [(value.label, value.lines, value.status) for value in values]


def test_further_lines_belong_to_the_label_above() -> None:
    assert read("Powiat:\u00a0\u00a0a\n\u00a0b: c\nUlica: d")[1] == [
        ("Powiat", ["a", "b: c"], "mapped"),
        ("Ulica", ["d"], "mapped"),
    ]


def test_an_unknown_label_is_reported_with_its_lines() -> None:
    assert read("Powiat: a\nNagrody i tytuły:\u00a0\u00a0jedna\n\u00a0druga\nUlica: x")[1][1] == (
        "Nagrody i tytuły",
        ["jedna", "druga"],
        "unknown",
    )


def test_contact_data_below_an_unknown_label_do_not_become_the_institutions() -> None:
    """A contact label renamed: the persons' lines stay together, so that what names a person is not published."""
    persons = (
        "Ludzie:\u00a0\u00a0Jan Próbny\n\u00a0skarbnik\n\u00a0tel. 600 000 001\n\u00a0tel.: 600 000 002\n\u00a0e-mail: jan@x.pl"
    )
    known = "Telefon: 61 700 00 01\nE-mail: urzad@x.pl\n"
    assert read(f"{known}{persons}")[1][2:] == [
        ("Ludzie", ["Jan Próbny", "skarbnik", "tel. 600 000 001", "tel.: 600 000 002", "e-mail: jan@x.pl"], "unknown")
    ]
    unindented = persons.replace("\n\u00a0", "\n")
    assert read(f"{known}{unindented}")[1][2:] == [
        ("Ludzie", ["Jan Próbny", "skarbnik", "tel. 600 000 001", "tel.: 600 000 002", "e-mail: jan@x.pl"], "unknown")
    ]
    assert read("Patronat:\u00a0\u00a0brak\nE-mail: urzad@x.pl")[1][1] == ("E-mail", ["urzad@x.pl"], "mapped")


def test_addresses_clock_times_and_sentences_are_no_labels() -> None:
    text = "Powiat: a\nhttp://example.org/\nGodziny 12:30 i 14:00\nTo jest całe zdanie. A potem: drugie\nna końcu: małą literą"
    assert len(read(text)[1]) == 1


def test_sub_labels_stay_in_contacts_and_are_labels_elsewhere() -> None:
    _, values = read("Tel.: 1\nOsoby:\u00a0\u00a0Jan Lis\ntel.: 2\nE-mail: a@example.org\n\nAnna Kos\nkom.: 3")
    assert values == [
        ("Tel.", ["1"], "mapped"),
        ("Osoby", ["Jan Lis", "tel.: 2", "E-mail: a@example.org", "", "Anna Kos", "kom.: 3"], "mapped"),
    ]


def test_a_label_of_the_page_after_contacts_ends_them() -> None:
    _, values = read("Osoby:\u00a0\u00a0Jan Lis\n\u00a0Ulica: Polna 1\nE-mail:\u00a0\u00a0urzad@example.org\nUlica: Długa 2")
    assert values == [
        ("Osoby", ["Jan Lis", "Ulica: Polna 1"], "mapped"),
        ("E-mail", ["urzad@example.org"], "mapped"),
        ("Ulica", ["Długa 2"], "mapped"),
    ]


def test_a_role_with_a_colon_does_not_leave_the_contacts() -> None:
    assert read("Osoby:\u00a0\u00a0Jan Lis\nKierownik projektu: Anna Kos")[1] == [
        ("Osoby", ["Jan Lis", "Kierownik projektu: Anna Kos"], "mapped")
    ]


def test_cells_of_a_table_part_label_and_value() -> None:
    lines = [Line("Powiat\ta"), Line("Nieznane\tb"), Line("c", inner=True), Line("Drukuj:\t")]
    assert read_lines(lines)[1] == [("Powiat", ["a"], "mapped"), ("Nieznane", ["b", "c"], "unknown"), ("Drukuj", [], "ignored")]


def test_a_definition_list_has_labels_on_lines_of_their_own() -> None:
    assert read("Typ\npowiat\nPowiat\nnidzicki\nUlica\nTelefon\n1")[1] == [
        ("Typ", ["powiat"], "mapped"),
        ("Powiat", ["nidzicki"], "mapped"),
        ("Ulica", [], "mapped"),
        ("Telefon", ["1"], "mapped"),
    ]


def test_a_value_in_small_letters_is_no_label_though_it_reads_like_one() -> None:
    terms = [Line("Typ", "term"), Line("powiat"), Line("Gmina", "term"), Line("Lipa"), Line("Ulica", "term"), Line("Polna 1")]
    expected = [("Typ", ["powiat"], "mapped"), ("Gmina", ["Lipa"], "mapped"), ("Ulica", ["Polna 1"], "mapped")]
    assert read_lines(terms)[1] == expected
    assert read("Typ\npowiat\nGmina\nLipa\nUlica\nPolna 1")[1] == expected


def test_blank_lines_that_only_the_rendering_put_in_go() -> None:
    assert read("Powiat: a\n\nOsoby: Jan Lis\n\ntel. 1\n\n\nAnna Kos\n\ntel. 2")[1][1] == (
        "Osoby",
        ["Jan Lis", "tel. 1", "", "Anna Kos", "tel. 2"],
        "mapped",
    )


def test_text_before_the_first_label_is_kept() -> None:
    assert read("wstęp\nPowiat: a", is_open=False) == (["wstęp"], [("Powiat", ["a"], "mapped")])


def test_known_label_needs_a_colon_or_a_gap() -> None:
    assert known_label(Line("Powiat: x"), status_of) == "Powiat"
    assert known_label(Line("Powiat\u00a0\u00a0x"), status_of) == "Powiat"
    assert known_label(Line("Powiat x"), status_of) is None


@given(
    st.lists(
        st.sampled_from(["Powiat: a", "\u00a0b", "", "Osoby: Jan", "tel.: 1", "Inne:\u00a0x", "słowa", "Ulica\tz"]), max_size=12
    )
)
@settings(deadline=None)
def test_nothing_is_lost(texts: list[str]) -> None:
    before, values = labelled_values(
        [Line(text) for text in texts], status_of, is_sub_label=lambda label: label == "tel.", compound=("contacts",)
    )
    kept = " ".join([*before, *(f"{value.label} {' '.join(value.lines)}" for value in values)])
    words = sorted(word.strip(":") for text in texts for word in text.replace("\t", " ").replace("\u00a0", " ").split())
    assert (
        sorted(
            word.strip(":")
            for word in kept.replace("\u00a0", " ").replace("\u00a0", " ").replace("\t", " ").split()
            if word.strip(":")
        )
        == words
    )


def test_a_label_ends_at_a_colon_of_any_kind_or_a_dash() -> None:
    _, found = read("Powiat： próbny\nTyp ∶gmina\nUlica – Długa 5 - 7\nTelefon: 62： 15")
    assert found == [
        ("Powiat", ["próbny"], "mapped"),
        ("Typ", ["gmina"], "mapped"),
        ("Ulica", ["Długa 5 - 7"], "mapped"),
        ("Telefon", ["62： 15"], "mapped"),
    ]


def test_a_dash_parts_no_unlisted_label() -> None:
    assert read("Powiat: próbny\nRynek – plac")[1] == [("Powiat", ["próbny", "Rynek – plac"], "mapped")]


def test_of_two_labels_for_one_value_the_one_that_says_there_is_none_gives_way() -> None:
    labels = [LabelledValue(label="Gmina", lines=["brak"], status="mapped", column="locality")]
    labels.append(LabelledValue(label="Miasto", lines=["Próbno"], status="mapped", column="locality"))
    kept = one_per_column(labels, ("locality",), lambda label: ["Gmina", "Miasto"].index(label.label))
    assert [(label.label, label.status) for label in kept] == [("Gmina", "ignored"), ("Miasto", "mapped")]


def test_a_colon_in_a_cell_of_its_own_is_no_value() -> None:
    lines = text_lines("Powiat\t:\tpróbny\nTyp\t:\nOsoby\t:")
    _, found = read_lines([*lines[:2], Line("gmina", inner=True), *lines[2:], Line(":", inner=True), Line("Jan", inner=True)])
    assert found == [("Powiat", ["próbny"], "mapped"), ("Typ", ["gmina"], "mapped"), ("Osoby", ["Jan"], "mapped")]
