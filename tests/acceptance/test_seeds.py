"""The whole pipeline on the five real seeds, when they lie beside the project.

No text of the seeds stands here: what is compared are facts (codes, dates, counts, names of places and institutions).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.cli import main

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"

pytestmark = pytest.mark.skipif(
    not (SEEDS / "captures.csv").is_file(), reason="the real seeds do not lie beside this checkout (../shared/seeds)"
)

Row = dict[str, Any]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("seeds")
    for command in (["import", str(SEEDS)], ["extract"], ["build"]):
        assert main([*command, "--data-dir", str(data), "--quiet"]) == 0
    return data / "datasets" / "latest"


def rows(snapshot: Path, table: str) -> list[Row]:
    found: list[Row] = pq.read_table(snapshot / f"{table}.parquet").to_pylist()
    return found


@pytest.fixture(scope="module")
def practices(snapshot: Path) -> dict[str, Row]:
    return {row["title"]: row for row in rows(snapshot, "practices")}


LIBRARY = "Biblioteka - Centrum Aktywności Lokalnej"
SECTOR = "Udział trzeciego sektora w zarządzaniu gminą"


def test_two_practices(practices: dict[str, Row]) -> None:
    assert set(practices) == {LIBRARY, SECTOR}
    assert practices[SECTOR]["practice_id"] == "bdp:358"
    assert practices[LIBRARY]["practice_id"].startswith("sha256:")


@pytest.mark.parametrize(
    ("column", "library", "sector"),
    [
        ("section", "Usługi społeczne", "Współpraca JST-NGO"),
        ("subsection", "Kultura", "Praktyki"),
        ("unit_type", "gmina_miejsko_wiejska", "gmina_miejsko_wiejska"),
        ("locality", "Jarocin", "Jarocin"),
        ("powiat", "jarociński", "jarociński"),
        ("voivodeship", "wielkopolskie", "wielkopolskie"),
        ("postal_code", "63-200", "63-200"),
        ("post_office", "Jarocin", "Jarocin"),
        ("population", 45000, 45000),
        ("implementing_unit", "Biblioteka Publiczna Miasta i Gminy Jarocin", "Urząd Miasta"),
        ("terc", "3006023", "3006023"),
        ("place_id", "terc:3006023", "terc:3006023"),
        ("language", "pl", "pl"),
        ("has_summary", True, True),
        ("has_presentation", False, False),
        ("contact_count", 2, 2),
    ],
)
def test_metryka(practices: dict[str, Row], column: str, library: Any, sector: Any) -> None:
    assert (practices[LIBRARY][column], practices[SECTOR][column]) == (library, sector)


def test_dates_and_lists(practices: dict[str, Row]) -> None:
    assert str(practices[LIBRARY]["entered_on"]) == "2011-11-09"
    assert str(practices[SECTOR]["entered_on"]) == "2011-11-04"
    assert practices[LIBRARY]["street"].startswith("ul. Park 3 (")
    assert practices[LIBRARY]["phones"] == ["+48627472346"]
    assert not practices[SECTOR]["phones"]
    assert len(practices[LIBRARY]["websites"]) == 1
    assert len(practices[LIBRARY]["emails"]) == 1
    assert len(practices[SECTOR]["websites"]) == 2


def test_broken_host_is_kept_and_flagged(snapshot: Path, practices: dict[str, Row]) -> None:
    flagged = [row for row in rows(snapshot, "quality_issues") if row["column"] == "websites"]
    assert [(row["record_id"], row["status"]) for row in flagged] == [("bdp:358", "invalid")]
    assert flagged[0]["raw_text"] in practices[SECTOR]["websites"]


def test_summaries_are_whole_and_without_furniture(practices: dict[str, Row]) -> None:
    for row, paragraphs in ((practices[LIBRARY], 3), (practices[SECTOR], 4)):
        assert len(row["summary"].split("\n\n")) == paragraphs
        for furniture in (
            "Strona główna",
            "gości odwiedziło",
            "Skrót i Metryka",
            "Metryka praktyki",
            "Związek\nMiast",
            "współfinansowany",
        ):
            assert furniture not in row["summary"]


def test_contacts(snapshot: Path) -> None:
    contacts = rows(snapshot, "restricted/practice_contacts")
    assert len(contacts) == 4
    for contact in contacts:
        assert contact["name"]
        assert contact["role"]
        assert len(contact["phones"]) == 1
        assert len(contact["emails"]) == 1


def test_deck(snapshot: Path) -> None:
    (deck,) = rows(snapshot, "presentations")
    slides = rows(snapshot, "slides")
    assert deck["slide_count"] == 40
    assert [slide["slide_number"] for slide in slides] == list(range(1, 41))
    assert [slide["slide_number"] for slide in slides if slide["is_empty"]] == [37, 38]
    whole = "\n".join(slide["text"] or "" for slide in slides)
    for furniture in ("Zapis prezentacji", "Podobne prezentacje", "Reklamy", "Pobierz ppt"):
        assert furniture not in whole
    assert whole.count("Centra Aktywności Lokalnej)") == 1
    assert "Lokalnej)Centra" not in whole
    assert not [char for char in whole if "\ue000" <= char <= "\uf8ff"]


def test_articles(snapshot: Path) -> None:
    articles = {row["language"]: row for row in rows(snapshot, "articles")}
    assert set(articles) == {"uk", "pl"}
    assert articles["uk"]["comment_count"] == 0
    assert articles["uk"]["credit"]
    assert articles["uk"]["credit"] not in articles["uk"]["text"]
    assert articles["pl"]["source"] == "bpzoliborz"


def test_partnerships(snapshot: Path) -> None:
    found = rows(snapshot, "partnerships")
    local = sorted((row for row in found if row["kind"] == "local_partnership"), key=lambda row: str(row["founded"]))
    assert [(row["founded"], row["founded_precision"]) for row in local] == [
        ("2011", "year"),
        ("2013-05", "month"),
        ("2013-11", "month"),
        ("2014-10", "month"),
    ]
    assert local[0]["former_name"]
    assert all(row["area"] for row in local)
    assert [bool(row["initiators"]) for row in local] == [True, True, True, False]
    (memorandum,) = (row for row in found if row["kind"] != "local_partnership")
    assert len(memorandum["parties"]) == 2
    assert memorandum["programme"] == "Пліч-о-пліч"
    assert (memorandum["founded"], memorandum["founded_precision"]) == ("2024", "year")
    assert (memorandum["agreement_on"], memorandum["agreement_on_precision"]) == ("2024", "year")


def test_places(snapshot: Path) -> None:
    links = {(row["table"], row["place_id"]) for row in rows(snapshot, "record_places") if row["status"] == "resolved"}
    assert ("practices", "terc:3006023") in links
    assert ("articles", "terc:1465198") in links
    zoliborz = [row for row in rows(snapshot, "record_places") if row["place_id"] == "terc:1465198"]
    assert len([row for row in zoliborz if row["table"] == "partnerships"]) == 4
    assert ("articles", "katotth:UA32020010000093088") in links
    assert ("articles", "katotth:UA12120070000057518") in links


def test_package_names_every_table(snapshot: Path) -> None:
    package = json.loads((snapshot / "datapackage.json").read_text("utf-8"))
    assert {resource["rows"] for resource in package["resources"] if resource["name"] == "slides"} == {40}
    assert package["praktyki"]["gate"]["verdict"] == "passed"
