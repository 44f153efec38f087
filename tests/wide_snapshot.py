"""A snapshot of any size, made by rule: tables alone, as wide as a whole country's, for benchmarks and browser tests.

`python tests/wide_snapshot.py FOLDER [PRACTICES [SLIDES]]` writes one.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.registers.places import Place
from pipeline.registers.territory import Territory
from pipeline.schema.arrow import arrow_schema
from pipeline.schema.spec import tables

SECTIONS = (
    ("Usługi społeczne", "Kultura"),
    ("Usługi społeczne", "Oświata"),
    ("Usługi społeczne", "Pomoc społeczna"),
    ("Usługi społeczne", "Sport i rekreacja"),
    ("Usługi techniczne", "Gospodarka odpadami"),
    ("Usługi techniczne", "Transport"),
    ("Rozwój instytucjonalny", "Zarządzanie"),
    ("Efektywność energetyczna", "Oświetlenie"),
    ("Współpraca JST-NGO", "Praktyki"),
    ("Współpraca między JST", "Praktyki"),
    ("Dialog społeczny", "Konsultacje"),
)
SLIDES_A_DECK = 20
HEADINGS = ("Opis sytuacji przed wdrożeniem", "Cele", "Przebieg", "Rezultaty", "Koszty", "Wnioski dla innych gmin")
_STEMS = """
bibliotek szkol gmin mieszkańc remont świetlic działk konkurs młodzież senior warsztat spotkan partner fundusz energi
odpad drog oświetlen ścieżk park rzek ogród książk czytelnicz wolontariusz rad sołectw projekt dotacj budżet zespół
placówk dzieck rodzin zdrow sport kultur muze teatr festiwal tradycj rolnik rynk przedsiębiorc turyst zabytk żłobek
przedszkol ośrodek powiat miast wieś ulic plac most stacj autobus kolej rower woda ściek kanalizacj azbest dach ocieplen
fotowoltaik żarówk mapa system internet komputer szkolen kurs język kuchni chór orkiestr strażak ratownik policj
bezpieczeństw monitoring konsultacj ankiet głosowan uchwał statut regulamin porozumien umow stowarzyszen fundacj
spółdzieln bank kredyt podatek opłat dochód wydatek inwestycj
""".split()
_ENDINGS = " a y ie ę ą om ami ach owy owa owe owych anie ania eniem ości ość ego emu ymi".split(" ")
_UKRAINIAN = """
бібліотека громада читачі зустріч угода партнерство книжка діти школа місто рада проєкт допомога спільний ґанок їжа
єдність Київ Канів мрія пʼятниця об’єднання щастя юність яблуко
""".split()


def _words(random_: random.Random, count: int) -> str:
    sentences, left = [], count
    while left > 0:
        length = min(left, random_.randint(6, 16))
        words = [random_.choice(_STEMS) + random_.choice(_ENDINGS) for _ in range(length)]
        if random_.random() < 0.15:
            words[random_.randrange(length)] = _rare(random_)
        sentences.append(" ".join(words).capitalize() + ".")
        left -= length
    return " ".join(sentences)


def _rare(random_: random.Random) -> str:
    """One of some hundred thousand words, as names and slips of real pages are."""
    return "".join(random_.choice("bdgklmnprstwz") + random_.choice("aeioóuyąę") for _ in range(random_.randint(2, 5)))


def write_wide_snapshot(folder: Path, practices: int = 5000, slides: int = 50_000, seed: int = 7) -> Path:
    """Writes the tables into ``folder``, a tenth of the records articles and partnerships besides; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(seed)  # noqa: S311 - made-up texts
    territory = Territory.load()
    gminas = [
        place
        for _, unit in sorted(territory.units("TERC").items())
        if (place := territory.place(f"terc:{unit.rows[-1].code}"))
        and place.kind.startswith("gmina")
        and place.valid_to is None
    ]
    made: dict[str, list[dict[str, Any]]] = {name: [] for name, table in tables().items() if not table.is_restricted}
    for number in range(practices):
        _practice(made, random_, number, random_.choice(gminas))
    for number in range(slides // SLIDES_A_DECK):
        _deck(made, random_, number, slides)
    for number in range(practices // 10):
        _article(made, random_, number)
    _places(made, territory)
    for name, rows in made.items():
        _write(folder, name, rows)
    return folder


def _write(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    schema = arrow_schema(name)
    table = pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)
    order = tables()[name].key or [field.name for field in schema if field.type == pa.string()]
    pq.write_table(table.sort_by([(column, "ascending") for column in order]), folder / tables()[name].path, compression="zstd")


def _given(made: dict[str, list[dict[str, Any]]], number: int, url: str, source: str) -> dict[str, Any]:
    """Provenance columns of a row, and the capture behind it."""
    captured = dt.datetime(2026, 9, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=number)
    capture_id = f"c:{number:08x}{len(made['captures']):08x}"
    made["captures"].append(
        {
            "capture_id": capture_id,
            "source": source,
            "source_url": url,
            "captured_at": captured,
            "origin": "crawl",
            "status_code": 200,
            "media_type": "text/html",
            "charset": "utf-8",
            "decoder": "utf-8 (meta)",
            "body_digest": f"sha1:{number:032X}",
            "warc_file": f"{source}/{source}-20260901000000-{number % 40:05}.warc.gz",
            "warc_offset": number * 4096,
            "verdict": "detail",
        }
    )
    return {"source": source, "source_url": url, "captured_at": captured, "capture_id": capture_id, "is_gone": False}


def _practice(made: dict[str, list[dict[str, Any]]], random_: random.Random, number: int, place: Place) -> None:
    practice_id = f"bdp:{number + 1}"
    given = _given(made, number, f"https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=3&art={number + 1}", "bdp")
    section, subsection = random_.choice(SECTIONS)
    voivodeship, powiat = place.parent_names[:2]
    made["practices"].append(
        {
            "practice_id": practice_id,
            "title": _words(random_, random_.randint(4, 9)).rstrip("."),
            "section": section,
            "subsection": subsection,
            "summary": _words(random_, 90),
            "entered_on": dt.date(2007 + number % 18, 1 + number % 12, 1 + number % 28),
            "entered_on_raw": f"{2007 + number % 18}-{1 + number % 12:02}-{1 + number % 28:02}",
            "unit_type": place.kind,
            "unit_type_raw": place.kind.replace("_", " "),
            "locality": place.name,
            "powiat": powiat,
            "voivodeship": voivodeship,
            "implementing_unit": f"Urząd Gminy {place.name}",
            "population": 2000 + number * 37 % 60_000,
            "population_raw": str(2000 + number * 37 % 60_000),
            "terc": place.code,
            "place_id": place.place_id,
            "language": "pl",
            "has_summary": True,
            "has_presentation": True,
            "has_attachments": False,
            "section_count": len(HEADINGS),
            "contact_count": 0,
            "attachment_count": number % 3,
            **given,
        }
    )
    for position, heading in enumerate(HEADINGS, 1):
        made["practice_sections"].append(
            {
                "practice_id": practice_id,
                "position": position,
                "heading": heading,
                "text": "\n".join(_words(random_, 70) for _ in range(2)),
                "language": "pl",
                **given,
            }
        )
    for position in range(1, number % 3 + 1):
        made["practice_attachments"].append(
            {
                "practice_id": practice_id,
                "position": position,
                "title": _words(random_, 4),
                "url": f"https://archiwum.dobrepraktyki.pl/pliki/{number}/{position}.pdf",
                "media_type": "application/pdf",
                "text": _words(random_, 200),
                **given,
            }
        )
    link = {"table": "practices", "record_id": practice_id, "place_id": place.place_id, "method": "name", "status": "resolved"}
    made["record_places"].append({**link, **given})
    if number % 4 == 0:
        made["quality_issues"].append(
            {
                "table": "practices",
                "record_id": practice_id,
                "column": "population",
                "status": "repaired",
                "raw_text": "ok. 2 tys.",
                "reason": "read as 2000",
                "source": "bdp",
                "source_url": given["source_url"],
                "capture_id": given["capture_id"],
            }
        )


def _deck(made: dict[str, list[dict[str, Any]]], random_: random.Random, number: int, slides: int) -> None:
    presentation_id = f"slideplayer.pl:{7_000_000 + number}"
    given = _given(made, number, f"https://slideplayer.pl/slide/{7_000_000 + number}/", "slideplayer")
    count = slides // max(slides // SLIDES_A_DECK, 1)
    made["presentations"].append(
        {
            "presentation_id": presentation_id,
            "title": _words(random_, 6).rstrip("."),
            "site": "slideplayer.pl",
            "language": "pl",
            "slide_count": count,
            "shape": "classic",
            **given,
        }
    )
    for position in range(1, count + 1):
        is_empty = position % 19 == 0
        title = _words(random_, 4)
        made["slides"].append(
            {
                "presentation_id": presentation_id,
                "position": position,
                "slide_number": position,
                "title": None if is_empty else title,
                "text": None if is_empty else f"{title}\n{_words(random_, 35)}",
                "is_empty": is_empty,
                "language": "und" if is_empty else "pl",
                **given,
            }
        )


def _article(made: dict[str, list[dict[str, Any]]], random_: random.Random, number: int) -> None:
    article_id = f"blogger:chytalnia-pryklad.blogspot.com/2024/{1 + number % 12:02}/{number}.html"
    given = _given(made, number, f"https://{article_id.removeprefix('blogger:')}", "blogger")
    text = " ".join(random_.choice(_UKRAINIAN) for _ in range(150))
    made["articles"].append(
        {
            "article_id": article_id,
            "title": " ".join(random_.choice(_UKRAINIAN) for _ in range(5)).capitalize(),
            "published_on": dt.date(2015 + number % 11, 1 + number % 12, 1),
            "text": text,
            "language": "uk",
            "labels": ["громада", "бібліотека"],
            **given,
        }
    )
    made["partnerships"].append(
        {
            "partnership_id": f"{article_id}#partnerstvo",
            "article_id": article_id,
            "name": f"Партнерство {number}",
            "kind": "agreement",
            "founded": "2023-04",
            "founded_precision": "month",
            "parties": [random_.choice(_UKRAINIAN), random_.choice(_UKRAINIAN)],
            **given,
        }
    )


def _places(made: dict[str, list[dict[str, Any]]], territory: Territory) -> None:
    for place_id in sorted({link["place_id"] for link in made["record_places"]}):
        place = territory.place(place_id)
        if place is not None:
            row = {name: getattr(place, name, None) for name in tables()["places"].columns}
            made["places"].append({**row, "code_6": place.code[:6], "register_on": territory.register_on[place.register]})


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[2:]]
    write_wide_snapshot(Path(sys.argv[1]), *sizes)
