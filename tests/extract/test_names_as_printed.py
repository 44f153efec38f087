"""Names as offices, lists and crude renderings print them. All persons are made up."""

from __future__ import annotations

import pytest

from pipeline.extract.people.credits import credited_people
from pipeline.extract.people.people import people_in
from pipeline.records import TextBlock


def told(text: str) -> list[tuple[str, str]]:
    return [(person.name, person.role) for person in people_in([TextBlock(text=text)], record_id="a")]


def credited(text: str) -> list[tuple[str, str]]:
    return [(person.name, person.role) for person in credited_people(text, record_id="a")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spotkanie otworzył wójt gminy Jan KOS.", [("Jan KOS", "wójt gminy")]),
        ("Зустріч відкрив сільський голова Іван КІТ.", [("Іван КІТ", "сільський голова")]),
        ("Spotkanie otworzył wójt gminy Jan NIK.", []),
        ("Spotkanie otworzył wójt gminy Jan PSL.", []),
    ],
)
def test_a_surname_of_three_capitals(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_a_surname_before_given_name_and_patronymic() -> None:
    assert told("Вірші читав Зразко Валентин Андрійович – місцевий поет.") == [("Зразко Валентин Андрійович", "місцевий поет")]
    assert told("Учора Валентин Андрійович Зразко, методист, читав вірші.") == [("Валентин Андрійович Зразко", "методист")]
    assert told("Шановна Олена Іванівна, методистка, читала вірші.") == [("Олена Іванівна", "методистка")]


def test_a_town_called_like_a_man_is_no_given_name() -> None:
    text = "Galę otworzył starosta wraz z burmistrzem Mikołajek Piotrem Próbnym."
    assert told(text) == [("Piotrem Próbnym", "burmistrzem Mikołajek")]


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("Tekst: Anna KosFoto: Jan Lis", [("Anna Kos", "Tekst"), ("Jan Lis", "Foto")]),
        ("Текст: Олена ПробаФото: Іван Зразко", [("Олена Проба", "Текст"), ("Іван Зразко", "Фото")]),
        ("Autor: Jan Próbnyfot. Anna Lis", [("Jan Próbny", "Autor"), ("Anna Lis", "fot")]),
        ("Opracowała: Anna PróbnaBiblioteka w Lipnie", [("Anna Próbna", "Opracowała")]),
        ("Tekst: Anna DeLuca", [("Anna DeLuca", "Tekst")]),
    ],
)
def test_a_credit_without_a_space_behind_the_name(credit: str, expected: list[tuple[str, str]]) -> None:
    assert credited(credit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Відкрила захід Зразко Н.В.-бібліотекар, яка розповіла про свято.", [("Зразко Н.В.", "бібліотекар")]),
        ("Зустріч у м. Київ Н.В. Зразко провела сама.", []),
        ("Захід готували педагог-організатор Зразко Н.В. та лікарка-терапевтка Олена Проба.",
         [("Зразко Н.В.", "педагог-організатор"), ("Олена Проба", "лікарка-терапевтка")]),
        ("Школу керівника Олена Проба, методистка, провела вперше.", [("Олена Проба", "методистка")]),
    ],
)  # fmt: skip
def test_surnames_before_initials_and_roles_of_two_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Про це розповіла Олена Проба, фахівець бібліотеки.", [("Олена Проба", "фахівець бібліотеки")]),
        ("Гостем був краєзнавець Іван Зразко.", [("Іван Зразко", "краєзнавець")]),
        ("Поради фахівця Олена Проба слухала уважно.", []),
        # The office told behind the name says more than the mandate before it.
        ("Obradom przewodniczył senator Jan Próbny, przewodniczący komisji.", [("Jan Próbny", "przewodniczący komisji")]),
    ],
)
def test_experts_and_offices_behind_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected
