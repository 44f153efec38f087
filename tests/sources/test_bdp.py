from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from saved_pages import PAGES, Case, capture, reading, reading_of

from pipeline.extract.page import Page
from pipeline.records import PageIssue, PracticeTab

NBSP = "\u00a0"
BAR = f".: {NBSP} Skrót i Metryka -> Pełna prezentacja -> Załączniki {NBSP} :."
PROSE = "Gmina prowadzi świetlicę w dawnej szkole i zaprasza do niej mieszkańców wszystkich sołectw."
METRYKA = f"Metryka praktyki\nData wprowadzenia do BDP:{NBSP}{NBSP}2014-05-06\n\nPowiat:{NBSP}{NBSP}nidzicki"
ART = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=1&art=12"


def text_page(text: str, url: str | None = ART) -> Page:
    return Page(capture(url, "text/plain"), text.encode())


def html_page(body: str) -> Page:
    url = "https://dobrepraktyki.pl/praktyka/41,kino.html"
    return Page(capture(url, "text/html"), f"<!DOCTYPE html><html><body>{body}</body></html>".encode())


def old_page(body: str, *, title: str = "Świetlica dla wszystkich", crumb: str = "Usługi społeczne : Kultura") -> str:
    return f"gości odwiedziło nas\nod 1 kwietnia 2008 r.\n\n{NBSP}{crumb}\n{title}\n\n{BAR}\n\n{body}\n\n{BAR}\n\n{NBSP}stopka"


def tab_of(page: Page) -> PracticeTab:
    source, judgement, findings = reading(page)
    assert (source.name, judgement.verdict) == ("bdp", "detail"), judgement.reason
    tabs = [finding for finding in findings if isinstance(finding, PracticeTab)]
    assert len(tabs) == 1
    return tabs[0]


def verdict_of(page: Page) -> tuple[str, str]:
    source, judgement, _ = reading(page)
    return source.name, judgement.verdict


@pytest.mark.parametrize(
    "names",
    [
        "summary_text summary_html_table summary_html_br summary_html_no_address",
        "summary_text charset_iso_declared_utf8 charset_1250_declared_iso charset_none_declared",
        "presentation_text presentation_html",
        "attachments_html attachments_html_table",
        "unknown_label_text unknown_label_html",
        "contacts_text contacts_html_table contacts_html_br contacts_html_paragraph_cells contacts_html_one_cell",
        "contacts_text bars_missing_text bar_spelled_otherwise_text second_bar_missing_text",
    ],
)
def test_html_and_text_and_every_charset_give_the_same_findings(names: str) -> None:
    cases = [Case("bdp", name, PAGES / "bdp" / name) for name in names.split()]
    first, *others = [reading_of(case)[2] for case in cases]
    assert first
    for case, other in zip(cases[1:], others, strict=True):
        assert other == first, case.id


@pytest.mark.parametrize(
    ("url", "record_id", "tab"),
    [
        ("https://archiwum.dobrepraktyki.pl/index.php?p1=5&p2=18&art=358", "bdp:358", "summary"),
        ("http://WWW.DobrePraktyki.PL:80/index.php?S=2&ART=0358&P2=18", "bdp:358", "presentation"),
        ("http://dobrepraktyki.pl./index.php?p1=5&amp;p2=18&amp;art=358&amp;s=3", "bdp:358", "attachments"),
        ("http://dobrepraktyki.pl/?art=358;s=2#gora", "bdp:358", "presentation"),
        ("https://dobrepraktyki.pl/praktyka/41,bus-dla-seniora.html?tab=content", "bdp2:41", "presentation"),
        ("https://www.dobrepraktyki.pl/praktyka/41,bus-dla-seniora.html?x=1&tab=attachments", "bdp2:41", "attachments"),
        ("https://web.archive.org/web/2012id_/http://dobrepraktyki.pl/index.php?art=358&s=2", "bdp:358", "presentation"),
    ],
)
def test_addresses_of_practices(url: str, record_id: str, tab: str) -> None:
    found = tab_of(text_page(old_page(PROSE), url))
    assert (found.record_id, found.tab) == (record_id, tab)


def test_the_counter_and_the_tab_do_not_change_a_content_id() -> None:
    first = tab_of(text_page("1.000.001\n" + old_page(f"{PROSE}\n\n{METRYKA}"), None))
    second = tab_of(text_page("2.345.678\n" + old_page(PROSE), None))
    assert first.record_id == second.record_id
    assert first.record_id.startswith("sha256:")
    assert (first.tab, second.tab) == ("summary", "presentation")
    other = tab_of(text_page(old_page(PROSE, title="Inna świetlica"), None))
    assert other.record_id != first.record_id


def test_a_summary_address_without_metryka_is_said_to_lack_it() -> None:
    _, _, findings = reading(text_page(old_page(PROSE)))
    assert [finding.reason for finding in findings if isinstance(finding, PageIssue)] == [
        "the address names the summary, the page carries no Metryka"
    ]


@pytest.mark.parametrize(
    ("crumb", "section", "subsection"),
    [
        ("Usługi społeczne : Kultura", "Usługi społeczne", "Kultura"),
        ("Dialog społeczny", "Dialog społeczny", None),
        ("Nowy dział : Nowy poddział", "Nowy dział", "Nowy poddział"),
        ("Strona główna » SMUP » Praktyki", "SMUP", "Praktyki"),
        ("Strona główna » SMUP » Praktyki » Świetlica dla wszystkich", "SMUP", "Praktyki"),
    ],
)
def test_breadcrumbs(crumb: str, section: str, subsection: str | None) -> None:
    found = tab_of(text_page(old_page(PROSE, crumb=crumb)))
    assert (found.section, found.subsection, found.title) == (section, subsection, "Świetlica dla wszystkich")


@pytest.mark.parametrize("title", ["Bus : dowóz do lekarza", "Szkoła - serce wsi", "Kultura", "10 lat razem"])
def test_titles_are_taken_whole(title: str) -> None:
    assert tab_of(text_page(old_page(PROSE, title=title))).title == title


def test_the_first_line_of_a_new_page_is_its_title_when_it_makes_the_slug() -> None:
    url = "https://dobrepraktyki.pl/praktyka/41,bus-dla-seniora.html?tab=content"
    titled = tab_of(text_page(f"Bus dla seniora\n\n{PROSE}", url))
    untitled = tab_of(text_page(f"Opis projektu\n\n{PROSE}", url))
    assert (titled.title, [block.text for block in titled.blocks]) == ("Bus dla seniora", [PROSE])
    assert (untitled.title, untitled.slug) == (None, "bus-dla-seniora")


def test_labels_without_their_heading_are_still_the_metryka() -> None:
    labels = f"Typ jednostki:{NBSP}{NBSP}powiat\nPowiat:{NBSP}{NBSP}nidzicki\nWojewództwo:{NBSP}{NBSP}warmińsko-mazurskie"
    found = tab_of(text_page(old_page(f"{PROSE}\n\n{labels}")))
    assert [label.column for label in found.labels] == ["unit_type", "powiat", "voivodeship"]
    assert [block.text for block in found.blocks] == [PROSE]


def test_the_word_metryka_in_prose_is_no_heading() -> None:
    found = tab_of(text_page(old_page(f"{PROSE}\n\nMetryka\n\n{PROSE}"), ART + "&s=2"))
    assert (found.tab, len(found.blocks)) == ("presentation", 3)


def test_a_remark_in_a_label_does_not_hide_it() -> None:
    found = tab_of(text_page(old_page(f"{PROSE}\n\n{METRYKA}\nLiczba mieszkańców (stan na 2013 r.):{NBSP}{NBSP}33 tys.")))
    assert (found.labels[-1].column, found.labels[-1].label) == ("population", "Liczba mieszkańców (stan na 2013 r.)")


def test_of_two_labels_for_one_value_the_first_listed_is_mapped() -> None:
    both = (
        f"Gmina:{NBSP}{NBSP}Janowo\nNazwa JST:{NBSP}{NBSP}Dobrowo\nMiejscowość:{NBSP}{NBSP}Grabowo\nMiasto:{NBSP}{NBSP}Grabowo"
    )
    _, _, findings = reading(text_page(old_page(f"{PROSE}\n\n{METRYKA}\n{both}")))
    labels = [label for finding in findings if isinstance(finding, PracticeTab) for label in finding.labels][2:]
    assert [(label.label, label.status, label.column) for label in labels] == [
        ("Gmina", "mapped", "gmina"),
        ("Nazwa JST", "unknown", None),
        ("Miejscowość", "mapped", "locality"),
        ("Miasto", "ignored", None),
    ]
    issues = [(issue.label, issue.raw_text, issue.reason) for issue in findings if isinstance(issue, PageIssue)]
    assert issues == [("Nazwa JST", "Dobrowo", "another label fills locality")]


@pytest.mark.parametrize(
    ("value", "beside", "column"),
    [
        ("Powiat Próbny", "", "powiat"),
        ("powiat próbny", "Powiat:{0}-", "powiat"),
        ("Województwo Wzorcowe", "", "voivodeship"),
        ("Związek Gmin Dolnej Próby", "", "implementing_unit"),
        ("Międzygminny Związek Wodny", "", "implementing_unit"),
        ("Urząd Gminy Próbno", "", "implementing_unit"),
        ("Gmina Próbno", "", "locality"),
        ("Powiatowo", "", "locality"),
        ("Powiat Próbny", "Powiat:{0}próbny", None),
    ],
)
def test_what_is_no_locality_goes_to_its_own_column(value: str, beside: str, column: str | None) -> None:
    labels = "\n".join(filter(None, (f"Nazwa JST:{NBSP}{NBSP}{value}", beside.format(NBSP * 2))))
    page = text_page(old_page(f"{PROSE}\n\nMetryka praktyki\nData wprowadzenia:{NBSP}{NBSP}2012-03-04\n{labels}"))
    label = next(label for label in tab_of(page).labels if label.label == "Nazwa JST")
    assert (label.column, label.lines) == (column, [value])
    assert label.status == ("mapped" if column else "ignored")


def test_a_unit_of_another_name_than_its_label_says_is_reported() -> None:
    labels = f"Powiat:{NBSP}{NBSP}próbny\nNazwa JST:{NBSP}{NBSP}Powiat Wzorcowy"
    _, _, findings = reading(text_page(old_page(f"{PROSE}\n\nMetryka praktyki\nTyp jednostki:{NBSP}{NBSP}powiat\n{labels}")))
    issues = [(issue.label, issue.raw_text, issue.reason) for issue in findings if isinstance(issue, PageIssue)]
    assert issues == [("Nazwa JST", "Powiat Wzorcowy", "another label fills powiat")]


def metryka_of(labels: str) -> tuple[PracticeTab, list[PageIssue]]:
    page = text_page(old_page(f"{PROSE}\n\n{METRYKA}\n{labels}"))
    _, _, findings = reading(page)
    return tab_of(page), [finding for finding in findings if isinstance(finding, PageIssue)]


@pytest.mark.parametrize(
    "label", ["Autor opracowania", "Burmistrz", "Wójt Gminy", "Koordynator lokalny", "Opracowali", "Dyrektor szkoły"]
)
def test_a_label_about_persons_goes_with_the_contacts(label: str) -> None:
    # "tel." at the left edge is the person's, not the institution's.
    tab, issues = metryka_of(f"{label}:{NBSP}{NBSP}Jan Próbny\ntel.: 89 550 00 01")
    assert [(found.label, found.column, found.lines) for found in tab.labels[2:]] == [
        (label, "contacts", ["Jan Próbny", "tel.: 89 550 00 01"])
    ]
    assert not issues


def test_an_unknown_label_never_publishes_what_may_name_a_person() -> None:
    tab, issues = metryka_of(
        f"Osoby objęte wsparciem:{NBSP}{NBSP}120\nLaureat:{NBSP}{NBSP}Jan Próbny\nBudżet projektu:{NBSP}{NBSP}120.000 zł"
    )
    assert [found.status for found in tab.labels[2:]] == ["unknown"] * 3
    assert [(issue.label, issue.raw_text) for issue in issues] == [
        ("Osoby objęte wsparciem", None),
        ("Laureat", None),
        ("Budżet projektu", "120.000 zł"),
    ]
    assert all("extracted/" in issue.reason for issue in issues[:2])


def test_labels_in_a_presentation_are_text() -> None:
    labels = "Typ jednostki: gmina wiejska\nPowiat: nidzicki\nWojewództwo: warmińsko-mazurskie"
    found = tab_of(text_page(old_page(f"{labels}\n\n{PROSE}"), ART + "&s=2"))
    assert (found.tab, found.labels) == ("presentation", [])
    assert [block.text for block in found.blocks] == [labels, PROSE]


@pytest.mark.parametrize(
    "head", ["- Pełna prezentacja\n\n", "Pełna prezentacja\nBus dla seniora\n\n", "Bus dla seniora\nPełna prezentacja\n"]
)
def test_one_tab_name_alone_is_no_text_of_a_new_page(head: str) -> None:
    url = "https://dobrepraktyki.pl/praktyka/41,bus-dla-seniora.html?tab=content"
    found = tab_of(text_page(f"{head}{PROSE}\n\nZałączniki", url))
    assert [block.text for block in found.blocks] == [PROSE]


def test_files_of_a_text_page_are_told_by_their_place_on_the_tab() -> None:
    page = text_page(
        old_page("Karta rozmowy - wzór dla gospodarzy\n2. Plan.pdf (12 kB)\nPliki udostępnił urząd."), ART + "&s=3"
    )
    _, _, findings = reading(page)
    assert [(link.title, link.size_printed) for link in tab_of(page).attachments] == [
        ("Karta rozmowy - wzór dla gospodarzy", None),
        ("Plan.pdf", "(12 kB)"),
    ]
    assert [finding.reason.partition(";")[0][:20] for finding in findings if isinstance(finding, PageIssue)] == [
        "files told by their ",
        "text beside the file",
    ]
    none = tab_of(text_page(old_page("Brak załączników"), ART + "&s=3"))
    assert none.attachments == []


WHOLE = f"{METRYKA}\nMiejscowość:{NBSP}{NBSP}Kozłowo\nOsoby kontaktowe:{NBSP}{NBSP}Jan Próbny\n{NBSP}tel. 89 550 00 01"


@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("Powiat:", "Po\u00adwiat:").replace("Miejsc", "\u200bMiejsc"),
        lambda text: text.replace(NBSP, "&nbsp;").replace("ó", "&oacute;").replace("->", "-&gt;"),
        lambda text: text.replace("Metryka praktyki\nData", "Metryka praktyki Data"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"\ufeff{text}",
        lambda text: text.replace("Skrót i Metryka", "SKRÓT I METRYKA"),
    ],
    ids=["decomposed", "invisible", "references", "glued heading", "line ends", "byte order mark", "capitals"],
)
def test_ways_of_writing_change_nothing(spelled: Callable[[str], str]) -> None:
    text = old_page(f"{PROSE}\n\n{WHOLE}")
    as_usual, otherwise = tab_of(text_page(text)), tab_of(text_page(spelled(text)))
    assert otherwise.blocks == as_usual.blocks
    assert [(label.column, label.lines) for label in otherwise.labels] == [
        (label.column, label.lines) for label in as_usual.labels
    ]
    assert (otherwise.title, otherwise.section) == (as_usual.title, as_usual.section)


def test_paragraphs_below_the_metryka_are_text() -> None:
    later = f"{PROSE} Przed domem rośnie wspólny sad, o który dbają uczniowie."
    found = tab_of(text_page(old_page(f"{PROSE}\n\n{WHOLE}\n\n{later}\n\n{PROSE}")))
    assert [block.text for block in found.blocks] == [PROSE, later, PROSE]
    assert found.labels[-1].lines == ["Jan Próbny", "tel. 89 550 00 01"]


def test_links_below_a_metryka_without_a_second_bar_are_no_contacts() -> None:
    page = old_page(f"{PROSE}\n\n{WHOLE}").rpartition(BAR)[0] + "powrót\ndrukuj\nStrona główna\nO bazie\nKontakt\n© Baza"
    assert tab_of(text_page(page)).labels[-1].lines == ["Jan Próbny", "tel. 89 550 00 01"]


def test_a_list_of_practices_with_their_labels_is_no_practice() -> None:
    item = f"Świetlica\n{PROSE}\nTyp jednostki: gmina wiejska\nPowiat: nidzicki\nWojewództwo: warmińsko-mazurskie\n"
    text = f"od 1 kwietnia 2008 r.\n\n{NBSP}Usługi społeczne : Kultura\n\n{item}\n{item}"
    assert verdict_of(text_page(text, "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=1")) == ("bdp", "index")


def test_a_search_form_is_no_metryka() -> None:
    form = "Wyszukiwarka praktyk\nWojewództwo: wszystkie\nTyp jednostki: - wybierz -\nPowiat: Wszystkie\n"
    text = f"od 1 kwietnia 2008 r.\n\n{NBSP}Usługi społeczne : Kultura\n\n{form}\nKino w remizie (gmina wiejska)\n"
    assert verdict_of(text_page(text, "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=1")) == ("bdp", "index")


def test_labels_on_one_line_are_read_apart() -> None:
    tab, _ = metryka_of(
        "Miejscowość: Lipno Województwo: kujawsko-pomorskie\nUlica: Nowa 2: lok. 4 Kod pocztowy i Poczta: 87-600 Lipno\n"
        "Wirtyna internetowa: http://lipno.example.org Telefon: 54 550 00 01\n"
        "Osoby kontaktowe: Anna Lis Telefon: 54 550 00 02 Adres e@mail: a.lis@lipno.example.org"
    )
    assert [(label.column, label.lines) for label in tab.labels[2:]] == [
        ("locality", ["Lipno"]),
        ("voivodeship", ["kujawsko-pomorskie"]),
        ("street", ["Nowa 2: lok. 4"]),
        ("postal_code", ["87-600 Lipno"]),
        ("websites", ["http://lipno.example.org"]),
        ("phones", ["54 550 00 01"]),
        ("contacts", ["Anna Lis Telefon: 54 550 00 02 Adres e@mail: a.lis@lipno.example.org"]),
    ]


def test_signs_between_labels_on_one_line_are_no_part_of_values() -> None:
    tab, _ = metryka_of("Miejscowość: Lipno | Powiat: lipnowski • Ulica: Nowa 2; Telefon: 54 550 00 01")
    assert [(label.column, label.lines) for label in tab.labels[2:] if label.status == "mapped"] == [
        ("locality", ["Lipno"]),
        ("street", ["Nowa 2"]),
        ("phones", ["54 550 00 01"]),
    ]


def test_dots_lead_from_a_label_to_its_value() -> None:
    metryka = "Typ jednostki ........... powiat\nPowiat ................. lipnowski\nUlica .............. Nowa 2 .... 4"
    tab = tab_of(text_page(old_page(f"{PROSE}\n\nMetryka praktyki\n{metryka}")))
    assert [(label.column, label.lines) for label in tab.labels] == [
        ("unit_type", ["powiat"]),
        ("powiat", ["lipnowski"]),
        ("street", ["Nowa 2 .... 4"]),
    ]


@pytest.mark.parametrize("colon", [":", ""])
def test_a_row_of_a_table_with_two_labels_is_read_apart(colon: str) -> None:
    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{cell.replace(':', colon)}</td>" for cell in cells) + "</tr>"

    table = row("Typ jednostki:", "Powiat", "Powiat:", "lipnowski") + row("Ulica:", "&nbsp;", "Telefon:", "54 550 00 01")
    table += row("Liczba mieszkańców:", "900", "Osoby kontaktowe:", "Anna Lis<br>sołtys") + row("", "tel. 54 550 00 02")
    page = html_page(f"<h1>Kino</h1><p>{PROSE}</p><h3>Metryka praktyki</h3><table>{table}</table>")
    assert [(label.column, label.lines) for label in tab_of(page).labels] == [
        ("unit_type", ["Powiat"]),
        ("powiat", ["lipnowski"]),
        ("street", []),
        ("phones", ["54 550 00 01"]),
        ("population", ["900"]),
        ("contacts", ["Anna Lis", "sołtys", "tel. 54 550 00 02"]),
    ]


def test_the_editors_telephone_beside_the_page_is_no_contact() -> None:
    metryka = "<h3>Metryka praktyki</h3><dl><dt>Powiat</dt><dd>lipnowski</dd><dt>Osoby kontaktowe</dt><dd>Anna Lis</dd></dl>"
    box = "<aside><h3>Redakcja bazy</h3><dl><dt>Telefon</dt><dd>61 550 00 03</dd></dl></aside>"
    page = html_page(f"<main><h1>Kino</h1><p>{PROSE}</p>{metryka}</main>{box}")
    assert tab_of(page).labels[-1].lines == ["Anna Lis"]
    beside = html_page(f"<main><h1>Kino</h1><p>{PROSE}</p></main><aside>{metryka}</aside>")
    assert [label.column for label in tab_of(beside).labels] == ["powiat", "contacts"]


def test_a_field_above_the_text_goes_with_the_metryka() -> None:
    page = old_page(f"Data dodania: 14 września 2023\n\n{PROSE}\n\nMetryka praktyki\nPowiat: nidzicki")
    found = tab_of(text_page(page))
    assert [(label.column, label.lines) for label in found.labels] == [
        ("entered_on", ["14 września 2023"]),
        ("powiat", ["nidzicki"]),
    ]
    assert [block.text for block in found.blocks] == [PROSE]
    second = tab_of(text_page(old_page(f"Data dodania: 2023-09-14\n\n{PROSE}\n\n{METRYKA}")))
    assert second.blocks[0].text == "Data dodania: 2023-09-14"  # the Metryka has its own


def test_a_practice_that_begins_like_an_error_page_is_a_practice() -> None:
    opening = "Nie znaleziono innego lokalu, więc świetlicę urządzono w remizie."
    assert verdict_of(text_page(old_page(f"{opening}\n\n{METRYKA}"))) == ("bdp", "detail")


@pytest.mark.parametrize(
    ("text", "url", "verdict"),
    [
        ("", ART, "shell"),
        (f"\n{NBSP}\n", ART, "shell"),
        ("Strona w budowie", "https://dobrepraktyki.pl/", "shell"),
        ("Domena na sprzedaż!\nZadzwoń.", "https://dobrepraktyki.pl/", "shell"),
        (old_page(""), ART + "&s=2", "shell"),
        (old_page(""), ART + "&s=3", "detail"),
        (old_page("Nie znaleziono artykułu."), ART, "shell"),
        ("Strona główna\nUsługi społeczne\n\nOpis bazy", ART.replace("art=12", "art=0"), "index"),
        ("Strona główna\nUsługi społeczne\n\nOpis bazy", ART, "shell"),
        (PROSE, "https://dobrepraktyki.pl/strona/3,praktyka.html", "not_ours"),
        (PROSE, "https://dobrepraktyki.pl/praktyka/3,x.html?tab=content", "detail"),
    ],
)
def test_verdicts(text: str, url: str, verdict: str) -> None:
    assert verdict_of(text_page(text, url)) == ("bdp", verdict)


@pytest.mark.parametrize(("status", "verdict"), [(200, "detail"), (404, "gone"), (410, "gone"), (403, "shell"), (500, "shell")])
def test_verdicts_by_status(status: int, verdict: str) -> None:
    page = Page(capture(ART, "text/plain", status_code=status), old_page(f"{PROSE}\n\n{METRYKA}").encode())
    assert verdict_of(page) == ("bdp", verdict)


PIECES = st.sampled_from(
    [
        "",
        PROSE,
        BAR,
        "Metryka praktyki",
        f"Powiat:{NBSP}{NBSP}nidzicki",
        "Typ jednostki: powiat",
        f"Osoby kontaktowe:{NBSP}{NBSP}Jan Lis",
        f"{NBSP}tel. 89 550 01 02",
        "Nieznana etykieta: wartość",
        f"{NBSP}Usługi społeczne : Kultura",
        "Świetlica",
        "- punkt",
        "Załączniki",
        "Regulamin.pdf (12 KB)",
        "Cele projektu",
        "Związek",
        "od 1 kwietnia 2008 r.",
        "Nie znaleziono strony",
    ]
)
URLS = st.sampled_from(
    [
        None,
        ART,
        ART + "&s=2",
        ART + "&s=3",
        "https://dobrepraktyki.pl/praktyka/3,x.html?tab=content",
        "http://dobrepraktyki.pl/[/",
    ]
)


LINKED = """<html><head><title>Rada młodzieży</title></head><body>
<div class="crumbs">Strona główna / Dialog społeczny / Rada młodzieży</div>
<h1>Rada młodzieży</h1><p>Młodzież decyduje o części budżetu gminy, a wnioski składa w szkołach i w bibliotece publicznej.</p>
<table><caption>Metryka praktyki</caption><tr><th>Powiat</th><td>słupski</td></tr>
<tr><th>Strona internetowa</th><td><a href="https://www.kepice.example.org/">Zobacz stronę</a></td></tr>
<tr><th>Adres e-mail</th><td><a href="mailto:rada%40kepice.example.org?subject=Rada">Napisz do nas</a></td></tr>
<tr><th>Telefon</th><td><a href="tel:598576621">59 857 66 21</a></td></tr></table></body></html>"""


def test_a_link_with_other_words_gives_its_address() -> None:
    page = Page(capture("https://dobrepraktyki.pl/praktyka/512,rada-mlodziezy.html", "text/html"), LINKED.encode())
    tab = next(finding for finding in reading(page)[2] if isinstance(finding, PracticeTab))
    assert {label.column: label.lines for label in tab.labels if label.column != "powiat"} == {
        "websites": ["https://www.kepice.example.org/"],
        "emails": ["rada@kepice.example.org"],
        "phones": ["59 857 66 21"],
    }
    assert (tab.section, tab.subsection) == ("Dialog społeczny", None)


@given(st.lists(PIECES, max_size=14), URLS)
@settings(deadline=None, max_examples=300)
def test_no_order_of_parts_makes_the_parser_fail(pieces: list[str], url: str | None) -> None:
    source, judgement, findings = reading(text_page("Metryka praktyki\n" * (url is None) + "\n".join(pieces), url))
    assert source.name == "bdp"
    assert (judgement.verdict == "detail") == any(isinstance(finding, PracticeTab) for finding in findings)


@given(st.text(max_size=300), URLS.filter(bool))
@settings(deadline=None)
def test_no_text_makes_the_parser_fail(text: str, url: str) -> None:
    for media_type in ("text/plain", "text/html"):
        body = text.encode("utf-8", "replace")
        reading(Page(capture(url, media_type), body))


@given(
    st.lists(
        PIECES.filter(lambda piece: piece not in (BAR, "Metryka praktyki", "Nie znaleziono strony")), min_size=1, max_size=12
    )
)
@settings(deadline=None, max_examples=300)
def test_no_word_between_the_bars_is_lost(pieces: list[str]) -> None:
    body = "\n".join(pieces)
    _, judgement, findings = reading(text_page(old_page(f"{PROSE}\n\n{body}\n\n{PROSE}")))
    assert judgement.verdict == "detail"
    tab = next(finding for finding in findings if isinstance(finding, PracticeTab))
    kept = [tab.title or "", *(block.text for block in tab.blocks)]
    kept += [" ".join([label.label, *label.lines]) for label in tab.labels]
    kept += [f"{link.title} {link.size_printed or ''}" for link in tab.attachments]
    words = set(" ".join(kept).replace(NBSP, " ").split())
    assert {word.strip(":") for word in body.replace(NBSP, " ").split()} - {word.strip(":") for word in words} <= {"-", ""}
