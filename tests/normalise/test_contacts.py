import pytest

from pipeline.normalise.contacts import Contact, contacts
from pipeline.normalise.names import degree_and_name
from pipeline.normalise.phones import Phone


def brief(contact: Contact) -> dict[str, object]:
    """The fields that hold something, phones and e-mails as values."""
    fields: dict[str, object] = {
        "name": contact.name,
        "degree": contact.degree,
        "role": contact.role,
        "unit": contact.unit,
        "phones": [f"{p.value.kind} {p.value.e164}" for p in contact.phones if p.value],
        "emails": [e.value for e in contact.emails if e.value],
    }
    return {name: value for name, value in fields.items() if value}


A, B, MOBILE = "+48627472346", "+48627472347", "+48600100200"
CASES: dict[str, tuple[str, list[dict[str, object]]]] = {
    "groups parted by a blank line": (
        (
            "Anna Przykładowa\n Dyrektor Wydziału Oświaty\n tel. 62 747 2346\n e@mail: anna@example.org\n"
            "\n Jan Próbny\n Dyrektor\n tel. 62 747 2347"
        ),
        [
            {
                "name": "Anna Przykładowa",
                "role": "Dyrektor Wydziału Oświaty",
                "phones": [f"phone {A}"],
                "emails": ["anna@example.org"],
            },
            {"name": "Jan Próbny", "role": "Dyrektor", "phones": [f"phone {B}"]},
        ],
    ),
    "groups parted by names alone": (
        "Jan Próbny\nDyrektor\ntel. 62 747 23 46\nAnna Lis\nWójt\nkom. 600 100 200",
        [
            {"name": "Jan Próbny", "role": "Dyrektor", "phones": [f"phone {A}"]},
            {"name": "Anna Lis", "role": "Wójt", "phones": [f"mobile {MOBILE}"]},
        ],
    ),
    "all on one line": (
        "mgr Anna Próbna-Nowa, Kierownik Referatu Promocji, tel. 62 747 23 46, e-mail: a@example.org",
        [
            {
                "name": "Anna Próbna-Nowa",
                "degree": "mgr",
                "role": "Kierownik Referatu Promocji",
                "phones": [f"phone {A}"],
                "emails": ["a@example.org"],
            }
        ],
    ),
    "dash between name and role": ("Jan Lis – dyrektor", [{"name": "Jan Lis", "role": "dyrektor"}]),
    "role, colon, name": ("Dyrektor: Jan Lis", [{"name": "Jan Lis", "role": "Dyrektor"}]),
    "role before the name": (
        "Skarbnik Fundacji Próba\nJan Próbny\nmail: jan(at)example.org",
        [{"name": "Jan Próbny", "role": "Skarbnik Fundacji Próba", "emails": ["jan@example.org"]}],
    ),
    "role on two lines": ("Ewa Zet\nSpecjalista\nds. współpracy", [{"name": "Ewa Zet", "role": "Specjalista ds. współpracy"}]),
    "role with its institution stays whole": (
        "Ewa Zet\nDyrektor Gminnego Ośrodka Kultury",
        [{"name": "Ewa Zet", "role": "Dyrektor Gminnego Ośrodka Kultury"}],
    ),
    "institution on a line of its own": (
        "Ewa Zet\nDyrektor\nMiejska Biblioteka Publiczna\ntel. 62 747 23 46, fax 62 747 23 47",
        [{"name": "Ewa Zet", "role": "Dyrektor", "unit": "Miejska Biblioteka Publiczna", "phones": [f"phone {A}", f"fax {B}"]}],
    ),
    "institution first": (
        "Urząd Gminy w Próbnie\nJan Próbny\ne-mail: jan@example.org",
        [{"name": "Jan Próbny", "unit": "Urząd Gminy w Próbnie", "emails": ["jan@example.org"]}],
    ),
    "office without a person": (
        "Sekretariat\ntel./fax 62 747 23 46",
        [{"unit": "Sekretariat", "phones": [f"phone {A}", f"fax {A}"]}],
    ),
    "numbers alone": ("tel. 62 747 23 46\njan@example.org", [{"phones": [f"phone {A}"], "emails": ["jan@example.org"]}]),
    "name alone": ("Anna Lis", [{"name": "Anna Lis"}]),
    "capitals": ("JAN PRÓBNY\nWÓJT GMINY", [{"name": "JAN PRÓBNY", "role": "WÓJT GMINY"}]),
    "blank lines everywhere": (
        "Jan Próbny\n\nDyrektor\n\ntel. 62 747 23 46\n\nAnna Lis\n\nWójt\n\nanna@example.org",
        [
            {"name": "Jan Próbny", "role": "Dyrektor", "phones": [f"phone {A}"]},
            {"name": "Anna Lis", "role": "Wójt", "emails": ["anna@example.org"]},
        ],
    ),
    "Ukrainian": (
        "Олена Проба\nдиректорка бібліотеки\nтел. 067 123 45 67\nolena@example.org",
        [
            {
                "name": "Олена Проба",
                "role": "директорка бібліотеки",
                "phones": ["mobile +380671234567"],
                "emails": ["olena@example.org"],
            }
        ],
    ),
    "several numbers": (
        "dr inż. Jan Próbny\ntel. (0-62) 747 23 46/47\nkom.: 600 100 200\njan@example.org, biuro@example.org",
        [
            {
                "name": "Jan Próbny",
                "degree": "dr inż.",
                "phones": [f"phone {A}", f"phone {B}", f"mobile {MOBILE}"],
                "emails": ["jan@example.org", "biuro@example.org"],
            }
        ],
    ),
    "two persons on one line": (
        "Jan Próbny (dyrektor), Anna Lis (zastępca)",
        [{"name": "Jan Próbny", "role": "dyrektor"}, {"name": "Anna Lis", "role": "zastępca"}],
    ),
    "address passed over": (
        "Jan Próbny\nUrząd Gminy\nul. Polna 3\n63-200 Jarocin\nwww.example.org",
        [{"name": "Jan Próbny", "unit": "Urząd Gminy"}],
    ),
    "labels in words": (
        "Imię i nazwisko: Jan Próbny\nStanowisko: inspektor\nTelefon: 62 747 23 46\nAdres e-mail: jan@example.org",
        [{"name": "Jan Próbny", "role": "inspektor", "phones": [f"phone {A}"], "emails": ["jan@example.org"]}],
    ),
    "a degree parts the post from the person": (
        "Burmistrz Miasta dr Jan Próbny\ntel. 62 747 23 46",
        [{"name": "Jan Próbny", "degree": "dr", "role": "Burmistrz Miasta", "phones": [f"phone {A}"]}],
    ),
    "a given name parts the post from the person": (
        "Wójt Gminy Janowo Jan Próbny\nZastępca Wójta Anna Lis-Zmyślona, tel. 62 747 23 46\nAdam Wzorzec skarbnik gminy",
        [
            {"name": "Jan Próbny", "role": "Wójt Gminy Janowo"},
            {"name": "Anna Lis-Zmyślona", "role": "Zastępca Wójta", "phones": [f"phone {A}"]},
            {"name": "Adam Wzorzec", "role": "skarbnik gminy"},
        ],
    ),
    "a patron or a place behind a post is nobody": (
        "Dyrektor Szkoły Jana Wzorcowego\n\nDyrektor Szkoły im. Jana Próby\n\nBurmistrz Miasta Nowa Ruda",
        [
            {"role": "Dyrektor Szkoły Jana Wzorcowego"},
            {"role": "Dyrektor Szkoły im. Jana Próby"},
            {"role": "Burmistrz Miasta Nowa Ruda"},
        ],
    ),
    "a numbered list": (
        "1. Anna Lis – naczelnik\n2. Jan Próbny – inspektor, tel. 62 747 23 46",
        [{"name": "Anna Lis", "role": "naczelnik"}, {"name": "Jan Próbny", "role": "inspektor", "phones": [f"phone {A}"]}],
    ),
    "an initial and a surname": ("J. Próbny\nwójt", [{"name": "J. Próbny", "role": "wójt"}]),
    "a conjunction on a line of its own": (
        "Anna Lis – naczelnik\noraz\nJan Próbny – inspektor",
        [{"name": "Anna Lis", "role": "naczelnik"}, {"name": "Jan Próbny", "role": "inspektor"}],
    ),
    "a person behind the office": ("Wydział Promocji – Anna Lis", [{"name": "Anna Lis", "unit": "Wydział Promocji"}]),
    "nothing": ("\n \n", []),
}


@pytest.mark.parametrize("case", CASES)
def test_contacts(case: str) -> None:
    text, expected = CASES[case]
    assert [brief(contact) for contact in contacts(text.split("\n"))] == expected


@pytest.mark.parametrize("text", ["brak", "nie podano", "-\n", "Brak danych"])
def test_nobody_is_no_contact(text: str) -> None:
    assert contacts(text.split("\n")) == []


@pytest.mark.parametrize("case", CASES)
def test_no_word_is_lost(case: str) -> None:
    text, _ = CASES[case]
    kept = " ".join(contact.raw_text for contact in contacts(text.split("\n")))
    assert kept.split() == text.split()


@pytest.mark.parametrize(
    ("text", "degree", "name"),
    [
        ("Jan Próbny", None, "Jan Próbny"),
        ("dr inż. Jan Próbny", "dr inż.", "Jan Próbny"),
        ("mgr Anna Lis", "mgr", "Anna Lis"),
        ("prof. dr hab. Anna Lis", "prof. dr hab.", "Anna Lis"),
        ("dr n. med. Anna Lis", "dr n. med.", "Anna Lis"),
        ("mgr.inż. Jan Próbny", "mgr.inż.", "Jan Próbny"),
        ("ks. Jan Próbny", "ks.", "Jan Próbny"),
        ("Pani Anna Lis", None, "Anna Lis"),
        ("Jan Próbny, mgr inż.", "mgr inż.", "Jan Próbny"),
        ("Jan Próbny, PhD", "PhD", "Jan Próbny"),
        ("O. Próbna", None, "O. Próbna"),
        ("канд. пед. наук Олена Проба", "канд. пед. наук", "Олена Проба"),
        ("dr", None, "dr"),
        ("", None, ""),
    ],
)
def test_degrees(text: str, degree: str | None, name: str) -> None:
    assert degree_and_name(text) == (degree, name)


@pytest.mark.parametrize(
    "names",
    [
        "Jan Próbny, Anna Lis",
        "Jan Próbny i Anna Lis",
        "Jan Próbny; Anna Lis",
        "Jan Próbny oraz Anna Lis",
        "Jan Próbny/Anna Lis",
    ],
)
def test_two_names_on_a_line_share_what_stands_below_them(names: str) -> None:
    lines = [names, "tel. 89 550 00 01", "", "Ewa Kos", "tel. 89 550 00 02"]
    found = [(contact.name, contact.role, [phone.value for phone in contact.phones]) for contact in contacts(lines)]
    shared, own = Phone("+48895500001", "phone"), Phone("+48895500002", "phone")
    assert found == [("Jan Próbny", None, [shared]), ("Anna Lis", None, [shared]), ("Ewa Kos", None, [own])]
    assert all(contact.raw_text == f"{names}\ntel. 89 550 00 01" for contact in contacts(lines)[:2])


def test_persons_parted_by_semicolons_are_persons_of_their_own() -> None:
    line = "Jan Próbny, wójt, tel. 89 550 00 01; Anna Lis, radna, tel. 89 550 00 02"
    found = [(contact.name, contact.role, [phone.raw for phone in contact.phones]) for contact in contacts([line])]
    assert found == [("Jan Próbny", "wójt", ["89 550 00 01"]), ("Anna Lis", "radna", ["89 550 00 02"])]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Anna Lis (dyrektor) i Jan Próbny (inspektor)",
            [("Anna Lis", "dyrektor", []), ("Jan Próbny", "inspektor", [])],
        ),
        (
            "Anna Lis – dyrektor oraz Jan Próbny – sekretarz",
            [("Anna Lis", "dyrektor", []), ("Jan Próbny", "sekretarz", [])],
        ),
        (
            "Anna Lis, kierownik Referatu Oświaty i Kultury, Jan Próbny, inspektor, tel. 89 550 00 01",
            [("Anna Lis", "kierownik Referatu Oświaty i Kultury", []), ("Jan Próbny", "inspektor", ["+48895500001"])],
        ),
        (
            "Anna Lis (tel. 89 550 00 01), Jan Próbny (tel. 89 550 00 02)",
            [("Anna Lis", None, ["+48895500001"]), ("Jan Próbny", None, ["+48895500002"])],
        ),
        (
            "mgr Jan Próbny/dr Anna Lis, tel. 89 550 00 01",
            [("Jan Próbny", None, ["+48895500001"]), ("Anna Lis", None, ["+48895500001"])],
        ),
        (
            "Jan Próbny i Anna Lis tel. 89 550 00 01",
            [("Jan Próbny", None, ["+48895500001"]), ("Anna Lis", None, ["+48895500001"])],
        ),
        (
            "Anna Lis tel. 89 550 00 01 (koordynator), Jan Próbny tel. 89 550 00 02 (księgowość)",
            [("Anna Lis", "koordynator", ["+48895500001"]), ("Jan Próbny", "księgowość", ["+48895500002"])],
        ),
        # One person, whatever names the post holds.
        (
            "Anna Lis - Dyrektor Zespołu Szkół im. Jana Pawła II i Biblioteki, tel. 89 550 00 01",
            [("Anna Lis", "Dyrektor Zespołu Szkół im. Jana Pawła II i Biblioteki", ["+48895500001"])],
        ),
    ],
)
def test_several_persons_on_a_line(line: str, expected: list[tuple[str, str | None, list[str]]]) -> None:
    found = contacts([line])
    numbers = [[phone.value.e164 for phone in contact.phones if phone.value] for contact in found]
    assert [(contact.name, contact.role, e164) for contact, e164 in zip(found, numbers, strict=True)] == expected
    assert all(contact.raw_text in line for contact in found)


def test_numbers_with_whose_they_are_go_to_the_persons_above() -> None:
    shared = "tel. 89 550 00 01 (A. Lis), 89 550 00 02 (J. Próbny)"
    found = contacts(["Przewodnicząca – Anna Lis, Sekretarz – Jan Próbny", shared])
    assert [(contact.name, [phone.value for phone in contact.phones]) for contact in found] == [
        ("Anna Lis", [Phone("+48895500001", "phone")]),
        ("Jan Próbny", [Phone("+48895500002", "phone")]),
    ]
    assert all(shared in contact.raw_text for contact in found)


def test_numbers_of_somebody_else_are_given_to_nobody_above() -> None:
    found = contacts(["Anna Lis", "tel. 89 550 00 01 (J. Próbny)"])
    assert [contact.name for contact in found if contact.name == "Jan Próbny"] == []


@pytest.mark.parametrize(
    ("lines", "role"),
    [
        (["Anna Lis", "inspektor ds. komunikacji, pok. nr 7, I p."], "inspektor ds. komunikacji"),
        (["Sołtys Anna Lis", "tel. 89 550 00 01 (po godz. 16)"], "Sołtys"),
        (["Anna Lis", "radna Rady Miejskiej", "Masz dobrą praktykę? Zgłoś ją!"], "radna Rady Miejskiej"),
        (["Anna Lis", "radna", "", "i inni"], "radna"),
        (["Anna Lis (od 2016 r.)", "radna", "tel. jw."], "radna"),
        (["Anna Lis", "radna", "tel. j.w. wew. 15", "pn-pt 8:00-14:00"], "radna"),
        (["Anna Lis", "kustosz", "tel. 89 550 00 01 (po 15.00)"], "kustosz"),
        (["Anna Lis", "kustosz", "tel. 89 550 00 01 (8-15)", "https://lipno.example.org/muzeum"], "kustosz"),
    ],
)
def test_what_is_no_role_stays_in_the_raw_text(lines: list[str], role: str) -> None:
    (found,) = contacts(lines)
    assert (found.name, found.role) == ("Anna Lis", role)
    assert found.raw_text == "\n".join(line for line in lines if line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tel. 74 832 52 07 fax. 74 831 89 29", [("+48748325207", "phone"), ("+48748318929", "fax")]),
        ("tel. 74 832 52 07 kom 602 000 333", [("+48748325207", "phone"), ("+48602000333", "mobile")]),
        ("74 832 52 07 (fax) 74 831 89 29", [("+48748325207", "fax"), ("+48748318929", "phone")]),
        ("74 832 52 07 fax", [("+48748325207", "fax")]),
    ],
)
def test_a_word_between_two_numbers_belongs_to_the_second(line: str, expected: list[tuple[str, str]]) -> None:
    (contact,) = contacts(["Anna Lis", line])
    assert [phone.value and (phone.value.e164, phone.value.kind) for phone in contact.phones] == expected


def test_numbers_ahead_of_the_only_person_of_a_group_are_that_person_s() -> None:
    found = contacts(["tel. 89 550 00 01", "Anna Lis", "wójt", "", "Jan Próbny", "tel. 89 550 00 02"])
    assert [(one.name, one.role, [phone.value and phone.value.e164 for phone in one.phones]) for one in found] == [
        ("Anna Lis", "wójt", ["+48895500001"]),
        ("Jan Próbny", None, ["+48895500002"]),
    ]
    assert found[0].raw_text == "tel. 89 550 00 01\nAnna Lis\nwójt"
    # Whose the numbers between two persons are is not told.
    apart = contacts(["tel. 89 550 00 01", "Anna Lis", "tel. 89 550 00 02", "Jan Próbny"])
    assert [(one.name, len(one.phones)) for one in apart] == [(None, 1), ("Anna Lis", 1), ("Jan Próbny", 0)]


def test_a_circle_by_its_letters_is_no_person() -> None:
    (contact,) = contacts(["KGW Bukowa Górna", "Anna Lis (przewodnicząca)", "600 100 200"])
    assert (contact.name, contact.role, contact.unit) == ("Anna Lis", "przewodnicząca", "KGW Bukowa Górna")


def test_the_word_before_an_address_is_no_role() -> None:
    (contact,) = contacts(["kontakt: biuro@lipno.example.org"])
    assert (contact.name, contact.role) == (None, None)
