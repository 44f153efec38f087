"""Parsers as modules: those of the package, and those that stand beside a TOML elsewhere (`spec.SourceModule`)."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.errors import SourceSpecError


def package_module(path: Path) -> Any:
    """The parser of a source of the package, ``path`` its TOML. Raises SourceSpecError when it lacks a function."""
    return _checked(path, importlib.import_module(f"pipeline.sources.{path.stem}"))


def outside_module(path: Path) -> Any:
    """The parser beside a TOML outside the package. Raises SourceSpecError when it cannot be loaded or lacks a function."""
    name = f"praktyki_source_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.with_suffix(".py"))
    if spec is None or spec.loader is None:
        raise SourceSpecError(f"{path.with_suffix('.py')}: cannot be loaded as a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise SourceSpecError(f"{path.with_suffix('.py')}: {type(error).__name__}: {error}") from error
    return _checked(path, module)


def _checked(path: Path, module: ModuleType) -> Any:
    for function in ("page_verdict", "parse"):
        if not callable(getattr(module, function, None)):
            raise SourceSpecError(f"{path.with_suffix('.py')}: defines no function {function}")
    return module
