import pytest

from pipeline.normalise.phones import phones

A, B = "+48627472346", "+48627472347"


def read(text: str, region: str = "PL") -> list[tuple[str | None, str | None, str]]:
    return [(r.value and r.value.e164, r.value and r.value.kind, r.status) for r in phones(text, region)]


@pytest.mark.parametrize(
    "text",
    ["62 747 23 46", "62 7472346", "627472346", "(62) 747-23-46", "tel. 62 747 23 46", "+48 62 747 23 46",
    "0048 62 747 23 46", "62\u00a0747\u00a023\u00a046",
     "tel.: (62)747 23 46", "+48 (62) 747 23 46", "Telefon: 62/747 23 46", "62 747 23 46 w godz. 8-16",
     "62 747 23 46, pok. 12", "62–747–23–46"],
)  # fmt: skip
def test_one_number_in_many_prints(text: str) -> None:
    assert read(text) == [(A, "phone", "ok")]


@pytest.mark.parametrize(
    "text",
    ["0-62 747 23 46", "0 62 747 23 46", "(0-62) 747 23 46", "(0 62) 747-23-46", "(0 prefix 62) 747 23 46",
    "0-prefiks-62 747 23 46", "(0*62) 747 23 46",
     "(0xx62) 747 23 46", "0627472346", "48 62 747 23 46", "+48 (0) 62 747 23 46", "+48 062 747 23 46"],
)  # fmt: skip
def test_old_trunk_prefixes_are_repaired(text: str) -> None:
    assert read(text) == [(A, "phone", "repaired")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("62 747 23 46, 62 747 23 47", [(A, "phone", "ok"), (B, "phone", "ok")]),
        ("62 747 23 46; 62 747 23 47", [(A, "phone", "ok"), (B, "phone", "ok")]),
        ("62 747 23 46 lub 600-100-200", [(A, "phone", "ok"), ("+48600100200", "mobile", "ok")]),
        ("62 747 23 46\n62 747 23 47", [(A, "phone", "ok"), (B, "phone", "ok")]),
        ("62 747 23 46/47", [(A, "phone", "ok"), (B, "phone", "repaired")]),
        ("62 747 23 46 (47, 48)", [(A, "phone", "ok"), (B, "phone", "repaired"), (B[:-1] + "8", "phone", "repaired")]),
        ("62 747 23 46, 47", [(A, "phone", "ok"), (B, "phone", "repaired")]),
        ("62 747 23 46 - 47", [(A, "phone", "ok"), (B, "phone", "repaired")]),
        ("62 747 23 46-47", [(A, "phone", "ok"), (B, "phone", "repaired")]),
        ("62 747 23 46, 747 23 47", [(A, "phone", "ok"), (B, "phone", "repaired")]),
        ("62 747 23 46 62 747 23 47", [(A, "phone", "repaired"), (B, "phone", "repaired")]),
        ("62 747 23 46 wew. 12", [(A + ";ext=12", "phone", "ok")]),
        ("62 747 23 46 w. 12", [(A + ";ext=12", "phone", "ok")]),
        ("tel. 62 747 23 46, fax w. 12", [(A, "phone", "ok"), (A + ";ext=12", "fax", "ok")]),
        ("fax 62 747 23 46 w. 12", [(A + ";ext=12", "fax", "ok")]),
        ("62 747 23 46 wew. 12, 13", [(A + ";ext=12", "phone", "ok"), (A + ";ext=13", "phone", "ok")]),
        ("fax 62 747 23 46", [(A, "fax", "ok")]),
        ("62 747 23 46 (fax)", [(A, "fax", "ok")]),
        ("tel. 62 747 23 46, faks 62 747 23 47", [(A, "phone", "ok"), (B, "fax", "ok")]),
        ("tel./fax 62 747 23 46", [(A, "phone", "ok"), (A, "fax", "ok")]),
        ("tel./faks: 62 747 23 46, kom. 600 100 200", [(A, "phone", "ok"), (A, "fax", "ok"), ("+48600100200", "mobile", "ok")]),
        ("tel. kom. 600 100 200", [("+48600100200", "mobile", "ok")]),
        ("600 100 200", [("+48600100200", "mobile", "ok")]),
        ("+49 30 901820", [("+4930901820", "phone", "ok")]),
    ],
)
def test_several_numbers_kinds_and_extensions(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("067 123 45 67", [("+380671234567", "mobile", "ok")]),
        ("(04563) 5-12-34", [("+380456351234", "phone", "ok")]),
        ("+38 (044) 123-45-67", [("+380441234567", "phone", "ok")]),
        ("8 (067) 123-45-67", [("+380671234567", "mobile", "repaired")]),
        ("380671234567", [("+380671234567", "mobile", "repaired")]),
        ("тел. 044 123 45 67, факс 044 123 45 68", [("+380441234567", "phone", "ok"), ("+380441234568", "fax", "ok")]),
    ],
)
def test_ukrainian_numbers(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert read(text, "UA") == expected


@pytest.mark.parametrize("text", ["123", "747 23 46", "62 747 23 46 99 1", "999999999999999999", "zero", "00 00", "wew. 12"])
def test_what_is_no_number_is_invalid_and_keeps_its_text(text: str) -> None:
    readings = phones(text)
    assert [(r.value, r.status) for r in readings] == [(None, "invalid")]
    assert readings[0].raw == text
    assert readings[0].reason


def test_nothing() -> None:
    assert phones("") == []
    assert read("brak") == [(None, None, "missing")]


def test_a_range_in_words_gives_its_first_and_last_number() -> None:
    found = [(reading.value and reading.value.e164, reading.status) for reading in phones("58 700 00 41 do 43")]
    assert found == [("+48587000041", "ok"), ("+48587000043", "repaired")]
    assert [reading.status for reading in phones("58 700 00 41 do 15")] == ["ok", "invalid"]
    assert [reading.status for reading in phones("tel. 58 700 00 41 od 8 do 15")] == ["ok"]
    assert [reading.status for reading in phones("58 700 00 41 do 15.30")] == ["ok"]
    bracketed = [(reading.value and reading.value.e164, reading.status) for reading in phones("58 700 00 00 (do 09)")]
    assert bracketed == [("+48587000000", "ok"), ("+48587000009", "repaired")]
    # Without a zero ahead it may be the hour until which one answers.
    assert [reading.status for reading in phones("58 700 00 00 (do 15)")] == ["ok"]


def test_a_label_holds_for_its_own_line() -> None:
    found = phones("tel./fax 62 747 23 46\n600 100 200\nfax:\n62 747 23 47")
    assert [(reading.value.kind, reading.value.e164) for reading in found if reading.value] == [
        ("phone", "+48627472346"),
        ("fax", "+48627472346"),
        ("mobile", "+48600100200"),
        ("fax", "+48627472347"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/62/ 737-84-00, wewn. 12", ["+48627378400;ext=12"]),
        ("tel. /0-62/ 747-23-46", ["+48627472346"]),
        ("12/ 34 56 789", ["+48123456789"]),
        ("62/ 747 23 46, 62/747 23 47", ["+48627472346", "+48627472347"]),
        ("600 100 200/62 747 23 46", ["+48600100200", "+48627472346"]),
        ("kom. 501/000-111", ["+48501000111"]),
        # What stands behind the comma is a number of its own and no further extension.
        ("24-271-20-31 wew.21, 24-271-20-99", ["+48242712031;ext=21", "+48242712099"]),
        ("24 271 20 31 wew. 21, 24", ["+48242712031;ext=21", "+48242712031;ext=24"]),
    ],
)
def test_an_area_code_between_slashes(text: str, expected: list[str]) -> None:
    assert [reading.value and reading.value.e164 for reading in phones(text)] == expected
