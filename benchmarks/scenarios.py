"""What the measured cost means for the sources: runs that are simulated, with what they assume."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from benchmarks.cost import PageCost
from benchmarks.simulate import Host, Taken, simulated
from pipeline.sources.discovery import discovered_sources

LATENCY_SECONDS = 0.5
"""Assumed of every host."""


class Scenario(NamedTuple):
    """A run. ``assumed`` says which of its numbers nobody measured."""

    name: str
    assumed: str
    hosts: list[Host]
    workers: int


@lru_cache(maxsize=1)
def scenarios() -> tuple[Scenario, ...]:
    """From the whole base of good practices to a month of Common Crawl. Delays are those of the sources."""
    found = discovered_sources(None)
    delays = {source.name: source.facts.crawl.delay_seconds for source in found if source.facts.crawl is not None}
    bdp, slideplayer, web = (delays[name] for name in ("bdp", "slideplayer", "web"))
    return (
        Scenario(
            "the whole BDP, both sites", "600 practices of three tabs and 200 listings on each site", [Host(2_000, bdp)] * 2, 1
        ),
        Scenario("slideplayer, the seven hosts that are seen", "100,000 decks on each", [Host(100_000, slideplayer)] * 7, 1),
        Scenario(
            "slideplayer, the seven hosts that are seen", "1,000,000 decks on each", [Host(1_000_000, slideplayer)] * 7, 2
        ),
        Scenario("sites of all 2,477 gminas", "500 pages on each", [Host(500, web)] * 2_477, 2),
        Scenario(
            "a month of Common Crawl, pages chosen by the index",
            "100,000 pages of our hosts, all from one host at one request a second",
            [Host(100_000, 1.0)],
            1,
        ),
    )


def taken(scenario: Scenario, cost: PageCost, parallel_share: float) -> Taken:
    """What a scenario takes."""
    return simulated(
        scenario.hosts,
        scenario.workers,
        cost,
        latency_seconds=LATENCY_SECONDS,
        parallel_share=parallel_share,
        max_events=20_000,
    )
