"""Praktyki: web pages about good practices in local government as typed, traceable Parquet tables.

``from pipeline import load`` gives analysts a table: ``load("practices")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.analysis.frames import load as load

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """``load`` when it is first asked for: the command line does without pandas and must answer at once."""
    if name == "load":
        from pipeline.analysis.frames import load

        return load
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
