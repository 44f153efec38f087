"""A figure measured in a process of its own."""

from __future__ import annotations

import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import cast

from benchmarks.figure import FigureModule, Line, Setting


def measured_alone(name: str, setting: Setting) -> list[Line]:
    """The lines of a figure, measured in a process of its own.

    Linux counts the memory of whoever starts a process as the new one's peak: what an earlier figure held must be gone.
    """
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(_measured, name, setting).result()


def _measured(name: str, setting: Setting) -> list[Line]:
    return cast(FigureModule, importlib.import_module(f"benchmarks.figures.{name}")).measured(setting)
