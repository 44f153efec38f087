"""Where snapshots lie and which is the latest: told without loading what reads tables, so that status answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

LATEST: Final = "latest"
SNAPSHOTS: Final = "snapshots"


def latest_snapshot(datasets: Path) -> Path | None:
    """Folder of the newest accepted snapshot, None before the first."""
    link = datasets / LATEST
    return link.resolve() if link.is_symlink() and link.is_dir() else None
