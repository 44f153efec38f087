"""Lines that a browser's print adds to a page, in texts copied from such a print."""

from __future__ import annotations

from pipeline.extract.lines import text_lines
from pipeline.extract.printed import without_print_marks

HEAD = "Baza Dobrych Praktyk http://www.dobrepraktyki.pl/index.php?art=230"


def kept(text: str) -> list[str]:
    return [line.text for line in without_print_marks(text_lines(text), text)]


def test_name_address_and_number_of_a_sheet_go() -> None:
    text = f"{HEAD}\n1 z 2 2013-06-04 10:11\nAnna Lis\n{HEAD}\n2 z 2 04.06.2013, 10:11:03\nwójt"
    assert kept(text) == ["Anna Lis", "wójt"]


def test_numbers_and_addresses_of_the_text_stay() -> None:
    text = "Zadanie 1 z 2\n1 z 2\nzobacz http://www.lipno.example.org/a\n3 z 5 gmin\nhttp://www.lipno.example.org/a"
    assert kept(text) == text.split("\n")
    sheet = "zobacz http://www.lipno.example.org/a\nAnna Lis\n1 z 2 2013-06-04 10:11\nwójt"
    assert kept(sheet) == ["zobacz http://www.lipno.example.org/a", "Anna Lis", "wójt"]
