"""What each command needs of the stages where they lie at addresses (`pipeline.storage.rules.Need`)."""

from __future__ import annotations

import argparse

from pipeline.storage.rules import LATEST, Need, accounts, crawl_files, frontier, indexes, nothing, packages

Options = argparse.Namespace


def crawl(_options: Options) -> list[Need]:
    """Of crawl and import."""
    return [Need("raw", writes=True, at_hand=crawl_files)]


def check_archive(options: Options) -> list[Need]:
    """Every WARC file is opened in turn."""
    return [Need("raw", writes=options.repair, at_hand=crawl_files)]


def why(_options: Options) -> list[Need]:
    """The crawler's knowledge, and single records."""
    return [Need("raw", at_hand=crawl_files)]


def extract(_options: Options) -> list[Need]:
    """WARC files are opened where something changed."""
    return [Need("raw", at_hand=indexes), Need("extracted", writes=True)]


def build(_options: Options) -> list[Need]:
    """The latest snapshot is what the new one is held against."""
    return [
        Need("raw", at_hand=accounts),
        Need("extracted"),
        Need("registers"),
        Need("datasets", writes=True, at_hand=packages, snapshots=(LATEST,)),
    ]


def report(_options: Options) -> list[Need]:
    """Of the latest snapshot."""
    return [Need("datasets", writes=True, at_hand=packages, snapshots=(LATEST,))]


def diff(options: Options) -> list[Need]:
    """Two snapshots."""
    return [Need("datasets", at_hand=packages, snapshots=(options.before, options.after))]


def reproduce(options: Options) -> list[Need]:
    """One snapshot, the one it names as its previous, and the WARC files it lists."""
    return [
        Need("raw", at_hand=indexes),
        Need("registers"),
        Need("datasets", at_hand=packages, snapshots=(options.snapshot,), with_previous=True),
    ]


def prune(options: Options) -> list[Need]:
    """Packages tell which snapshots stay."""
    return [Need("datasets", writes=not options.dry_run, at_hand=packages)]


def query(options: Options) -> list[Need]:
    """One snapshot."""
    return [Need("datasets", at_hand=packages, snapshots=(options.snapshot,))]


def forget(options: Options) -> list[Need]:
    """Every byte of every stage."""
    writes = not options.dry_run
    return [
        Need("raw", writes=writes, forgets=writes),
        Need("extracted", writes=writes, forgets=writes),
        Need("registers"),
        Need("datasets", writes=writes, forgets=writes),
    ]


def trace(options: Options) -> list[Need]:
    """One snapshot and what it was made from."""
    return [
        Need("raw", at_hand=indexes),
        Need("extracted"),
        Need("registers"),
        Need("datasets", at_hand=packages, snapshots=(options.snapshot or LATEST,)),
    ]


def registers(options: Options) -> list[Need]:
    """The tables laid over the package's."""
    return [Need("registers", writes=options.action == "update")]


def status(_options: Options) -> list[Need]:
    """Names and sizes, and what the crawler knows."""
    return [Need("raw", at_hand=frontier), Need("extracted", at_hand=nothing), Need("datasets", at_hand=nothing)]
