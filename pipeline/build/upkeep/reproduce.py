"""``praktyki reproduce``: a snapshot made once more from the raw files its package lists, compared byte by byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import pyarrow.parquet as pq

from pipeline.archive.index import file_sha256, index_path
from pipeline.build.choice.waterfall import falls_of
from pipeline.build.edition.files import CHANGES, REPORT, write_files
from pipeline.build.edition.package import FILE_NAME, damage, descriptor_of, recorded_gate
from pipeline.build.environment import environment
from pipeline.build.run import checked_contents, with_changes
from pipeline.build.upkeep.differences import first_difference
from pipeline.config import Privacy, Settings
from pipeline.errors import BuildError, RefusedByGate
from pipeline.explorer import page as explorer
from pipeline.extract.run import extract
from pipeline.report.html import WATERFALL
from pipeline.schema.spec import tables
from pipeline.temporary import temporary_folder

_ACCEPTED = "taken from the snapshot that is reproduced"


class Difference(NamedTuple):
    """A file that came out otherwise. For a table: the first row (its key) and column that differ, and both values."""

    path: str
    detail: str
    record_id: str | None = None
    column: str | None = None
    recorded: str | None = None
    rebuilt: str | None = None


class Reproduction(NamedTuple):
    """What came out.

    ``identical``: every file is the same, byte by byte. ``same_data``: every table and generated file is, only the package
    records another environment. ``different``: ``differences`` names what is not the same, tables first.
    ``environment``: what of code, libraries and Python is not what the package records. ``left_out``: what could not be
    compared, and why.
    """

    snapshot: str
    outcome: Literal["identical", "same_data", "different"]
    compared: list[str]
    differences: list[Difference]
    environment: list[str]
    left_out: list[str]


def reproduction(settings: Settings, snapshot: Path, say: Callable[[str], None]) -> Reproduction:
    """Builds the snapshot in the folder ``snapshot`` once more, in a temporary folder, and compares.

    Nothing in the data folder is written. Raises BuildError when the snapshot does not pass its own package's hashes, and
    when a raw file it lists is missing or is not the one it was made from.
    """
    descriptor = descriptor_of(snapshot)
    making = descriptor["praktyki"]
    left_out = _whole(snapshot, descriptor)
    with temporary_folder("reproduce") as aside:
        work = aside.resolve()
        ours = msgspec.structs.replace(settings.at(work), privacy=Privacy(keep_restricted=_keeps_restricted(making)))
        _link_raw(settings.raw, ours.raw, making["inputs"], say)
        if settings.registers.is_dir():
            ours.registers.symlink_to(settings.registers.resolve(), target_is_directory=True)
        extract(ours, lambda _line: None)
        rebuilt = work / "rebuilt"
        rebuilt.mkdir()
        environment_differences = _environment_differences(making)
        try:
            contents = checked_contents(ours, rebuilt, lambda _line: None, _ACCEPTED)
        except RefusedByGate as refusal:
            difference = Difference(FILE_NAME, f"the gate refuses what came out: {refusal}")
            return Reproduction(snapshot.name, "different", [], [difference], environment_differences, left_out)
        previous = making["previous"]
        before = snapshot.parent / previous if previous else None
        if before is None or before.is_dir():
            contents = with_changes(contents, before, rebuilt)
        else:
            left_out.append(f"{CHANGES}: the previous snapshot {previous} is no longer there; taken over as it stands")
            recorded = pq.read_table(snapshot / tables()[CHANGES].path)
            contents = contents._replace(made={**contents.made, CHANGES: recorded}, previous=previous)
        # The gate and the waterfall also know what lies outside raw/ (earlier snapshots, the crawl's account): taken over.
        recorded_falls = falls_of(snapshot / WATERFALL)
        gate = recorded_gate(snapshot / FILE_NAME)
        write_files(rebuilt, contents._replace(name=snapshot.name, gate=gate, falls=recorded_falls))
        compared, differences = _compared(snapshot, rebuilt, has_other_environment=bool(environment_differences))
    outcome: Literal["identical", "same_data", "different"] = "identical"
    if differences:
        outcome = "different"
    elif environment_differences:
        outcome = "same_data"
    return Reproduction(snapshot.name, outcome, compared, differences, environment_differences, left_out)


def _whole(snapshot: Path, descriptor: dict[str, Any]) -> list[str]:
    """What cannot be compared. Raises BuildError when a file is not the one the package names."""
    has_restricted = (snapshot / "restricted").is_dir()
    altered = [line for line in damage(snapshot) if has_restricted or not line.startswith("restricted/")]
    if altered:
        raise BuildError(f"{snapshot}: was altered after it was published: {'; '.join(altered[:3])}")
    files = [file for resource in descriptor["resources"] for file in resource.get("files", [resource])]
    listed = [file["path"] for file in files if file["path"].startswith("restricted/")]
    return [] if has_restricted else [f"{path}: restricted tables were left out of this copy" for path in listed]


def _keeps_restricted(making: dict[str, Any]) -> bool:
    return bool(making["settings"]["keep_restricted"])


def _link_raw(raw: Path, target: Path, inputs: list[dict[str, Any]], say: Callable[[str], None]) -> None:
    """Links to the listed WARC files, digests verified; the index is taken along when it is the one recorded."""
    for item in inputs:
        path = raw / item["warc_file"]
        if not path.is_file():
            raise BuildError(f"{path}: is not there; the snapshot was made from it (sha256 {item['sha256']})")
        if item["sha256"] is not None and file_sha256(path) != item["sha256"]:
            raise BuildError(f"{path}: is not the file the snapshot was made from (sha256 {item['sha256']})")
        link = target / item["warc_file"]
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path.resolve())
        index = index_path(path)
        if index.is_file() and file_sha256(index) == item["index_digest"]:
            shutil.copyfile(index, index_path(link))
    say(f"{len(inputs)} raw files verified")


def _environment_differences(making: dict[str, Any]) -> list[str]:
    """What is not as recorded, one line each: ``pyarrow: 21.0.0, was 20.0.0``."""
    recorded, here = making["environment"], environment()
    found = [
        f"{part}: {here[part]}, was {recorded.get(part)}"
        for part in here
        if part != "libraries" and here[part] != recorded.get(part)
    ]
    was = recorded.get("libraries", {})
    return found + [
        f"{library}: {here['libraries'].get(library)}, was {was.get(library)}"
        for library in sorted({*was, *here["libraries"]})
        if here["libraries"].get(library) != was.get(library)
    ]


def _compared(snapshot: Path, rebuilt: Path, *, has_other_environment: bool) -> tuple[list[str], list[Difference]]:
    compared: list[str] = []
    differences: list[Difference] = []
    for path in sorted(rebuilt.rglob("*"), key=lambda path: _order(path.relative_to(rebuilt).as_posix())):
        name = path.relative_to(rebuilt).as_posix()
        if not path.is_file() or (name.startswith("restricted/") and not (snapshot / "restricted").is_dir()):
            continue
        if name in (REPORT, explorer.FILE_NAME) and has_other_environment:
            continue  # made by other code, and `praktyki report` may write both anew at any time
        compared.append(name)
        differences += _file_differences(name, snapshot / name, path)
    return compared, differences


def _order(name: str) -> tuple[int, str]:
    """Tables first, then what is derived from them, the package last."""
    return (0 if name.endswith(".parquet") else 2 if name == FILE_NAME else 1), name


def _file_differences(name: str, recorded: Path, rebuilt: Path) -> Iterator[Difference]:
    if not recorded.is_file():
        yield Difference(name, "is not in the snapshot")
    elif name == FILE_NAME:
        then, now = (_without_environment(path) for path in (recorded, rebuilt))
        if then != now:
            yield Difference(name, f"differs in {', '.join(_parts_that_differ(then, now))}")
    elif recorded.read_bytes() != rebuilt.read_bytes():
        if name.endswith(".parquet"):
            cell = first_difference(tables()[_table_of(name)], pq.read_table(recorded), pq.read_table(rebuilt))
            yield Difference(name, *cell) if cell else Difference(name, "the same rows, written in other bytes")
        else:
            yield Difference(name, "differs")


def _table_of(name: str) -> str:
    """The table that a Parquet file is, or is a part of."""
    parts = [part for part in Path(name).parts if part.endswith(".parquet")]
    return parts[0].removesuffix(".parquet")


def _without_environment(path: Path) -> dict[str, Any]:
    descriptor: dict[str, Any] = json.loads(path.read_bytes())
    for part in ("environment", "parser_fingerprints"):
        descriptor["praktyki"].pop(part, None)
    return descriptor


def _parts_that_differ(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for part in sorted({*then, *now}):
        if part == "praktyki":
            yield from (f"praktyki.{inner}" for inner in _parts_that_differ(then[part], now[part]))
        elif then.get(part) != now.get(part):
            yield part
