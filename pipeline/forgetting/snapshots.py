"""What becomes of snapshots when a person is forgotten: the latest is made anew without the person, older ones go.

A snapshot goes when it names the person, and when it was made from captures that are forgotten: it could neither be traced nor
reproduced, and may still hold what those pages said. The latest is made once more from the very files its package lists, so
that nothing is published along with it that the gate has not let through.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.archive.index import archive_digests
from pipeline.build.edition.changes import changes_between
from pipeline.build.edition.contents import Contents
from pipeline.build.edition.files import CHANGES, write_files
from pipeline.build.edition.package import FILE_NAME, descriptor_of, recorded_gate
from pipeline.build.environment import environment
from pipeline.build.gate.checks import personal_data_problems
from pipeline.build.latest import LATEST, SNAPSHOTS, latest_snapshot
from pipeline.build.run import checked_contents
from pipeline.build.snapshot import (
    PRUNED,
    point_latest,
    publish,
    synced,
    work_folder,
)
from pipeline.build.tables.rows import Rows
from pipeline.config import Privacy, Settings
from pipeline.errors import BuildError
from pipeline.extract.run import extracted_name
from pipeline.faults import reached
from pipeline.forgetting.files import residues
from pipeline.forgetting.readings import readings
from pipeline.forgetting.scan import ArchiveScan
from pipeline.privacy.scan import leaks_in_files
from pipeline.privacy.terms import Matcher
from pipeline.schema.spec import tables
from pipeline.temporary import temporary_folder

CAUSE: Final = "forgotten"
NAMES_PERSON: Final = "names the person"
MADE_FROM: Final = "was made from captures that are forgotten"
_INSTEAD: Final = ".instead"
"""Put behind the name of a snapshot made anew that has the name of the one it replaces."""
_ACCEPTED: Final = "taken over from the snapshot that is made anew"


class Doomed(NamedTuple):
    """Snapshots that must go, id → why, and whether the latest is among them and has to be made anew."""

    why: dict[str, str]
    latest: str | None


def doomed_snapshots(settings: Settings, matcher: Matcher, scan: ArchiveScan) -> Doomed:
    """Which snapshots must go. Raises ArchiveError when a file of theirs cannot be read."""
    folder = settings.datasets / SNAPSHOTS
    why: dict[str, str] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not path.is_dir():
            continue
        if _is_made_from(path, settings.raw, scan):
            why[path.name] = MADE_FROM
        elif next(residues([path], matcher), None) is not None:
            why[path.name] = NAMES_PERSON
    latest = latest_snapshot(settings.datasets)
    return Doomed(why, latest.name if latest is not None and latest.name in why else None)


def _is_made_from(snapshot: Path, raw: Path, scan: ArchiveScan) -> bool:
    """Whether a file it was made from holds a tombstone that was not there then, or will."""
    try:
        inputs = descriptor_of(snapshot)["praktyki"]["inputs"]
    except (BuildError, KeyError):
        return False  # without a package nobody knows; what it holds is looked at
    return any(
        item["warc_file"] in scan.hits
        or (item["warc_file"] in scan.tombstoned and archive_digests(raw / item["warc_file"]).warc_sha256 != item["sha256"])
        for item in inputs
    )


def made_anew(settings: Settings, latest: str, matcher: Matcher, say: Callable[[str], None]) -> str:
    """Makes the latest snapshot once more from what is left of its files, and publishes it; its id. Hold the lock of datasets/.

    extracted/ must be up to date. Raises BuildError, RefusedByGate and what reading extracted/ raises.
    """
    old = settings.datasets / SNAPSHOTS / latest
    descriptor = descriptor_of(old)
    making = descriptor["praktyki"]
    with work_folder(settings.datasets) as folder, temporary_folder("forget") as aside:
        ours = _restricted_to(settings, aside.resolve(), making)
        contents = checked_contents(ours, folder, lambda _line: None, _ACCEPTED)
        gate = recorded_gate(old / FILE_NAME)
        kept = [problem for problem in gate.problems if not _names(matcher, json.dumps(problem._asdict(), ensure_ascii=False))]
        contents = contents._replace(gate=gate._replace(problems=kept))
        if contents.name == latest:  # only records beside the captures were forgotten, or what changed since the one before
            contents = _with_old_changes(contents, old, making, matcher)
        else:
            contents = _with_changes(contents, old, making, matcher)
        write_files(folder, contents)
        leaks = [*personal_data_problems(leaks_in_files(folder))]
        if leaks:
            raise BuildError(f"{leaks[0].told}: the snapshot made anew cannot be published; run `praktyki build` to see all")
        there = settings.datasets / SNAPSHOTS / contents.name
        if contents.name == latest:
            publish(settings.datasets, folder, f"{latest}{_INSTEAD}")
            settle(settings.datasets)
        elif there.is_dir() and _is_same(there, folder):
            point_latest(settings.datasets, contents.name)
        else:
            if there.is_dir():
                remove(settings.datasets, contents.name)
            publish(settings.datasets, folder, contents.name)
        say(f"snapshot {latest} was made anew without what is forgotten: {contents.name}")
        return contents.name


def settle(datasets: Path) -> None:
    """Gives a snapshot that was made in the place of one of the same name that name. Hold the lock of datasets/.

    ``latest`` leads to a whole snapshot at every moment; a run that was cut short is finished by the next.
    """
    latest = latest_snapshot(datasets)
    if latest is None or not latest.name.endswith(_INSTEAD):
        return
    target = latest.with_name(latest.name.removesuffix(_INSTEAD))
    aside = datasets / f"{PRUNED}{target.name}-copy"
    shutil.rmtree(aside, ignore_errors=True)
    reached("forget.copy")
    shutil.copytree(latest, aside, copy_function=os.link)
    if target.is_dir():
        remove(datasets, target.name)
    reached("forget.swap")
    aside.rename(target)
    synced(target.parent)
    point_latest(datasets, target.name)
    remove(datasets, latest.name)


def remove(datasets: Path, name: str) -> None:
    """Removes a snapshot that is not the latest. Hold the lock of datasets/. Raises BuildError."""
    aside = datasets / f"{PRUNED}{name}"
    try:
        reached("forget.snapshot")
        (datasets / SNAPSHOTS / name).rename(aside)
        synced(datasets / SNAPSHOTS)
        reached("forget.snapshot_removed")
        shutil.rmtree(aside)
    except OSError as error:
        raise BuildError(f"{error.filename}: {error.strerror}; run again to remove the rest") from error


def point_elsewhere(datasets: Path, doomed: Mapping[str, str]) -> str | None:
    """Lets ``latest`` point at the newest snapshot that stays, or takes it away where none does; that snapshot."""
    stay = sorted(path.name for path in (datasets / SNAPSHOTS).iterdir() if path.is_dir() and path.name not in doomed)
    if stay:
        point_latest(datasets, stay[-1])
        return stay[-1]
    reached("forget.no_latest")
    (datasets / LATEST).unlink(missing_ok=True)
    synced(datasets)
    return None


def _restricted_to(settings: Settings, work: Path, making: Mapping[str, Any]) -> Settings:
    """The settings of a folder in which stand the extracted files of the inputs a package lists, and no others."""
    keeps = Privacy(keep_restricted=bool(making["settings"]["keep_restricted"]))
    ours = msgspec.structs.replace(settings.at(work), privacy=keeps)
    for item in making["inputs"]:
        name = extracted_name(item["warc_file"])
        source = settings.extracted / name
        if not source.is_file():
            raise BuildError(f"{source}: is not there; the latest snapshot was made from it and cannot be made anew")
        (ours.extracted / name).parent.mkdir(parents=True, exist_ok=True)
        (ours.extracted / name).symlink_to(source.resolve())
    if settings.registers.is_dir():
        ours.registers.symlink_to(settings.registers.resolve(), target_is_directory=True)
    return ours


def _with_changes(contents: Contents, old: Path, making: Mapping[str, Any], matcher: Matcher) -> Contents:
    """`changes` against the snapshot that goes, told as forgotten: without what it said before."""
    is_same_code = making["environment"] == environment()
    rows = Rows()
    for row in _told(changes_between(old, contents.made), matcher, is_same_code=is_same_code):
        rows.add(CHANGES, row)
    return contents._replace(made={**contents.made, CHANGES: rows.arrow(CHANGES)}, previous=old.name)


def _with_old_changes(contents: Contents, old: Path, making: Mapping[str, Any], matcher: Matcher) -> Contents:
    """`changes` as they were, without the rows that name the person."""
    rows = pq.read_table(old / tables()[CHANGES].path)
    clean = [not _names(matcher, json.dumps(row, ensure_ascii=False, default=str)) for row in rows.to_pylist()]
    return contents._replace(
        made={**contents.made, CHANGES: rows.filter(pa.array(clean, pa.bool_()))}, previous=making["previous"]
    )


def _told(changes: Iterator[dict[str, Any]], matcher: Matcher, *, is_same_code: bool) -> Iterator[dict[str, Any]]:
    for row in changes:
        is_ours = not is_same_code and row["cause"] in ("our_code", "new_register")
        told = row | {"before": None} if is_ours else row | {"before": None, "cause": CAUSE}
        if not _names(matcher, json.dumps(told, ensure_ascii=False, default=str)):
            yield told


def _is_same(there: Path, folder: Path) -> bool:
    """Whether a snapshot lists the inputs of the one in ``folder``, as they are now."""
    return bool(descriptor_of(there)["praktyki"]["inputs"] == descriptor_of(folder)["praktyki"]["inputs"])


def _names(matcher: Matcher, text: str) -> bool:
    return matcher.holds_any(readings(text))
