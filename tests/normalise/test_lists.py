import pytest

from pipeline.normalise.lists import split_list
from pipeline.normalise.text import folded, one_line, paragraphs, says_nothing


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("A, B oraz C", ["A", "B", "C"]),
        ("A i B", ["A", "B"]),
        ("A; B\nC", ["A", "B", "C"]),
        ("А, Б та В", ["А", "Б", "В"]),
        ("rodzice i nauczyciele", ["rodzice", "nauczyciele"]),
        ("Jan Próbny i Anna Lis", ["Jan Próbny", "Anna Lis"]),
        ("Dom Kultury i Biblioteka", ["Dom Kultury", "Biblioteka"]),
        ("Biblioteka Publiczna Miasta i Gminy Jarocin", ["Biblioteka Publiczna Miasta i Gminy Jarocin"]),
        ("Ośrodek Kultury i Sportu oraz Szkoła nr 1", ["Ośrodek Kultury i Sportu", "Szkoła nr 1"]),
        ("„Razem, i dalej”, Fundacja „A i B” i Stowarzyszenie C", ["„Razem, i dalej”", "Fundacja „A i B”", "Stowarzyszenie C"]),
        ('Fundacja "Ala, Ola i Ula", Dom (klub, kino)', ['Fundacja "Ala, Ola i Ula"', "Dom (klub, kino)"]),
        ("Krasińskiego – Słowackiego – Mickiewicza", ["Krasińskiego", "Słowackiego", "Mickiewicza"]),
        ("Dom, a także Szkoła.", ["Dom", "Szkoła"]),
        ("Próba sp. z o.o., Dom", ["Próba sp. z o.o.", "Dom"]),
        ("nawias ( bez końca, B", ["nawias ( bez końca", "B"]),
        ("", []),
        (" , ; ", []),
    ],
)
def test_enumerations(text: str, items: list[str]) -> None:
    assert split_list(text) == items


@pytest.mark.parametrize("text", ["(" * 50_000, "„a, " * 20_000, "a i " * 20_000, '"' * 50_001, "«(" * 20_000])
def test_hostile_enumerations_take_bounded_time(text: str) -> None:
    assert isinstance(split_list(text), list)


def test_folding() -> None:
    assert folded("  ŻÓŁĆ – Gęśla\u00a0 Jaźń ") == "zolc - gesla jazn"
    assert folded("П’ЯТНИЦЯ Їжак, Йод, Ґанок") == "п'ятниця їжак, йод, ґанок"
    assert folded("Бі\u0301ла") == "біла"
    assert folded("Straße Ørsted") == "strasse orsted"


def test_lines_and_paragraphs() -> None:
    assert one_line(" a\u00a0\u2009b\n\tc\u200b\u00ad ") == "a b c"
    assert paragraphs("a\nb\r\n \r\nc\n\n\n") == ["a\nb", "c"]


@pytest.mark.parametrize(
    ("text", "answer"), [("", True), ("Brak", True), ("n/d", True), ("—", True), ("немає", True), ("brakarz", False)]
)
def test_words_for_nothing(text: str, answer: bool) -> None:  # noqa: FBT001 - a column of the table
    assert says_nothing(text) is answer
