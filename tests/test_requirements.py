"""The package asks for what its code imports, and for the names and bounds of the requirement files."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from test_imports import MODULES, imported

PROJECT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PYPROJECT["optional-dependencies"]
LOCK_ONLY = {"python-dateutil"}  # a bound that holds two libraries of the lock together
BUILDS = {"editables", "hatchling"}
PART_OF = {"botocore": "boto3"}  # comes with it, and is documented as its other half
LATER_STDLIB = {"compression"}  # from Python 3.14 on


def lines(file: str) -> list[str]:
    found = ((PROJECT / "requirements" / file).read_text("utf-8")).splitlines()
    return [line for line in found if line.strip() and not line.startswith("-")]


def wanted(file: str) -> dict[str, Requirement]:
    parsed = [Requirement(line.partition("  #")[0].strip()) for line in lines(file) if not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in parsed}


def locked(file: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (PROJECT / "requirements" / file).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def named(requirements: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(parsed.name): parsed for parsed in map(Requirement, requirements)}


def extras_of_the_file() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    extra = ""
    for line in lines("extras.in"):
        if line.startswith("#"):
            extra = line.removeprefix("#").split(":")[0].strip()
        else:
            found.setdefault(extra, set()).add(canonicalize_name(Requirement(line.partition("  #")[0].strip()).name))
    return found


def test_dependencies_are_the_names_of_run_in() -> None:
    ours, files = named(PYPROJECT["dependencies"]), wanted("run.in")
    assert set(ours) == set(files) - BUILDS - LOCK_ONLY
    for name, requirement in ours.items():
        assert str(requirement.marker or "") == str(files[name].marker or ""), name


def test_extras_are_those_of_extras_in() -> None:
    assert {extra: set(named(requirements)) for extra, requirements in EXTRAS.items()} == extras_of_the_file()


@pytest.mark.parametrize("file", ["run", "extras"])
def test_bounds_take_what_is_locked_and_nothing_older_than_tried(file: str) -> None:
    ours = named(PYPROJECT["dependencies"] if file == "run" else [text for extra in EXTRAS.values() for text in extra])
    pins, files = locked(f"{file}.txt"), wanted(f"{file}.in")
    for name, requirement in ours.items():
        (bound,) = requirement.specifier
        assert bound.operator == ">=", f"{name}: a lower bound, and no upper one that a user could not lift"
        assert requirement.specifier.contains(pins[name]), f"{name}: {pins[name]} is locked, {bound} asked for"
        assert files[name].specifier.contains(bound.version), f"{name}: {file}.in wants {files[name].specifier}"
        assert pins[name].split(".")[0] == bound.version.split(".")[0], f"{name}: {bound} was never tried"


def test_the_code_imports_what_the_package_asks_for() -> None:
    distributions = packages_distributions()
    asked = set(named(PYPROJECT["dependencies"])) | {name for extra in EXTRAS.values() for name in named(extra)}
    for module, path in MODULES.items():
        tops = {name.partition(".")[0] for name in imported(path)} - {"pipeline", "__future__"} - LATER_STDLIB
        for top in tops - sys.stdlib_module_names:
            owners = {canonicalize_name(name) for name in distributions.get(top, [top])} | {PART_OF.get(top, top)}
            assert owners & asked, f"{module} imports {top}, which pyproject.toml does not ask for"
