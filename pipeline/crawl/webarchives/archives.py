"""``crawl --from``: pages of a site that is gone, from a web archive that still has them or from WARC files.

A list of captures is fetched from the archive's CDX server and kept in the frontier's database, so that a run that is cut
short, by a kill or by its budget of requests, is continued. Of each address the best capture is fetched; where it turns
out to be none, the next best. Addresses of which a good capture is there already are left alone.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pipeline import __version__
from pipeline.archive.dates import timestamp14
from pipeline.archive.importer import taken_from
from pipeline.archive.warc import FROM_ARCHIVE, ORIGIN, WarcRecord
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.crawler import Crawler
from pipeline.crawl.log import RunLog
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.recording.reconcile import reconciled
from pipeline.crawl.recording.recorder import Recorder
from pipeline.crawl.runs.run import RUNS, CrawlReport, Means, Run, Say, crawl
from pipeline.crawl.scoping.canonical import NotAnAddress, canonical
from pipeline.crawl.scoping.scope import InScope
from pipeline.crawl.webarchives.archive_crawler import ArchiveCrawler
from pipeline.crawl.webarchives.cdx import cdx_list
from pipeline.crawl.webarchives.cdx_client import CdxServer, cdx_server
from pipeline.crawl.webarchives.mementos import prepared
from pipeline.errors import UsageError

_LIST_SUFFIXES: Final = (".cdx", ".cdxj")
_MOST_ROUNDS: Final = 5


def crawl_from(
    settings: Settings,
    names: Sequence[str],
    place: str,
    say: Say,
    *,
    more_seeds: Sequence[str] = (),
    means: Means | None = None,
) -> CrawlReport:
    """Takes pages of the named sources from ``place``: ``wayback``, ``cdx:URL`` or ``warc:PATH``; the closing account.

    Raises UsageError for another place, a source not named, and what `runs.run.crawl` raises it for.
    """
    if not names:
        raise UsageError("--from takes pages of one source or several; name them")
    kind, _, where = place.partition(":")
    make_run: Callable[..., Run]
    if place == "wayback" or (kind == "cdx" and where):
        chosen = settings.crawl
        address = chosen.wayback if place == "wayback" else where
        server = cdx_server(address, chosen.archive_mementos, since=chosen.archive_since, until=chosen.archive_until)
        make_run = functools.partial(_ServerRun, server, chosen)
    elif kind == "warc" and where:
        path = Path(where)
        if not path.exists():
            raise UsageError(f"--from warc:{where}: there is no such file or folder")
        make_run = functools.partial(_FilesRun, path, settings.crawl)
        nothing_asked = Manner(user_agent=f"praktyki/{__version__} (reads files; asks nothing of anyone)")
        means = means or Means()
        means = dataclasses.replace(means, manner=means.manner or nothing_asked)
    else:
        raise UsageError(f"--from {place}: write wayback, cdx:URL of a CDX server, or warc:PATH of WARC files")
    return crawl(settings, names, say, more_seeds=more_seeds, means=means, make_run=make_run)


class _ServerRun(Run):
    """One run that asks an archive."""

    def __init__(self, server: CdxServer, settings: CrawlSettings, *arguments: object) -> None:
        self._server = server
        self._settings = settings
        super().__init__(*arguments)  # type: ignore[arg-type]  # those of Run, handed on as they came

    def _subject(self) -> list[str]:
        return [f"{name} from {self._server.address}" for name in sorted(self._scopes)]

    def _enqueue(self, run: str, now: float) -> None:  # noqa: ARG002 - what is due at the publisher is no matter here
        prepared(self._frontier)
        self._enter_rules(run)

    def _crawler(self, recorder: Recorder, log: RunLog, kind: type[Crawler] = ArchiveCrawler) -> Crawler:
        crawler = super()._crawler(recorder, log, kind)
        if isinstance(crawler, ArchiveCrawler):
            crawler.take_from(self._server, self._settings, everything_due=self._means.everything_due)
        return crawler


class _FilesRun(Run):
    """One run that reads WARC files, or those that a CDX or CDXJ file lists."""

    def __init__(self, path: Path, settings: CrawlSettings, *arguments: object) -> None:
        self._path = path
        self._settings = settings
        self._listed: set[tuple[str, str]] | None = None
        super().__init__(*arguments)  # type: ignore[arg-type]  # those of Run, handed on as they came

    def _subject(self) -> list[str]:
        return [f"{name} from {self._path.name}" for name in sorted(self._scopes)]

    def _enqueue(self, run: str, now: float) -> None:  # noqa: ARG002 - as above
        self._enter_rules(run)

    def crawled(self) -> CrawlReport:
        info = {"robots": "classic", "run": self._run}
        recorder = Recorder(
            self._raw_dir, self._frontier, self._scopes, self._run, now=self._clock.now, info=info, keeper=self._keeper
        )
        paths = self._paths()
        failures: list[str] = []
        added = there = 0
        with RunLog(self._raw_dir / RUNS / f"{self._run}.log") as log:
            log.write(self._clock.now(), "begin", run=self._run, sources=sorted(self._scopes), path=str(self._path))
            for name in sorted(self._scopes):
                for turn in range(_MOST_ROUNDS):  # a page names files that were not wanted before it was read
                    fresh = 0
                    for path in paths:
                        wanted = functools.partial(self._is_wanted, name)
                        say = self._say_once(turn)
                        fields = ((ORIGIN, FROM_ARCHIVE),)
                        report = taken_from(path, self._raw_dir, name, wanted, fields, say, self._keeper.keeps_out)
                        fresh += report.added
                        there += report.already_there if not turn else 0
                        failures += [f"{where}: {reason}" for where, reason in report.failures] if not turn else []
                    added += fresh
                    reconciled(self._raw_dir, self._frontier, recorder.entries, self._scopes, self._sources, self._run)
                    if not fresh:
                        break
            for line in failures:
                self._say(line)
            self._say(f"{added} captures taken from {self._path}, {there} were there already")
            with self._frontier.transaction():
                for name in sorted(self._scopes):
                    self._frontier.defer(self._run, "the files hold no good capture of it", 0.0, "source = ?", name)
            closed = self._closed("finished", log)
        return closed._replace(exit_code=closed.exit_code or (5 if failures else 0))

    def _say_once(self, turn: int) -> Say:
        return self._say if not turn else lambda _line: None

    def _is_wanted(self, name: str, record: WarcRecord) -> bool:
        if record.status_code not in (None, 200) or record.type == "revisit":
            return False
        scope = self._scopes[name]
        time = record.captured_at
        digits = timestamp14(time.isoformat()) if time is not None else ""
        since, until = self._settings.archive_since, self._settings.archive_until
        if (since or until) and not (since or "").ljust(14, "0") <= digits <= (until or "").ljust(14, "9"):
            return False
        if self._listed is not None and (record.uri, digits) not in self._listed:
            return False
        try:
            address = canonical(record.uri, scope.crawl)
        except NotAnAddress:
            return False
        if address.key in scope.seeds or isinstance(scope.judged(record.uri, "listing", 0), InScope):
            return True
        row = self._frontier.address(name, address.key)
        return row is not None and row.state != "out_of_scope"

    def _paths(self) -> list[Path]:
        if self._path.suffix.lower() not in _LIST_SUFFIXES:
            return [self._path]
        try:
            lines = cdx_list(self._path.read_text("utf-8")).lines
        except (OSError, ValueError) as error:
            raise UsageError(f"--from warc:{self._path}: {error}") from error
        self._listed = {(line.url, line.timestamp) for line in lines if line.is_good}
        found: list[Path] = []
        for name in sorted({line.filename for line in lines if line.filename}):
            places = (
                self._path.parent / name,
                self._path.parent / Path(name).name,
                self._path.parents[1] / "archive" / Path(name).name,
            )
            there = next((place for place in places if place.is_file()), None)
            if there is None:
                self._say(f"{self._path}: lists {name}, which is not there; its captures are left out")
            else:
                found.append(there)
        return found
