"""`python -m benchmarks.explorer [PRACTICES [SLIDES]]`: the explorer of a made-up snapshot, made and used in Chromium.

Prints what making it costs (processor time, memory), when a reader first sees something, when the list can be used, and how
long the page takes from a key stroke to the new list, letter by letter. The browser and the snapshot come from the test suite.
"""

from __future__ import annotations

import importlib
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipeline.explorer.page import write_explorer
from pipeline.privacy.scan import leaks_in_files

QUERIES = ("bibliotek", "zolib", "gmina wiejska podkarpackie bibliotek", "Київ книжка", "a")
_STROKE = """
const [text, done] = arguments;
const query = document.getElementById("query");
const times = [];
const next = (length) => {
  if (length > text.length) return done(times);
  query.value = text.slice(0, length);
  const begin = performance.now();
  query.dispatchEvent(new Event("input"));
  document.getElementById("list").getBoundingClientRect();
  times.push(performance.now() - begin);
  requestAnimationFrame(() => setTimeout(() => next(length + 1), 30));
};
next(1);
"""
_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0].startTime"
_USABLE = """
const done = arguments[0];
const look = () => document.querySelector("#list > li") ? done(performance.now()) : setTimeout(look, 5);
look();
"""


def _tests(name: str) -> Any:
    """A module that helps the tests; they are no package."""
    folder = str(Path(__file__).parents[1] / "tests")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


def main(practices: int = 5000, slides: int = 50_000) -> None:
    """Makes, opens and searches the explorer; figures on stdout."""
    with tempfile.TemporaryDirectory(prefix="praktyki-explorer-") as name:
        folder = Path(name)
        _tests("wide_snapshot").write_wide_snapshot(folder, practices, slides)
        before = time.process_time()
        page = write_explorer(folder, "2026-01-01-00000000")
        made = time.process_time() - before
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        before = time.process_time()
        leaks = list(leaks_in_files(folder))
        scanned = time.process_time() - before
        _say(f"{practices} practices, {slides} slides: {page.stat().st_size / 1e6:.1f} MB")
        _say(f"made in {made:.1f} s of processor time, {memory:.0f} MB at most with the made-up tables in the same process")
        _say(f"looked through for personal data in {scanned:.1f} s, {len(leaks)} found")
        with _tests("browser_kit").browser() as reader:
            reader.open(page)
            usable = reader.driver.execute_async_script(_USABLE)
            _say(f"first contentful paint {reader.script(_PAINT):.0f} ms, list usable {usable:.0f} ms after opening")
            for query in QUERIES:
                times = reader.driver.execute_async_script(_STROKE, query)
                said = f"median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms a key stroke"
                _say(f"{query!r}: {reader.seen('#count')}, {said}")
            for kind in ("practices/bdp:77", "presentations/slideplayer.pl:7000077"):
                took = reader.driver.execute_async_script(
                    "const [record, done] = arguments; const begin = performance.now(); look.set({ record }, { push: true });"
                    "const at = () => document.querySelector('#record:not([hidden]) h1') ? done(performance.now() - begin)"
                    " : setTimeout(at, 1); at()",
                    kind,
                )
                _say(f"{kind} opened in {took:.0f} ms")
                reader.script("look.set({ record: null })")
            _say(f"errors in the console: {reader.console_errors()}; requests to others: {reader.foreign_requests()}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
