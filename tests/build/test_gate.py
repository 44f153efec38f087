"""The gate's parts: expectations, shapes, misread text, the crawler's accounts, the waterfall."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import arrow, built, page, tab

from pipeline.build.choice.accounts import newest_accounts
from pipeline.build.choice.notes import page_note
from pipeline.build.choice.waterfall import STAGES, PageTally
from pipeline.build.gate.expectations import whole_problems
from pipeline.build.gate.readable import ENTITY, entity_rows, is_misread, misread_rows
from pipeline.build.gate.shapes import shape_of
from pipeline.cli import main
from pipeline.demo.run import expected
from pipeline.errors import BuildError, RefusedByGate, SourceSpecError
from pipeline.records import ExtractedPage, Verdict
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import RowExpectation

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("ul. Olsztyńska 20 A", "text"), ("Gietrzwałd 7", "text"), ("[telefon], [telefon]", "masked telephone"),
        ("+48897000031", "telephone"), ("(089) 700 00 31, 700 00 32", "telephone"), ("[e-mail]", "masked e-mail"),
        ("2010-03-02", "date, year first"), ("02.03.2010 r.", "date, year last"), ("2 marca 2010", "date in words"),
        ("11-036 Gietrzwałd", "postal code"), ("45.000", "number"), ("www.gmina.example.org", "web address"),
        ("x" * 300, "text"),
        ("ok. 6 tys.", "text"),
    ],
)  # fmt: skip
def test_shape_of_a_value(value: str, shape: str) -> None:
    assert shape_of(value) == shape


SENTENCES = [
    "Zażółć gęślą jaźń: „świetlica” – wieś – 20 m², 35 m³, ±5%, 10 µg, 3 × 4, 12 €.",
    "Бібліотека „Ґанок” — спільний простір громади № 5, п’ята їдальня.",
    "Straße, café, naïve, señor, Ångström, Ümlaut; Tür an Tür.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; Škoda, Łódź.",
]


@pytest.mark.parametrize("text", SENTENCES)
def test_good_text_is_not_misread(text: str) -> None:
    assert not is_misread(text)


@pytest.mark.parametrize(
    ("text", "was", "read_as"),
    [(text, "utf-8", charset) for text in SENTENCES[:1] for charset in ("cp1252", "cp1250", "iso-8859-1", "iso-8859-2")]
    + [(SENTENCES[1], "utf-8", charset) for charset in ("cp1252", "cp1251", "iso-8859-1")]
    + [(SENTENCES[0], "iso-8859-2", charset) for charset in ("cp1252", "cp1250", "utf-8")],
)
def test_text_in_a_wrong_charset_is_told(text: str, was: str, read_as: str) -> None:
    assert is_misread(text.encode(was, "ignore").decode(read_as, "replace"))


@given(st.text(st.sampled_from("aąź ÄĹÃâ€Ð\u0090±¶³\u009d™РС°\ufffd&amp;#x1\n")))
def test_columns_are_read_as_texts_are(text: str) -> None:
    column = pa.array([text, None], pa.string())
    assert misread_rows(column).to_pylist() == [is_misread(text), False]
    assert entity_rows(column).to_pylist() == [re.search(ENTITY, text) is not None, False]


def accounts(folder: Path, **sources: dict[str, Any]) -> Path:
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    data = {"run": "r", "outcome": "finished", "sources": sources}
    (folder / "runs" / f"{len(list((folder / 'runs').iterdir()))}.json").write_text(json.dumps(data), "utf-8")
    return folder


def test_newest_account_of_each_source_counts(tmp_path: Path) -> None:
    accounts(tmp_path, bdp={"discovered": 5, "fetched": 3, "pending": 2}, web={"discovered": 1, "failed": 1, "trouble": "down"})
    accounts(tmp_path, bdp={"discovered": 5, "fetched": 1, "unchanged": 3, "robots": 1})
    found = newest_accounts(tmp_path)
    assert found["bdp"].is_crawled_to_the_end
    assert found["bdp"].answered == 4
    assert not found["bdp"].is_forbidden
    assert not found["web"].is_crawled_to_the_end
    assert found["web"].trouble == "down"


def test_a_broken_account_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "1.json").write_text("[]", "utf-8")
    with pytest.raises(BuildError, match=r"1\.json"):
        newest_accounts(tmp_path)


VERDICTS: list[Verdict] = ["detail", "index", "gone", "shell", "not_ours", "attachment", "quarantined"]


@settings(deadline=None)
@given(
    pages=st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(["bdp", "web", None]), st.booleans(), st.booleans())),
    is_refused=st.booleans(),
)
def test_every_stage_is_the_one_before_less_its_losses(
    pages: list[tuple[Verdict, Any, bool, bool]], *, is_refused: bool
) -> None:
    tally = PageTally()
    for number, (verdict, source, has_record, is_chosen) in enumerate(pages):
        made: ExtractedPage = page(f"{URL}{number}", [tab("bdp:1")] if has_record else [], verdict=verdict, source=source)
        tally.add(page_note(made, 0, b""), is_chosen=is_chosen)
    falls = tally.falls({}, is_refused=is_refused)
    assert sum(fall.counts["fetched"] for fall in falls) == len(pages)
    for fall in falls:
        for before, stage in itertools.pairwise(STAGES):
            assert fall.counts[before] - sum(loss.pages for loss in fall.losses if loss.stage == stage) == fall.counts[stage]
        assert min(fall.counts.values()) >= 0
        assert all(loss.reason for loss in fall.losses)


def test_a_small_set_is_never_refused_for_shares(tmp_path: Path) -> None:
    few = [page(f"{URL}{n}", [tab(f"bdp:{n}", title=None, slug=f"s{n}", labels={"locality": []})]) for n in range(19)]
    shells = [page(f"{URL}{n}", verdict="shell") for n in range(100, 119)]
    assert built(tmp_path, [*few, *shells]).outcome == "published"


def test_a_refusal_names_requirement_source_page_and_cause(tmp_path: Path) -> None:
    many = [page(f"{URL}{n}", [tab(f"bdp:{n}", slug=f"s{n}", labels={"locality": []})]) for n in range(30)]
    with pytest.raises(RefusedByGate) as refusal:
        built(tmp_path, many)
    for part in ("bdp: practices.locality", "fill rate", "likely cause: label renamed or its values emptied", f"see {URL}"):
        assert part in str(refusal.value)
    report = json.loads((tmp_path / "datasets" / "run_report.json").read_text("utf-8"))
    assert (report["outcome"], report["snapshot"], report["latest"]) == ("refused", None, None)
    told = (tmp_path / "datasets" / "run_report.txt").read_text("utf-8")
    assert "bdp" in told
    assert "the gate refused the snapshot" in told


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        ("[expect.articles]\nrows = [5, 1]\nfill = { title = [0.95, 1.0] }", "minimum, maximum"),
        ("[expect.articles]\nrows = [1, 5]\nfill = { nonsense = [0.95, 1.0] }", "no column 'nonsense'"),
        ("[expect.articles]\nrows = [1, 5]\nfill = { title = [0.9, 0.2] }", "the least first"),
        ("[expect.places]\nrows = [1, 5]\nfill = { name = [0.9, 1.0] }", "no such table"),
        ("[expect.articles]\nrows = [1, 5]\nfill = { title = 0.9 }", r"\[0\.9, 1\.0\]"),
        ("[expect.articles]\nrows = [1, 5]\nfill = { title = 1 }", "a range is meant"),
        ("[expect.articles]\nrows = [1, 5]\nfill = { title = [0.9] }", "length 2"),
        ("[expect.articles]\nrows = 5\nfill = { title = [0.9, 1.0] }", "array"),
        (
            "[expect.slides]\nrows = [1, 5]\n[expect.articles]\nrows = [1, 5]\nfill = { title = [0.9, 1.0] }",
            r"\[expect\.slides\] states no fill rate",
        ),
        ("[expect.articles]\nrows = [1, 5]", "states no fill rate"),
        ("[expect]", "states no fill rate"),
    ],
)
def test_expectations_are_mandatory_and_checked(expect: str, message: str, tmp_path: Path) -> None:
    facts = 'title = "Przykład"\npublisher = "Gmina"\nhomepage = "https://example.org/"\nlanguages = ["pl"]\n'
    claims = '[claims]\nhosts = ["example.org"]\n'
    (tmp_path / "example_town.toml").write_text(facts + claims + expect + "\n", "utf-8")
    (tmp_path / "example_town.py").write_text("def page_verdict(page, source): ...\ndef parse(page, source): ...\n", "utf-8")
    with pytest.raises(SourceSpecError, match=message):
        discovered_sources(tmp_path)


def test_every_source_states_ranges() -> None:
    for source in discovered_sources():
        for table, expectation in source.facts.expect.items():
            assert expectation.shares.keys() == expectation.fill.keys() > set(), (source.name, table)
            assert expectation.rows[0] < expectation.rows[1]
    most = [m for source in discovered_sources() for e in source.facts.expect.values() for _, m in e.shares.values()]
    assert min(most) < 1


def test_below_the_least_refuses_and_above_the_most_warns(tmp_path: Path) -> None:
    labels = {"implementing_unit": ["Urząd"], "street": ["ul. Długa 3"], "faxes": ["61 700 00 31"]}
    many = [page(f"{URL}{n}", [tab(f"bdp:{n}", title=f"Praktyka {n}", slug=f"s{n}", labels=labels)]) for n in range(30)]
    told = built(tmp_path, many).gate.problems
    assert {(p.level, p.where) for p in told} == {("warn", "bdp: practices.faxes"), ("warn", "bdp: practices.street")}
    assert "100% of 30 rows have a value, at most 80% is expected" in next(p.detail for p in told if "faxes" in p.where)


@pytest.fixture
def sample(tmp_path: Path) -> dict[str, pa.Table]:
    built(tmp_path, [page(f"{URL}{n}", [tab(f"bdp:{n}", title=f"Praktyka {n}", slug=f"s{n}")]) for n in range(3)])
    return arrow(tmp_path)


@pytest.mark.parametrize(
    ("rows", "shares", "levels"),
    [
        ((3, 3), (1.0, 1.0), []),
        ((4, 9), (1.0, 1.0), ["refuse"]),
        ((0, 2), (1.0, 1.0), ["warn"]),
        ((3, 3), (0.0, 0.9), ["warn"]),
    ],
)
def test_expectations_of_the_whole_are_asked_of_few_rows_too(
    rows: tuple[int, int], shares: tuple[float, float], levels: list[str], sample: dict[str, pa.Table]
) -> None:
    whole = {"practices": RowExpectation(rows=rows, fill={"title": shares})}
    assert [problem.level for problem in whole_problems(whole, sample)] == levels
    (empty,) = whole_problems({"practices": RowExpectation(rows=(3, 3), fill={"faxes": (0.1, 1.0)})}, sample)
    assert (empty.level, empty.where) == ("refuse", "practices.faxes")


def test_the_demo_is_held_against_its_own_expectations_before_it_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = expected()
    assert set(told) >= {"practices", "slides", "articles", "partnerships", "practice_contacts"}
    other = {**told, "slides": RowExpectation(rows=(36, 36), fill={"text": (0.9, 1.0)})}
    monkeypatch.setattr("pipeline.demo.run.expected", lambda: other)
    assert main(["demo", "--data-dir", str(tmp_path), "--quiet"]) == 3
    assert "slides: number of rows: 35 rows, 36 to 36 are expected" in capsys.readouterr().err
    assert not (tmp_path / "demo-data" / "datasets" / "latest").exists()
