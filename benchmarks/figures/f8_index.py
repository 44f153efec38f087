"""An index of the form of Common Crawl's, filtered by host before any page is fetched."""

from __future__ import annotations

import gzip
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.figure import Line, Setting
from pipeline.archive.surt import surt_key
from pipeline.crawl.webarchives.cdx import cdx_list

TITLE = "8. Lines of a large index: those of our hosts found by their keys, beside reading every line"
INFLATED, KEPT, READ = "inflated alone", "lines of our hosts kept by their keys", "every line read, then judged"
_OURS = ("dobrepraktyki.pl", "slideplayer.pl", "bpzoliborz.pl")
_EVERY = 1_000  # one line in so many is ours
_BLOCK = 3_000  # lines a gzip member, as in Common Crawl's files


def measured(setting: Setting) -> list[Line]:
    """CPU seconds in this process; each line stands for a capture, so "pages" are lines."""
    number = 30_000 if setting.is_quick else 300_000
    path = setting.work / "cdx-00000.gz"
    _write_index(path, number)
    keys = tuple(surt_key(f"http://{host}/").partition(")")[0].encode() for host in _OURS)
    sides: dict[str, Callable[[], int]] = {
        INFLATED: lambda: _counted(path, lambda _line: True),
        KEPT: lambda: _counted(path, lambda line: line.startswith(keys)),
        READ: lambda: _judged(path),
    }
    taken: dict[str, list[float]] = {name: [] for name in sides}
    found: dict[str, int] = {}
    for _ in range(max(setting.rounds, 3)):
        for name, side in sides.items():
            start = time.process_time()
            found[name] = side()
            taken[name].append(time.process_time() - start)
    seconds = {name: statistics.median(values) for name, values in taken.items()}
    return [
        Line(
            side=name,
            pages=number,
            cpu_seconds=round(seconds[name], 4),
            pages_per_cpu_second=round(number / seconds[name], 1),
            ratio=None if name == INFLATED else round(seconds[name] / seconds[INFLATED], 3),
            against=None if name == INFLATED else INFLATED,
            note=None if name == INFLATED else f"{found[name]} of our hosts",
        )
        for name in sides
    ]


def _counted(path: Path, is_wanted: Callable[[bytes], bool]) -> int:
    with gzip.open(path) as file:
        return sum(map(is_wanted, file))


def _judged(path: Path) -> int:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return sum(any(f"//{host}/" in line.url for host in _OURS) for line in cdx_list(file.read()).lines)


def _write_index(path: Path, number: int) -> None:
    dice = random.Random(20_260_101)  # noqa: S311 - not for secrets
    lines = []
    for n in range(number):
        host = _OURS[n // _EVERY % len(_OURS)] if n % _EVERY == 0 else f"host-{dice.getrandbits(20)}.example.org"
        url = f"https://{host}/{dice.getrandbits(40):x}/{n}.html"
        member = (
            f"crawl-data/CC-MAIN-2026-05/segments/17000{dice.getrandbits(20)}.{n % 100}/warc/CC-MAIN-2026-{n % 720:05}.warc.gz"
        )
        facts = {
            "url": url,
            "mime": "text/html",
            "mime-detected": "text/html",
            "status": "200",
            "digest": f"{dice.getrandbits(160):032X}",
            "length": str(dice.getrandbits(15)),
            "offset": str(dice.getrandbits(30)),
            "filename": member,
            "charset": "UTF-8",
            "languages": "pol",
        }
        time_of_day = f"{n % 24:02}{n // 24 % 60:02}{n // 1440 % 60:02}"
        lines.append(f"{surt_key(url)} 20260115{time_of_day} {json.dumps(facts)}\n".encode())
    lines.sort()
    with path.open("wb") as file:
        for first in range(0, number, _BLOCK):
            file.write(gzip.compress(b"".join(lines[first : first + _BLOCK]), 6))
