"""Place names in running text: inflected, and certain only with a context word or an agreeing place."""

from __future__ import annotations

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.registers.tables import register_rows
from pipeline.registers.territory import Territory
from pipeline.registers.ukrainian_mentions import declined


def certain(text: str, language: str) -> list[tuple[str, str | None]]:
    """Each mention's raw text with its code, null when not certain."""
    found = Territory.load().mentions(text, language)
    for mention in found:
        assert text[mention.start : mention.end] == mention.raw
        assert mention.place is None or mention.place.place_id in mention.candidates
    return [(mention.raw, mention.place.code if mention.place is not None else None) for mention in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("W bibliotece w Jarocinie otwarto czytelnię.", [("Jarocinie", None)]),
        ("Gmina Jarocin zaprasza.", [("Jarocin", None)]),
        ("Gmina Jarocin leży w powiecie jarocińskim.", [("Jarocin", "3006023"), ("jarocińskim", "3006")]),
        ("Jarocin, powiat niżański", [("Jarocin", "1812022"), ("niżański", "1812")]),
        ("Urząd Miasta i Gminy Jarocin, województwo wielkopolskie", [("Jarocin", "3006023"), ("wielkopolskie", "30")]),
        ("w gminie Kępno", [("Kępno", "3008033")]),
        ("Rada Miejska w Kępnie uchwaliła program.", [("Kępnie", "3008033")]),
        ("burmistrz Krotoszyna", [("Krotoszyna", "3012043")]),
        ("prezydent miasta Leszna", [("Leszna", "3063011")]),
        ("GMINA JAROCIN, POWIAT JAROCIŃSKI", [("JAROCIN", "3006023"), ("JAROCIŃSKI", "3006")]),
        ("powiat średzki", [("średzki", None)]),
        ("powiat średzki w województwie wielkopolskim", [("średzki", "3025"), ("wielkopolskim", "30")]),
        (
            "w powiatach pleszewskim, jarocińskim i krotoszyńskim",
            [("pleszewskim", "3020"), ("jarocińskim", "3006"), ("krotoszyńskim", "3012")],
        ),
        ("Gmina Nowe Miasto nad Pilicą", [("Nowe Miasto nad Pilicą", "1406083")]),
        ("miasto Biała Podlaska i gmina Biała Podlaska", [("Biała Podlaska", "0661011"), ("Biała Podlaska", None)]),
        ("w Białej Podlaskiej, w powiecie bialskim", [("Białej Podlaskiej", None), ("bialskim", "0601")]),
        ("gminy wiejskiej Bolesławiec w powiecie bolesławieckim", [("Bolesławiec", "0201022"), ("bolesławieckim", "0201")]),
        ("gmina Redzikowo (dawniej Słupsk)", [("Redzikowo", "2212082"), ("Słupsk", "2212082")]),
        ("Dobra szkoła. Góra problemów. Wola mieszkańców.", []),
        ("Jan Kowal mieszka przy ul. Brzeg 3.", []),
        ("Biblioteka Dzielnicy Żoliborz m.st. Warszawy", [("Żoliborz m.st. Warszawy", "1465198")]),
        ("Spotkania na Żoliborzu. Patronat: Urząd m.st. Warszawy.", [("Żoliborzu", "1465198"), ("Warszawy", "1465011")]),
        ("Spotkania na Żoliborzu.", [("Żoliborzu", None)]),
        ("dzielnica Śródmieście", [("Śródmieście", None)]),
        ("warszawska dzielnica Śródmieście", [("Śródmieście", "1465108")]),
        ("wakacje we Włoszech, wyjazd z Warszawy", [("Włoszech", None), ("Warszawy", None)]),
    ],
)
def test_polish(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert certain(text, "pl") == expected


BILA_TSERKVA, PAVLOHRAD = "UA32020010000093088", "UA12120070000057518"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("головами Білоцерківської міської територіальної громади", [("Білоцерківської", BILA_TSERKVA)]),
        ("Білоцерківській громаді", [("Білоцерківській", None)]),
        (
            "Білоцерківська громада Полтавської області",
            [("Білоцерківська", "UA53060010000060316"), ("Полтавської", "UA53000000000028050")],
        ),
        ("Павлоградську громаду", [("Павлоградську", PAVLOHRAD)]),
        ("до Білої Церкви та Павлограда", [("Білої Церкви", None), ("Павлограда", None)]),
        ("місто Павлоград", [("Павлоград", "UA12120070010055676")]),
        ("у м. Павлограді", [("Павлограді", "UA12120070010055676")]),
        (
            "Павлоградська громада, бібліотека у Павлограді",
            [("Павлоградська", PAVLOHRAD), ("Павлограді", "UA12120070010055676")],
        ),
        (
            "Білоцерківська громада: зустріч у Білій Церкві",
            [("Білоцерківська", BILA_TSERKVA), ("Білій Церкві", "UA32020010010081183")],
        ),
        (
            "Броварської та Ірпінської міських громад",
            [("Броварської", "UA32060050000030591"), ("Ірпінської", "UA32080150000035443")],
        ),
        ("у Львівській області", [("Львівській", "UA46000000000026241")]),
        ("Стрийського району", [("Стрийського", "UA46100000000023056")]),
        ("Хмельницька міська рада", [("Хмельницька", "UA68040470000053519")]),
        ("розвиток громад та територій України", []),
        ("вулиця Біла Церква", []),
    ],
)
def test_ukrainian(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert certain(text, "uk") == expected


def test_two_communities_in_one_post() -> None:
    post = (
        "Навесні Білоцерківська міська територіальна громада та Павлоградська міська територіальна громада підписали угоду. "
        "Згодом Білоцерківська громада приймала гостей. Діти з Павлограда побували в Білій Церкві."
    )
    codes = {code for _, code in certain(post, "uk")}
    assert codes == {BILA_TSERKVA, PAVLOHRAD, "UA32020010010081183", "UA12120070010055676"}


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("харків", "харкова харкову харкові харковом"),
        ("київ", "києва києву києві києвом"),
        ("суми", "сум сумам сумах"),
        ("лубни", "лубен лубнах"),
        ("бровари", "броварів броварах"),
        ("чернівці", "чернівців чернівцях"),
        ("кременець", "кременця кременці"),
        ("тернопіль", "тернополя тернополі"),
        ("рівне", "рівного рівному"),
        ("одеса", "одеси одесі одесу одесою"),
        ("жовква", "жовкви жовкві"),
        ("камінь-каширський", "каменя-каширського"),
        ("дніпро", "дніпра дніпрі дніпром"),
    ],
)
def test_declension_of_cities(name: str, forms: str) -> None:
    assert set(forms.split()) <= declined(name)


def test_every_hromada_is_found_in_the_genitive() -> None:
    """ "<name>ої <kind of seat> територіальної громади <raion>ого району <oblast>ої області" leads to it."""
    territory = Territory.load()
    kinds = {"city": "міської", "settlement": "селищної", "village": "сільської"}
    resolved = wrong = 0
    hromadas = [row for row in register_rows("KATOTTH") if row.kind == "hromada"]
    for row in hromadas:
        if row.code.startswith("UA01"):
            continue  # Crimea is no oblast
        hromada = territory.place(f"katotth:{row.code}")
        assert hromada is not None
        oblast, raion = hromada.parent_names
        stem, ending = row.name[:-1], "ої" if row.name.endswith("а") else "ьої"
        text = f"{stem}{ending} {kinds[row.seat_kind]} територіальної громади {raion[:-2]}ого району {oblast[:-1]}ої області"
        mention = territory.mentions(text, "uk")[0]
        assert f"katotth:{row.code}" in mention.candidates
        if mention.place is not None:
            resolved += 1
            wrong += mention.place.code != row.code
    assert wrong == 0
    assert resolved == sum(not row.code.startswith("UA01") for row in hromadas)


def test_places_known_from_elsewhere_agree() -> None:
    found = Territory.load().mentions("Biblioteka w Jarocinie.", "pl", near=["terc:3006"])
    assert [mention.place.code for mention in found if mention.place] == ["3006023"]


def test_other_languages_give_nothing_and_und_goes_by_script() -> None:
    territory = Territory.load()
    assert territory.mentions("Gmina Kępno", "de") == []
    assert [mention.raw for mention in territory.mentions("Gmina Kępno", "und")] == ["Kępno"]
    assert [mention.raw for mention in territory.mentions("місто Павлоград", "und")] == ["Павлоград"]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from(
                "Gmina powiat Jarocin w Żoliborzu m.st. Warszawy i , Białej Podlaskiej громада Біла Церкви міської м.".split()
            ),
        ),
        max_size=25,
    ),
    st.sampled_from(["pl", "uk", "und"]),
)
def test_never_raises_and_is_deterministic(parts: list[str], language: str) -> None:
    text = " ".join(parts)
    assert certain(text, language) == certain(text, language)


@pytest.mark.parametrize(
    ("unit", "language"),
    [("Jarocin w gminie Kępno ", "pl"), ("powiat ", "pl"), ("Біла Церква громада ", "uk"), ("громада громади ", "uk")],
)
def test_the_search_in_long_texts_ends(unit: str, language: str) -> None:
    territory = Territory.load()
    territory.mentions("Kępno Київ", "pl")
    with ending():
        territory.mentions(unit * (50_000 // len(unit)), language)
