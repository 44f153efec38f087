import pytest
from ending import ending

from pipeline.normalise.masks import contact_data_in, masked, names_masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pisz na jan@example.org.", "Pisz na [e-mail]."),
        ("Pisz: jan (at) example.org", "Pisz: [e-mail]"),
        ("jan[małpa]example[kropka]org", "[e-mail]"),
        ("jan @ example.org", "[e-mail]"),
        ("e@mail: jan@example.org", "e@mail: [e-mail]"),
        ("tel. 62 747 23 46", "tel. [telefon]"),
        ("tel.62 747 23 46,", "tel.[telefon],"),
        ("Zadzwoń: 600 100 200.", "Zadzwoń: [telefon]."),
        ("pod nr 600 100 200", "pod nr [telefon]"),
        ("62 747 23 46 wew. 12", "[telefon]"),
        ("+48 62 747 23 46", "[telefon]"),
        ("0048 62 747 23 46", "[telefon]"),
        ("(62) 747-23-46", "[telefon]"),
        ("0-62 747 23 46", "[telefon]"),
        ("600100200", "[telefon]"),
        ("600.100.200", "[telefon]"),
        ("fax 747 23 47", "fax [telefon]"),
        ("tel./fax: 62 747 23 46/47", "tel./fax: [telefon]"),
        ("kom. 600 100 200, 600 100 201", "kom. [telefon], [telefon]"),
        ("62 747 23 46 62 747 23 47", "[telefon] [telefon]"),
        ("W 2011 62 747 23 46", "W 2011 [telefon]"),
        ("Jan (600 100 200)", "Jan ([telefon])"),
        ("телефон 067 123 45 67", "телефон [telefon]"),
        ("дзвоніть за номером +38 (044) 123-45-67", "дзвоніть за номером [telefon]"),
        ("(04563) 5-12-34", "[telefon]"),
        ("тел.: 5-12-34", "тел.: [telefon]"),
        ("8 (067) 123-45-67", "[telefon]"),
        ("0671234567", "[telefon]"),
    ],
)
def test_contact_data_is_masked(text: str, expected: str) -> None:
    result = masked(text)
    assert result.text == expected
    assert result.count == expected.count("[e-mail]") + expected.count("[telefon]")
    assert contact_data_in(text)
    assert contact_data_in(result.text) == []


@pytest.mark.parametrize(
    "text",
    [
        "w 2011 roku", "w latach 2009-2014", "9.11.2011 i 2011-11-09", "w 2009, 2010 i 2011 r.", "2009 2010 2011 2012",
        "koszt 123 456 789 zł",
        "600 100 200 zł", "budżet: 600 100 200", "1 600 100 200", "600 100 200,50", "45 000 mieszkańców", "1 234 567",
        "1.655.904 gości",
        "63-200 Jarocin", "KRS 0000123456", "REGON 250854749", "NIP 617-10-00-000", "POKL.09.02.00-30-123/10",
        "UDA-POKL.07.01.01-30-037/08-00",
        "RPWP.08.02.00-30-0012/16", "slajd 12", "1-2-3", "1. 2. 3.", "1 2 3 4 5 6 7 8 9 10", "ISBN 978-83-1234-567-8",
        "12 1020 2212 0000 5902 0123 4567", "nr konta: 12 1020 2212 0000 5902 0123 4567", "Dz.U. z 2011 r. Nr 21, poz. 113",
        "ustawa z dnia 8 marca 1990 r. (Dz. U. z 2001 r. Nr 142, poz. 1591 ze zm.)", "art. 25 ust. 1 pkt 2",
        "10 000 - 20 000", "godz. 8.00-16.00",
        "telefon 12 000 zł", "telefon działa od 2009-2014", "e@mail:", "telefon zaufania", "numer 5/2011",
        "№ 123-45-67", "[telefon] [e-mail]", "50 000 000",
        "UA80000000000093317", "0,5 1,5 2,5", "wzrost o 12,5% w 2011", "100 200 300", "3006023",
        "22 998 (31.12.2009 r.)", "22 998 - 31.12.2009",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == (text, 0)
    assert contact_data_in(text) == []


def test_the_finder_gives_the_text_as_printed() -> None:
    assert contact_data_in("tel. 62 747 23 46, jan@example.org") == ["62 747 23 46", "jan@example.org"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pisz: j a n @ g m i n a . p l", "Pisz: [e-mail]"),
        ("j a n . k o w a l @ g m i n a . o r g . p l, pokój 3", "[e-mail], pokój 3"),
        ("j a n@g m i n a.p l", "[e-mail]"),
        ("jan@g m i n a . p l i w Jarocinie", "[e-mail] i w Jarocinie"),
        ("jan @ gmina . p l", "[e-mail]"),
        ("j a n @ gmina.pl.", "[e-mail]."),
        ("j\u00a0a\u00a0n (at) g m i n a . c o m", "[e-mail]"),
        ("j a n @ u r z a d - m i a s t a . info", "[e-mail]"),
        ("j a n @ u r z a d - m i a s t a . b i z", "[e-mail]"),
        ("j  a  n  @  g  m  i  n  a  .  p  l", "[e-mail]"),
        ("j a n 2 @ g m i n a . p l ; o l a @ g m i n a . p l", "[e-mail] ; [e-mail]"),
        ("urzad@gmina.pl. W r. 2011", "[e-mail]. W r. 2011"),
    ],
)
def test_letters_that_stand_apart_are_masked(text: str, expected: str) -> None:
    assert masked(text) == (expected, expected.count("[e-mail]"))
    assert contact_data_in(text)
    assert contact_data_in(expected) == []


@pytest.mark.parametrize(
    "text",
    [
        "@ W r. 2011 i w 2012 r. p l", "a i o u w z", "kontakt@gmina. W r. 2011", "R O K 2011 (a t e s t) g m i n a . p l",
        "p . l . @", "@ g m i n a", "K O N K U R S @ gmina", "s t r o n a : w w w . g m i n a . p l",
    ],
)  # fmt: skip
def test_other_letters_that_stand_apart_stay(text: str) -> None:
    assert masked(text) == (text, 0)


@pytest.mark.parametrize(
    "text", ["a " * 50_000 + "@", "a @ " * 30_000, "@ a " * 30_000 + ".", "a @ b . " * 20_000, "@" + ". a " * 30_000]
)
def test_hostile_letters_take_bounded_time(text: str) -> None:
    with ending():
        masked(text)


@pytest.mark.parametrize(
    "text",
    ["1 - " * 20_000 + "1a", "1" * 100_000 + "a", "a" * 100_000, "a@" * 50_000, "(" * 100_000, "tel " * 50_000, "1 " * 100_000],
)
def test_hostile_texts_take_bounded_time(text: str) -> None:
    assert masked(text).count == 0


def test_names_somebody_else_found_are_masked_whole() -> None:
    assert names_masked("Autor: Anna Zielna-Kos, Anna Zielna", ["Anna Zielna", "Anna Zielna-Kos"]) == (
        "Autor: [osoba], [osoba]",
        2,
    )
    assert names_masked("Autor: redakcja", []) == ("Autor: redakcja", 0)
