"""A worker is killed only once it works, and the process that started it lives on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.disturbed import kill_a_worker
from pipeline.errors import PraktykiError

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc as Linux has it")
_BUSY = "while True: pass"
_PARENT = f"import subprocess, sys; print(subprocess.run([sys.executable, '-c', {_BUSY!r}]).returncode)"


def test_the_worker_is_killed_and_its_parent_goes_on() -> None:
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        kill_a_worker(parent.pid)
        assert parent.communicate()[0].strip() == "-9"


_FORKED_FROM = """
import time
while time.process_time() < 0.8: pass
def work():
    while True: pass
"""
_RUN = """
import multiprocessing, busy_at_first
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["busy_at_first"])
worker = context.Process(target=busy_at_first.work)
worker.start(), worker.join()
print(worker.exitcode)
"""


def test_what_workers_are_forked_from_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "busy_at_first.py").write_text(_FORKED_FROM)
    command = [sys.executable, "-c", _RUN]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(tmp_path)}, stdout=subprocess.PIPE, text=True) as run:
        kill_a_worker(run.pid)
        assert run.communicate()[0].strip() == "-9"


def test_a_run_without_workers_is_not_waited_for() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "pass"])
    with pytest.raises(PraktykiError, match="no worker"):
        kill_a_worker(parent.pid)
    parent.wait()
