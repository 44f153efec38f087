"""How long a crawl and its tables take: hosts with their delays, workers, and the measured cost of a page, simulated.

    python -m benchmarks.simulate [--hosts N] [--pages N] [--delay S] [--workers N] [--latency S] [--seed N]

A host answers one request at a time; the next begins when the delay since the last one is over and the page of the last one is
dealt with. A worker deals with one page at a time, first come, first served. Extract and build follow once the crawl is done.
Latency is drawn from an exponential distribution, for each host by itself, the same for the same seed. What a page costs
comes from `benchmarks.cost`.
"""

from __future__ import annotations

import argparse
import heapq
import random
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.cost import PageCost, page_cost

_MAX_EVENTS = 200_000
_DAY = 86_400.0
_REQUEST, _RESPONSE = 0, 1


class Host(NamedTuple):
    """How many pages a host has, and the seconds between two requests to it."""

    pages: int
    delay_seconds: float


class Taken(NamedTuple):
    """What a simulated run takes. Seconds are of the clock; ``core_seconds`` are of all processors together."""

    pages: int
    crawl_seconds: float
    extract_seconds: float
    build_seconds: float
    core_seconds: float
    bytes_of: dict[str, float]

    @property
    def days(self) -> float:
        """All stages, one after the other."""
        return (self.crawl_seconds + self.extract_seconds + self.build_seconds) / _DAY


def simulated(
    hosts: Sequence[Host],
    workers: int,
    cost: PageCost,
    *,
    latency_seconds: float = 0.0,
    parallel_share: float = 1.0,
    seed: int = 0,
    max_events: int = _MAX_EVENTS,
) -> Taken:
    """Crawls all hosts, then extracts and builds. ``parallel_share``: the share of these two that more workers make quicker.

    Where there are more pages than ``max_events``, an event stands for several pages of one host, one after the other.
    """
    pages = sum(host.pages for host in hosts)
    crawl = crawl_seconds(hosts, workers, cost.crawl, latency_seconds, seed, max_events)
    on_workers = (1 - parallel_share) + parallel_share / workers
    return Taken(
        pages,
        crawl,
        pages * cost.extract * on_workers,
        pages * cost.build * on_workers,
        pages * cost.cpu_seconds,
        {kind: size * pages for kind, size in cost.bytes_of.items()},
    )


def crawl_seconds(
    hosts: Sequence[Host], workers: int, page_seconds: float, latency_seconds: float, seed: int, max_events: int
) -> float:
    """When the last page of all hosts is dealt with."""
    dice = [random.Random(f"{seed}:{number}") for number in range(len(hosts))]  # noqa: S311 - not for secrets
    step = max(1, -(-sum(host.pages for host in hosts) // max_events))
    left = [host.pages for host in hosts]
    begun = [0.0] * len(hosts)
    free = [0.0] * workers  # when each worker is done with what it has
    events = [(0.0, _REQUEST, number) for number, count in enumerate(left) if count]
    heapq.heapify(events)
    last = 0.0
    while events:
        now, kind, number = heapq.heappop(events)
        pages = min(step, left[number])
        delay = hosts[number].delay_seconds
        if kind == _REQUEST:
            latency = dice[number].expovariate(1 / latency_seconds) if latency_seconds else 0.0
            begun[number] = now
            others = (pages - 1) * max(delay, latency + page_seconds)  # of one event, but for the last
            heapq.heappush(events, (now + others + latency, _RESPONSE, number))
            continue
        # The pages of one event but the last kept a worker busy while the host was waited for.
        start = max(now, heapq.heappop(free) + (pages - 1) * page_seconds)
        last = max(last, start + page_seconds)
        heapq.heappush(free, start + page_seconds)
        left[number] -= pages
        if left[number]:
            heapq.heappush(events, (max(begun[number] + pages * delay, start + page_seconds), _REQUEST, number))
    return last


def told(taken: Taken) -> str:
    """A run in words."""
    sizes = ", ".join(f"{kind} {size / 1e9:,.2f}" for kind, size in taken.bytes_of.items())
    return (
        f"{taken.pages:,} pages: crawl {taken.crawl_seconds / _DAY:,.2f} days, extract {taken.extract_seconds / 3600:,.2f} h,"
        f" build {taken.build_seconds / 3600:,.2f} h; {taken.core_seconds / 3600:,.2f} core hours; GB: {sizes}"
    )


def main() -> None:
    """Simulates what the options describe."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--pages", type=int, default=2_000, help="of each host")
    parser.add_argument("--delay", type=float, default=2.0, help="seconds between two requests to a host")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds a host takes to answer, on average")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    hosts = [Host(options.pages, options.delay)] * options.hosts
    taken = simulated(hosts, options.workers, page_cost(), latency_seconds=options.latency, seed=options.seed)
    print(told(taken))  # noqa: T201 - what the command answers


if __name__ == "__main__":
    main()
