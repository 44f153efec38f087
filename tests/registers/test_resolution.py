"""What a Metryka prints about its place, resolved: right for every unit of every edition, never on a name alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.registers.tables import UnitRow, register_rows
from pipeline.registers.territory import Resolution, Territory

KINDS_BY_DIGIT = {"1": "gmina_miejska", "2": "gmina_wiejska", "3": "gmina_miejsko_wiejska", "8": "dzielnica"}


@pytest.fixture(scope="module")
def territory() -> Territory:
    return Territory.load()


def resolved(
    territory: Territory,
    name: str | None,
    kind: str | None = None,
    powiat: str | None = None,
    voivodeship: str | None = None,
    on: dt.date | None = dt.date(2011, 11, 9),
) -> Resolution:
    return territory.resolve(name=name, unit_type=kind, powiat=powiat, voivodeship=voivodeship, on=on)


def code_of(resolution: Resolution) -> str | None:
    return resolution.place.code if resolution.place is not None else None


def in_force(day: str) -> list[UnitRow]:
    return [row for row in register_rows("TERC") if row.valid_from <= day and (not row.valid_to or day < row.valid_to)]


@pytest.mark.parametrize(
    ("edition", "on"),
    [
        ("2016-01-01", dt.date(2007, 5, 1)),
        ("2016-01-01", dt.date(2016, 1, 1)),
        ("2020-01-01", dt.date(2023, 12, 31)),
        ("2024-01-01", dt.date(2024, 1, 1)),
        ("2025-01-06", dt.date(2026, 1, 1)),
        ("2025-01-06", None),
    ],
)
def test_every_unit_resolves_from_its_four_facts(territory: Territory, edition: str, on: dt.date | None) -> None:
    rows = in_force(edition)
    names = {row.code: row.name for row in rows}
    wrong, seen = [], 0
    for row in rows:
        if len(row.code) == 7 and row.code[6] in KINDS_BY_DIGIT:
            for kind in {row.kind, KINDS_BY_DIGIT[row.code[6]]}:
                found = resolved(territory, row.name, kind, names[row.code[:4]], names[row.code[:2]], on)
                seen += 1
                if code_of(found) != row.code or found.status != "resolved" or found.method != "voivodeship+powiat+kind+name":
                    wrong.append((row.code, row.name, kind, found))
        elif len(row.code) == 4 and int(row.code[2:]) <= 60:
            found = resolved(territory, None, "powiat", row.name, names[row.code[:2]], on)
            seen += 1
            if code_of(found) != row.code:
                wrong.append((row.code, row.name, "powiat", found))
    assert wrong == []
    assert seen > 2800


def test_a_name_alone_never_resolves(territory: Territory) -> None:
    rows = [row for row in in_force("2025-01-06") if len(row.code) == 7 and row.code[6] in "123"]
    shared = Counter(row.name for row in rows)
    assert sum(count for count in shared.values() if count > 1) >= 460
    for row in rows:
        found = resolved(territory, row.name, on=None)
        assert found.status == "ambiguous"
        assert found.place is None
        assert f"terc:{row.code}" in found.candidates
        if shared[row.name] > 1:
            assert len(found.candidates) >= shared[row.name]


def test_kind_alone_does_not_tell_units_of_one_name_apart(territory: Territory) -> None:
    rows = [row for row in in_force("2016-01-01") if len(row.code) == 7 and row.code[6] in "23"]
    shared = Counter(row.name for row in rows)
    for row in rows:
        if shared[row.name] > 1:
            assert resolved(territory, row.name, row.kind).status == "ambiguous"


def test_town_and_rural_gmina_of_one_name_need_the_kind(territory: Territory) -> None:
    rows = in_force("2024-01-01")
    names = {row.code: row.name for row in rows}
    pairs = Counter((row.code[:4], row.name) for row in rows if len(row.code) == 7 and row.code[6] in "123")
    assert sum(count > 1 for count in pairs.values()) >= 140
    for (powiat, name), count in pairs.items():
        if count > 1:
            found = resolved(territory, name, None, names[powiat], names[powiat[:2]], dt.date(2024, 6, 1))
            assert (found.status, len(found.candidates)) == ("ambiguous", count)


JAROCIN = ("gmina_miejsko_wiejska", "jarociński", "wielkopolskie")


@pytest.mark.parametrize(
    ("name", "kind", "powiat", "voivodeship", "code"),
    [
        ("Jarocin", *JAROCIN, "3006023"),
        ("  JAROCIN ", "gmina_miejsko_wiejska", "Powiat  Jarociński", "woj. WIELKOPOLSKIE", "3006023"),
        ("Jarocin", None, None, "woj. wielkopolskie (dawne kaliskie)", "3006023"),
        ("Miasto Jarocin", None, "pow. jarociński", "województwo wielkopolskie", "3006023"),
        ("Miasto i Gmina Jarocin", "gmina_miejsko_wiejska", "jarocinski", None, "3006023"),
        ("Jarocin", "gmina_miejsko_wiejska", None, "wielkopolskie", "3006023"),
        ("Jarocin", None, None, "województwa wielkopolskiego", "3006023"),
        ("Jarocin", "gmina_wiejska", "niżański", "podkarpackie", "1812022"),
        ("Potarzyca", *JAROCIN, "3006023"),
        ("Leszno", "miasto_na_prawach_powiatu", "Leszno", "wielkopolskie", "3063011"),
        ("Leszno", "miasto_na_prawach_powiatu", "m. Leszno", "wielkopolskie", "3063011"),
        ("Leszno", "miasto_na_prawach_powiatu", "", "wielkopolskie", "3063011"),
        ("Leszno", "miasto_na_prawach_powiatu", "leszczyński", "wielkopolskie", "3063011"),
        ("Leszno", "gmina_miejska", "leszczyński", "wielkopolskie", "3063011"),
        (None, "miasto_na_prawach_powiatu", "Leszno", "wielkopolskie", "3063011"),
        ("m.st. Warszawa", "miasto_na_prawach_powiatu", "m. st. Warszawa", "mazowieckie", "1465011"),
        ("Żoliborz", "dzielnica", "m. st. Warszawa", "mazowieckie", "1465198"),
        ("Warszawa-Żoliborz", "dzielnica", None, "mazowieckie", "1465198"),
        ("Dzielnica Żoliborz m.st. Warszawy", None, None, None, "1465198"),
        ("Warszawa, Praga Północ", "dzielnica", "Warszawa", "mazowieckie", "1465088"),
        ("Busko Zdrój", "gmina_miejsko_wiejska", "buski", "świętokrzyskie", "2601013"),
        ("Podgórzyn", "gmina_wiejska", "jeleniogórski", "dolnośląskie", "0206082"),
        ("Słupsk", "gmina_wiejska", "słupski", "pomorskie", "2212082"),
        ("Słupsk", "miasto_na_prawach_powiatu", "Słupsk", "pomorskie", "2263011"),
        ("Sitkówka-Nowiny", "gmina_wiejska", "kielecki", "świętokrzyskie", "2604172"),
        ("Ostrowice", "gmina_wiejska", "drawski", "zachodniopomorskie", "3203042"),
        ("Jarocin", "powiat", "Powiat Jarociński", "wielkopolskie", "3006"),
        (None, "powiat", "jarocińskiego", None, "3006"),
        ("Powiat jarociński", "powiat", None, "wielkopolskie", "3006"),
        ("Poznań", "wojewodztwo", None, "wielkopolskie", "30"),
    ],
)
def test_printed_in_many_ways(
    territory: Territory, name: str | None, kind: str | None, powiat: str | None, voivodeship: str | None, code: str
) -> None:
    found = resolved(territory, name, kind, powiat, voivodeship)
    assert (found.status, code_of(found)) == ("resolved", code)
    assert found.candidates == (f"terc:{code}",)


@pytest.mark.parametrize(
    ("name", "kind", "powiat", "voivodeship", "candidates"),
    [
        ("Jarocin", "gmina_miejsko_wiejska", None, None, {"terc:1812022", "terc:3006023"}),
        ("Jarocin", "gmina_miejsko_wiejska", "jarociński", "podkarpackie", {"terc:1812022"}),
        ("Tarnów", "gmina_miejska", "tarnowski", "małopolskie", {"terc:1216092", "terc:1263011"}),
        ("Środa Wielkopolska", "powiat", "średzki", None, {"terc:0218", "terc:3025"}),
        ("Śródmieście", "dzielnica", None, None, {"terc:0264069", "terc:1061059", "terc:1261059", "terc:1465108"}),
        ("Jarocin", "powiat", None, "wielkopolskie", {"terc:3006"}),
        ("Bytom, Piekary Śląskie", None, None, "śląskie", {"terc:2462011", "terc:2471011"}),
        ("Gmina Jarocin i Gmina Żerków", "gmina_miejsko_wiejska", "jarociński", None, None),
    ],
)
def test_ambiguous_keeps_its_candidates(
    territory: Territory, name: str, kind: str | None, powiat: str | None, voivodeship: str | None, candidates: set[str] | None
) -> None:
    found = resolved(territory, name, kind, powiat, voivodeship)
    assert found.status == "ambiguous"
    assert found.place is None
    assert candidates is None or set(found.candidates) == candidates


@pytest.mark.parametrize(
    ("name", "kind", "powiat", "voivodeship"),
    [
        ("Jarocin", "zwiazek_miedzygminny", "jarociński", "wielkopolskie"),
        (None, "zwiazek_powiatow", "jarociński", "wielkopolskie"),
        ("Nigdziebądź", "gmina_wiejska", "jarociński", "wielkopolskie"),
        (None, None, None, None),
        ("", "gmina_wiejska", " ", "–"),
        (None, "gmina_wiejska", "jarociński", "wielkopolskie"),
    ],
)
def test_unknown(territory: Territory, name: str | None, kind: str | None, powiat: str | None, voivodeship: str | None) -> None:
    found = resolved(territory, name, kind, powiat, voivodeship)
    assert (found.status, found.place, found.candidates) == ("unknown", None, ())


def test_a_kind_that_contradicts_the_register_is_said(territory: Territory) -> None:
    found = resolved(territory, "Jarocin", "gmina_wiejska", "jarociński", "wielkopolskie")
    assert code_of(found) == "3006023"
    assert found.method == "voivodeship+powiat+name; kind differs from the register"


def test_the_code_is_that_of_the_day(territory: Territory) -> None:
    facts = ("Końskowola", "gmina_wiejska", "puławski", "lubelskie")
    assert code_of(resolved(territory, *facts, dt.date(2011, 1, 1))) == "0614052"
    later = resolved(territory, *facts, dt.date(2025, 3, 1))
    assert code_of(later) == "0614053"
    assert later.method.endswith("kind as in another edition of the register")


@pytest.mark.parametrize(
    ("code", "current", "name"),
    [
        ("0614052", "0614053", "Końskowola"),
        ("0206", "0206", "karkonoski"),
        ("2212082", "2212082", "Redzikowo"),
        ("2604172", "2604172", "Nowiny"),
        ("1465198", "1465198", "Żoliborz"),
    ],
)
def test_current_follows_kind_and_name(territory: Territory, code: str, current: str, name: str) -> None:
    place = territory.place(f"terc:{code}")
    assert place is not None
    now = territory.current(place)
    assert now is not None
    assert (now.code, now.name, now.valid_to) == (current, name, None)


def test_every_former_gmina_has_a_current_one_but_the_dissolved(territory: Territory) -> None:
    lost = []
    for row in register_rows("TERC"):
        place = territory.place(f"terc:{row.code}")
        assert place is not None
        if territory.current(place) is None:
            lost.append(place.name)
    assert lost == ["Ostrowice"]


def test_a_place_tells_its_parents_point_and_validity(territory: Territory) -> None:
    place = territory.place("terc:3006023")
    assert place is not None
    assert (place.register, place.code_6, place.parent_id, place.parent_names) == (
        "TERC",
        "300602",
        "terc:3006",
        ("wielkopolskie", "jarociński"),
    )
    assert (place.latitude, place.longitude, place.point) == (51.9725, 17.5017, "seat")
    assert (place.valid_from, place.valid_to) == (None, None)
    renamed = territory.place("terc:2212082")
    assert renamed is not None
    assert renamed.former_names == ("Słupsk",)
    gone = territory.place("terc:3203042")
    assert gone is not None
    assert gone.valid_to == dt.date(2020, 1, 1)
    hromada = territory.place("katotth:UA12120070000057518")
    assert hromada is not None
    assert hromada.parent_names == ("Дніпропетровська", "Павлоградський")
    assert (hromada.latitude, hromada.longitude) == (48.5321, 35.8688)
    assert territory.place("terc:9999999") is None
    assert territory.register_on == {"TERC": dt.date(2025, 1, 6), "KATOTTH": dt.date(2024, 1, 19)}


def test_every_unit_has_a_parent_in_the_register(territory: Territory) -> None:
    for register in ("TERC", "KATOTTH"):
        for row in register_rows(register):
            place = territory.place(f"{register.lower()}:{row.code}")
            assert place is not None
            assert (place.parent_id is None) == (place.kind in ("wojewodztwo", "oblast", "special_city"))


TEXTS = st.one_of(
    st.none(), st.text(max_size=40), st.sampled_from(["Jarocin", "Warszawa-", "m.st.", "powiat", "woj.", "Słupia (", "średzki"])
)


@settings(deadline=None, max_examples=300)
@given(
    TEXTS,
    st.sampled_from([None, "powiat", "wojewodztwo", "dzielnica", "gmina_wiejska", "miasto_na_prawach_powiatu", "?"]),
    TEXTS,
    TEXTS,
)
def test_never_raises_and_never_resolves_without_agreement(
    name: str | None, kind: str | None, powiat: str | None, voivodeship: str | None
) -> None:
    territory = Territory.load()
    found = resolved(territory, name, kind, powiat, voivodeship)
    assert found == resolved(territory, name, kind, powiat, voivodeship)
    assert (found.place is not None) == (found.status == "resolved")
    assert found.candidates == tuple(sorted(set(found.candidates)))
    if found.place is not None:
        assert found.candidates == (found.place.place_id,)


@pytest.mark.parametrize(
    "name", ["Gmina Wiejska Kłodawa", "Gmina Kłodawa (siedziba: Kłodawa)", "gmina wiejska Kłodawa, pow. gorzowski", "Kłodawa"]
)
def test_a_name_with_its_kind_and_a_note_is_the_unit(territory: Territory, name: str) -> None:
    assert code_of(resolved(territory, name, "gmina_wiejska", "gorzowski", "lubuskie")) == "0801042"
