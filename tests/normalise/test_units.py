import tomllib
from pathlib import Path

import pytest

import pipeline.schema
from pipeline.normalise.units import CODES, unit_type


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gmina miejsko-wiejska", "gmina_miejsko_wiejska"),
        ("gmina miejsko - wiejska", "gmina_miejsko_wiejska"),
        ("Gmina miejsko–wiejska", "gmina_miejsko_wiejska"),
        ("gmina wiejska", "gmina_wiejska"),
        ("GMINA MIEJSKA", "gmina_miejska"),
        ("gm. wiejska", "gmina_wiejska"),
        ("gmina (wiejska)", "gmina_wiejska"),
        ("gmina wiejska Rokietnica", "gmina_wiejska"),
        ("miasto na prawach powiatu", "miasto_na_prawach_powiatu"),
        ("powiat grodzki", "miasto_na_prawach_powiatu"),
        ("miasto na prawach powiatu (powiat grodzki)", "miasto_na_prawach_powiatu"),
        ("powiat", "powiat"),
        ("powiat ziemski", "powiat"),
        ("powiat (ziemski)", "powiat"),
        ("województwo", "wojewodztwo"),
        ("samorząd województwa", "wojewodztwo"),
        ("związek gmin", "zwiazek_miedzygminny"),
        ("związek międzygminny", "zwiazek_miedzygminny"),
        ("związek powiatów", "zwiazek_powiatow"),
        ("dzielnica", "dzielnica"),
        ("Dzielnica m. st. Warszawy", "dzielnica"),
        ("сільська ґміна", "gmina_wiejska"),
    ],
)
def test_wordings(text: str, code: str) -> None:
    assert (unit_type(text).value, unit_type(text).status) == (code, "ok")


@pytest.mark.parametrize("text", ["gmina miejsko wiejska", "miasto i gmina", "gmina m-w", "gmina wiejsko-miejska"])
def test_loose_wordings_are_repaired(text: str) -> None:
    assert (unit_type(text).value, unit_type(text).status) == ("gmina_miejsko_wiejska", "repaired")


@pytest.mark.parametrize(
    "text", ["miasto", "gmina", "związek", "związek komunalny", "gmina wiejska, powiat", "gmina wiejska (powiat)"]
)
def test_what_fits_several_is_ambiguous(text: str) -> None:
    reading = unit_type(text)
    assert (reading.value, reading.status) == (None, "ambiguous")
    assert len(reading.candidates) > 1
    assert set(reading.candidates) <= set(CODES)


@pytest.mark.parametrize(
    "text", ["inne", "organizacja pozarządowa", "starostwo", "związek powiatowo-gminny", "sołectwo", "gmina przyjazna", "1"]
)
def test_an_unknown_kind_has_no_default(text: str) -> None:
    reading = unit_type(text)
    assert (reading.value, reading.status) == (None, "invalid")
    assert "unknown unit type" in reading.reason


def test_the_codes_are_those_of_the_schema_and_each_reads_its_own_wordings() -> None:
    listed = tomllib.loads((Path(pipeline.schema.__file__).parent / "codes.toml").read_text("utf-8"))["unit_type"]
    assert set(CODES) == set(listed)
    for code, (_, polish, ukrainian) in listed.items():
        assert unit_type(polish).value == unit_type(ukrainian).value == unit_type(code).value == code
