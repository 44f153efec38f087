"""Forks one crawl after the other, each killed at the point it is told. Talks JSON lines over stdin and stdout.

Command: data_dir, port, clock, kill_at (null: nowhere), hosts (1, as without: with a delay between requests; more: without
delay, so that their answers are written together). Answer: exit (negative: the signal), points passed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from crawl_kit import HOST, JumpingClock, means, run, source

from pipeline import faults
from pipeline.archive import warcfile
from pipeline.sources.spec import RevisitDays

EVERY_RUN = RevisitDays(listing=0, detail=0, attachment=0, sitemap=0)


def crawled(data_dir: Path, port: int, start: float, kill_at: int | None, hosts: int) -> list[str]:
    points: list[str] = []

    def passed(point: str) -> None:
        points.append(point)
        if len(points) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    faults.set_hook(passed)
    warcfile._WRITE_STEP = 300  # type: ignore[misc]  # a record is written in several steps, so that kills tear it
    said: list[str] = []
    names = (HOST, *(f"gmina{number}.example.org" for number in range(1, hosts)))
    made = source(
        hosts=names,
        seeds=[f"http://{name}/" for name in names],
        revisit_days=EVERY_RUN,
        delay_seconds=1.0 if hosts == 1 else 0.0,
    )
    using = means(port, made, clock=JumpingClock(start), file_size=12_000)
    run(data_dir, using, said=said)
    return points


def main() -> None:
    for line in sys.stdin:
        command = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            points = crawled(
                Path(command["data_dir"]), command["port"], command["clock"], command["kill_at"], command.get("hosts", 1)
            )
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
