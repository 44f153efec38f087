"""Chapter: where. The map of Poland by powiat, and the places of decks, articles and partnerships in both countries."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipeline.registers.borders import powiats as powiats_of
from pipeline.registers.borders import read_borders
from pipeline.report.book import Book, Column, Words, folded, number, paragraph
from pipeline.report.figures import Snapshot, places_of
from pipeline.report.markup import Markup, joined, published, text, words
from pipeline.report.outline import Dot, country

_STEPS = (1, 2, 4, 8, 16)
"""Least number of practices of each step of the scale, after the step for none."""
_KINDS: tuple[tuple[str, Words], ...] = (
    ("practices", ("praktyki", "practices")),
    ("presentations", ("prezentacje", "decks")),
    ("articles", ("artykuły", "articles")),
    ("partnerships", ("partnerstwa", "partnerships")),
)
_MOST_PLACES = 300
_OPEN_ROWS = 12
"""A longer table is folded: the map says it at a glance."""


def country_chapter(book: Book, snapshot: Snapshot) -> Markup:
    """Map, key, and the numbers below."""
    places = {row["place_id"]: row for row in snapshot.records("places", _PLACE)}
    linked = places_of(snapshot)
    powiats, wider = _by_powiat(snapshot.counted("practices", "terc"))
    caption: Words = ("Praktyki według powiatów", "Practices by powiat (county)")
    names = {row["code"]: row for row in places.values() if row["kind"] in ("powiat", "miasto_na_prawach_powiatu")}
    return book.chapter(
        "map",
        ("Gdzie: mapa", "Where: the map"),
        book.chart(caption, _map(powiats, names, places, linked), "country"),
        _key(),
        _wider(wider, sum(powiats.values())),
        _powiat_table(book, caption, powiats, names),
        _place_table(book, ("Miejsca w Polsce", "Places in Poland"), "TERC", places, linked),
        _place_table(book, ("Miejsca w Ukrainie", "Places in Ukraine"), "KATOTTH", places, linked),
        paragraph(
            "Liczone są rekordy powiązane z jednym miejscem na pewno; rekord może mieć kilka miejsc. Punkt "
            "leży w siedzibie jednostki, "
            "a gdy nie jest znana – w środku jej granic. Granice: państwowy rejestr granic, jesień 2020. "
            "Punkty: PRNG, GeoNames (CC BY 4.0).",
            "Records linked to one place for certain are counted; a record may have several places. A point "
            "lies at the seat of the "
            "unit, or in the middle of its bounds where the seat is not known. Boundaries: state register of "
            "boundaries, autumn 2020. "
            "Points: PRNG, GeoNames (CC BY 4.0).",
            "note",
        ),
    )


_PLACE = ("place_id", "register", "code", "name", "kind", "parent_names", "latitude", "longitude")


def _by_powiat(codes: Mapping[str | None, int]) -> tuple[Counter[str], Counter[str]]:
    """Practices by the powiat of their TERC code; and those of a voivodeship, or without a code, which no powiat shows."""
    powiats, wider = Counter[str](), Counter[str]()
    for code, times in codes.items():
        if code and len(code) >= 4:
            powiats[code[:4]] += times
        else:
            wider["voivodeship" if code else "none"] += times
    return powiats, wider


def _map(
    powiats: Counter[str],
    names: Mapping[str, dict[str, Any]],
    places: Mapping[str, dict[str, Any]],
    linked: Mapping[str, Counter[str]],
) -> Any:
    def name_of(code: str) -> str:
        return names[code]["name"] if code in names else code

    drawn: list[Markup] = []

    def draw(_language: int, label: str) -> Markup:
        if not drawn:  # nothing on the map is in a language: it stands in the page once
            steps = {code: (_step(powiats[code]), f"{name_of(code)}: {powiats[code]}") for code in powiats_of(read_borders())}
            dots = {kind: _dots(kind, places, linked) for kind in ("presentations", "partnerships")}
            drawn.append(country(steps, dots["presentations"], dots["partnerships"], label))
        return drawn[0]

    return draw


def _dots(kind: str, places: Mapping[str, dict[str, Any]], linked: Mapping[str, Counter[str]]) -> list[Dot]:
    found = []
    for place_id, kinds in linked.items():
        place = places.get(place_id)
        if place and kinds[kind] and place["register"] == "TERC" and place["latitude"] is not None:
            found.append(Dot(place["longitude"], place["latitude"], f"{place['name']}: {kinds[kind]}"))
    return found


def _step(count: int) -> int:
    return sum(count >= least for least in _STEPS)


def _key() -> Markup:
    bounds = [*_STEPS, None]
    spans = ["0"]
    for low, high in itertools.pairwise(bounds):
        spans.append(f"{low}+" if high is None else str(low) if low == (high or 0) - 1 else f"{low}–{(high or 0) - 1}")
    items = "".join(f'<li><span class="swatch scale-{step}"></span>{text(span)}</li>' for step, span in enumerate(spans))
    dots = (
        f'<li><span class="dot"></span>{words("miejsce prezentacji", "place of a deck")}</li>'
        f'<li><span class="dot partner"></span>{words("miejsce partnerstwa", "place of a partnership")}</li>'
    )
    return Markup(f'<ul class="key"><li>{words("Praktyk w powiecie:", "Practices in a powiat:")}</li>{items}{dots}</ul>')


def _wider(wider: Counter[str], shown: int) -> Markup:
    return paragraph(
        f"Praktyki na mapie: {shown}. Praktyki województw: {wider['voivodeship']}; związków oraz bez ustalonej "
        f"jednostki: {wider['none']}.",
        f"Practices on the map: {shown}. Of voivodeships: {wider['voivodeship']}; of unions, or of no certain "
        f"unit: {wider['none']}.",
        "small",
    )


def _powiat_table(book: Book, caption: Words, powiats: Counter[str], names: Mapping[str, dict[str, Any]]) -> Markup:
    rows = [
        (
            published(names[code]["name"] if code in names else None, "pl"),
            published((names[code]["parent_names"] or [None])[0] if code in names else None, "pl"),
            text(code),
            number(count),
        )
        for code, count in sorted(powiats.items())
    ]
    columns = [
        Column(("powiat", "powiat")),
        Column(("województwo", "voivodeship")),
        Column(("TERC", "TERC")),
        Column(("praktyki", "practices"), "number"),
    ]
    table = book.table(caption, columns, rows)
    return (
        table
        if len(rows) <= _OPEN_ROWS
        else folded((f"Tablica powiatów ({len(rows)})", f"Table of powiats ({len(rows)})"), table)
    )


def _place_table(
    book: Book, caption: Words, register: str, places: Mapping[str, dict[str, Any]], linked: Mapping[str, Counter[str]]
) -> Markup:
    language = "pl" if register == "TERC" else "uk"
    kinds = [(kind, head) for kind, head in _KINDS if kind != "practices" or register == "KATOTTH"]
    found = [
        (places[place_id], counts)
        for place_id, counts in linked.items()
        if place_id in places and places[place_id]["register"] == register and any(counts[kind] for kind, _ in kinds)
    ]
    rows = [
        (
            published(place["name"], language),
            published(" › ".join(place["parent_names"] or []) or None, language),
            *(number(counts[kind]) if counts[kind] else Markup("") for kind, _ in kinds),
        )
        for place, counts in found[:_MOST_PLACES]
    ]
    columns = [Column(("miejsce", "place")), Column(("położenie", "lies in")), *(Column(head, "number") for _, head in kinds)]
    table = book.table(caption, columns, rows)
    if len(found) > _MOST_PLACES:
        table = joined(
            [
                table,
                paragraph(
                    f"Pierwsze {_MOST_PLACES} z {len(found)}; wszystkie w record_places.parquet.",
                    f"The first {_MOST_PLACES} of {len(found)}; all in record_places.parquet.",
                    "note",
                ),
            ]
        )
    return (
        table
        if len(rows) <= 2 * _OPEN_ROWS
        else folded((f"{caption[0]} ({len(found)})", f"{caption[1]} ({len(found)})"), table)
    )
