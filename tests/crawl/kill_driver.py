"""Forks one crawl after the other, each killed at the point it is told. Talks JSON lines over stdin and stdout.

Command: data_dir, port, clock, kill_at (null: nowhere). Answer: exit (negative: the signal), points passed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from crawl_kit import JumpingClock, means, run, source

from pipeline import faults
from pipeline.archive import writer
from pipeline.sources.spec import RevisitDays

EVERY_RUN = RevisitDays(listing=0, detail=0, attachment=0, sitemap=0)


def crawled(data_dir: Path, port: int, start: float, kill_at: int | None) -> list[str]:
    points: list[str] = []

    def passed(point: str) -> None:
        points.append(point)
        if len(points) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    faults.set_hook(passed)
    writer._WRITE_STEP = 700  # type: ignore[misc]  # a record is written in several steps, so that kills tear it
    said: list[str] = []
    using = means(port, source(revisit_days=EVERY_RUN), clock=JumpingClock(start), file_size=12_000)
    run(data_dir, using, said=said)
    return points


def main() -> None:
    for line in sys.stdin:
        command = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            points = crawled(Path(command["data_dir"]), command["port"], command["clock"], command["kill_at"])
            os.write(writing, json.dumps(points).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps({"exit": status, "points": json.loads(told) if told else []}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
