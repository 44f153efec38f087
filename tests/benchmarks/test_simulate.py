"""The simulation agrees with what can be reckoned by hand, and behaves as queues do."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cost import PageCost, page_cost
from benchmarks.simulate import Host, crawl_seconds, simulated
from pipeline.errors import PraktykiError

COST = PageCost(1_000, crawl=0.01, extract=0.02, build=0.04, bytes_of={"warc": 10_000.0})
MANY = 10**9  # events
HOSTS = st.lists(st.builds(Host, st.integers(0, 30), st.sampled_from([0.0, 0.5, 2.0])), min_size=1, max_size=8)


@given(st.integers(1, 300), st.sampled_from([0.0, 0.005, 0.01, 1.0]), st.integers(1, 4), st.sampled_from([1, 7, MANY]))
def test_one_host_takes_its_pages_times_the_longer_of_delay_and_work(pages: int, delay: float, workers: int, most: int) -> None:
    took = crawl_seconds([Host(pages, delay)], workers, 0.01, 0.0, 0, most)
    assert took == pytest.approx((pages - 1) * max(delay, 0.01) + 0.01)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_without_delays_the_work_is_shared_out(workers: int) -> None:
    took = crawl_seconds([Host(40, 0.0)] * 10, workers, 0.01, 0.0, 0, MANY)
    assert took == pytest.approx(400 * 0.01 / workers)


@given(HOSTS, st.integers(1, 4), st.sampled_from([0.0, 0.3]), st.integers(0, 3))
@settings(max_examples=60)
def test_nothing_is_quicker_than_a_worker_for_each_host(hosts: list[Host], workers: int, latency: float, seed: int) -> None:
    # One worker more may well be slower: it lets another page come first (R. L. Graham's anomaly of 1969).
    some = crawl_seconds(hosts, workers, 0.2, latency, seed, MANY)
    enough = crawl_seconds(hosts, len(hosts), 0.2, latency, seed, MANY)
    assert enough <= some + 1e-9


@given(HOSTS, st.integers(1, 4), st.integers(0, 3))
@settings(max_examples=60)
def test_no_crawl_beats_its_slowest_host_or_its_workers(hosts: list[Host], workers: int, seed: int) -> None:
    took = crawl_seconds(hosts, workers, 0.2, 0.1, seed, MANY)
    slowest = max(max(host.pages - 1, 0) * max(host.delay_seconds, 0.2) for host in hosts)
    assert took >= slowest - 1e-9
    assert took >= sum(host.pages for host in hosts) * 0.2 / workers - 1e-9


def test_events_of_several_pages_tell_nearly_the_same() -> None:
    hosts = [Host(2_000, 0.5), Host(500, 2.0), Host(4_000, 0.1)]
    exact = crawl_seconds(hosts, 2, 0.01, 0.2, 0, MANY)
    assert crawl_seconds(hosts, 2, 0.01, 0.2, 0, 500) == pytest.approx(exact, rel=0.1)


def test_same_seed_same_run() -> None:
    runs = [simulated([Host(50, 0.5)] * 3, 2, COST, latency_seconds=0.4, seed=seed) for seed in (1, 1, 2)]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_stages_after_the_crawl_are_reckoned() -> None:
    taken = simulated([Host(1_000, 1.0)], 2, COST, parallel_share=0.5)
    assert taken.extract_seconds == pytest.approx(10 + 5)
    assert taken.build_seconds == pytest.approx(20 + 10)
    assert taken.core_seconds == pytest.approx(70)
    assert taken.bytes_of == {"warc": 10_000_000.0}


def test_cost_is_read_from_results(tmp_path: Path) -> None:
    def line(side: str, pages: int, seconds: float, **more: object) -> dict[str, object]:
        return {"side": side, "pages": pages, "cpu_seconds": seconds, "pages_per_cpu_second": pages / seconds, **more}

    lines = [
        line(f"{stage}, {pages:,} pages", pages, seconds * pages, sizes={"warc": pages * 5})
        for pages, seconds in ((1_000, 1.0), (10_000, 0.5))
        for stage in ("extract", "build", "extract + build")
    ]
    figures = {"f2_scale": {"lines": lines}, "f4_crawl": {"lines": [line("praktyki crawl, archive on", 500, 2.0)]}}
    results = tmp_path / "full.json"
    results.write_text(json.dumps({"figures": figures}))
    assert page_cost(results) == PageCost(10_000, 0.004, 0.5, 0.5, {"warc": 5.0})
    results.write_text(json.dumps({"figures": {"f2_scale": {"lines": lines}}}))
    with pytest.raises(PraktykiError, match="f4_crawl is not there"):
        page_cost(results)
