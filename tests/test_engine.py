"""The engine: order kept, exceptions raised here, dead workers survived."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ending import wait_for
from engine_kit import dies_on_thirteen, fails_on_three, lost, squared

from pipeline.config import EngineName
from pipeline.engine import largest_first, results


def dies_once(flag_and_number: tuple[str, int]) -> int:
    flag, number = flag_and_number
    if number == 5 and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def tell_and_wait(file: str) -> int:
    Path(file).write_text(str(os.getpid()))
    while True:
        time.sleep(60)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")  # an orphan whose new parent does not ask for it stays as a zombie
    return not (stat.exists() and ") Z " in stat.read_text())


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_results_come_in_the_order_of_the_tasks(engine: EngineName) -> None:
    assert list(results(squared, range(40), engine=engine, workers=2, lost=lost)) == [n * n for n in range(40)]


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_an_exception_is_raised_here(engine: EngineName) -> None:
    with pytest.raises(ValueError, match="three"):
        list(results(fails_on_three, range(5), engine=engine, workers=2, lost=lost))


def test_a_task_that_kills_its_worker_is_lost_alone() -> None:
    found = list(results(dies_on_thirteen, range(40), engine="processes", workers=2, lost=lost))
    assert found == [-1 if n == 13 else n * n for n in range(40)]


def test_a_worker_killed_from_outside_loses_nothing(tmp_path: Path) -> None:
    tasks = [(str(tmp_path / "died"), number) for number in range(20)]
    assert list(results(dies_once, tasks, engine="processes", workers=2, lost=lost)) == [n * n for n in range(20)]
    assert (tmp_path / "died").exists()


def test_workers_of_a_killed_run_end(tmp_path: Path) -> None:
    imports = "import sys; sys.path.insert(0, sys.argv[1]); from test_engine import *; from pipeline.engine import results"
    script = f"{imports}; list(results(tell_and_wait, [sys.argv[2]], engine='processes', workers=1, lost=lost))"
    pid_file = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", script, str(Path(__file__).parent), str(pid_file)]) as run:
        while not (pid_file.exists() and pid_file.read_text()):
            assert run.poll() is None
            time.sleep(0.02)
        run.kill()
    worker = int(pid_file.read_text())
    try:
        wait_for(lambda: not is_alive(worker))
    except AssertionError:
        os.kill(worker, signal.SIGKILL)
        pytest.fail("the worker waits for tasks of a run that is gone")


def test_no_tasks_no_results() -> None:
    assert list(results(squared, [], engine="processes", workers=2, lost=lost)) == []


def test_the_largest_of_the_next_tasks_comes_first() -> None:
    asked: list[int] = []

    def tasks() -> Iterator[int]:
        for number in (3, 1, 9, 2, 8, 7):
            asked.append(number)
            yield number

    ordered = largest_first(tasks(), lambda task: task, 3)
    assert next(ordered) == 9
    assert asked == [3, 1, 9]
    assert list(ordered) == [3, 8, 7, 2, 1]
    assert list(largest_first([], lambda _task: 0, 3)) == []
