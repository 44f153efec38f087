"""Whether a build would find what the last one found: told by fingerprints, without reading a page.

After a build its circumstances are noted in the work cache: names, sizes and times of the extracted files with their headers,
the code and its libraries, registers, settings, what the crawler says of its runs. The next build that finds them the same,
and the snapshot it made still the latest, has nothing to do. This module is imported before anything heavy.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.build.environment import environment
from pipeline.config import Settings
from pipeline.faults import reached

FOLDER: Final = ".build"
_NAME: Final = "last-build.json"


def cache_folder(settings: Settings) -> Path:
    """Where the work cache lies: beside extracted/."""
    return settings.extracted.with_name(FOLDER)


def circumstances(settings: Settings, told: Any) -> str:
    """A digest of everything a build depends on. ``told``: what else the caller asks of it, fit for JSON. Raises OSError."""
    digest = hashlib.sha256(json.dumps([environment(), told], sort_keys=True, default=repr).encode())
    for part in _parts(settings):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()


def note(settings: Settings, found: str, answer: dict[str, Any]) -> None:
    """Notes what a build under the circumstances ``found`` came to. Raises OSError."""
    target = cache_folder(settings) / _NAME
    aside = target.with_suffix(".open")
    reached("cache.note")
    aside.write_text(json.dumps({"circumstances": found, "answer": answer}, ensure_ascii=False), "utf-8")
    aside.replace(target)


def last_answer(settings: Settings, found: str) -> dict[str, Any] | None:
    """What the last build came to, when it was under these circumstances and its snapshot is still the latest."""
    try:
        noted = json.loads((cache_folder(settings) / _NAME).read_bytes())
        answer: dict[str, Any] = noted["answer"]
        link = settings.datasets / "latest"
        is_latest = link.is_symlink() and link.resolve().name == answer["snapshot"] and link.is_dir()
        return answer if noted["circumstances"] == found and is_latest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none, or of another version: everything is looked at


def _parts(settings: Settings) -> Iterator[str]:
    yield repr((str(settings.datasets), settings.privacy, settings.sources_dir))
    for path in sorted(settings.extracted.rglob("*.jsonl")) if settings.extracted.is_dir() else ():
        stat = path.stat()
        with path.open("rb") as file:
            head = file.readline()
        yield f"{path.relative_to(settings.extracted)} {stat.st_size} {stat.st_mtime_ns} {stat.st_ino} {head!r}"
    for folder in (settings.registers, settings.sources_dir, settings.raw / "runs"):
        for path in sorted(folder.rglob("*")) if folder is not None and folder.is_dir() else ():
            if path.is_file() and path.suffix in (".json", ".toml", ".py", ".csv", ".gz"):
                yield f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"
