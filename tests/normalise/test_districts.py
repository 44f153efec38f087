"""Districts of Warsaw that only the institution's name says."""

from __future__ import annotations

import pytest

from pipeline.normalise.districts import district_of_warsaw


@pytest.mark.parametrize(
    ("unit_type", "locality", "institution", "name"),
    [
        ("dzielnica", "Warszawa", "Urząd Dzielnicy Bielany m.st. Warszawy", "Warszawa, Dzielnica Bielany"),
        ("dzielnica", "m.st. Warszawa", "Ośrodek Kultury Dzielnicy Praga-Południe", "Warszawa, Dzielnica Praga-Południe"),
        ("dzielnica", "Warszawa", "Urząd Dzielnicy Praga Północ (Referat Promocji)", "Warszawa, Dzielnica Praga Północ"),
        ("dzielnica", "Warszawa", "Szkoła Podstawowa nr 3", None),
        ("dzielnica", "Warszawa", "Urząd Dzielnicy Bielany i Dzielnicy Wola", None),
        ("dzielnica", "Kraków", "Rada Dzielnicy Grzegórzki", None),
        ("gmina_wiejska", "Warszawa", "Urząd Dzielnicy Bielany", None),
        (None, None, None, None),
    ],
)
def test_district(unit_type: str | None, locality: str | None, institution: str | None, name: str | None) -> None:
    assert district_of_warsaw(unit_type, locality, institution) == name
