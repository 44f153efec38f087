"""The engine on Dask: the same results as anywhere, a dead worker survived, a task that kills every worker given up alone."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_kit import dies_on_thirteen, dies_twice_on_two, fails_on_three, has_loaded, lost, squared
from made import page, tab, write_extracted

from pipeline.build.run import build
from pipeline.config import EngineName, Settings
from pipeline.engine import Workers
from pipeline.errors import PraktykiError
from pipeline.forks import context

distributed: Any = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

# distributed leaves sockets and event loops to the garbage collector, which says so at odd moments.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with Workers("dask", 2) as started:
        yield started


def test_results_come_in_the_order_of_the_tasks(workers: Workers) -> None:
    assert list(workers.results(squared, range(40), lost)) == [n * n for n in range(40)]


def test_an_exception_is_raised_here(workers: Workers) -> None:
    with pytest.raises(ValueError, match="three"):
        list(workers.results(fails_on_three, range(5), lost))


def test_a_task_that_kills_every_worker_is_lost_alone(workers: Workers) -> None:
    assert list(workers.results(dies_on_thirteen, range(20), lost)) == [-1 if n == 13 else n * n for n in range(20)]


def test_a_task_that_loses_its_worker_now_and_then_is_done(workers: Workers, tmp_path: Path) -> None:
    """Also one that is no fault of its own: on a busy machine Dask takes a worker that does not answer for dead."""
    tasks = [(str(tmp_path), number) for number in range(4)]
    assert list(workers.results(dies_twice_on_two, tasks, lost)) == [0, 1, 2, 3]


def test_a_scheduler_that_is_not_there_is_named() -> None:
    with pytest.raises(PraktykiError, match="no Dask scheduler"), Workers("dask", 2, scheduler="tcp://127.0.0.1:9") as none:
        list(none.results(squared, [1], lost))


def test_workers_that_die_while_they_start_are_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    cluster = distributed.LocalCluster

    def first_in_vain(**settings: Any) -> Any:
        tried.append(1)
        if len(tried) == 1:
            raise RuntimeError("Nanny failed to start.")
        return cluster(**settings)

    monkeypatch.setattr(distributed, "LocalCluster", first_in_vain)
    with Workers("dask", 1) as started:
        assert list(started.results(squared, range(3), lost)) == [0, 1, 4]
    assert len(tried) == 2


def test_workers_that_never_start_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_vain(**_settings: Any) -> None:
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "LocalCluster", in_vain)
    with pytest.raises(PraktykiError, match=r"no Dask worker could be started \(Nanny failed"), Workers("dask", 1) as none:
        list(none.results(squared, [1], lost))


def test_snapshots_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.build.workers.WORTH_WORKERS", 0)
    urls = [f"https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art={number}" for number in range(1, 19)]
    pages = [page(url, [tab(f"bdp:{n}", title=f"Ogród {n}", slug=f"ogrod-{n}")]) for n, url in enumerate(urls)]
    made: dict[str, dict[str, bytes]] = {}
    runs: tuple[tuple[str, EngineName], ...] = (
        ("serial", "serial"),
        ("apart", "serial"),
        ("beside", "serial"),
        ("processes", "processes"),
        ("dask", "dask"),
    )
    for run, engine in runs:
        if run == "apart":  # the explorer as of a snapshot with many rows
            monkeypatch.setattr("pipeline.build.edition.files._EXPLORER_ROWS_APART", 0)
        if run == "beside":  # tasks in a process of their own, and one anew for each stage, as of many pages
            monkeypatch.setattr("pipeline.build.workers.WORTH_A_PROCESS", 0)
        write_extracted(tmp_path / run, pages)
        report = build(Settings(data_dir=tmp_path / run, engine=engine, workers=2), lambda _line: None)
        files = (path for path in report.snapshot.rglob("*") if path.is_file())
        made[run] = {path.relative_to(report.snapshot).as_posix(): path.read_bytes() for path in files}
    assert made["serial"] == made["apart"] == made["beside"] == made["processes"] == made["dask"]


def test_workers_have_what_was_loaded_for_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ready_for_dask.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Workers("dask", 2, ready="ready_for_dask") as started:
        assert list(started.results(has_loaded, ["ready_for_dask", "distributed"] * 4, lost)) == [True] * 8
        assert list(started.results(dies_on_thirteen, range(20), lost)) == [-1 if n == 13 else n * n for n in range(20)]
    assert context().get_start_method() == "spawn"
