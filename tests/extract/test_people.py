"""Persons named with a role: who is read with what role and institution, and who is none. All names are made up."""

from __future__ import annotations

import morfeusz2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.people.credits import credited_people
from pipeline.extract.people.people import people_in
from pipeline.extract.people.people_words import PL_ROLE_STEM, PL_ROLES
from pipeline.extract.people.person_names import is_person, without_person
from pipeline.records import TextBlock

Person = tuple[str, str, str | None]

GOLD: list[tuple[str, list[Person]]] = [
    (
        (
            "Gości powitała dyrektor Miejskiej Biblioteki Publicznej im. Jana Zmyślonego w Lipnie Anna Zielna oraz"
            " burmistrz Lipna Piotr Kwiatek."
        ),
        [
            ("Anna Zielna", "dyrektor", "Miejskiej Biblioteki Publicznej im. Jana Zmyślonego w Lipnie"),
            ("Piotr Kwiatek", "burmistrz Lipna", None),
        ],
    ),
    (
        (
            "Spotkanie z Wójtem Gminy Lipno Janem Zdunem prowadziła Maria Wolna-Kos, kierowniczka Ośrodka Pomocy"
            " Społecznej w Lipnie."
        ),
        [
            ("Janem Zdunem", "Wójtem Gminy Lipno", None),
            ("Maria Wolna-Kos", "kierowniczka", "Ośrodka Pomocy Społecznej w Lipnie"),
        ],
    ),
    (
        "– Zapraszamy – mówi Anna Zielna, rzecznik prasowy prezydenta Lublina i Urzędu Miasta.",
        [("Anna Zielna", "rzecznik prasowy prezydenta Lublina i Urzędu Miasta", None)],
    ),
    (
        "Меморандум підписали голова Лип’янської селищної ради Павло ЗМИСЛЕНИЙ та директорка школи Олена Іванівна ЗІЛЛЯ.",
        [
            ("Павло ЗМИСЛЕНИЙ", "голова Лип’янської селищної ради", None),
            ("Олена Іванівна ЗІЛЛЯ", "директорка школи", None),
        ],
    ),
    ("Wójt gminy Jan ZMYŚLONY gościł w sobotę.", [("Jan ZMYŚLONY", "Wójt gminy", None)]),
    ("Gośćmi dyrektora byli Maria PKO i Jan OSP.", []),
    ("Gościem była zastępczyni mera Sambora Ołena Zielna.", [("Ołena Zielna", "zastępczyni mera Sambora", None)]),
    (
        "Doradzała pani Halina Zielna, emerytowana nauczycielka, i Mikołaj Zdun, klimatolog.",
        [("Halina Zielna", "emerytowana nauczycielka", None), ("Mikołaj Zdun", "klimatolog", None)],
    ),
    (
        "Bajki czyta Anna Zielna, lekarka przychodni przy ul. Długiej.",
        [("Anna Zielna", "lekarka przychodni przy ul. Długiej", None)],
    ),
    ("Książkę pisarza Jana Zduna wydała Szkoła im. poety Piotra Kwiatka.", []),
    ("Гостею була письменниця Ольга Зелена. У музеї поета Павла Ясенюка.", [("Ольга Зелена", "письменниця", None)]),
    ("Przewodniczącym rady jest wójt gminy Rybno, Jan Zdun.", [("Jan Zdun", "wójt gminy Rybno", None)]),
    ("Odwiedziła nas Anna Zielna, autorka kryminałów.", [("Anna Zielna", "autorka kryminałów", None)]),
    ("Podkreśla to skarbnik Radkowa, pan Jan Zdun.", [("Jan Zdun", "skarbnik Radkowa", None)]),
    ("Подяку вручено Вірі Зеленій, вчительці мови.", [("Вірі Зеленій", "вчительці мови", None)]),
    ("Gościem był mer Sambora Jurij Zdun.", [("Jurij Zdun", "mer Sambora", None)]),
    ("Dyrektor biblioteki, Anna Zielna, podziękowała.", [("Anna Zielna", "Dyrektor biblioteki", None)]),
    (
        "Виступили міські голови Олена Бондарець та Іван Вільха і бургомістр Сулеюва Анджей Зелінський.",
        [
            ("Олена Бондарець", "міські голови", None),
            ("Іван Вільха", "міські голови", None),
            ("Анджей Зелінський", "бургомістр Сулеюва", None),
        ],
    ),
    ("Угоду підписали міські голови Луцька, Ковеля та Дубна.", []),
    ("Гостей вітала війт гміни Гражина Ковалік.", [("Гражина Ковалік", "війт гміни", None)]),
    ("Kierownik – Jan Zdun.", [("Jan Zdun", "Kierownik", None)]),
    ("Dyrektor: Anna Zielna", [("Anna Zielna", "Dyrektor", None)]),
    ("Koordynatorką partnerstwa jest Anna Zielna.", [("Anna Zielna", "Koordynatorką partnerstwa", None)]),
    ("Głos zabrał zastępca burmistrza Lipna J. Kwiatek.", [("J. Kwiatek", "zastępca burmistrza Lipna", None)]),
    ("Rozmowa z dyrektor Anną Zielną.", [("Anną Zielną", "dyrektor", None)]),
    ("Director is nobody. Biblioteka im. Marii Zmyślonej w Lipnie zaprasza.", []),
    ("Dyrektor biblioteki powitała Annę Zielną.", []),
    ("Dyrektor szkoły im. Jana Zmyślonego zaprosił rodziców.", []),
    ("Ulica Jana Zmyślonego 5, burmistrz przyjmuje w poniedziałki.", []),
    ("Wiersze Anny Zielnej czytały dzieci z przedszkola.", []),
    (
        "Директор бібліотеки ім. Лесі Вигаданої Олена Бондарець розповіла про директора Івана Ковальця.",
        [("Олена Бондарець", "Директор бібліотеки ім. Лесі Вигаданої", None), ("Івана Ковальця", "директора", None)],
    ),
    (
        "Олена Петрівна Бондарець – методистка Полтавської ЦБС, вела зустріч.",
        [("Олена Петрівна Бондарець", "методистка", "Полтавської ЦБС")],
    ),
    (
        (
            "КЗ «Лубенська ЦБС» представили: директор Орест Вільха, заступник директора з розвитку Мар'яна"
            " Ткач-Лісова, методист О. В. Берест."
        ),
        [
            ("Орест Вільха", "директор", "КЗ «Лубенська ЦБС»"),
            ("Мар'яна Ткач-Лісова", "заступник директора з розвитку", "КЗ «Лубенська ЦБС»"),
            ("О. В. Берест", "методист", "КЗ «Лубенська ЦБС»"),
        ],
    ),
    (
        (
            "Взяли участь начальник відділу освіти і спорту Юлія Вербова, директор Лубенської ЦБС ім. П.Квітки Леся Тополенко"
            " та завідуюча Бібліотекою-філією № 2 Віра Ясенюк."
        ),
        [
            ("Юлія Вербова", "начальник відділу освіти і спорту", None),
            ("Леся Тополенко", "директор", "Лубенської ЦБС ім. П.Квітки"),
            ("Віра Ясенюк", "завідуюча", "Бібліотекою-філією № 2"),
        ],
    ),
    ("Міський голова Лубен Іван Дубчук привітав Ольгу Лісову.", [("Іван Дубчук", "Міський голова Лубен", None)]),
    ("Зустріч з міським головою Іваном Дубчуком.", [("Іваном Дубчуком", "міським головою", None)]),
    ("Бібліотекарка Соломіяна Тополенко провела гру.", [("Соломіяна Тополенко", "Бібліотекарка", None)]),
    ("Директорка школи Мальва Ясна та голова ради Федір Криця прийшли.", [("Федір Криця", "голова ради", None)]),
    (
        "Головна бібліотекарка Ніна Калинова, староста Роман Берест.",
        [("Ніна Калинова", "Головна бібліотекарка", None), ("Роман Берест", "староста", None)],
    ),
    ("Зустріч у бібліотеці імені Тараса Вигаданого вели читачі.", []),
    ("Директор привітав Олену Бондарець.", []),
    ("Бібліотекарі Полтави та Лубен обмінялися досвідом.", []),
    (
        "Przybyli burmistrzowie Tomasz Zielny i Hanna Kwiatek, wójt Lipna Jan Zdun.",
        [("Tomasz Zielny", "burmistrzowie", None), ("Hanna Kwiatek", "burmistrzowie", None), ("Jan Zdun", "wójt Lipna", None)],
    ),
    (
        "Warsztaty prowadziły mgr Barbara Zielna i dr Ewa Wolna-Kos, animatorki kultury.",
        [("Barbara Zielna", "animatorki kultury", None), ("Ewa Wolna-Kos", "animatorki kultury", None)],
    ),
    (
        "Podpisy złożyli wójt Lipna Jan Zdun oraz Anna Zielna, zastępca burmistrza.",
        [("Jan Zdun", "wójt Lipna", None), ("Anna Zielna", "zastępca burmistrza", None)],
    ),
    (
        "Подяку отримали бібліотекарки Н. Тополенко та О. В. Берест.",
        [("Н. Тополенко", "бібліотекарки", None), ("О. В. Берест", "бібліотекарки", None)],
    ),
    ("Зустріч провела завідувачка читальної зали Марія Вербова.", [("Марія Вербова", "завідувачка читальної зали", None)]),
    (
        "Gości powitał wójt gminy dr Marian Zielny i dyrektor szkoły mgr inż. Tadeusz Kwiatek.",
        [("Marian Zielny", "wójt gminy", None), ("Tadeusz Kwiatek", "dyrektor szkoły", None)],
    ),
    ("Виступив староста села Липівка Микола Берест.", [("Микола Берест", "староста села Липівка", None)]),
    ("Документ підписав міський голова Золтан Дубчук.", [("Золтан Дубчук", "міський голова", None)]),
    ("Слово мав Тарас Ясенюк, голова ГО «Стежка».", [("Тарас Ясенюк", "голова", "ГО «Стежка»")]),
    ("Директор Видавництва Фоліо, голова Правління Банку та директорка Гімназії Надія привітали дітей.", []),
    (
        "Говорила Оксана Вербова, доцентка Полтавського університету.",
        [("Оксана Вербова", "доцентка", "Полтавського університету")],
    ),
    # Names and roles take turns.
    (
        "Na zdjęciu: Jan Kos, burmistrz Koła, Danuta Zielna, dyrektorka MBP, i Adam Kwiatek, wójt.",
        [("Jan Kos", "burmistrz Koła", None), ("Danuta Zielna", "dyrektorka", "MBP"), ("Adam Kwiatek", "wójt", None)],
    ),
    # What "jest" says of the first holds for those after it.
    (
        "Prezesem zarządu jest Danuta Zielna, wiceprezesem Marian Kwiatek, a sekretarzem Adam Kos.",
        [
            ("Danuta Zielna", "Prezesem zarządu", None),
            ("Marian Kwiatek", "wiceprezesem", None),
            ("Adam Kos", "sekretarzem", None),
        ],
    ),
    # The full stop of an abbreviation ends no role, and a telephone is none of it.
    (
        "Otworzyła Danuta Zielna, specjalista ds. promocji, a mówił Adam Kos, dyrektor tel. 22 555 00 01.",
        [("Danuta Zielna", "specjalista ds. promocji", None), ("Adam Kos", "dyrektor", None)],
    ),
    ("Гостей вітав Тарас Ясенюк, староста с. Липівка, і діти.", [("Тарас Ясенюк", "староста с. Липівка", None)]),
    # A name between two dashes has the role behind it, not the one before.
    (
        "Zespół: Danuta Zielna – koordynatorka Adam Kos – trener",
        [("Danuta Zielna", "koordynatorka", None), ("Adam Kos", "trener", None)],
    ),
    ("Danuta Zielna Trener", []),
]


def people(text: str) -> list[Person]:
    return [(p.name, p.role, p.organisation) for p in people_in([TextBlock(text=text)], record_id="x")]


@pytest.mark.parametrize(("text", "expected"), GOLD, ids=[text[:40] for text, _ in GOLD])
def test_people(text: str, expected: list[Person]) -> None:
    assert people(text) == expected


def test_floors_of_precision_and_recall() -> None:
    wanted = [(text, name) for text, expected in GOLD for name, _, _ in expected]
    found = [(text, name) for text, _ in GOLD for name, _, _ in people(text)]
    right = len(set(wanted) & set(found))
    print(f"people: precision {right / len(found):.2f}, recall {right / len(wanted):.2f}, {len(wanted)} names")  # noqa: T201 - the figures belong in the log of a run
    assert right / len(found) >= 0.98
    assert right / len(wanted) >= 0.95


def test_a_person_named_twice_with_one_role_is_one_mention() -> None:
    text = "Dyrektor Anna Zielna otworzyła targ. Dyrektor Anna Zielna zamknęła targ."
    assert len(people(text)) == 1


def test_the_passage_is_the_sentence_the_person_stands_in() -> None:
    mention = people_in([TextBlock(text="Padało. Targ otworzyła dyrektor Anna Zielna. Było miło.")], record_id="web:a")[0]
    assert mention.passage == "Targ otworzyła dyrektor Anna Zielna."
    assert mention.record_id == "web:a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Zielna", True),
        ("Jana Zduna", True),
        ("Олена Бондарець", True),
        ("Ośrodek Kultury", False),
        ("Klub Sowa", False),
        ("", False),
    ],
)
def test_whole_texts_that_are_persons(text: str, expected: bool) -> None:  # noqa: FBT001 - a parametrised expectation
    assert is_person(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wójta Gminy Lipno Jana Zduna", "Wójta Gminy Lipno"),
        ("Szkoły im. Jana Zmyślonego", "Szkoły im. Jana Zmyślonego"),
        ("Biblioteki im. Anny Zmyślonej w Lipnie", "Biblioteki im. Anny Zmyślonej w Lipnie"),
        ("Parafii św. Jana w Lipnie", "Parafii św. Jana w Lipnie"),
        ("Klubu Sowa", "Klubu Sowa"),
    ],
)
def test_institutions_lose_persons_and_keep_patrons(text: str, expected: str) -> None:
    assert without_person(text) == expected


PIECES = st.lists(
    st.sampled_from(
        [
            "dyrektor",
            "Anna",
            "Zielna",
            "im.",
            "J.",
            "Jana",
            "директор",
            "Олена",
            "ім.",
            "П.",
            "Бондарець",
            ",",
            "–",
            "-",
            "(",
            ":",
            "jest",
            "та",
            "представили:",
            "«",
            ".",
        ]
    ),
    max_size=20,
)


def test_every_form_of_a_role_holds_its_stem() -> None:
    dictionary = morfeusz2.Morfeusz()
    forms = sorted({form[0].casefold() for role in PL_ROLES for form in dictionary.generate(role)})
    assert len(forms) > 5 * len(PL_ROLES)
    assert [form for form in forms if PL_ROLE_STEM.search(form) is None] == []


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=300), PIECES.map(" ".join), PIECES.map("".join)))
def test_no_text_makes_it_raise_and_names_stand_in_the_text(text: str) -> None:
    whole = " ".join(text.split())
    for name, role, organisation in people(text):
        assert name in whole
        assert role
        assert role in whole
        assert organisation is None or organisation in whole


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("Автор: Марія Вербова", [("Марія Вербова", "Автор")]),
        ("Текст: Дарина Ясенюк, фото: архів бібліотеки", [("Дарина Ясенюк", "Текст")]),
        ("Tekst i zdjęcia: Anna Zielna", [("Anna Zielna", "Tekst i zdjęcia")]),
        ("Фото Івана Дубчука", [("Івана Дубчука", "Фото")]),
        ("Фото: Артурас Каледа", [("Артурас Каледа", "Фото")]),
        ("Текст: Марта\nФото: Ірина", [("Марта", "Текст"), ("Ірина", "Фото")]),
        ("Autorki: Anna Zielna, Maria Kos", [("Anna Zielna", "Autorki"), ("Maria Kos", "Autorki")]),
        ("Źródło: Urząd Miejski", []),
        ("Fot. archiwum szkoły", []),
        ("Фото: відкриті джерела", []),
        ("Текст: Бібліотека ім. Лесі Вигаданої", []),
        ("Полтавська міська рада: сайт", []),
        (None, []),
    ],
)
def test_persons_of_credits(credit: str | None, expected: list[tuple[str, str]]) -> None:
    assert [(p.name, p.role) for p in credited_people(credit, record_id="x")] == expected


def test_what_went_on_is_no_part_of_the_institution() -> None:
    text = "Публічну бібліотеку під час онлайн-зустрічі представляла директорка Валентина Неіснуюча."
    [person] = people_in([TextBlock(text=text)], record_id="a")
    assert (person.role, person.organisation) == ("директорка", "Публічну бібліотеку")


def test_what_only_women_are_called_is_no_mans_role() -> None:
    found = people_in([TextBlock(text="Dorota Zmyślona, trenerka Paweł Próbny, trener")], record_id="a")
    assert [(person.name, person.role) for person in found] == [("Dorota Zmyślona", "trenerka"), ("Paweł Próbny", "trener")]
    assert people_in([TextBlock(text="директорка Степан Приклад")], record_id="a") == []


def test_ukrainian_names_in_every_case_of_the_soft_declension() -> None:
    text = "Разом з учителькою Наталією Прикладною та директором Сергієм Вигаданим прийшли учні."
    assert [person.name for person in people_in([TextBlock(text=text)], record_id="a")] == [
        "Наталією Прикладною",
        "Сергієм Вигаданим",
    ]


@pytest.mark.parametrize("role", ["prezeska", "prezes", "dyrektor"])
def test_whom_a_foundation_is_called_by_is_not_its_head(role: str) -> None:
    text = f"Wystąpiła Anna Testowa, {role} Fundacji Marii Próbnej, oraz goście."
    found = people_in([TextBlock(text=text)], record_id="a")
    assert [(person.name, person.role, person.organisation) for person in found] == [
        ("Anna Testowa", role, "Fundacji Marii Próbnej")
    ]


def test_names_that_lost_the_space_between_them_are_none() -> None:
    assert people_in([TextBlock(text="Redaktorzy:Ewa PróbnaJan Zmyślony")], record_id="a") == []
    [one] = people_in([TextBlock(text="Burmistrz Jan McTestowy otworzył czytelnię.")], record_id="a")
    assert one.name == "Jan McTestowy"


@pytest.mark.parametrize(
    ("text", "role", "organisation"),
    [
        ("Zastępca Dyrektora Biblioteki Publicznej w Lipnie Jan Testowy otworzył wystawę.", "Zastępca Dyrektora", "Biblioteki"),
        ("Про це сказав заступник Міністра розвитку громад Сергій Вигаданий.", "заступник Міністра розвитку громад", None),
    ],
)
def test_whom_a_deputy_stands_in_for_is_no_institution(text: str, role: str, organisation: str | None) -> None:
    [one] = people_in([TextBlock(text=text)], record_id="a")
    assert (one.role, (one.organisation or "").partition(" ")[0] or None) == (role, organisation)
