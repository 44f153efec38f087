"""Pictures for docs/images/, taken of the demo by `make screenshots`: report, map, a practice in the explorer, the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from html import escape
from pathlib import Path

from browser_kit import Browser, browser
from selenium.webdriver.support.ui import WebDriverWait

PROJECT = Path(__file__).parents[1]
LATEST = PROJECT / "demo-data" / "datasets" / "latest"
IMAGES = PROJECT / "docs" / "images"
TRACE = ("trace", "practices", "bdp:112", "population", "--data-dir", "demo-data")
OPEN_PRACTICE = "record=practices%2Fbdp:112"
_TERMINAL = (
    "<!doctype html><meta charset='utf-8'><title>terminal</title><style>body{margin:0;background:#15181b;color:#e8e6e0;"
    "font:14px/1.45 'Liberation Mono','DejaVu Sans Mono',monospace;padding:24px}"
    "pre{margin:0;white-space:pre-wrap}b{color:#86d0c4}</style>"
)


def terminal_page(folder: Path) -> Path:
    """What `praktyki trace` prints, as a page."""
    asked = [sys.executable, "-m", "pipeline", *TRACE]
    settings = {**os.environ, "COLUMNS": "90", "NO_COLOR": "1"}
    told = subprocess.run(asked, cwd=PROJECT, env=settings, capture_output=True, text=True, check=True).stdout
    page = folder / "terminal.html"
    page.write_text(f"{_TERMINAL}<pre><b>$ praktyki {' '.join(TRACE)}</b>\n{escape(told)}</pre>", "utf-8")
    return page


def taken(window: Browser, name: str, width: int = 1280, height: int = 900) -> None:
    """One picture of what is seen."""
    window.size(width, height)
    window.picture(IMAGES / f"{name}.png")


def main() -> None:
    """Takes all pictures; the demo must have been made."""
    IMAGES.mkdir(exist_ok=True)
    report = (LATEST / "report.html").resolve()
    explorer = (LATEST / "explorer.html").resolve()
    with browser() as window:
        window.open(report)
        taken(window, "report")
        window.script("document.getElementById('map').scrollIntoView()")
        taken(window, "map", height=1000)
        window.prefer(scheme="dark")
        window.open(report.as_uri() + "#lang=en&at=practices")
        taken(window, "report-dark")
        window.prefer()
        window.open(explorer.as_uri() + "#" + OPEN_PRACTICE)
        WebDriverWait(window.driver, 20).until(lambda _: window.find_all("#record:not([hidden]) #record-title"))
        taken(window, "practice")
        page = terminal_page(IMAGES)
        try:
            window.open(page)
            taken(window, "terminal", width=960, height=400)
        finally:
            page.unlink()


if __name__ == "__main__":
    main()
