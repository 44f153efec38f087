"""What the programs share that kill runs at the named points of `pipeline.faults`: children of one warm process.

Forking is cheap, and the child is a real process that dies by SIGKILL, with whatever the kernel then holds of its files.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from pipeline import faults
from pipeline.errors import PraktykiError

Work = Callable[[], object]


def made_forkable() -> None:
    """Leaves out what a forked child cannot have (threads of other libraries) or does not need (the disk's own pace)."""
    pa.set_cpu_count(1)
    os.fsync = _not_synced


def _not_synced(fd: Any) -> None:
    """Stands in for os.fsync: what a killed process wrote the kernel keeps, and a slow disk would take minutes for these."""


def forked(work: Work) -> int:
    """Runs it in a child; how the child ended: 0, 1 after an error it says on stderr, or minus the signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except PraktykiError as error:
            sys.stderr.write(f"{error}\n")
        except BaseException:  # noqa: BLE001 - the child ends here, and the parent says that it failed
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def was_killed_at(point: int, work: Work) -> bool:
    """Runs it in a child that kills itself at a point, the first being 1; whether it came to that.

    SystemExit: the child failed by itself.
    """

    def until_killed() -> None:
        passed = 0

        def count(_point: str) -> None:
            nonlocal passed
            passed += 1
            if passed == point:
                os.kill(os.getpid(), signal.SIGKILL)

        faults.set_hook(count)
        work()

    status = forked(until_killed)
    if status not in (0, -signal.SIGKILL):
        raise SystemExit(f"point {point}: the run failed by itself")
    return status != 0
