"""Partnerships and agreements told of in prose: what is read, what is no partnership, and that nothing raises."""

from __future__ import annotations

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.extract.prose import DATE_WORDING, content_id, enumerated, latin_slug, sentences
from pipeline.records import Partnership, TextBlock


def told(text: str) -> list[Partnership]:
    blocks = [TextBlock(text=line) for line in text.splitlines() if line.strip()]
    return partnerships_in(blocks, article_id="web:a/b")


def only(text: str) -> Partnership:
    found = told(text)
    assert len(found) == 1, [(p.kind, p.name, p.parties) for p in found]
    return found[0]


@pytest.mark.parametrize("quotes", ["„”", "„“", '""', "«»", "““", "„„", "«„"])
@pytest.mark.parametrize("gap", ["", " "])
def test_a_heading_names_a_partnership_in_quotes_of_any_kind(quotes: str, gap: str) -> None:
    found = only(f"Partnerstwo {quotes[0]}{gap}Nad Strugą{quotes[1]}\nPartnerstwo powstało w maju 2013 roku.")
    assert (found.name, found.founded_text, found.kind) == ("Nad Strugą", "w maju 2013 roku", "local_partnership")
    assert found.record_id == "web:a/b#nad-struga"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Partnerstwo powstało w 2011 roku.", "w 2011 roku"),
        ("Partnerstwo zostało zawiązane 5 marca 2014 r. Burmistrz był obecny.", "5 marca 2014 r."),
        ("Partnerstwo zostało utworzone w listopadzie 2013 r. na spotkaniu.", "w listopadzie 2013 r."),
        ("Partnerstwo założono w dniu 12.05.2016 r. w szkole.", "w dniu 12.05.2016 r."),
        ("Powstało na początku 2009 roku po cyklu spotkań.", "na początku 2009 roku"),
        ("Partnerstwo działa od 2010 roku.", "od 2010 roku"),
        ("Pod koniec 2015 roku zawiązało się Partnerstwo.", "Pod koniec 2015 roku"),
        ("Rok założenia: 2012", "2012"),
        ("Partnerstwo powstało w 2008 roku, a w 2018 roku zmieniło nazwę na „Inne”.", "w 2008 roku"),
    ],
)
def test_foundings(sentence: str, expected: str) -> None:
    assert only(f"Partnerstwo „Nad Strugą”\n{sentence}").founded_text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Partnerstwa lokalne, czyli koalicje szkół i świetlic, powstają w całej Polsce.",
        "Partnerstwa lokalne utworzone zostały w celu rozwiązywania problemów.",
        "W 2011 roku do partnerstwa „Nad Strugą” dołączyła Biblioteka Publiczna.",
        "Dzięki partnerstwu „Nad Strugą” w 2015 roku powstało boisko.",
        "Na osiedlu powstało w 2015 roku boisko.",
        "Partnerstwo nie powstało w 2010 roku.",
        "Partnerstwo zostanie zawiązane w 2030 roku.",
        "Współpraca i partnerstwo to podstawa naszej pracy od 2005 roku.",
        "Gmina planuje podpisać porozumienie o współpracy między Lipnem a Kikołem.",
        "Планується, що буде підписано угоду про співпрацю між Полтавською громадою та Лубенською громадою.",
        "Меморандум про співпрацю – важливий документ для громади.",
        "Підписано меморандум про співпрацю.",
        "Ми уклали договір про постачання води між бібліотекою та школою.",
        "",
    ],
)
def test_no_partnership_is_made_of_a_general_mention(text: str) -> None:
    assert told(text) == []


def test_a_joining_is_no_founding() -> None:
    found = only("Partnerstwo „Nad Strugą”\nPartnerstwo łączy sąsiadów. W 2012 roku dołączyła do niego Biblioteka.")
    assert found.founded_text is None


def test_former_name_and_both_names_where_the_heading_and_the_renaming_disagree() -> None:
    found = only(
        "Partnerstwo „Młyn i Struga”\nPartnerstwo powstało w 2010 roku pod nazwą „ Stary Młyn”. W 2018 roku"
        " Partnerstwo zmieniło nazwę na Partnerstwo „Struga i Młyn”."
    )
    assert (found.name, found.former_name) == ("Młyn i Struga", "Stary Młyn")
    assert found.name_candidates == ["Młyn i Struga", "Struga i Młyn"]


def test_a_heading_without_quotes_ends_what_the_one_above_it_tells() -> None:
    first, second = partnerships_in(
        [
            TextBlock(text="Koalicja na rzecz Lasu", kind="heading"),
            TextBlock(text="Koalicja powstała jesienią 2017 roku."),
            TextBlock(text="Partnerstwo na Rzecz Rzeki", kind="heading"),
            TextBlock(text="Na mocy porozumienia z dnia 5 czerwca 2019 r. Gmina Lipa i Powiat Dębowy utworzyły Partnerstwo."),
        ],
        article_id="web:a/b",
    )
    assert (first.name, first.founded_text, first.initiators) == ("Koalicja na rzecz Lasu", "jesienią 2017 roku", [])
    assert (second.name, second.founded_text) == ("Partnerstwo na Rzecz Rzeki", "z dnia 5 czerwca 2019 r.")
    assert second.initiators == ["Gmina Lipa", "Powiat Dębowy"]


def test_founders_of_another_partnership_are_not_taken() -> None:
    found, joined = told(
        "Partnerstwo „Studnia” działa od czerwca 2012 roku.\n"
        "Biblioteka przystąpiła do Koalicji „Otwarte Drzwi”, która powstała w 2009 roku z inicjatywy Fundacji Klamka."
    )
    assert (found.name, found.founded_text, found.initiators) == ("Studnia", "od czerwca 2012 roku", [])
    assert (joined.name, joined.founded_text, joined.initiators) == ("Otwarte Drzwi", "w 2009 roku", ["Fundacji Klamka"])


def test_the_oblast_is_no_party() -> None:
    found = only("У 2023 році Дубенська громада та Смизька громада Рівненської області уклали договір про співробітництво.")
    assert found.parties[0] == "Дубенська громада"
    assert "Рівненської області" not in found.parties


def test_in_running_text_the_later_name_is_the_name() -> None:
    found = only("W 2012 roku powstało Partnerstwo „Lipa”. W 2019 roku partnerstwo zmieniło nazwę na „Nowa Lipa”.")
    assert (found.name, found.former_name, found.name_candidates) == ("Nowa Lipa", "Lipa", [])


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            (
                "Partnerstwo powstało w 2011 roku z inicjatywy Ośrodka Kultury i Sportu i Stowarzyszenia Lipa, w"
                " ramach Projektu Most."
            ),
            ["Ośrodka Kultury i Sportu", "Stowarzyszenia Lipa"],
        ),
        (
            (
                "Partnerstwo powstało w 2011 roku jako inicjatywa Szkoły nr 2 w porozumieniu z Zakładem Zieleni"
                " oraz Klubem Seniora."
            ),
            ["Szkoły nr 2", "Zakładem Zieleni", "Klubem Seniora"],
        ),
        (
            "Partnerstwo powstało w 2011 roku z inicjatywy Burmistrza Lipna, ZGM, Gimnazjum nr 5 (obecnie SP nr 9) oraz OPS.",
            ["Burmistrza Lipna", "ZGM", "Gimnazjum nr 5 (obecnie SP nr 9)", "OPS"],
        ),
        ("Inicjatorem partnerstwa jest Dom Kultury w Lipnie.", ["Dom Kultury w Lipnie"]),
        ("Z inicjatywy Fundacji „Kos i Drozd” w 2014 roku powstało Partnerstwo.", ["Fundacji „Kos i Drozd”"]),
        (
            "Partnerstwo zostało założone w 2014 roku przez Parafię św. Jana i Ochotniczą Straż Pożarną.",
            ["Parafię św. Jana", "Ochotniczą Straż Pożarną"],
        ),
        ("Partnerstwo powstało w 2014 roku z inicjatywy Wójta Gminy Lipno Jana Zielonki.", ["Wójta Gminy Lipno"]),
    ],
)
def test_initiators(sentence: str, expected: list[str]) -> None:
    assert only(f"Partnerstwo „Nad Strugą”\nPartnerstwo łączy sąsiadów.\n{sentence}").initiators == expected


def test_a_coordinator_stated_once_holds_for_all_partnerships_of_the_page() -> None:
    found = told(
        "Koordynatorem pracy obu partnerstw oraz współinicjatorem kalendarza jest Ośrodek Wsparcia w Lipnie.\n"
        "Partnerstwo „A-1”\nPowstało w 2011 roku.\n"
        "Partnerstwo „B-2”\nPowstało w 2012 roku.\nKoordynatorem partnerstwa jest Klub Sowa."
    )
    assert [(p.name, p.coordinator, p.initiators) for p in found] == [
        ("A-1", "Ośrodek Wsparcia w Lipnie", []),
        ("B-2", "Klub Sowa", []),
    ]


def test_persons_stand_in_no_public_field() -> None:
    found = only(
        "Partnerstwo „A-1”\nPartnerstwo powstało w 2011 roku z inicjatywy Anny Zielonki i Klubu Sowa.\n"
        "Koordynatorką partnerstwa jest Anna Zielonka."
    )
    assert found.initiators == ["Klubu Sowa"]
    assert found.coordinator is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Zasięgiem działania obejmuje rejon ulic: Gen. Bema – Polna/Krucza, al. Lipowa.",
            "rejon ulic: Gen. Bema – Polna/Krucza, al. Lipowa",
        ),
        ("Partnerstwo działa na terenie gminy Lipno.", "gminy Lipno"),
        ("Obszar działania partnerstwa: osiedle Sady.", "osiedle Sady"),
        ("Partnerstwo swoim zasięgiem obejmuje osiedle Sady.", "osiedle Sady"),
    ],
)
def test_areas(sentence: str, expected: str) -> None:
    assert only(f"Partnerstwo „A-1”\nPowstało w 2011 roku.\n{sentence}").area == expected


def test_members() -> None:
    found = only(
        "Partnerstwo „A-1”\nPowstało w 2011 roku.\nW skład partnerstwa wchodzą: OPS, Biblioteka Publiczna oraz Straż Miejska."
    )
    assert found.parties == ["OPS", "Biblioteka Publiczna", "Straż Miejska"]
    listed = only("Partnerstwo „A-1”\nPowstało w 2011 roku.\nPartnerzy:\n- OPS,\n- Klub Sowa")
    assert listed.parties == ["OPS", "Klub Sowa"]


def test_networks_are_a_kind_of_their_own() -> None:
    assert only("Koalicja „Bezpieczny Plac” została powołana w maju 2008 r.").kind == "network"


def test_a_ukrainian_partnership() -> None:
    found = only(
        "Партнерство «Джерело» створено у 2018 році з ініціативи Центральної бібліотеки та ГО «Крок».\n"
        "Діє на території Полтавської громади.\nКоординатором партнерства є Центральна бібліотека."
    )
    assert (found.name, found.founded_text, found.area) == ("Джерело", "у 2018 році", "Полтавської громади")
    assert found.initiators == ["Центральної бібліотеки", "ГО «Крок»"]
    assert found.coordinator == "Центральна бібліотека"


@pytest.mark.parametrize(
    ("sentence", "kind", "agreement", "date", "parties", "programme"),
    [
        (
            (
                "Наприкінці 2021 року очільниками Лубенської міської територіальної громади та Хорольської міської громади"
                " підписано Меморандум про співробітництво в рамках обласного проєкту «Рука в руці»."
            ),
            "intercommunity_agreement",
            "Меморандум про співробітництво",
            "Наприкінці 2021 року",
            ["Лубенської міської територіальної громади", "Хорольської міської громади"],
            "Рука в руці",
        ),
        (
            "14 січня між Полтавською міською радою та Лубенською міською радою було укладено угоду про партнерство.",
            "intercommunity_agreement",
            "угоду про партнерство",
            "14 січня",
            ["Полтавською міською радою", "Лубенською міською радою"],
            None,
        ),
        (
            "Бібліотека Лубенської громади підписала меморандум про співпрацю з ГО «Світло» у травні 2023 року.",
            "agreement",
            "меморандум про співпрацю",
            "у травні 2023 року",
            ["Бібліотека Лубенської громади", "ГО «Світло»"],
            None,
        ),
        (
            "Полтавська громада та Лубенська громада уклали договір про співробітництво 12.03.2021.",
            "intercommunity_agreement",
            "договір про співробітництво",
            "12.03.2021",
            ["Полтавська громада", "Лубенська громада"],
            None,
        ),
        (
            "Між Полтавською та Лубенською громадами підписано Меморандум про партнерство та співпрацю 3 лютого 2025 року.",
            "intercommunity_agreement",
            "Меморандум про партнерство та співпрацю",
            "3 лютого 2025 року",
            ["Полтавською громадою", "Лубенською громадою"],
            None,
        ),
        (
            (
                "Porozumienie o współpracy pomiędzy Biblioteką w Lipnie a Domem Kultury w Kikole zostało podpisane w"
                " marcu 2020 roku w ramach projektu „Wspólna półka”."
            ),
            "agreement",
            "Porozumienie o współpracy",
            "w marcu 2020 roku",
            ["Biblioteką w Lipnie", "Domem Kultury w Kikole"],
            "Wspólna półka",
        ),
        (
            "Gmina Lipno i Gmina Kikół podpisały list intencyjny o współpracy.",
            "intercommunity_agreement",
            "list intencyjny o współpracy",
            None,
            ["Gmina Lipno", "Gmina Kikół"],
            None,
        ),
    ],
)
def test_agreements(
    sentence: str, kind: str, agreement: str, date: str | None, parties: list[str], programme: str | None
) -> None:
    found = only(sentence)
    assert (found.kind, found.agreement, found.programme) == (kind, agreement, programme)
    assert found.parties == parties
    assert (found.founded_text, found.agreement_text) == (date, date)
    assert found.name is None


def test_two_agreements_have_two_ids() -> None:
    text = "Gmina Lipno i Gmina Kikół podpisały list intencyjny o współpracy."
    assert len({p.record_id for p in told(f"{text}\n{text.replace('Kikół', 'Rypin')}")}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Przyszedł ks. Jan z al. Lipowej. Było miło.", ["Przyszedł ks. Jan z al. Lipowej.", "Było miło."]),
        ("Dnia 5 marca 2014 r. Burmistrz podpisał list.", ["Dnia 5 marca 2014 r. Burmistrz podpisał list."]),
        ("Powstało w 2014 r. Obecnie liczy dziesięć osób.", ["Powstało w 2014 r.", "Obecnie liczy dziesięć osób."]),
        ("ЦБС ім. П. Квітки у м. Лубни. Кінець!", ["ЦБС ім. П. Квітки у м. Лубни.", "Кінець!"]),
        ("Перше речення.Друге речення.", ["Перше речення.", "Друге речення."]),
        ("a\nb", ["a", "b"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert list(sentences(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ośrodka Kultury i Sportu", ["Ośrodka Kultury i Sportu"]),
        ("Ośrodka Kultury i Sportu Gminy Lipno oraz OSP", ["Ośrodka Kultury i Sportu Gminy Lipno", "OSP"]),
        (
            "Wydziału Kultury i Promocji, rodziców i Miejskiego Domu Kultury",
            ["Wydziału Kultury i Promocji", "rodziców", "Miejskiego Domu Kultury"],
        ),
        (
            "управління культури і туризму Лубенської ради та ГО «Світло та тінь»",
            ["управління культури і туризму Лубенської ради", "ГО «Світло та тінь»"],
        ),
        ("Szkoły (dawniej A, B i C) i OPS", ["Szkoły (dawniej A, B i C)", "OPS"]),
        ("", []),
    ],
)
def test_enumerations(text: str, expected: list[str]) -> None:
    assert enumerated(text) == expected


@pytest.mark.parametrize("text", ["w 2000 osób", "nr 2011", "2014/15", "123 456"])
def test_numbers_are_no_dates(text: str) -> None:
    assert DATE_WORDING.search(text) is None


def test_slugs_and_content_ids() -> None:
    assert latin_slug("Здоров'я та «Пліч»") == "zdorovia-ta-plich"
    assert latin_slug("Żółta łódź – 2") == "zolta-lodz-2"
    assert content_id(["Ala ma kota."]) == content_id(["ALA\u00a0ma", "kota"])
    assert content_id(["Ala ma kota."]) != content_id(["Ala ma psa."])


PIECES = st.lists(
    st.sampled_from(
        [
            "Partnerstwo",
            "„A”",
            "powstało",
            "w 2011 roku",
            "z inicjatywy",
            "oraz",
            "OPS",
            "(",
            ")",
            ",",
            ".",
            "підписано",
            "Меморандум про співпрацю",
            "між",
            "та",
            "громадою",
            "зміни",
            "zmieniło nazwę na",
            "Koordynatorem",
            "jest",
            "w ramach projektu",
            "«",
            "»",
            ":",
            "Zasięgiem obejmuje",
        ]
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=400), PIECES.map(" ".join), PIECES.map("\n".join)))
def test_no_text_makes_it_raise_and_every_value_stands_in_the_text(text: str) -> None:
    found = told(text)
    whole = " ".join(text.split())
    assert len({p.record_id for p in found}) == len(found)
    for partnership in found:
        for value in (
            partnership.name,
            partnership.founded_text,
            partnership.area,
            partnership.agreement,
            *partnership.initiators,
        ):
            assert value is None or value in whole


@pytest.mark.parametrize(
    ("text", "date", "parties"),
    [
        (
            (
                "18 березня 2024 року відбулося підписання Меморандуму про співпрацю між Полтавською, Лубенською та Хорольською"
                " громадами."
            ),
            "18 березня 2024 року",
            ["Полтавською громадою", "Лубенською громадою", "Хорольською громадою"],
        ),
        (
            "Меморандум про співпрацю підписали:\n- Лубенська рада;\n- ГО «Світло».\nУгоду підписано 3 лютого 2025 року.",
            "3 лютого 2025 року",
            ["Лубенська рада", "ГО «Світло»"],
        ),
        (
            "Того ж дня Лубенська бібліотека та Полтавський університет підписали договір про співпрацю.",
            None,
            ["Лубенська бібліотека", "Полтавський університет"],
        ),
        (
            "Лубни та литовське місто Варена підписали угоду про побратимство 12 травня 2019 року.",
            "12 травня 2019 року",
            ["Лубни", "литовське місто Варена"],
        ),
        (
            "7 września 2022 roku burmistrzowie Lipna, Grabowa nad Prosną i Mikstatu podpisali list intencyjny.",
            "7 września 2022 roku",
            ["Lipna", "Grabowa nad Prosną", "Mikstatu"],
        ),
        (
            "Wójtowie gmin Dywity, Jonkowo i Stawiguda zawarli 23 kwietnia 2015 r. porozumienie międzygminne.",
            "23 kwietnia 2015 r.",
            ["gminy Dywity", "gminy Jonkowo", "gminy Stawiguda"],
        ),
        (
            "Biblioteka w Lipnie podpisała umowę o współpracy z Ośrodkiem Kultury w Kikole, więc książki pojadą dalej.",
            None,
            ["Biblioteka w Lipnie", "Ośrodkiem Kultury w Kikole"],
        ),
        (
            "Відділ освіти Ковельської ради підписав з Ковельською бібліотекою договір про партнерство.",
            None,
            ["Відділ освіти Ковельської ради", "Ковельською бібліотекою"],
        ),
        ("Miasta Nysa i Šumperk podpisały umowę partnerską w 2004 roku.", "w 2004 roku", ["Miasto Nysa", "Miasto Šumperk"]),
        (
            "Podpisano umowę partnerską pomiędzy Biblioteką Leśną a Fundacją „Czytam” na realizację projektu „Słowa”.",
            None,
            ["Biblioteką Leśną", "Fundacją „Czytam”"],
        ),
        (
            "Umowę o współpracy partnerskiej między Kaliszem a Lipnem podpisano w 1958 r.",
            "w 1958 r.",
            ["Kaliszem", "Lipnem"],
        ),
    ],
)
def test_parties_and_dates_however_worded(text: str, date: str | None, parties: list[str]) -> None:
    found = only(text)
    assert (found.agreement_text, found.parties) == (date, parties)


def test_a_memorandum_told_of_again_is_one_agreement() -> None:
    text = (
        "Лубенська громада та Хорольська громада уклали договір про співпрацю. Меморандум підписали Лубенська громада та"
        " Хорольська громада."
    )
    assert [p.agreement for p in told(text)] == ["договір про співпрацю"]


@pytest.mark.parametrize(
    ("text", "name", "founded", "initiators"),
    [
        (
            "W marcu 2012 roku zawiązało się Partnerstwo na rzecz Doliny Rabki.",
            "Partnerstwo na rzecz Doliny Rabki",
            "W marcu 2012 roku",
            [],
        ),
        (
            "W maju 2021 roku trzy instytucje założyły partnerstwo „Sowa”: Biblioteka Powiatowa i Zespół Szkół nr 1.",
            "Sowa",
            "W maju 2021 roku",
            ["Biblioteka Powiatowa", "Zespół Szkół nr 1"],
        ),
        (
            "Partnerstwo pod nazwą „Lipa od Nowa” zawiązali 18 maja 2018 roku Dom Kultury i Muzeum Lipna.",
            "Lipa od Nowa",
            "18 maja 2018 roku",
            ["Dom Kultury", "Muzeum Lipna"],
        ),
        (
            "W 2015 r. Stowarzyszenie „Most” wraz z Gminą Lubin i OPS utworzyło Partnerstwo „Lipa”.",
            "Lipa",
            "W 2015 r.",
            ["Stowarzyszenie „Most”", "Gminą Lubin", "OPS"],
        ),
        (
            "Sieć „Półka” powstała w 2019 r. z inicjatywy Powiatowej i Miejskiej Biblioteki Publicznej.",
            "Półka",
            "w 2019 r.",
            ["Powiatowej i Miejskiej Biblioteki Publicznej"],
        ),
    ],
)
def test_foundings_in_the_active_voice_and_names_without_quotes(
    text: str, name: str, founded: str, initiators: list[str]
) -> None:
    found = only(text)
    assert (found.name, found.founded_text, found.initiators) == (name, founded, initiators)


def test_what_a_partnership_itself_founded_is_no_founding_of_it() -> None:
    assert told("Partnerstwo „Lipa” założyło w 2015 roku klub seniora.") == []


FACTS = """Lokalne Partnerstwo „Razem”
Rok powstania: 2012
Lider: Ośrodek Pomocy w Lipnie
Koordynator: Anna Testowa, pracownik
Partnerzy: Parafia św. Jana, Klub Seniora „Lipa”
Obszar działania: osiedle Sady"""


def test_facts_on_lines_of_their_own() -> None:
    found = only(FACTS)
    assert (found.name, found.founded_text, found.coordinator, found.area) == (
        "Razem",
        "2012",
        "Ośrodek Pomocy w Lipnie",
        "osiedle Sady",
    )
    assert found.parties == ["Parafia św. Jana", "Klub Seniora „Lipa”"]


def test_facts_in_a_list_and_a_person_with_an_institution() -> None:
    found = only(
        "Partnerstwo „Kępa”\n- Rok powstania: 2017\n- Koordynator: Jan Próbny, Dom Kultury „Kępa”"
        "\nObejmuje swoim zasięgiem ulice: Długą i Krótką."
    )
    assert (found.founded_text, found.coordinator, found.area) == ("2017", "Dom Kultury „Kępa”", "ulice: Długą i Krótką")


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("Partnerstwo „Kępa” (dawniej działało jako „Wyspa”) powstało w 2014 r.", "Wyspa"),
        ("Partnerstwo „Kępa”, wcześniej pod nazwą „Wyspa”, powstało w 2014 r.", "Wyspa"),
        ("Partnerstwo „Kępa” powstało w 2014 r. Poprzednio funkcjonowało pod nazwą Klub „Wyspa”.", "Wyspa"),
        ("Partnerstwo „Kępa”, pierwotnie zwane „Wyspą”, powstało w 2014 r.", "Wyspą"),
        ("Partnerstwo „Kępa” powstało w 2014 r. Do 2018 roku nosiło nazwę „Wyspa”.", "Wyspa"),
        ("Партнерство «Коса» (раніше діяло як «Острів») створено у травні 2018 року.", "Острів"),
        ("Партнерство «Коса» створено у 2018 році. Раніше мало назву «Острів».", "Острів"),
        ("Partnerstwo „Kępa” powstało w 2014 r. Wcześniej realizowało projekt „Mosty”.", None),
        ("Partnerstwo „Kępa” powstało w 2014 r. Dawniej biblioteka prowadziła klub „Lipa”.", None),
        ("Партнерство «Коса» створено у 2018 році. Раніше школа мала гурток «Острів».", None),
    ],
)
def test_former_names_however_worded(text: str, former: str | None) -> None:
    assert only(text).former_name == former


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Umowa partnerska z miastem Lhota (Czechy) została podpisana 12 maja 2001 roku.", ["miastem Lhota (Czechy)"]),
        ("W 2010 roku podpisaliśmy umowę o współpracy z niemiecką gminą Musterau.", ["niemiecką gminą Musterau"]),
        ("Угоду про побратимство з містом Тчев (Польща) підписано 5 травня 2011 року.", ["містом Тчев (Польща)"]),
        ("Громада підписала договір про партнерство з польською гміною Сулеюв.", ["польською гміною Сулеюв"]),
        ("Burmistrz Lipna i mer Dubna podpisali umowę o współpracy partnerskiej.", ["Lipna", "Dubna"]),
    ],
)
def test_a_partner_abroad(text: str, parties: list[str]) -> None:
    found = only(text)
    assert (found.parties, found.kind) == (parties, "intercommunity_agreement")


@pytest.mark.parametrize(
    "text",
    ["W 2010 roku podpisaliśmy umowę o współpracy z biblioteką.", "Umowę o współpracy z panem Janem podpisano w 2011 r."],
)
def test_one_party_at_home_is_no_agreement_between_two(text: str) -> None:
    assert told(text) == []


def test_the_one_partner_of_a_network() -> None:
    found = only("Koalicja „Nurt”\nKoalicję zawiązano w 2018 r.\nPartnerem zagranicznym koalicji jest miasto Musterau.")
    assert found.parties == ["miasto Musterau"]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Gminy Lipno, Kikół i Skępe podpisały porozumienie o współpracy.", ["Gmina Lipno", "Gmina Kikół", "Gmina Skępe"]),
        ("Porozumienie o współpracy między gminami Lipno i Kikół podpisano w 2010 r.", ["gminą Lipno", "gminą Kikół"]),
        (
            "Powiaty lipnowski, rypiński i golubsko-dobrzyński podpisały porozumienie o współpracy.",
            ["Powiat lipnowski", "Powiat rypiński", "Powiat golubsko-dobrzyński"],
        ),
        (
            "Porozumienie o współpracy podpisano między powiatami lipnowskim i rypińskim.",
            ["powiatem lipnowskim", "powiatem rypińskim"],
        ),
        (
            "Дубенська та Смизька територіальні громади підписали меморандум про співробітництво.",
            ["Дубенська територіальна громада", "Смизька територіальна громада"],
        ),
        (
            "Громади Дубна, Здолбунова та Острога уклали угоду про співпрацю.",
            ["Громада Дубна", "Громада Здолбунова", "Громада Острога"],
        ),
        (
            "Podpisano list intencyjny o współpracy między bibliotekami w Lipnie, Kikole i Skępem.",
            ["biblioteką w Lipnie", "biblioteką w Kikole", "biblioteką w Skępem"],
        ),
        (
            "Porozumienie partnerskie gmin Lipno, Kikół oraz miasta Skępe w sprawie wspólnych dróg zawarto w 2017 r.",
            ["gminy Lipno", "gminy Kikół", "miasta Skępe"],
        ),
        (
            "Лубенський та Миргородський райони підписали угоду про співпрацю.",
            ["Лубенський район", "Миргородський район"],
        ),
        (
            "Gminy Lipno, Kikół i powiat lipnowski zawarły umowę o współpracy.",
            ["Gmina Lipno", "Gmina Kikół", "powiat lipnowski"],
        ),
    ],
)
def test_a_noun_that_parties_share_is_each_one_s_own(text: str, parties: list[str]) -> None:
    assert only(text).parties == parties


def test_facts_that_follow_each_other_on_one_line() -> None:
    found = only("Партнерство «Коса» – засноване 12.03.2017, ініціатор – районна бібліотека, координатор – ГО «Світло»")
    assert (found.initiators, found.coordinator, found.founded_text) == (["районна бібліотека"], "ГО «Світло»", "12.03.2017")


def test_founders_of_every_kind() -> None:
    found = only(
        "Partnerstwo „Kępa” powstało w 2019 r. Inicjatorzy: Szkoła nr 2, rodzice, sołtys Lipki."
        "\nPartnerami są: Gmina Lipno oraz firma „Drewno” sp. z o.o."
    )
    assert found.initiators == ["Szkoła nr 2", "rodzice", "sołtys Lipki"]
    assert found.parties == ["Gmina Lipno", "firma „Drewno” sp. z o.o."]


def test_a_name_in_the_genitive_keeps_its_noun() -> None:
    assert only("Sieć Bibliotek Powiatu Próbnego powstała 1 września 2020 r. z inicjatywy GOK.").name == (
        "Sieć Bibliotek Powiatu Próbnego"
    )


@pytest.mark.parametrize("gap", ["\n", "\t", " | "])
def test_a_table_of_twin_towns(gap: str) -> None:
    rows = [
        ("Miasto partnerskie", "Kraj", "Data podpisania umowy"),
        ("Lhota", "Czechy", "12.05.2001"),
        ("Musterau", "Niemcy", "1998"),
    ]
    found = told("\n".join(gap.join(row) for row in rows) + "\nStan na koniec roku.")
    assert [(p.parties, p.agreement_text, p.kind) for p in found] == [
        (["Lhota"], "12.05.2001", "intercommunity_agreement"),
        (["Musterau"], "1998", "intercommunity_agreement"),
    ]


def test_a_table_of_towns_and_numbers_is_none_of_partners() -> None:
    assert told("Miasto\tLiczba mieszkańców\nLipno\t2001\nKikół\t1998") == []


def test_a_row_whose_year_is_not_told_ends_no_table() -> None:
    found = told(
        "Nazwa\tRok powstania\tKoordynator\nPartnerstwo „Osowo”\t2. poł. 2016\tbrak\nPartnerstwo „Buk”\tbrak danych\tOPS"
        "\nPartnerstwo „Lipa”\t2017\tOPS"
    )
    assert [(p.name, p.founded_text, p.coordinator) for p in found] == [
        ("Osowo", "2. poł. 2016", None),
        ("Buk", None, "OPS"),
        ("Lipa", "2017", "OPS"),
    ]


@pytest.mark.parametrize("gap", ["\n", "\t", " | "])
def test_a_table_flattened_or_not(gap: str) -> None:
    rows = [
        ("Nazwa partnerstwa", "Rok powstania", "Lider"),
        ("Partnerstwo „Osowo”", "2014", "Stowarzyszenie Osowo"),
        ("Partnerstwo „Buk”", "2016", "Anna Testowa"),
    ]
    found = told("\n".join(gap.join(row) for row in rows) + "\nStan na koniec roku.")
    assert [(p.name, p.founded_text, p.coordinator) for p in found] == [
        ("Osowo", "2014", "Stowarzyszenie Osowo"),
        ("Buk", "2016", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "założyli partnerstwo " * 180,
        "Полтавською, " * 300 + "громадами підписано меморандум",
        "відбулося підписання " * 190,
        "lider: " * 500,
    ],
)
def test_the_reading_of_repeated_words_ends(text: str) -> None:
    with ending():
        told(text)


@pytest.mark.parametrize(
    ("text", "founded"),
    [
        ("Коаліція «Чисте місто» – з 2020 року.", "з 2020 року"),
        ("Koalicja „Czyste Miasto” (od maja 2020 r.).", "od maja 2020 r."),
        ("Мережа «Поруч» працює з жовтня 2018 року.", "з жовтня 2018 року"),
    ],
)
def test_since_when_a_named_partnership_works(text: str, founded: str) -> None:
    assert only(text).founded_text == founded


def test_with_whom_a_network_works_is_no_day() -> None:
    assert told("Мережа «Поруч» працює з дітьми, у 2019 році отримала грант.") == []


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Sieć „Lipa” powstała w 2014 roku. W jej skład wchodzą: Szkoła Podstawowa nr 1, Biblioteka w Pniewach.",
            ["Szkoła Podstawowa nr 1", "Biblioteka w Pniewach"],
        ),
        (
            "Partnerstwo „Dolina” powstało w 2010 roku. Tworzyły je gminy Ostroróg i Wronki oraz Stowarzyszenie „Warta”.",
            ["gmina Ostroróg", "gmina Wronki", "Stowarzyszenie „Warta”"],
        ),
        (
            "Мережа «Поруч» діє з 2018 року. До мережі входять: Сарненська бібліотека, Рокитнівський ліцей.",
            ["Сарненська бібліотека", "Рокитнівський ліцей"],
        ),
    ],
)
def test_members_however_worded(text: str, parties: list[str]) -> None:
    assert only(text).parties == parties


def test_the_plural_before_a_colon_goes_with_each() -> None:
    found = only("Koalicja „Wzgórza” powstała w 2006 roku z inicjatywy samorządów gmin: Andrespol, Brójce i Koluszki.")
    assert found.initiators == ["gminy Andrespol", "gminy Brójce", "gminy Koluszki"]


def test_a_unit_in_small_letters_coordinates_and_somebody_unnamed_does_not() -> None:
    signed = "Porozumienie o współpracy podpisały 5 marca 2012 r. gminy Pniewy i Szamotuły."
    assert only(f"{signed} Koordynatorem porozumienia jest gmina Szamotuły.").coordinator == "gmina Szamotuły"
    assert only(f"{signed} Koordynatorem porozumienia jest osoba wyznaczona.").coordinator is None


@pytest.mark.parametrize(
    ("text", "date", "parties"),
    [
        (
            "- Договір про співробітництво між Глухівською та Березівською громадами від 14.03.2019 (діє до 2024 року).",
            "від 14.03.2019",
            ["Глухівською громадою", "Березівською громадою"],
        ),
        (
            "Porozumienie z dnia 5 marca 2012 r. pomiędzy Gminą Lipno a Gminą Kikół w sprawie wspólnej biblioteki.",
            "z dnia 5 marca 2012 r.",
            ["Gminą Lipno", "Gminą Kikół"],
        ),
        (
            "В рамках програми «Пліч-о-пліч» Трускавецька МТГ та Снігурівська МТГ уклали 3 травня 2024 року угоду про дружбу.",
            "3 травня 2024 року",
            ["Трускавецька МТГ", "Снігурівська МТГ"],
        ),
        (
            "Меморандум про партнерство з громадою Балаклія підписано 8 жовтня 2024 р.",
            "8 жовтня 2024 р.",
            ["громадою Балаклія"],
        ),
        (
            "Umowę o współpracy między Gminą Lipno a Rejonem Jaworowskim podpisano 7 maja 2010 r., a rozwiązano w 2015 r.",
            "7 maja 2010 r.",
            ["Gminą Lipno", "Rejonem Jaworowskim"],
        ),
    ],
)
def test_agreements_between_communities(text: str, date: str, parties: list[str]) -> None:
    found = only(text)
    assert (found.kind, found.agreement_text, found.parties) == ("intercommunity_agreement", date, parties)


@pytest.mark.parametrize(
    "text",
    [
        "Umowa z dnia 5 marca 2012 r. pomiędzy Gminą Lipno a Firmą Budowa.",
        "Zgodnie z porozumieniem o współpracy między gminami mieszkańcy korzystają z basenu.",
        "W 2012 roku podpisano umowę o partnerstwie z miastem.",
    ],
)
def test_what_is_no_agreement_between_communities(text: str) -> None:
    assert told(text) == []


def test_a_register_of_agreements() -> None:
    table = (
        "Lp.\tStrony porozumienia\tPrzedmiot\tData zawarcia\tOkres obowiązywania\n"
        "1.\tGmina Lipno, Gmina Kikół\tdowóz dzieci\t12.08.2016 r.\tdo 30.06.2017 r.\n"
        "2.\tPowiat Lipnowski, Miasto Lipno\tbiblioteka\t2.01.2015 r.\tczas nieokreślony"
    )
    found = [
        (partnership.agreement_text, partnership.parties)
        for partnership in partnerships_in([TextBlock(text=table)], article_id="a")
    ]
    assert found == [("12.08.2016 r.", ["Gmina Lipno", "Gmina Kikół"]), ("2.01.2015 r.", ["Powiat Lipnowski", "Miasto Lipno"])]


def test_the_title_of_a_page_names_a_coalition_and_a_member_leads_it() -> None:
    blocks = [
        TextBlock(text="Koalicja powstała 20 maja 2018 r. Członkami koalicji są:\n- Powiat Kłodzki – lider\n- Gmina Nowa Ruda")
    ]
    (found,) = partnerships_in(blocks, article_id="a", title="Koalicja na rzecz seniorów powiatu kłodzkiego")
    assert found.name == "Koalicja na rzecz seniorów powiatu kłodzkiego"
    assert (found.coordinator, found.parties) == ("Powiat Kłodzki", ["Powiat Kłodzki", "Gmina Nowa Ruda"])


def test_a_headline_names_no_partnership() -> None:
    blocks = [TextBlock(text="Partnerstwo powstało w 2010 r.")]
    assert partnerships_in(blocks, article_id="a", title="Partnerstwo dla samorządu zyskało nowych członków") == []


def test_facts_in_the_words_of_the_partners_themselves() -> None:
    found = only(
        "Partnerstwo „Nasza Ulica” zawiązało się 3 XII 2011 r. Do partnerstwa należą obecnie: OPS, biblioteka i parafia."
        " Koordynuje je Ośrodek Pomocy Społecznej. Wcześniej działaliśmy jako Koalicja „Sielce Razem”."
        " Działamy na terenie Sielc."
    )
    assert (found.founded_text, found.former_name, found.area) == ("3 XII 2011 r.", "Sielce Razem", "Sielc")
    assert (found.coordinator, found.parties) == ("Ośrodek Pomocy Społecznej", ["OPS", "biblioteka", "parafia"])


def test_parties_that_are_only_counted_are_named_further_down() -> None:
    found = only(
        "Wójtowie trzech gmin oraz starosta podpisali 2 marca 2019 r. porozumienie o współpracy."
        " Sygnatariuszami porozumienia są: Gmina Kobylanka, Gmina Dolice i Powiat Stargardzki."
    )
    assert found.parties == ["Gmina Kobylanka", "Gmina Dolice", "Powiat Stargardzki"]


def test_the_page_s_own_partner_of_a_partnership_agreement() -> None:
    found = only("3 grudnia 2019 r. podpisaliśmy umowę partnerską ze Stowarzyszeniem „Razem”.")
    assert (found.kind, found.parties) == ("agreement", ["Stowarzyszeniem „Razem”"])


def test_facts_below_a_heading_with_contact_data_and_years() -> None:
    first, second = told(
        "Partnerstwo „Na Wspólnej”\nRok powstania: 2014\nObszar: osiedle Piaski\n"
        "Koordynator: Anna Zmyślona (MOPS), tel. 600 000 000\n"
        "Koalicja „Trzeźwy Powiat”\nNie działa od 2018 r. Powstała z inicjatywy Starosty w 2010 r."
    )
    assert (first.founded_text, first.area, first.coordinator) == ("2014", "osiedle Piaski", "MOPS")
    assert (second.founded_text, second.initiators) == ("w 2010 r.", ["Starosty"])


def test_what_was_founded_within_a_partnership_is_another_thing() -> None:
    found = only("Partnerstwo „Lipa”\nPartnerstwo prowadzi świetlicę. Powstała w 2015 roku z inicjatywy parafii.")
    assert found.founded_text is None


@pytest.mark.parametrize(
    ("text", "founded"),
    [
        ("W 2012 r. biblioteka przystąpiła do Partnerstwa „Kamionek”, które powstało w 2010 r.", "w 2010 r."),
        ("Od 2014 roku należymy do Partnerstwa Lokalnego „Kamionek”, założonego w 2010 r. przez OPS.", "w 2010 r."),
        ("У 2019 році ми увійшли до Мережі «Поруч», яка виникла у 2016 році.", "у 2016 році"),
    ],
)
def test_a_clause_tells_of_the_founding_of_what_was_joined(text: str, founded: str) -> None:
    assert only(text).founded_text == founded


@pytest.mark.parametrize(
    "text",
    [
        "Biblioteka przystąpiła do Partnerstwa „Kamionek” w 2012 r.",
        "Sieć wodociągowa powstała w 1998 roku i obejmuje całą gminę.",
        "Мережа магазинів створена у 1998 році та охоплює всю область.",
    ],
)
def test_joinings_and_networks_of_things_found_nothing(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "date", "parties"),
    [
        (
            "Umowę partnerską z miastem Bar (Ukraina) podpisali 5 maja 2016 r. burmistrz Jan Próbny i mer Iwan Zmyślony.",
            "5 maja 2016 r.",
            ["miastem Bar (Ukraina)"],
        ),
        (
            "Akt partnerstwa miast Jarocin i Korkuteli podpisano 7 czerwca 2003 roku.",
            "7 czerwca 2003 roku",
            ["miasta Jarocin", "miasta Korkuteli"],
        ),
        (
            "Porozumienie o partnerstwie zawarte 12 maja 2014 r. pomiędzy Miastem Śrem a Powiatem Śremskim wygasło w 2020 r.",
            "12 maja 2014 r.",
            ["Miastem Śrem", "Powiatem Śremskim"],
        ),
        (
            "List intencyjny między Gminą Lipno a Powiatem Lipnowskim podpisano w dniu 3 marca 2015 r",
            "w dniu 3 marca 2015 r",
            ["Gminą Lipno", "Powiatem Lipnowskim"],
        ),
    ],
)
def test_parties_are_neither_offices_nor_verbs(text: str, date: str, parties: list[str]) -> None:
    found = only(text)
    assert (found.agreement_text, found.parties) == (date, parties)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Partnerstwo „Lipa” istnieje od 2008 r. W skład partnerstwa wchodzi 20 instytucji, m.in. Dom Kultury i MOPS.",
            ["Dom Kultury", "MOPS"],
        ),
        ("Partnerstwo „Lipa”\nPartnerstwo tworzą:\n- Gmina Lipno\n- Gmina Kikół\n- Jan Próbny", ["Gmina Lipno", "Gmina Kikół"]),
    ],
)
def test_members_that_are_counted_or_listed(text: str, parties: list[str]) -> None:
    (found,) = partnerships_in([TextBlock(text=text)], article_id="a")
    assert found.parties == parties


def test_a_partnership_of_communes_named_by_the_title() -> None:
    text = "Partnerstwo tworzą gminy: Brzeźno, Sławoborze i Kalisz Pomorski. Liderem partnerstwa jest Gmina Brzeźno."
    (found,) = partnerships_in([TextBlock(text=text)], article_id="a", title="Partnerstwo międzygminne „Dorzecze”")
    assert (found.name, found.coordinator) == ("Dorzecze", "Gmina Brzeźno")
    assert found.parties == ["gmina Brzeźno", "gmina Sławoborze", "gmina Kalisz Pomorski"]


def test_one_of_several_partnerships_below_its_heading() -> None:
    found = only("Partnerstwo „Za Rzeką”\nNajmłodsze z partnerstw – utworzone 20 lutego 2016 r. przez Klub Seniora i parafię.")
    assert (found.founded_text, found.initiators) == ("20 lutego 2016 r.", ["Klub Seniora", "parafię"])


def test_the_head_of_an_administration_signs_for_it() -> None:
    found = only(
        "Голова Рокитнівської селищної ради Микола Вигаданий та начальниця Новопсковської селищної військової адміністрації"
        " Світлана Придумана підписали 3 травня 2024 року Меморандум про співробітництво."
    )
    assert found.parties == ["Рокитнівської селищної ради", "Новопсковської селищної військової адміністрації"]


def test_a_local_action_group_by_its_letters() -> None:
    found = only(
        "LGD „Dolina” powstała 5 maja 2008 roku z inicjatywy gmin Lipno i Kikół. Obszar LGD obejmuje gminy Lipno i Kikół."
        " Do partnerstwa dołączyły: Klub Seniora, OSP."
    )
    assert (found.kind, found.name, found.founded_text) == ("local_partnership", "Dolina", "5 maja 2008 roku")
    assert (found.initiators, found.area) == (["gminy Lipno", "gminy Kikół"], "gminy Lipno i Kikół")
    assert found.parties == ["Klub Seniora", "OSP"]


def test_the_seat_of_a_local_action_group_is_no_partnership() -> None:
    assert told("LGD ogłasza nabór. Nowa siedziba LGD została utworzona w 2012 roku. W 2016 roku LGD utworzyła muzeum.") == []


def test_the_verb_behind_the_parties_is_none_of_them() -> None:
    found = only("Угода про співпрацю між Сарненською міською радою та Гміною Козеніце (Польща) укладена 12.05.2016 р.")
    assert found.parties == ["Сарненською міською радою", "Гміною Козеніце (Польща)"]


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Підписання меморандуму про співпрацю між Ніжинською МТГ та Оріхівською МТГ відбулося 5 травня 2024 року онлайн.",
            ["Ніжинською МТГ", "Оріхівською МТГ"],
        ),
        (
            "Podpisanie umowy o współpracy między Gminą Lipno a Gminą Kikół odbyło się 5 maja 2014 r. w Lipnie.",
            ["Gminą Lipno", "Gminą Kikół"],
        ),
    ],
)
def test_where_and_when_it_was_signed_is_no_part_of_a_party(text: str, parties: list[str]) -> None:
    assert only(text).parties == parties


def test_a_heading_that_says_what_for_before_the_name() -> None:
    found = only("Partnerstwo na rzecz Zaborza „Wspólny Dom”\nZawiązane 14 lutego 2013 r.\nObejmuje ulice: Lipową i Leśną.")
    assert (found.name, found.founded_text, found.area) == ("Wspólny Dom", "14 lutego 2013 r.", "ulice: Lipową i Leśną")


def test_a_founding_without_a_day_and_who_belongs_to_it() -> None:
    found = only(
        "Wczoraj zawiązała się Koalicja „Powiat Czyta”. W jej skład weszły: Dom Kultury w Lipnie oraz Fundacja Zakładka."
    )
    assert (found.name, found.founded_text, found.kind) == ("Powiat Czyta", None, "network")
    assert found.parties == ["Dom Kultury w Lipnie", "Fundacja Zakładka"]
    assert told("Koalicja „Powiat Czyta” nie powstała. W jej skład miały wejść szkoły.") == []


def test_parties_of_the_agreement_it_was_founded_by() -> None:
    found = only(
        "Partnerstwo Doliny Lipy powołane zostało 27 maja 2017 r. na mocy porozumienia zawartego przez gminy: Lipno i Kikół."
    )
    assert (found.founded_text, found.parties) == ("27 maja 2017 r.", ["Lipno", "Kikół"])


def test_an_agreement_owed_to_and_who_leads_it() -> None:
    found = only(
        "Półka stoi dzięki umowie partnerskiej, którą 4 maja 2023 roku podpisały Biblioteka w Lipnie i Biblioteka w Kikole."
    )
    assert (found.agreement, found.agreement_text) == ("umowie partnerskiej", "4 maja 2023 roku")
    assert found.parties == ["Biblioteka w Lipnie", "Biblioteka w Kikole"]
    led = "Gmina Lipno i Gmina Kikół podpisały w 2020 roku umowę o współpracy. Liderem została "
    assert only(f"{led}Gmina Lipno.").coordinator == "Gmina Lipno"
    assert only(f"{led}Anna Zielna.").coordinator is None


@pytest.mark.parametrize(
    ("sentence", "agreement", "day"),
    [
        (
            "Partnerstwo „Lipa” zostało powołane na mocy Porozumienia o współpracy podpisanego 12 maja 2017 r.",
            "Porozumienia o współpracy",
            "12 maja 2017 r.",
        ),
        (
            "Na mocy porozumienia o współpracy z dnia 5 maja 2015 r. powstało Partnerstwo „Lipa”.",
            "porozumienia o współpracy",
            "z dnia 5 maja 2015 r.",
        ),
        (
            "Партнерство «Липа» створене на підставі меморандуму про співпрацю від 5 травня 2021 року.",
            "меморандуму про співпрацю",
            "від 5 травня 2021 року",
        ),
        (
            "Partnerstwo „Lipa” powstało w 2010 r. i na podstawie umowy o współpracy z 5 maja 2015 r. prowadzi świetlicę.",
            None,
            None,
        ),
        ("Partnerstwo „Lipa” powstało na mocy uchwały z 5 maja 2015 r.", None, None),
    ],
)
def test_the_agreement_a_founding_rests_on(sentence: str, agreement: str | None, day: str | None) -> None:
    found = only(sentence)
    assert (found.agreement, found.agreement_text) == (agreement, day)


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        ("W 2012 roku powstało Partnerstwo „Lipa”. Od 2019 roku nosi nazwę „Nowa Lipa”.", ("Nowa Lipa", "Lipa")),
        ("Партнерство «Липа» створене у 2012 році. Нині має назву «Нова Липа».", ("Нова Липа", "Липа")),
        ("W 2012 roku powstało Partnerstwo „Lipa”. Od 2019 roku biblioteka nosi nazwę „Mediateka”.", ("Lipa", None)),
        ("W 2012 roku powstało Partnerstwo „Lipa”. Biblioteka od 2019 roku nosi nazwę „Mediateka”.", ("Lipa", None)),
        (
            "W 2012 roku powstało Partnerstwo „Lipa”. Dołączyła do niego biblioteka. Od 2019 roku nosi nazwę „Mediateka”.",
            ("Lipa", None),
        ),
    ],
)
def test_since_when_it_bears_another_name(texts: str, names: tuple[str, str | None]) -> None:
    found = only(texts)
    assert (found.name, found.former_name) == names


def test_a_heading_over_the_members_is_part_of_the_partnership_above() -> None:
    blocks = [
        TextBlock(text="O PARTNERSTWIE", kind="heading"),
        TextBlock(text="Partnerstwo działa nieformalnie od jesieni 2018 roku."),
        TextBlock(text="SYGNATARIUSZE", kind="heading"),
        TextBlock(text="- Urząd Dzielnicy Wola\n- Przedszkole nr 44", kind="list"),
        TextBlock(text="KONTAKT", kind="heading"),
        TextBlock(text="- Rynek 1", kind="list"),
    ]
    (found,) = partnerships_in(blocks, article_id="web:a/b", title="PARTNERSTWO LOKALNE „BULWARY”")
    assert found.parties == ["Urząd Dzielnicy Wola", "Przedszkole nr 44"]
    assert found.founded_text == "2018 roku"
