import pytest

from pipeline.normalise.numbers import Count, count


@pytest.mark.parametrize(
    ("text", "value", "is_approximate"),
    [
        ("45.000", 45_000, False),
        ("45 000", 45_000, False),
        ("45\u00a0000", 45_000, False),
        ("45\u2009000", 45_000, False),
        ("45\u202f000", 45_000, False),
        ("1.234", 1_234, False),
        ("1.234.567", 1_234_567, False),
        ("12345", 12_345, False),
        ("45 tys.", 45_000, True),
        ("45tys", 45_000, True),
        ("45,5 tys.", 45_500, True),
        ("1,2 mln", 1_200_000, True),
        ("ok. 1 mln 200 tys. osób", 1_200_000, True),
        ("1 млн 45 тис.", 1_045_000, True),
        ("0,45 mln", 450_000, True),
        ("ok. 28 milionów", 28_000_000, True),
        ("ok.45 tys. mieszkańców", 45_000, True),
        ("ponad 30 tysięcy", 30_000, True),
        ("blisko 12 300", 12_300, True),
        ("30 000+", 30_000, True),
        ("понад 18 тис.", 18_000, True),
        ("близько 12 500 осіб", 12_500, True),
        ("12 345 osób", 12_345, False),
        ("12345 (2010 r.)", 12_345, False),
        ("12 345 (2010)", 12_345, False),
        ("12 345 (stan na 31.12.2010 r.)", 12_345, False),
        ("stan na 31.12.2010: 45 000", 45_000, False),
        ("w 2010 r. 45.321 mieszkańców", 45_321, False),
        ("45 000 osób, w tym 23 000 kobiet", 45_000, False),
        ("gmina 45 000 mieszkańców, 12 sołectw", 45_000, False),
        ("2010", 2_010, False),
    ],
)
def test_a_count_is_read(text: str, value: int, is_approximate: bool) -> None:  # noqa: FBT001 - a column of the table
    reading = count(text)
    assert (reading.status, reading.value) == ("ok", Count(value, is_approximate))


@pytest.mark.parametrize(("text", "value"), [("45,000", 45_000), ("1,234,567", 1_234_567), ("4500,00", 4_500)])
def test_a_slip_is_repaired_and_said(text: str, value: int) -> None:
    reading = count(text)
    assert (reading.status, reading.value) == ("repaired", Count(value, is_approximate=False))
    assert reading.reason


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("40-45 tys.", ("40000", "45000")),
        ("40 000 – 45 000", ("40000", "45000")),
        ("od 40 do 45 tysięcy", ("40000", "45000")),
        ("miasto 26 000, gmina 19 000", ("26000", "19000")),
        ("45.000 tys.", ("45000", "45000000")),
    ],
)
def test_several_readings_are_ambiguous(text: str, candidates: tuple[str, ...]) -> None:
    reading = count(text)
    assert (reading.status, reading.value, reading.candidates) == ("ambiguous", None, candidates)


@pytest.mark.parametrize(
    "text", ["45.5", "wielu", "-5", "45%", "45 000 zł", "12 km", "1 2345", "9" * 40, "045 000", "45,5555 tys.", "②"]
)
def test_what_is_no_count_is_invalid(text: str) -> None:
    reading = count(text)
    assert (reading.status, reading.value) == ("invalid", None)
    assert reading.reason


@pytest.mark.parametrize("text", ["", " ", "brak danych", "b/d"])
def test_nothing_is_missing(text: str) -> None:
    assert count(text).status == "missing"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("38 412 (stan na 31 XII 2009)", 38_412),
        ("38 412 (31.XII.2009 r.)", 38_412),
        ("38412 os. (GUS 2010)", 38_412),
        ("38.412 (dane GUS za 2010 r.)", 38_412),
        ("2011 r. - 45 230", 45_230),
        ("2010", 2_010),
    ],
)
def test_days_and_years_beside_a_count(text: str, value: int) -> None:
    reading = count(text)
    assert (reading.value and reading.value.value, reading.status) == (value, "ok")


def test_a_negative_number_stays_none() -> None:
    assert count("-5").value is None
