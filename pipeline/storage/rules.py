"""What belongs to a stage at an address, in which order it is sent, and what a command needs of it.

The names are those of the stages themselves; tests/storage holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

LATEST: Final = "latest"
SNAPSHOTS: Final = "snapshots"
PACKAGE: Final = "datapackage.json"
SNAPSHOT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_WARC = (".warc.gz", ".damaged")
_NOT_SENT = (".open", ".part", "-wal", "-shm", "-journal")
_CACHES = ("ledger.sqlite",)


class Need(NamedTuple):
    """What a command needs of a stage: whether it writes there, and which files must really be at hand when it begins.

    Of all others there is a stand-in, which `pipeline.storage.hand.opened` replaces. ``snapshots`` (ids, or ``latest``) are
    wanted whole, with what they name as their previous one when ``with_previous``. ``forgets``: what was put aside when both
    sides had changed is searched by nobody and goes.
    """

    stage: str
    writes: bool = False
    at_hand: Callable[[str], bool] = lambda _name: True
    snapshots: tuple[str, ...] = ()
    with_previous: bool = False
    forgets: bool = False


def indexes(name: str) -> bool:
    """Of raw/: the CDXJ indexes and the accounts of crawls; WARC files come when they are opened."""
    return name.endswith(".cdxj") or accounts(name)


def accounts(name: str) -> bool:
    """Of raw/: the closing accounts of crawls."""
    return name.startswith("runs/") and name.endswith(".json")


def crawl_files(name: str) -> bool:
    """Of raw/: everything but the WARC files."""
    return not name.endswith(_WARC)


def frontier(name: str) -> bool:
    """Of raw/: what the crawler knows."""
    return name.endswith(".sqlite") or accounts(name)


def packages(name: str) -> bool:
    """Of datasets/: the package of each snapshot, and what lies beside the snapshots."""
    return not name.startswith(f"{SNAPSHOTS}/") or name.endswith(f"/{PACKAGE}")


def nothing(_name: str) -> bool:
    """Names and sizes only."""
    return False


def is_safe(name: str) -> bool:
    """Whether an object's name may become a path below a folder: relative, no way up, nothing hidden, printable."""
    parts = name.split("/")
    return (
        len(name) <= 900
        and name.isprintable()
        and not any(letter in name for letter in '\\:*?"<>|')
        and all(part and not part.startswith(".") and part.strip() == part and len(part.encode()) <= 250 for part in parts)
    )


def is_sent(name: str) -> bool:
    """Whether a file of a working copy belongs to the stage: not what is open, a cache, or hidden."""
    last = name.rpartition("/")[2]
    return is_safe(name) and not last.endswith(_NOT_SENT) and not last.startswith(_CACHES)


def snapshot_of(name: str) -> str | None:
    """Id of the snapshot a file of datasets/ belongs to."""
    parts = name.split("/")
    return parts[1] if parts[0] == SNAPSHOTS and len(parts) > 2 else None


def phase(stage: str, name: str) -> int:
    """Files of a lower phase are sent first: whoever sees one of a later phase finds the others.

    WARC files, their indexes, accounts, the frontier; of a snapshot all files, then its package. The pointer comes after all.
    """
    if stage == "raw":
        return 0 if name.endswith(_WARC) else 1 if name.endswith(".cdxj") else 3 if name.endswith(".sqlite") else 2
    if stage == "datasets":
        return 2 if snapshot_of(name) is None else 1 if name.endswith(f"/{PACKAGE}") and name.count("/") == 2 else 0
    return 0


def keeps_unsent(stage: str) -> bool:
    """Whether what lies in the working copy alone is kept: a run that was cut short archived it, and it is nowhere else."""
    return stage == "raw"
