"""Workers forked from one process: what it loads is theirs, it ends with the run, and nothing depends on it."""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing import active_children, forkserver
from pathlib import Path

import pytest
from engine_kit import dies_on_thirteen, has_loaded, lost, squared

from pipeline.engine import Workers
from pipeline.forks import context, forked_from

READY = "ready_for_a_test"
_FLAG = "PRAKTYKI_TEST_FORKS"


def setting(name: str) -> str | None:
    return os.environ.get(name)


def parent(_task: int) -> int:
    return os.getppid()


def kills_its_parent_once(flag: str) -> int:
    with contextlib.suppress(FileExistsError):  # of two workers one: the other's parent may be another process by then
        Path(flag).touch(exist_ok=False)
        os.kill(os.getppid(), signal.SIGKILL)
    return 1


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / f"{READY}.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return READY


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_have_what_was_loaded_and_the_process_ends_with_them(ready: str) -> None:
    with Workers("processes", 2, ready=ready) as workers:
        assert list(workers.results(has_loaded, [ready] * 4, lost)) == [True] * 4
        (server,) = set(workers.results(parent, range(4), lost))
        assert server != os.getpid()
    assert not is_there(server)
    assert context().get_start_method() == "spawn"
    assert not active_children()


def test_the_environment_is_that_of_the_run(ready: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("one", "two"):
        monkeypatch.setenv(_FLAG, value)
        with Workers("processes", 1, ready=ready) as workers:
            assert list(workers.results(setting, [_FLAG], lost)) == [value]


def test_who_is_inside_another_leaves_the_process_to_it(ready: str) -> None:
    with forked_from(ready), Workers("processes", 1, ready="another") as inner:
        (server,) = inner.results(parent, [0], lost)
        inner.rest()
        with Workers("processes", 1, ready="a third") as third:
            assert list(third.results(parent, [0], lost)) == [server]
        assert list(inner.results(parent, [0], lost)) == [server]
    assert not is_there(server)


def test_a_task_that_kills_its_worker_is_lost_alone(ready: str) -> None:
    with Workers("processes", 2, ready=ready) as workers:
        found = list(workers.results(dies_on_thirteen, range(40), lost))
    assert found == [-1 if n == 13 else n * n for n in range(40)]


def test_the_process_killed_in_mid_run_loses_nothing(ready: str, tmp_path: Path) -> None:
    with Workers("processes", 2, ready=ready) as workers:
        assert list(workers.results(kills_its_parent_once, [str(tmp_path / "killed")] * 20, lost)) == [1] * 20
        assert list(workers.results(squared, range(20), lost)) == [n * n for n in range(20)]


def test_a_task_is_tried_alone_though_nothing_forks_its_worker(ready: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = forkserver.connect_to_new_process
    begun: list[int] = []

    def two_are_forked(descriptors: list[int]) -> tuple[int, int]:
        begun.append(1)
        if len(begun) > 2:
            raise ConnectionRefusedError  # its socket is closed, it cannot be waited for yet
        return connected(descriptors)

    monkeypatch.setattr(forkserver, "connect_to_new_process", two_are_forked)
    with Workers("processes", 2, ready=ready) as workers:
        found = list(workers.results(dies_on_thirteen, range(40), lost))
    assert found == [-1 if n == 13 else n * n for n in range(40)]
    assert len(begun) > 2


def test_where_nothing_can_be_loaded_workers_start_by_themselves(ready: str, tmp_path: Path) -> None:
    (tmp_path / f"{ready}.py").write_text("raise RuntimeError('not loaded')")
    with Workers("processes", 2, ready=ready) as workers:
        assert list(workers.results(squared, range(20), lost)) == [n * n for n in range(20)]
        assert set(workers.results(parent, range(4), lost)) == {os.getpid()}
    with forked_from(READY + "_that_is_nowhere"):
        assert context().get_start_method() == "forkserver"


def test_where_there_is_no_place_for_a_socket_workers_start_by_themselves(
    ready: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 30)
    long.mkdir()
    monkeypatch.setattr("multiprocessing.util.get_temp_dir", lambda: str(long))
    with Workers("processes", 1, ready=ready) as workers:
        assert list(workers.results(parent, [0], lost)) == [os.getpid()]
