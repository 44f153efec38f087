"""Words that every description of a snapshot shares: titles, keywords, who published what, and on which terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from pipeline.build.gate.evidence import counted
from pipeline.schema.spec import Wording
from pipeline.sources.spec import Source

TITLE = Wording(
    en="Praktyki: good practices in local government",
    pl="Praktyki: dobre praktyki w samorządzie terytorialnym",
    uk="Praktyki: добрі практики в місцевому самоврядуванні",
)
DESCRIPTION = Wording(
    en=(
        "Good practices, slide transcripts, articles and partnerships of local governments, read from archived web pages. "
        "Every value can be traced back to the archived bytes it came from; what could not be read is null and listed."
    ),
    pl=(
        "Dobre praktyki, prezentacje, artykuły i partnerstwa samorządów, odczytane z zarchiwizowanych stron internetowych. "
        "Każdą wartość można prześledzić do zapisanych bajtów; czego nie dało się odczytać, jest puste i wykazane."
    ),
    uk=(
        "Добрі практики, презентації, статті й партнерства органів самоврядування, прочитані з архівованих вебсторінок. "
        "Кожне значення можна простежити до архівованих байтів; чого не вдалося прочитати, є порожнім і зазначеним."
    ),
)
KEYWORDS = ("good practices", "local government", "dobre praktyki", "samorząd terytorialny", "добрі практики", "partnerships")
LICENCE_NAME = "other-closed"
"""Open Definition's name for terms that grant no open licence."""
RIGHTS = Wording(
    en="Texts stay under the terms of their publishers; this package grants no licence to them. Facts are free.",
    pl="Teksty pozostają na warunkach ich wydawców; ten pakiet nie udziela do nich licencji. Fakty są wolne.",
    uk="Тексти залишаються на умовах їхніх видавців; цей пакет не надає на них ліцензії. Факти є вільними.",
)
REGISTER_SOURCES = (
    {"title": "TERYT (TERC, SIMC), Główny Urząd Statystyczny", "path": "https://eteryt.stat.gov.pl/"},
    {"title": "KATOTTH, codifier of administrative-territorial units of Ukraine", "path": "https://mindev.gov.ua/"},
    {"title": "GeoNames (CC BY 4.0): points of Ukrainian places and Warsaw districts", "path": "https://www.geonames.org/"},
    {
        "title": "State register of geographical names (PRNG), GUGiK: points of Polish seats",
        "path": "https://www.gov.pl/web/gugik/",
    },
)


def citation(snapshot: str) -> str:
    """How a snapshot is cited."""
    return f"Praktyki, snapshot {snapshot}"


def page_sources(made: Mapping[str, pa.Table], sources: Iterable[Source]) -> list[Source]:
    """The sources whose pages stand behind the tables. The fallback source publishes nothing itself and is left out."""
    seen = {*counted(made["captures"], "source")}
    return [source for source in sources if source.name in seen and not source.facts.claims.is_fallback]


def source_list(used: Iterable[Source]) -> list[dict[str, str]]:
    """``sources`` of a Data Package: the sites the pages come from, and the registers."""
    return [{"title": source.facts.title, "path": source.facts.homepage} for source in used] + [*map(dict, REGISTER_SOURCES)]


def contributor_list(used: Iterable[Source]) -> list[dict[str, Any]]:
    """``contributors`` of a Data Package: publishers of the pages, and the program that made the tables."""
    publishers = dict.fromkeys((source.facts.publisher, source.facts.homepage) for source in used)
    return [
        *({"title": publisher, "path": homepage, "roles": ["publisher"]} for publisher, homepage in publishers),
        {"title": "Praktyki", "roles": ["wrangler"]},
    ]
