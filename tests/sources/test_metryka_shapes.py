"""The Metryka in the markup of other layouts than the two that were seen: empty cells, links side by side, text below it."""

from __future__ import annotations

from saved_pages import capture, reading

from pipeline.extract.page import Page
from pipeline.records import PracticeTab

PROSE = "Gmina prowadzi świetlicę w dawnej szkole i zaprasza do niej mieszkańców wszystkich sołectw."


def tab_of(body: str) -> PracticeTab:
    page = Page(
        capture("https://dobrepraktyki.pl/praktyka/41,kino.html", "text/html"), f"<html><body>{body}</body></html>".encode()
    )
    tabs = [finding for finding in reading(page)[2] if isinstance(finding, PracticeTab)]
    assert len(tabs) == 1
    return tabs[0]


def table(*rows: tuple[str, str]) -> str:
    return "<table>" + "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows) + "</table>"


def columns(tab: PracticeTab) -> list[tuple[str | None, list[str]]]:
    return [(label.column, label.lines) for label in tab.labels]


def test_a_row_whose_cell_is_empty_is_a_label_without_a_value() -> None:
    metryka = table(
        ("Powiat", "lipnowski"),
        ("Kod pocztowy i Poczta", ""),
        ("Typ jednostki", "powiat"),
        ("Telefon", "54 550 00 01<br>54 550 00 02"),
        ("Wirtyna internetowa", ""),
        ("Ulica", "Nowa 2"),
    )
    tab = tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h3>Metryka praktyki</h3>{metryka}")
    assert columns(tab) == [
        ("powiat", ["lipnowski"]),
        ("postal_code", []),
        ("unit_type", ["powiat"]),
        ("phones", ["54 550 00 01", "54 550 00 02"]),
        ("websites", []),
        ("street", ["Nowa 2"]),
    ]


def test_headings_of_the_text_below_the_metryka_end_it() -> None:
    metryka = table(("Powiat", "lipnowski"), ("Typ jednostki", "powiat"), ("Osoby kontaktowe", "Anna Lis<br>sołtys"))
    tab = tab_of(
        f"<h1>Kino</h1><h2>Metryka praktyki</h2>{metryka}<h2>Skrót</h2><p>{PROSE}</p><h2>Efekty</h2><p>212 miejsc.</p>"
    )
    assert columns(tab)[-1] == ("contacts", ["Anna Lis", "sołtys"])
    assert [block.text for block in tab.blocks][-3:] == [PROSE, "Efekty", "212 miejsc."]


def test_links_to_a_telephone_and_an_address_stand_apart() -> None:
    links = '<a href="tel:+48545500001">54 550 00 01</a><a href="mailto:a.lis@lipno.example.org">a.lis@lipno.example.org</a>'
    metryka = table(
        ("Powiat", "lipnowski"), ("Typ jednostki", "powiat"), ("Osoby kontaktowe", f"<p>Anna Lis</p><p>{links}</p>")
    )
    tab = tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h2>Metryka praktyki</h2>{metryka}")
    assert [line for line in tab.labels[-1].lines if line] == ["Anna Lis", "54 550 00 01", "a.lis@lipno.example.org"]


def test_what_a_practice_is_filed_under_is_no_contact() -> None:
    metryka = table(("Powiat", "lipnowski"), ("Typ jednostki", "powiat"), ("Osoby kontaktowe", "Anna Lis<br>sołtys"))
    tags = '<ul><li><a href="/t/1">#kultura</a></li><li><a href="/t/2">#sport-i-rekreacja</a></li></ul>'
    tab = tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h2>Metryka praktyki</h2>{metryka}{tags}")
    assert tab.labels[-1].lines == ["Anna Lis", "sołtys"]


def test_labels_that_share_a_cell_share_out_the_lines_of_the_next() -> None:
    labels, values = "Miejscowość:<br>Powiat:<br>Województwo:", "Lipno<br>lipnowski<br>kujawsko-pomorskie"
    metryka = table(
        ("Typ jednostki:", "gmina wiejska"), (labels, values), ("Ulica:", ""), ("Telefon:", "54 550 00 01<br>54 550 00 02")
    )
    tab = tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h3>Metryka praktyki</h3>{metryka}")
    assert columns(tab)[1:] == [
        ("locality", ["Lipno"]),
        ("powiat", ["lipnowski"]),
        ("voivodeship", ["kujawsko-pomorskie"]),
        ("street", []),
        ("phones", ["54 550 00 01", "54 550 00 02"]),
    ]


def test_a_practice_that_others_reprint_is_a_practice() -> None:
    items = "<li>Typ jednostki: powiat</li><li>Powiat: lipnowski</li><li>Województwo: kujawsko-pomorskie</li>"
    metryka = f"<h2>Metryka dobrej praktyki</h2><ul>{items}<li>Osoba kontaktowa: Anna Lis, prezes</li></ul>"
    body = f"<h1>Kino</h1><p>{PROSE}</p>{metryka}<p>Źródło: Baza Dobrych Praktyk</p>"
    page = Page(capture("https://lgd.example.org/2017/kino", "text/html"), f"<html><body>{body}</body></html>".encode())
    source, _, findings = reading(page)
    tab = next(finding for finding in findings if isinstance(finding, PracticeTab))
    assert source.name == "bdp"
    assert columns(tab)[-1] == ("contacts", ["Anna Lis, prezes"])


PAIRS = {
    "Typ jednostki": "gmina wiejska",
    "Miejscowość": "Lipno",
    "Powiat": "lipnowski",
    "Rok wdrożenia": "2011",
    "Województwo": "kujawsko-pomorskie",
    "Telefon": "54 550 00 01",
    "Źródło finansowania": "budżet gminy",
    "Jednostka wdrażająca": "Urząd Gminy<br>Referat Kultury<br>i Sportu",
}


def test_unknown_labels_without_a_colon_are_told_among_pairs_of_boxes() -> None:
    boxes = "".join(f"<div>{label}</div><div>{value}</div>" for label, value in PAIRS.items())
    found = columns(tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h3>Metryka praktyki</h3>{boxes}"))
    assert (None, ["2011"]) in found
    assert (None, ["budżet gminy"]) in found
    assert ("powiat", ["lipnowski"]) in found
    assert ("phones", ["54 550 00 01"]) in found
    assert found[-1] == ("implementing_unit", ["Urząd Gminy", "Referat Kultury", "i Sportu"])


def test_labels_with_colons_keep_the_lines_below_them() -> None:
    lines = "<br>".join(f"{label}: {value}" for label, value in list(PAIRS.items())[:3])
    found = columns(tab_of(f"<h1>Kino</h1><p>{PROSE}</p><h3>Metryka praktyki</h3><p>{lines}<br>Rok wdrożenia<br>2011</p>"))
    assert found[-1] == ("powiat", ["lipnowski", "Rok wdrożenia", "2011"])


def parts_of(body: str) -> list[tuple[str, list[str]]]:
    page = Page(
        capture("https://dobrepraktyki.pl/praktyka/41,kino.html", "text/html"), f"<html><body>{body}</body></html>".encode()
    )
    tabs = [finding for finding in reading(page)[2] if isinstance(finding, PracticeTab)]
    return [(tab.tab, [block.text for block in tab.blocks]) for tab in tabs]


METRYKA = table(("Powiat", "lipnowski"), ("Typ jednostki", "powiat"), ("Telefon", "54 550 00 01"))
FULL = f"<h3>Opis sytuacji przed wdrożeniem</h3><p>{PROSE}</p><h3>Efekty</h3><p>212 miejsc.</p>"
SECTIONS = ["Opis sytuacji przed wdrożeniem", PROSE, "Efekty", "212 miejsc."]


def test_summary_and_full_text_on_one_page() -> None:
    head, metryka = f"<h1>Kino</h1><p>{PROSE}</p>", f"<h2>Metryka praktyki</h2>{METRYKA}"
    both = [("summary", [PROSE]), ("presentation", SECTIONS)]
    assert parts_of(f"{head}{metryka}<h2>Pełna prezentacja</h2>{FULL}") == both
    assert parts_of(f"{head}{FULL}{metryka}") == both


def test_one_heading_in_a_summary_is_no_full_text() -> None:
    body = f"<h1>Kino</h1><p>{PROSE}</p><h3>Efekty</h3><p>212 miejsc.</p><h2>Metryka praktyki</h2>{METRYKA}"
    assert parts_of(body) == [("summary", [PROSE, "Efekty", "212 miejsc."])]
    bar = ".: Skrót i Metryka -> Pełna prezentacja -> Załączniki :."
    assert [tab for tab, _ in parts_of(f"<h1>Kino</h1><p>{bar}</p><p>{PROSE}</p>{FULL}<h2>Metryka praktyki</h2>{METRYKA}")] == [
        "summary"
    ]
