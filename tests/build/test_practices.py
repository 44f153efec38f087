"""From tabs to rows: joining, typing, what is said of what could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made import built, page, rows, tab

from pipeline.build.records.practice_cells import READERS
from pipeline.build.records.practices import CONTACTS
from pipeline.records import Article, AttachmentLink, LabelledValue, PageIssue, Partnership, TextBlock
from pipeline.sources.discovery import discovered_sources

OLD = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="


def only(data: Path, table: str = "practices") -> dict[str, Any]:
    (row,) = rows(data, table)
    return row


def test_tabs_become_one_row(tmp_path: Path) -> None:
    sections = tab("bdp:7", "presentation").blocks
    presentation = tab("bdp:7", "presentation")
    heading = TextBlock(text="Cele projektu", kind="heading")
    built(
        tmp_path,
        [
            page(OLD + "7", [tab("bdp:7")]),
            page(
                OLD + "7&s=2",
                [type(presentation)(**{**_fields(presentation), "blocks": [*sections, heading, *sections]})],
                day=2,
            ),
            page(
                OLD + "7&s=3",
                [
                    tab(
                        "bdp:7",
                        "attachments",
                        attachments=[
                            AttachmentLink(title="Regulamin", url="https://example.org/r.pdf", size_printed="(12 KB)")
                        ],
                    )
                ],
                day=3,
            ),
        ],
    )
    row = only(tmp_path)
    assert (row["has_summary"], row["has_presentation"], row["has_attachments"]) == (True, True, True)
    assert (row["section_count"], row["attachment_count"]) == (2, 1)
    assert row["captured_at"].day == 1
    assert [(s["position"], s["heading"]) for s in rows(tmp_path, "practice_sections")] == [(1, None), (2, "Cele projektu")]
    attachment = only(tmp_path, "practice_attachments")
    assert (attachment["title"], attachment["size_printed"], attachment["size_bytes"], attachment["text"]) == (
        "Regulamin",
        "(12 KB)",
        None,
        None,
    )
    assert attachment["text_missing_reason"]


def _fields(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_the_latest_good_capture_counts(tmp_path: Path) -> None:
    url = OLD + "7"
    built(
        tmp_path,
        [
            page(url, [tab("bdp:7", text="Nowsza treść praktyki o wspólnym ogrodzie we wsi.")], day=20),
            page(url, [tab("bdp:7", text="Starsza treść praktyki o wspólnym ogrodzie we wsi.")], day=10),
            page(url, verdict="shell", day=25),
            page(url, verdict="gone", day=26, status_code=404),
        ],
    )
    row = only(tmp_path)
    assert row["summary"].startswith("Nowsza")
    assert row["captured_at"].day == 20
    assert [c["verdict"] for c in sorted(rows(tmp_path, "captures"), key=lambda c: c["captured_at"])] == [
        "detail",
        "detail",
        "shell",
        "gone",
    ]


def test_a_page_of_its_own_counts_before_a_newer_list(tmp_path: Path) -> None:
    own = Article(record_id="blogger:x.example/1.html", title="Wpis", published_text=None, blocks=[TextBlock(text="Treść.")])
    listed = Article(record_id=own.record_id, title="Wpis w archiwum", published_text=None, blocks=[TextBlock(text="Treść.")])
    built(
        tmp_path,
        [
            page("https://x.example/1.html", [own], source="blogger"),
            page("https://x.example/2026/", [listed], source="blogger", day=9, verdict="index"),
        ],
    )
    assert only(tmp_path, "articles")["title"] == "Wpis"


def test_an_undated_capture_never_replaces_a_dated_one(tmp_path: Path) -> None:
    built(
        tmp_path,
        [
            page(OLD + "7", [tab("bdp:7", text="Z datą.")], day=1),
            page("https://dobrepraktyki.pl/index.php?art=7", [tab("bdp:7", text="Bez daty.")], day=None),
        ],
    )
    assert only(tmp_path)["summary"] == "Z datą."


@pytest.mark.parametrize("other", ["bdp2:991", "sha256:0123456789ab"])
def test_other_ids_join_the_practice_with_the_same_slug(tmp_path: Path, other: str) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7")]), page(None, [tab(other, "presentation")], day=2)])
    row = only(tmp_path)
    assert (row["practice_id"], row["has_presentation"]) == ("bdp:7", True)


def test_a_slug_of_two_practices_joins_nothing(tmp_path: Path) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7")]), page(OLD + "8", [tab("bdp:8")]), page(None, [tab("bdp2:991")], day=2)])
    assert [row["practice_id"] for row in rows(tmp_path, "practices")] == ["bdp2:991", "bdp:7", "bdp:8"]


def test_a_newer_tab_without_metryka_keeps_the_older_metryka(tmp_path: Path) -> None:
    bare = tab("bdp2:991", text="Treść z nowej strony, już bez metryki.")
    bare = type(bare)(**{**_fields(bare), "labels": []})
    built(
        tmp_path,
        [page(OLD + "7", [tab("bdp:7")]), page("https://dobrepraktyki.pl/praktyka/991,wspolny-ogrod.html", [bare], day=9)],
    )
    row = only(tmp_path)
    assert row["locality"] == "Jarocin"
    assert row["summary"].startswith("Treść z nowej strony")
    assert row["captured_at"].day == 1


@pytest.mark.parametrize(
    ("column", "lines", "expected", "status"),
    [
        ("entered_on", ["2011"], {"entered_on": None, "entered_on_raw": "2011"}, "invalid"),
        ("entered_on", ["31.02.2011"], {"entered_on": None}, "invalid"),
        ("unit_type", ["gmina kosmiczna"], {"unit_type": None, "unit_type_raw": "gmina kosmiczna"}, "unknown_code"),
        ("population", ["brak danych"], {"population": None, "population_raw": "brak danych"}, "missing"),
        ("websites", ["www.example.p"], {"websites": ["www.example.p"]}, "invalid"),
        ("postal_code", ["63200 Jarocin"], {"postal_code": "63-200", "post_office": "Jarocin"}, "repaired"),
        ("phones", ["12"], {"phones": None, "phones_raw": "12"}, "invalid"),
        ("locality", [], {"locality": None}, "missing"),
    ],
)
def test_what_cannot_be_read_is_null_and_said(
    tmp_path: Path, column: str, lines: list[str], expected: dict[str, Any], status: str
) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={column: lines})])])
    row = only(tmp_path)
    assert {name: row[name] for name in expected} == expected
    issues = [
        (i["column"], i["status"])
        for i in rows(tmp_path, "quality_issues")
        if i["record_id"] == "bdp:7" and i["column"] == column
    ]
    assert issues == [(column, status)]


def test_contact_data_in_prose_is_masked_and_said(tmp_path: Path) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", text="Zapisy: ogrod@example.org lub tel. 62 700 00 11, do końca roku.")])])
    assert only(tmp_path)["summary"] == "Zapisy: [e-mail] lub tel. [telefon], do końca roku."
    assert ("summary", "masked") in {(i["column"], i["status"]) for i in rows(tmp_path, "quality_issues")}


def test_unknown_label_is_reported(tmp_path: Path) -> None:
    issue = PageIssue(
        record_id="bdp:7",
        table="practices",
        column=None,
        status="unknown_label",
        reason="label nobody mapped",
        label="Budżet",
        raw_text="12 tys. zł",
    )
    built(tmp_path, [page(OLD + "7", [tab("bdp:7"), issue])])
    found = [row for row in rows(tmp_path, "quality_issues") if row["status"] == "unknown_label"]
    assert [(row["label"], row["raw_text"], row["source_url"]) for row in found] == [("Budżet", "12 tys. zł", OLD + "7")]


def test_contacts_are_restricted(tmp_path: Path) -> None:
    lines = ["mgr Anna Testowa", "Dyrektor", "tel. 62 700 00 12", "e@mail: anna@example.org", "", "Jan Próbny", "Skarbnik"]
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={CONTACTS: lines})])])
    first, second = rows(tmp_path, "practice_contacts")
    assert (first["name"], first["degree"], first["role"], first["phones"], first["emails"]) == (
        "Anna Testowa",
        "mgr",
        "Dyrektor",
        ["+48627000012"],
        ["anna@example.org"],
    )
    assert (second["name"], second["role"], second["position"]) == ("Jan Próbny", "Skarbnik", 2)
    assert only(tmp_path)["contact_count"] == 2
    public = b"".join(p.read_bytes() for p in (tmp_path / "datasets" / "latest").resolve().glob("*.*"))
    assert b"anna@example.org" not in public
    folder = (tmp_path / "datasets" / "latest" / "restricted").resolve()
    assert {oct(p.stat().st_mode & 0o777) for p in folder.iterdir()} == {"0o600"}


def test_every_mapped_label_has_a_reader() -> None:
    columns = {column for source in discovered_sources() for column in source.facts.labels.columns}
    assert columns <= {*READERS, CONTACTS}


def test_the_gmina_printed_tells_the_unit_of_a_village(tmp_path: Path) -> None:
    village = {"locality": ["Nowa Wieś"], "powiat": [], "gmina": ["Jarocin"]}
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels=village)])])
    row = only(tmp_path)
    assert (row["locality"], row["terc"]) == ("Nowa Wieś", "3006023")


def test_a_gmina_stands_for_a_locality_that_is_not_printed(tmp_path: Path) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={"locality": [], "gmina": ["Jarocin"]})])])
    assert (only(tmp_path)["locality"], only(tmp_path)["terc"]) == ("Jarocin", "3006023")


def test_a_gmina_no_register_knows_leaves_the_locality_to_tell(tmp_path: Path) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={"gmina": ["wiejska"]})])])
    assert only(tmp_path)["terc"] == "3006023"


def test_a_name_of_dozens_of_villages_links_to_none(tmp_path: Path) -> None:
    many = {"locality": ["Nowa Wieś"], "powiat": [], "unit_type": ["gmina wiejska"], "voivodeship": ["mazowieckie"]}
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels=many)])])
    (issue,) = [issue for issue in rows(tmp_path, "quality_issues") if issue["column"] == "terc"]
    assert issue["status"] == "ambiguous"
    assert len(issue["candidates"]) > 10
    assert not [link for link in rows(tmp_path, "record_places") if link["table"] == "practices"]


def test_who_coordinates_a_partnership_tells_its_place(tmp_path: Path) -> None:
    passage = "Partnerstwo „Zielone Podwórka” powstało w 2014 roku jako czwarte."
    coordinator = "Ośrodek Pomocy Społecznej Dzielnicy Żoliborz m.st. Warszawy"
    partnership = Partnership(
        record_id="web:a#zielone",
        article_id="web:a",
        kind="local_partnership",
        name="Zielone Podwórka",
        passage=passage,
        coordinator=coordinator,
    )
    article = Article(record_id="web:a", title="Współpraca", published_text=None, blocks=[TextBlock(text=passage)])
    built(tmp_path, [page("https://example.org/a", [article, partnership], source="web")])
    links = [(link["table"], link["place_id"]) for link in rows(tmp_path, "record_places")]
    assert links == [("partnerships", "terc:1465198")]


def test_a_single_candidate_is_said_to_be_uncertain(tmp_path: Path) -> None:
    alone = {"locality": ["Kozłowo"], "powiat": [], "unit_type": [], "voivodeship": []}
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels=alone)])])
    (issue,) = [issue for issue in rows(tmp_path, "quality_issues") if issue["column"] == "terc"]
    assert (issue["status"], issue["candidates"]) == ("ambiguous", ["terc:2811032"])
    assert issue["reason"].startswith("one unit comes near")


def test_words_that_say_no_value_are_no_value(tmp_path: Path) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={"street": ["brak"]})])])
    assert only(tmp_path)["street"] is None
    assert ("street", "missing") in {(issue["column"], issue["status"]) for issue in rows(tmp_path, "quality_issues")}


def test_a_label_that_is_a_role_gives_the_role(tmp_path: Path) -> None:
    label = LabelledValue(label="Burmistrz", lines=["Jan Próbny"], status="mapped", column=CONTACTS)
    summary = tab("bdp:7")
    built(tmp_path, [page(OLD + "7", [type(summary)(**{**_fields(summary), "labels": [*summary.labels, label]})])])
    person = only(tmp_path, "practice_contacts")
    assert (person["name"], person["role"]) == ("Jan Próbny", "Burmistrz")


@pytest.mark.parametrize(
    ("labels", "phones", "faxes", "raw"),
    [
        ({"phone_fax": ["62 747 23 46"]}, ["+48627472346"], ["+48627472346"], "62 747 23 46"),
        (
            {"phones": ["62 747 23 46"], "phone_fax": ["fax 62 747 23 47"]},
            ["+48627472346"],
            ["+48627472347"],
            "62 747 23 46\nfax 62 747 23 47",
        ),
        ({"phone_fax": ["62 747 23 46, 62 747 23 47"]}, ["+48627472346", "+48627472347"], None, "62 747 23 46, 62 747 23 47"),
    ],
)
def test_a_label_of_telephone_and_fax(
    tmp_path: Path, labels: dict[str, list[str]], phones: list[str], faxes: list[str] | None, raw: str
) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels=labels)])])
    row = only(tmp_path)
    assert (row["phones"], row["faxes"], row["phones_raw"]) == (phones, faxes, raw)
    issues = [issue["column"] for issue in rows(tmp_path, "quality_issues") if issue["status"] == "ambiguous"]
    assert issues == ([] if faxes else ["faxes"])


def test_a_postal_code_in_the_address(tmp_path: Path) -> None:
    street = "01-633 Warszawa, ul. Długa 49 lok. 2"
    summary = tab("bdp:7", labels={"street": [street]})
    labels = [label for label in summary.labels if label.column != "postal_code"]
    built(tmp_path, [page(OLD + "7", [type(summary)(**{**_fields(summary), "labels": labels})])])
    row = only(tmp_path)
    values = (row["postal_code"], row["post_office"], row["street"], row["postal_code_raw"])
    assert values == ("01-633", "Warszawa", "ul. Długa 49 lok. 2", street)


def test_a_line_of_its_own_for_the_postal_code_counts_alone(tmp_path: Path) -> None:
    labels = {"street": ["01-633 Warszawa, ul. Długa 49"], "postal_code": ["63-200 Jarocin"]}
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels=labels)])])
    assert (only(tmp_path)["postal_code"], only(tmp_path)["post_office"]) == ("63-200", "Jarocin")


@pytest.mark.parametrize(("lines", "said"), [(["nie podano"], ["missing"]), (["Anna Lis"], [])])
def test_nobody_to_ask_is_missing_and_no_contact(tmp_path: Path, lines: list[str], said: list[str]) -> None:
    built(tmp_path, [page(OLD + "7", [tab("bdp:7", labels={"contacts": lines})])])
    assert [issue["status"] for issue in rows(tmp_path, "quality_issues") if issue["table"] == "practice_contacts"] == said
    assert only(tmp_path)["contact_count"] == (0 if said else 1)
