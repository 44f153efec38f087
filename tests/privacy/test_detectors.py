"""Detectors: what is somebody's number is found and masked, what only looks like one is left."""

from __future__ import annotations

import re
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import built, tab
from made import page as made_page

from pipeline.build.tables.facts import facts_of, leaks_of
from pipeline.cli import main
from pipeline.errors import RefusedByGate
from pipeline.normalise import identity_numbers as numbers
from pipeline.normalise import masks
from pipeline.normalise.identity_numbers import identity_numbers, is_account, is_identity_card, is_nip, is_pesel, is_rnokpp
from pipeline.normalise.masks import contact_data_in, masked
from pipeline.privacy.detectors import WORTH_A_LOOK, Place, is_worth_a_look, personal_data_kinds
from pipeline.privacy.scan import leaks_in_files
from pipeline.schema.arrow import arrow_schema

PESEL = "02270803624"  # made up: 8 July 2002, check digit right
NIP = "123-456-32-18"
URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art=7"
PAGES = [made_page(URL, [tab("bdp:7")])]
ACCOUNT = "61 1090 1014 0000 0712 1981 2874"  # the example of the standard's registry


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        (f"PESEL {PESEL}", ["pesel"], "PESEL [PESEL]"),
        (f"PESEL: {PESEL},", ["pesel"], "PESEL: [PESEL],"),
        (f"urodzona, {PESEL}, zamieszkała", ["pesel"], "urodzona, [PESEL], zamieszkała"),
        ("PESEL nr 022708 03625", ["pesel"], "PESEL nr [PESEL]"),
        (f"NIP {NIP}", ["nip"], "NIP [NIP]"),
        ("NIP: PL1234563218", ["nip"], "NIP: PL[NIP]"),
        (f"firma Przykład, {NIP}", ["nip"], "firma Przykład, [NIP]"),
        (f"nr konta: {ACCOUNT}", ["account"], "nr konta: [rachunek]"),
        (f"PL{ACCOUNT.replace(' ', '')}", ["account"], "[rachunek]"),
        ("dowód osobisty seria i numer ABA 300000", ["identity_card"], "dowód osobisty seria i numer [dowód]"),
        ("РНОКПП 1234567899", ["rnokpp"], "РНОКПП [РНОКПП]"),
        (f"PESEL {PESEL}, tel. 600 100 200, jan@example.org", ["e-mail", "pesel", "telephone"],
         "PESEL [PESEL], tel. [telefon], [e-mail]"),
    ],
)  # fmt: skip
def test_numbers_of_persons_are_found_and_masked(text: str, kinds: list[str], expected: str) -> None:
    assert personal_data_kinds(text, "prose") == kinds
    assert masked(text).text.replace("PL[rachunek]", "[rachunek]") == expected
    assert personal_data_kinds(masked(text).text, "prose") == []


@pytest.mark.parametrize(
    "text",
    [
        "02270803625", "44999999999", "12345678901", "0.02270803624", "REGON 250854749", "KRS 0000123456", "NIP 617-10-00-000",
        "12 1020 2212 0000 5902 0123 4567", "sha256:0227080362401", f"a{PESEL}", f"{PESEL}7", "c:02270803624aaaaa",
        "1 234 567 890", "978-83-1234-567-8", "POKL.09.02.00-30-123/10", "2010-03-02", "w latach 2009-2014", "123-456-32-19",
        "umowa ABA 300000", "dowód osobisty ABA 300001", "1234563218",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_left(text: str) -> None:
    assert list(identity_numbers(text)) == []


@pytest.mark.parametrize(
    ("text", "place", "kinds"),
    [
        ("https://jan:tajne@example.org/x", "address", ["e-mail in an address"]),
        ("ftp://jan@example.org/x", "address", ["e-mail in an address"]),
        ("https://example.org/?kto=jan%40example.org", "address", ["e-mail in an address"]),
        ("mailto:jan@example.org", "address", ["e-mail in an address"]),
        ("tel:+48600100200", "address", ["telephone link"]),
        (f"https://example.org/?pesel={PESEL}", "address", ["pesel"]),
        ("https://example.org/index.php?p1=1&art=600100200", "address", []),
        ("https://example.org/maps/@52.2297,21.0122,15z", "address", []),
        ("https://example.org/@czytelnia/600100200", "address", []),
        ("urzad@example.org", "institution", []),
        ("+48627472346", "institution", []),
        (PESEL, "institution", ["pesel"]),
        ("sha256:600100200abc", "token", []),
        ("jan@example.org", "token", ["e-mail"]),
    ],
)
def test_what_counts_depends_on_the_place(text: str, place: Place, kinds: list[str]) -> None:
    assert personal_data_kinds(text, place) == kinds


def test_check_digits() -> None:
    assert is_pesel(PESEL)
    assert is_pesel("44051401359")  # the example of the ministry's page: born 1944
    assert not is_pesel("44053301358")
    assert is_nip("1234563218")
    assert is_rnokpp("1234567899")
    assert is_account(ACCOUNT.replace(" ", ""))
    assert is_identity_card("ABA300000")
    assert not is_identity_card("ABA300001")


@settings(deadline=None)
@given(st.text(alphabet="0123456789 -PESLNIAdowód+.,/\n", max_size=120))
def test_masked_text_passes_the_detectors(text: str) -> None:
    assert contact_data_in(masked(text).text) == []


def column(table: str, **values: list[object]) -> pa.Table:
    schema = arrow_schema(table)
    length = len(next(iter(values.values())))
    return pa.table({name: values.get(name, [None] * length) for name in schema.names}, schema=schema)


def test_every_public_column_is_looked_into_and_no_value_told() -> None:
    made = {
        "practices": column(
            "practices",
            title=["w porządku", "pisz: jan@example.org"],
            phones=[[PESEL], ["+48627472346"]],
            emails=[None, ["urzad@example.org"]],
            source_url=["https://example.org/?m=jan%40example.org", None],
            capture_id=["c:1", "c:2"],
        ),
        "practice_contacts": column("practice_contacts", name=["Jan Próbny"], emails=[["jan@example.org"]]),
    }
    leaks = [leak for name, rows in made.items() for leak in leaks_of(name, facts_of(name, rows))]
    assert [(leak.where, leak.kind, leak.values, leak.page) for leak in leaks] == [
        ("practices.title", "e-mail", 1, "c:2"),
        ("practices.phones", "pesel", 1, "https://example.org/?m=jan%40example.org"),
        ("practices.source_url", "e-mail in an address", 1, "c:1"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "kinds"),
    [
        ("report.html", "<td>jan@example.org</td>", ["e-mail"]),
        ("report.html", "<td>jan&#64;example.org</td>", ["e-mail"]),
        ("report.html", "<td>600 100</td><td>200</td><p>10 000 zł</p>", []),
        ("README.md", "| column | tel. 600 100 200 |", ["telephone"]),
        ("datapackage.json", '{"hash": "sha256:60010020060010020060010020060010020060010020060010020060010020aa"}', []),
        ("datapackage.json", '{"path": "https://jan:x@example.org/"}', ["e-mail in an address"]),
        ("datapackage.json", '{"example": "600 100 200"}', ["telephone"]),
        ("csv/practices.csv", "practice_id,title,emails\nbdp:1,jan@example.org,urzad@example.org\n", ["e-mail"]),
        ("csv/practices.csv", f"practice_id,title,phones\nbdp:1,Ogród,{PESEL}\n", ["pesel"]),
        ("csv/practices.csv", "practice_id,title,emails\nbdp:1,Ogród,urzad@example.org\n", []),
        ("csv/practices.csv", '\ufeffpractice_id,title\nbdp:1,"Ogród\n""w"" mieście\njan@example.org"\n', ["e-mail"]),
        ("csv/practices.csv", "practice_id,title\nbdp:1\nbdp:2,jan@example.org,3\n", ["e-mail"]),
        ("csv/practices.csv", "practice_id,title\n" + "bdp:1,Ogród\n" * 3000 + "bdp:2\nbdp:3,jan@example.org\n", ["e-mail"]),
        ("csv/practices.csv", f"practice_id,title\nbdp:1,{'a' * 5_000_000} jan@example.org\n", ["e-mail"]),
        ("restricted/practice_contacts.csv", "name\njan@example.org\n", []),
    ],
)
def test_every_generated_file_is_looked_into(name: str, content: str, kinds: list[str], tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")
    assert [leak.kind for leak in leaks_in_files(tmp_path)] == kinds


def test_each_leak_of_a_generated_file_is_counted(tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    lines = ["practice_id,title", *(f"bdp:{number},jan@example.org" for number in range(2500)), "bdp:2500", "bdp:2501,Ogród"]
    (tmp_path / "csv" / "practices.csv").write_text("\n".join(lines), "utf-8")
    assert [leak.values for leak in leaks_in_files(tmp_path)] == [2500]


def test_a_leak_in_a_generated_file_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = built(tmp_path, PAGES).snapshot
    monkeypatch.setattr("pipeline.build.edition.files.report_html", lambda *_contents: "<p>pisz: jan@example.org</p>")
    changed = [made_page(URL, [tab("bdp:7", title="Inny tytuł ogrodu")], day=2)]
    with pytest.raises(RefusedByGate, match=r"report\.html: no personal data") as refusal:
        built(tmp_path, changed, accept="never mind")
    assert "jan@example.org" not in str(refusal.value)
    assert "jan@example.org" not in (tmp_path / "datasets" / "run_report.json").read_text("utf-8")
    assert (tmp_path / "datasets" / "latest").resolve() == published
    assert [path.name for path in (tmp_path / "datasets" / "snapshots").iterdir()] == [published.name]


def test_a_report_written_anew_is_looked_through_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    snapshot = built(tmp_path, PAGES).snapshot
    there = {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()}
    assert main(["report", "--data-dir", str(tmp_path)]) == 0
    assert {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()} == there
    monkeypatch.setattr("pipeline.build.run.report_html", lambda *_contents: "<p>pisz: jan@example.org</p>")
    assert main(["report", "--data-dir", str(tmp_path)]) == 3
    told = capsys.readouterr().err
    assert "report.html: no personal data" in told
    assert "jan@example.org" not in told
    assert {path: path.read_bytes() for path in snapshot.rglob("*") if path.is_file()} == there


PIECES = (
    *"0 1 7 12 345 6789 00000 ٣ ٤٥ ５ + - – . / ( ) [ { @ % at małpa malpa собака AT MAŁPA Собака dot kropka pl".split(),
    *("mailto:", "MailTo:", "tel:", "a", "Jan", "\u00a0", "\u2009", "\u202f", " ", " ", " ", "\n", "\t", "\x1c", "\u3000"),
)  # fmt: skip


@given(st.text(st.sampled_from("0123 -\u00a0a٣"), max_size=14))
def test_digits_worth_a_look_are_six_or_several_groups(text: str) -> None:
    expected = re.search(r"\d{6}|\d{3,4}[ \u00a0-]\d{2,4}[ \u00a0-]?\d", text)
    assert (numbers._WORTH_A_LOOK.search(text) is None) == (expected is None)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_the_columns_are_filtered_by_misses_nothing_that_the_detectors_find(text: str) -> None:
    filtered = pc.match_substring_regex(pa.array([text]), WORTH_A_LOOK)[0].as_py()
    assert filtered or not is_worth_a_look(text)
    closely = [*masks._EMAIL.finditer(text), *masks._SPACED_EMAIL.finditer(text)]
    digits = [match for match in masks._DIGITS.finditer(text) if sum(map(str.isdigit, match[0])) >= 5]
    if closely or digits or numbers._WORTH_A_LOOK.search(text):
        assert is_worth_a_look(text)


@given(st.lists(st.sampled_from((*PIECES, "PESEL", "NIP", "tel.", "-", "jan", "example.org")), max_size=14).map("".join))
def test_a_kind_whose_sign_is_not_there_would_not_be_found(text: str) -> None:
    everywhere = re.compile("")
    with mock.patch.multiple(masks, _FIVE_DIGITS=everywhere, _SIGN_IN_BRACKETS=everywhere, _SIGN_APART=everywhere):
        expected = contact_data_in(text)
    assert contact_data_in(text) == expected
