import datetime as dt

import pytest

from pipeline.normalise.dates import FoundDate, PartialDate, dates_in, partial_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2011-11-09", "2011-11-09"),
        ("2011-11-9", "2011-11-09"),
        ("2011.11.09", "2011-11-09"),
        ("20111109", "2011-11-09"),
        ("09.11.2011", "2011-11-09"),
        ("9.11.2011r.", "2011-11-09"),
        ("9. 11. 2011", "2011-11-09"),
        ("09-11-2011", "2011-11-09"),
        ("9/11/2011", "2011-11-09"),
        ("9 listopada 2011 r.", "2011-11-09"),
        ("dnia 9 listopada 2011 roku", "2011-11-09"),
        ("12 pażdziernika 2011", "2011-10-12"),
        ("9 LISTOPADA 2011", "2011-11-09"),
        ("9 paź. 2011", "2011-10-09"),
        ("9-go września 2011", "2011-09-09"),
        ("9 XI 2011", "2011-11-09"),
        ("9.XI.2011", "2011-11-09"),
        ("9 ХІ 2011", "2011-11-09"),  # Cyrillic capitals for the Roman numeral
        ("czwartek, 4 listopada 2021", "2021-11-04"),
        ("четвер, 23 жовтня 2025 р.", "2025-10-23"),
        ("середу, 27 червня 2018 р.", "2018-06-27"),
        ("пʼятниця, 5 липня 2019 р.", "2019-07-05"),
        ("п’ятницю, 5 липня 2019 р.", "2019-07-05"),
        ("п'ятниця, 5 липня 2019 р.", "2019-07-05"),
        ("9 жовтня 2024-го року", "2024-10-09"),
        ("2018-06-27T10:00:00+03:00", "2018-06-27"),
        ("2018-06-27T23:30:00Z", "2018-06-27"),
        ("Wed, 27 Jun 2018 10:00:00 +0300", "2018-06-27"),
        ("November 9, 2011", "2011-11-09"),
        ("9. November 2011", "2011-11-09"),
        ("3. května 2010", "2010-05-03"),
        ("5 мая 2014 года", "2014-05-05"),
        ("w maju 2013 roku", "2013-05"),
        ("maj 2013", "2013-05"),
        ("z końcem czerwca 2013 r.", "2013-06"),
        ("у травні 2013 року", "2013-05"),
        ("в лютому 2013 року", "2013-02"),
        ("IX 2011", "2011-09"),
        ("ІХ 2011", "2011-09"),
        ("IX.2011 r.", "2011-09"),
        ("11.2011", "2011-11"),
        ("11/2011", "2011-11"),
        ("2011-12", "2011-12"),
        ("v únoru 2010", "2010-02"),
        ("od początku 2009 roku", "2009"),
        ("Наприкінці 2024 року", "2024"),
        ("rok 2009", "2009"),
        ("2009", "2009"),
        ("w 2009", "2009"),
        ("IV kwartał 2011", "2011"),
        ("w 2011 r. (9 listopada 2011)", "2011-11-09"),
    ],
)
def test_a_date_phrase_is_read_as_far_as_it_tells(text: str, expected: str) -> None:
    reading = partial_date(text)
    assert (reading.status, reading.value and reading.value.text) == ("ok", expected)
    assert reading.value is not None
    assert reading.value.precision == {4: "year", 7: "month", 10: "day"}[len(expected)]
    assert reading.raw == text


MONTHS = {
    "pl": [
        "styczeń stycznia styczniu", "luty lutego lutym", "marzec marca marcu", "kwiecień kwietnia kwietniu", "maj maja maju",
        "czerwiec czerwca czerwcu", "lipiec lipca lipcu", "sierpień sierpnia sierpniu", "wrzesień września wrześniu",
        "październik października październiku", "listopad listopada listopadzie", "grudzień grudnia grudniu",
    ],
    "uk": [
        "січень січня січні", "лютий лютого лютому", "березень березня березні", "квітень квітня квітні",
        "травень травня травні",
        "червень червня червні", "липень липня липні", "серпень серпня серпні", "вересень вересня вересні",
        "жовтень жовтня жовтні", "листопад листопада листопаді", "грудень грудня грудні",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("form", "number"),
    [(form, number) for forms in MONTHS.values() for number, cases in enumerate(forms, start=1) for form in cases.split()],
)
def test_every_case_of_every_month_is_known(form: str, number: int) -> None:
    assert partial_date(f"{form} 2013").value == PartialDate(f"2013-{number:02d}", "month")
    assert partial_date(f"7 {form.upper()} 2013").value == PartialDate(f"2013-{number:02d}-07", "day")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("2009-2014", ("2009", "2014")),
        ("2009 – 2014", ("2009", "2014")),
        ("w latach 2009–2014", ("2009", "2014")),
        ("od 2009 do 2014 roku", ("2009", "2014")),
        ("2011/2012", ("2011", "2012")),
        ("2011/12", ("2011", "2012")),
        ("2011-13", ("2011", "2013")),
        ("9–11 listopada 2011", ("2011-11-09", "2011-11-11")),
        ("9 i 10 listopada 2011", ("2011-11-09", "2011-11-10")),
        ("9-11.11.2011", ("2011-11-09", "2011-11-11")),
        ("28 kwietnia – 2 maja 2011", ("2011-04-28", "2011-05-02")),
        ("01.01.2007-31.12.2008", ("2007-01-01", "2008-12-31")),
        ("maj–czerwiec 2013", ("2013-05", "2013-06")),
        ("od 1 maja 2010 do 3 czerwca 2011", ("2010-05-01", "2011-06-03")),
        ("przed 2011 r.", ("2011",)),
        ("po 2009 roku", ("2009",)),
        ("około 2009 roku", ("2009",)),
        ("близько 2009 року", ("2009",)),
        ("9.11.11", ()),
    ],
)
def test_what_is_not_one_date_is_ambiguous(text: str, candidates: tuple[str, ...]) -> None:
    reading = partial_date(text)
    assert (reading.status, reading.value, reading.candidates) == ("ambiguous", None, candidates)
    assert reading.reason


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2011", "2011-02-31", "2011-13-01", "30 lutego 2012", "29.02.2011", "00.00.2011", "11/25/2011",
        "13.2011", "14 січня",
        "9 listopada", "2 lutego br.", "lata 90.", "kiedyś", "uchwała nr 5/2011", "9.11", "0000-01-01", "3011-11-09", "w maju",
    ],
)  # fmt: skip
def test_what_is_no_date_is_invalid(text: str) -> None:
    reading = partial_date(text)
    assert (reading.status, reading.value) == ("invalid", None)
    assert reading.reason


@pytest.mark.parametrize("text", ["", "  ", "brak", "-", "немає"])
def test_nothing_is_missing(text: str) -> None:
    assert partial_date(text).status == "missing"


def test_only_a_day_is_whole() -> None:
    day = partial_date("29.02.2012").value
    assert day is not None
    assert day.whole == dt.date(2012, 2, 29)
    assert PartialDate("2012-02", "month").whole is None


def test_dates_of_prose_stand_in_order_with_their_places() -> None:
    text = "W 2011 roku koło, w maju 2013 roku szkoła, 3 września 2014 r. klub; 14 січня – зустріч, w latach 2015–2016 kurs."
    found = dates_in(text)
    assert [(f.raw, f.date and f.date.text) for f in found] == [
        ("2011 roku", "2011"),
        ("maju 2013", "2013-05"),
        ("3 września 2014", "2014-09-03"),
        ("14 січня", None),
        ("2015–2016", None),
    ]
    assert all(text[f.start : f.end] == f.raw for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "Do kasy wpłynęło 2000 zł.",
        "w 2011 gminach",
        "Edycja II 2005",
        "uchwała nr 5/2011",
        "art. 12 ust. 3.",
        "Jan Paweł II",
        "3 maja się",
    ],
)
def test_numbers_of_prose_are_no_dates(text: str) -> None:
    assert [found for found in dates_in(text) if found.date is not None] == []


def test_an_impossible_day_of_prose_has_no_date() -> None:
    assert dates_in("31 lutego 2010") == [FoundDate(0, 14, "31 lutego 2010", None)]
