"""A worker is killed only once it works, and the process that started it lives on."""

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


def test_a_run_without_workers_is_not_waited_for() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "pass"])
    with pytest.raises(PraktykiError, match="no worker"):
        kill_a_worker(parent.pid)
    parent.wait()
