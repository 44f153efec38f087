"""Commands over published snapshots."""

from __future__ import annotations

import argparse

from pipeline.commands import needs
from pipeline.commands.common import Command, engine_arguments, say_of, settings_of
from pipeline.errors import UsageError
from pipeline.outcome import Outcome
from pipeline.terminal.streams import mention

_PORTS = 65_535


def _diff(options: argparse.Namespace) -> Outcome:
    """Two snapshots compared."""
    from pipeline.build.edition.package import snapshot_folder
    from pipeline.build.upkeep.told import difference_told

    datasets = settings_of(options).datasets
    return Outcome(*difference_told(snapshot_folder(datasets, options.before), snapshot_folder(datasets, options.after)))


def _reproduce(options: argparse.Namespace) -> Outcome:
    """A snapshot made once more."""
    from pipeline.build.edition.package import snapshot_folder
    from pipeline.build.upkeep.reproduce import reproduction
    from pipeline.build.upkeep.told import reproduction_told

    settings = settings_of(options)
    result = reproduction(settings, snapshot_folder(settings.datasets, options.snapshot), say_of(options))
    return Outcome(*reproduction_told(result), 1 if result.outcome == "different" else 0)


def _prune(options: argparse.Namespace) -> Outcome:
    """Old snapshots removed."""
    from pipeline.build.snapshot import datasets_lock
    from pipeline.build.upkeep.prune import pruned, pruning
    from pipeline.build.upkeep.told import pruning_told

    if options.keep < 1:
        raise UsageError(f"--keep {options.keep}: at least one snapshot stays")
    datasets = settings_of(options).datasets
    if options.dry_run or not datasets.is_dir():
        return Outcome(*pruning_told(pruning(datasets, options.keep), is_plan=options.dry_run))
    with datasets_lock(datasets, say_of(options)):
        return Outcome(*pruning_told(pruned(datasets, options.keep), is_plan=False))


def _serve(options: argparse.Namespace) -> Outcome:
    """A snapshot on loopback until it is stopped."""
    from pipeline.build.edition.package import snapshot_folder
    from pipeline.explorer.server import SnapshotServer, until_stopped

    if not 0 <= options.port <= _PORTS:
        raise UsageError(f"--port {options.port}: a number from 0 (any free port) to {_PORTS}")
    folder = snapshot_folder(settings_of(options).datasets, options.snapshot)
    with SnapshotServer(folder, options.port) as server:
        say = say_of(options)
        told = f"serving snapshot {folder.name} at {server.address} (read-only, this machine only); stop with Ctrl-C"
        mention(told, on_stderr=options.json)  # the result, so with --quiet too
        if "/explorer.html" not in server.files:
            say("this snapshot has no explorer.html yet: `praktyki report` writes it for the latest one")
        until_stopped(server)
        return Outcome({"snapshot": folder.name, "address": server.address}, "" if options.quiet else "stopped")


def _diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("before", metavar="A", help="id of a snapshot, latest, or a folder")
    parser.add_argument("after", metavar="B", nargs="?", default="latest", help="the same (default: latest)")


def _reproduce_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("snapshot", metavar="SNAPSHOT", nargs="?", default="latest", help="id, latest, or a folder")
    engine_arguments(parser)


def _prune_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keep", type=int, required=True, metavar="N", help="how many of the newest stay (1 or more)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be removed, remove nothing")


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("snapshot", metavar="SNAPSHOT", nargs="?", default="latest", help="id, latest, or a folder")
    parser.add_argument("--port", type=int, default=8470, metavar="N", help="port of 127.0.0.1 (default: 8470; 0: a free one)")


TITLE = "Compare and keep snapshots"
COMMANDS = (
    Command("diff", "what differs between two snapshots, cell by cell and by cause", _diff, _diff_arguments, needs.diff),
    Command(
        "reproduce",
        "make a snapshot once more from the raw files its package lists, and compare bytes",
        _reproduce,
        _reproduce_arguments,
        needs.reproduce,
    ),
    Command(
        "prune",
        "remove old snapshots; never the latest, never one that a kept one names as its previous",
        _prune,
        _prune_arguments,
        needs.prune,
    ),
    Command(
        "serve",
        "show a snapshot's report, explorer and public tables on 127.0.0.1, read-only",
        _serve,
        _serve_arguments,
        needs.query,
    ),
)
