"""`kill_driver`, whose crawls take their pages from the web archive of `memento_kit`."""

from __future__ import annotations

import importlib
import os
import signal
from pathlib import Path

from crawl_kit import JumpingClock, means
from memento_kit import CDX

from pipeline import faults
from pipeline.archive import warcfile
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.webarchives.archives import crawl_from


def crawled(data_dir: Path, port: int, start: float, kill_at: int | None, _hosts: int) -> list[str]:
    points: list[str] = []

    def passed(point: str) -> None:
        points.append(point)
        if len(points) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    faults.set_hook(passed)
    warcfile._WRITE_STEP = 700  # type: ignore[misc]  # a record is written in several steps, so that kills tear it
    settings = Settings(data_dir=data_dir, crawl=CrawlSettings(allow_loopback=True))
    using = means(port, clock=JumpingClock(start), file_size=2_000)
    crawl_from(settings, ["gmina"], f"cdx:{CDX}", lambda _line: None, means=using)
    return points


if __name__ == "__main__":
    kill_driver = importlib.import_module("kill_driver")  # beside this file, which runs as a program
    vars(kill_driver)["crawled"] = crawled
    kill_driver.main()
