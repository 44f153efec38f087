"""Partnerships told of in more than one sentence, in tables without headings and beside what is no partnership."""

from __future__ import annotations

import pytest

from pipeline.extract.partnerships.partnerships import partnerships_in
from pipeline.records import Partnership, TextBlock


def told(*texts: str, title: str | None = None) -> list[Partnership]:
    return partnerships_in([TextBlock(text=text) for text in texts], article_id="web:a/b", title=title)


def test_since_when_it_works_may_stand_before_the_verb_and_its_founders_in_the_next_sentence() -> None:
    [found] = told(
        "W gminie od 2016 roku działa partnerstwo lokalne „Cztery Pory”. Zawiązały je biblioteka, szkoła „Dąb” i Koło Gospodyń."
    )
    assert (found.name, found.founded_text) == ("Cztery Pory", "od 2016 roku")
    assert found.initiators == ["biblioteka", "szkoła „Dąb”", "Koło Gospodyń"]


def test_an_association_below_the_name_of_a_local_action_group_is_that_group() -> None:
    [found] = told(
        "Stowarzyszenie powstało 27 lutego 2006 r. z inicjatywy gmin Brzostek i Pilzno.",
        title="Lokalna Grupa Działania „Dolina Próbna”",
    )
    assert (found.founded_text, found.initiators) == ("27 lutego 2006 r.", ["gminy Brzostek", "gminy Pilzno"])


@pytest.mark.parametrize(
    "text",
    [
        "Koalicja Obywatelska powstała w 2018 roku i działa w powiecie.",
        "Koalicja Zgoda powstała w 2014 roku. W wyborach do rady powiatu wystawiła pełną listę.",
        "Коаліція «Разом» створена у 2015 році. На виборах вона висунула кандидатів.",
    ],
)
def test_a_coalition_of_parties_is_no_partnership(text: str) -> None:
    assert told(text) == []


def test_a_coalition_of_institutions_is_one() -> None:
    assert [found.name for found in told("Koalicja Sąsiedzka powstała w 2014 roku z inicjatywy biblioteki.")] == ["Sąsiedzka"]


def test_a_day_of_the_week_is_no_part_of_a_party() -> None:
    [found] = told(
        "W piątek burmistrz Morawicy Jan Próbny i burmistrz Chęcin Adam Testowy podpisali porozumienie o wspólnej realizacji"
        " inwestycji."
    )
    assert found.parties == ["Morawicy", "Chęcin"]
    assert (found.kind, found.agreement) == ("intercommunity_agreement", "porozumienie o wspólnej realizacji inwestycji")


def test_mayors_of_two_lands_sign_for_their_towns() -> None:
    [found] = told(
        "20 вересня 2023 року міський голова Самбора Назар Умовний і бурмістр польського міста Кросно Лешек Вигаданий підписали"
        " угоду про партнерство міст."
    )
    assert found.parties == ["Самбора", "польського міста Кросно"]


def test_whom_we_signed_with_is_the_one_party_named() -> None:
    [found] = told("3 lutego 2017 roku podpisaliśmy z Miejską Biblioteką w Żorach porozumienie o współpracy.")
    assert (found.kind, found.parties) == ("agreement", ["Miejską Biblioteką w Żorach"])
    assert told("3 lutego 2017 roku podpisano z Miejską Biblioteką w Żorach porozumienie o współpracy.") == []


def test_a_coordinator_behind_a_dash() -> None:
    [found] = told(
        "У червні 2011 року Бердичів та польське місто Седльце уклали угоду про співпрацю.",
        "Координатор програми – управління культури Бердичівської міської ради.",
    )
    assert found.coordinator == "управління культури Бердичівської міської ради"


def test_the_document_signed_on_a_partnership_is_told_with_it() -> None:
    [found] = told(
        "Калуська громада та Снігурівська громада стали партнерами у межах проєкту «Пліч-о-пліч». Відповідний меморандум"
        " 11 березня 2025 року підписали міський голова Калуша Андрій Вигаданий та начальник Снігурівської МВА Іван Умовний."
    )
    assert found.parties == ["Калуська громада", "Снігурівська громада"]
    assert (found.programme, found.agreement, found.agreement_text) == ("Пліч-о-пліч", "меморандум", "11 березня 2025 року")


def test_a_town_and_below_it_what_was_signed_or_since_when() -> None:
    found = told(
        "Rypin (Mołdawia)",
        "List intencyjny podpisano w dniu 7 maja 2015 r.",
        "Karlovac (Chorwacja)",
        "Współpraca trwa od 2001 roku. Co roku gra u nas orkiestra.",
        "Hamm (Niemcy)",
        "Partnerstwo nieaktywne od 2012 r.",
        title="Miasta partnerskie",
    )
    rows = [(p.parties, p.founded_text, p.agreement, p.agreement_text) for p in found]
    assert rows == [
        (["Rypin"], "w dniu 7 maja 2015 r.", "List intencyjny", "w dniu 7 maja 2015 r."),
        (["Karlovac"], "od 2001 roku", None, None),
        (["Hamm"], None, None, None),
    ]


def test_a_table_of_towns_that_says_since_when() -> None:
    found = told("Miasto\tKraj\tOd kiedy", "Zemplin\tSłowacja\t2003", "Sambir\tUkraina\tkwiecień 2007", "Grafenau\tNiemcy")
    assert [(p.parties, p.founded_text, p.agreement_text) for p in found] == [
        (["Zemplin"], "2003", None),
        (["Sambir"], "kwiecień 2007", None),
        (["Grafenau"], None, None),
    ]


def test_a_register_of_agreements_gives_their_titles() -> None:
    [found] = told(
        "Lp.\tNazwa porozumienia\tStrony\tData zawarcia",
        "1\tPorozumienie w sprawie schroniska\tGmina Jabłonka, Miasto Nowy Targ\t05.02.2019",
    )
    assert found.agreement == "Porozumienie w sprawie schroniska"
    assert (found.parties, found.agreement_text) == (["Gmina Jabłonka", "Miasto Nowy Targ"], "05.02.2019")


def test_communities_that_made_a_partnership_within_a_project() -> None:
    [found] = told(
        "У березні 2025 року в рамках проєкту «Пліч-о-пліч» Тростянецька громада та Комишуваська громада оформили партнерство."
        " Відповідну угоду підписали голови громад."
    )
    assert found.parties == ["Тростянецька громада", "Комишуваська громада"]
    assert (found.programme, found.kind, found.founded_text) == (
        "Пліч-о-пліч",
        "intercommunity_agreement",
        "У березні 2025 року",
    )


def test_institutions_that_made_a_partnership_are_no_communities() -> None:
    [found] = told("Бібліотека «Сузір'я» та Косівський ліцей започаткували партнерство.")
    assert found.kind == "agreement"


def test_a_named_partnership_that_somebody_made_is_not_told_of_twice() -> None:
    found = told("W 2014 roku biblioteka i szkoła zawarły partnerstwo „Nad Strugą”.")
    assert len(found) <= 1


def test_a_small_word_inside_the_name_of_a_town_abroad() -> None:
    found = told("1. Mandello del Lario, Włochy", "2. Vechelde, Niemcy", title="Miasta partnerskie")
    assert [p.parties for p in found] == [["Mandello del Lario"], ["Vechelde"]]


def test_where_a_message_is_from_is_no_party() -> None:
    text = "PNIEWY | 21 maja 2011 r. burmistrz Jan Próbny i burmistrz Lubaczowa Anna Testowa podpisali umowę o partnerstwie."
    assert all("|" not in party for found in told(text) for party in found.parties)


def test_when_it_was_founded_may_stand_sentences_below_its_name() -> None:
    [found] = told(
        "Podsumowano rok partnerstwa „Pogórze”. Partnerstwo tworzą: gminy Dubiecko i Bircza oraz Stowarzyszenie Pomost."
        " Powołano je w lutym 2021 roku z inicjatywy Centrum Pomocy Rodzinie."
    )
    assert (found.name, found.founded_text) == ("Pogórze", "w lutym 2021 roku")
    assert found.initiators == ["Centrum Pomocy Rodzinie"]
    assert found.parties == ["gmina Dubiecko", "gmina Bircza", "Stowarzyszenie Pomost"]


def test_what_else_was_founded_below_the_name_of_a_partnership_is_not_it() -> None:
    assert told("Spotkało się partnerstwo „Pogórze”. Powołano w 2021 roku Stowarzyszenie Pomost.") == []


def test_members_of_a_network_in_a_clause_about_it() -> None:
    [found] = told(
        "У 2019 році створено партнерську мережу «Читаюче місто», до якої увійшли бібліотека, три ліцеї та книгарня «Сова»."
    )
    assert found.parties == ["бібліотека", "три ліцеї", "книгарня «Сова»"]


def test_a_land_in_brackets_behind_a_town() -> None:
    [found] = told("Umowa o partnerstwie między Piszem a Emden (Niemcy) została podpisana 9 września 2000 r.")
    assert (found.parties, found.agreement_text) == (["Piszem", "Emden (Niemcy)"], "9 września 2000 r.")
