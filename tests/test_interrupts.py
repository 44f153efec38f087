"""Ctrl-C and requests to end: one line and exit code 130, whenever they come; no worker is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from ending import PATIENCE

from pipeline.interrupts import held_back, unheard_by_children

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]

COMMAND = """
import contextlib, os, signal, sys
from pipeline import cli, interrupts

def ran(*_):
    os.kill(os.getpid(), {number})

def swallowed(*_):
    with contextlib.suppress(KeyboardInterrupt):
        os.kill(os.getpid(), {number})
    interrupts.heed()

cli.ran = {name}
sys.argv = ["praktyki", "sources"]
sys.exit(cli.program())
"""

# What takes the exception away without a trace: a callback in C, as of an import or a garbage collection.
LOST = """
import os, sys
from pipeline import cli

class Swallowing:
    def __del__(self):
        os.kill(os.getpid(), {number})

def ran(*_):
    sys.unraisablehook = lambda _told: None
    Swallowing()
    while True:
        pass

cli.ran = ran
sys.argv = ["praktyki", "sources"]
sys.exit(cli.program())
"""

# A worker that was being started when the run was cut short was known to nobody, and was waited for.
WORKERS = """
import os
from multiprocessing import forkserver
from pipeline.engine import Workers
from pipeline.interrupts import end_on_request

begun = forkserver.connect_to_new_process

def interrupted(*arguments):
    found = begun(*arguments)
    os.kill(os.getpid(), {number})
    return found

if __name__ == "__main__":
    end_on_request()
    forkserver.connect_to_new_process = interrupted
    try:
        with Workers("processes", 2, ready="json") as workers:
            print(*workers.results(abs, [-1, -2], lost=abs))
    except KeyboardInterrupt:
        print("ended")
"""


def ran(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a shell's background ignores it
    )


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("name", ["ran", "swallowed"])
def test_a_request_to_end_is_an_interrupt(number: int, name: str) -> None:
    done = ran(COMMAND.format(number=int(number), name=name))
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "praktyki: interrupted; what was finished is kept\n"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_request_before_the_command_begins_is_an_interrupt_too(number: int) -> None:
    early = COMMAND.format(number=int(number), name="ran").replace("cli.ran =", "cli.parser =")
    done = ran(early)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "praktyki: interrupted; what was finished is kept\n"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_request_that_a_library_swallowed_comes_again(number: int) -> None:
    done = ran(LOST.format(number=int(number)))
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "praktyki: interrupted; what was finished is kept\n"


@pytest.mark.parametrize("number", SIGNALS)
def test_a_run_that_is_cut_short_while_a_worker_starts_ends(number: int) -> None:
    done = ran(WORKERS.format(number=int(number)))
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


def test_what_nohup_keeps_away_stays_away() -> None:
    script = COMMAND.format(number=int(signal.SIGHUP), name="ran").replace("cli.ran =", "cli.ran = lambda *_: ran() or done #")
    script = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\nfrom pipeline.outcome import Outcome\n" + script
    done = ran(script.replace("def ran", 'done = Outcome({}, "went on")\n\ndef ran', 1))
    assert (done.returncode, done.stdout, done.stderr) == (0, "went on\n", "")


def test_an_interrupt_is_held_back() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), held_back():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("the whole block")
    assert done
    with held_back():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_children_do_not_hear_it() -> None:
    script = "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('went on')"
    with unheard_by_children():
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "went on\n")
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
