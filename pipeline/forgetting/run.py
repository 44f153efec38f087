"""``praktyki forget``: a person is taken out of the data folder, and kept out from then on.

The term is entered in the list of objections first, so that no later run lets the person in again; then follow archive, crawl
state, logs, extracted records and snapshots. Every step looks for what is still to be done: a run that was cut short at any
point is finished by running it again, with the terms or without (`praktyki forget` alone applies the whole list).
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.archive.files import archive_errors
from pipeline.archive.index import archive_digests, warc_paths
from pipeline.archive.ledger import LEDGER_NAME
from pipeline.archive.lock import raw_lock
from pipeline.archive.recovery import recovered
from pipeline.archive.rewriting import left_over_parts, rewrite
from pipeline.archive.warc import CAPTURE_TYPES
from pipeline.build.latest import SNAPSHOTS
from pipeline.build.snapshot import datasets_lock, work_folder
from pipeline.build.unchanged import cache_folder
from pipeline.config import Settings
from pipeline.errors import PraktykiError, UsageError
from pipeline.extract.run import SUFFIX, extract, extracted_name, extracted_pages, header_of
from pipeline.faults import reached
from pipeline.forgetting.crawled import clean_frontier, frontier_hits
from pipeline.forgetting.files import clean_text_file, names_person, residues, told_files
from pipeline.forgetting.finding import refuse_many, scan_of
from pipeline.forgetting.scan import ArchiveScan, holds_in_damage, instead_of
from pipeline.forgetting.snapshots import Doomed, doomed_snapshots, made_anew, point_elsewhere, remove, settle
from pipeline.privacy.objections import Objections
from pipeline.privacy.terms import Matcher, Term, mark_of, term_of

_REMEDY: Final = "mend the disk or the rights, then run again"
_ASIDE: Final = "*.damaged*"


class ForgetReport(NamedTuple):
    """What was done, or with ``is_plan`` what would be.

    ``captures``, ``revisits`` and ``other_records`` count records replaced by tombstones; ``files`` the WARC files they lay in.
    ``lines``: extracted pages of those captures. ``addresses``: rows of the crawler's database. ``told``: logs and accounts.
    ``removed``: snapshots, id → why. ``made_anew``: the id the latest snapshot has now, None when it could stay or none can
    be had; ``trouble`` then says why. ``residues``: files that still name the person. ``unread``: damaged stretches.
    """

    is_plan: bool
    terms: int
    objections: int
    captures: int
    revisits: int
    other_records: int
    files: list[str]
    lines: int
    addresses: int
    told: list[str]
    removed: dict[str, str]
    latest: str | None
    made_anew: str | None
    trouble: str | None
    residues: list[str]
    unread: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to be done by hand."""
        return not self.residues and not self.unread and self.trouble is None


class SignedBy(NamedTuple):
    """Who had it done and why, for the log."""

    by: str
    reason: str | None


def forget(
    settings: Settings, texts: Sequence[str], signed: SignedBy, say: Callable[[str], None], *, hits_many: bool = False
) -> ForgetReport:
    """Forgets the terms, or everybody on the list of objections when none is given.

    ``hits_many``: whether the terms may hit a great part of the archive.
    Raises UsageError for a term that cannot be looked for and for one that hits too many records, LockHeld when another run
    works in the folder, ArchiveError and BuildError when the disk fails; run it again then.
    """
    terms = _terms(texts)
    if not settings.raw.is_dir():
        raise UsageError(f"{settings.raw}: there is no archive here; name the folder that holds raw/ with --data-dir")
    with raw_lock(settings.raw, say), ExitStack() as stack:
        if settings.datasets.is_dir():
            stack.enter_context(datasets_lock(settings.datasets, say))
        objections = Objections(settings.raw)
        if not terms and not objections:
            raise UsageError("nobody has objected so far; say whom to forget: praktyki forget TERM")
        _refuse_telling(signed, terms)
        matcher = _matcher(terms, objections)
        for line in recovered(settings.raw):
            say(line)
        scan = scan_of(settings, matcher)
        if not hits_many:
            refuse_many(scan)
        marks = objections.enter(terms)
        log: dict[str, Any] = {"by": signed.by, "reason": signed.reason, "terms": sorted(m.digest for m in marks) or "all"}
        objections.log({"what": "begun", **log})
        report = _Forgetting(settings, matcher, say).done(scan)
        report = report._replace(terms=len(terms), objections=len(objections))
        objections.log({"what": "done" if report.is_complete else "unfinished", **log, **_counts(report)})
    return report


def forgetting_plan(settings: Settings, texts: Sequence[str]) -> ForgetReport:
    """What `forget` would do. Writes nothing. Raises what it does."""
    terms = _terms(texts)
    if not settings.raw.is_dir():
        raise UsageError(f"{settings.raw}: there is no archive here; name the folder that holds raw/ with --data-dir")
    objections = Objections(settings.raw)
    if not terms and not objections:
        raise UsageError("nobody has objected so far; say whom to forget: praktyki forget TERM")
    matcher = _matcher(terms, objections)
    scan = scan_of(settings, matcher)
    told = [path for path in told_files(settings.raw, settings.datasets) if path.is_file() and names_person(path, matcher)]
    doomed = doomed_snapshots(settings, matcher, scan)
    report = _report(scan, doomed, is_plan=True)
    return report._replace(
        terms=len(terms),
        objections=len(objections),
        lines=_lines(settings, scan),
        addresses=frontier_hits(settings.raw, matcher),
        told=[path.name for path in told],
    )


class _Forgetting:
    """One run under both locks."""

    def __init__(self, settings: Settings, matcher: Matcher, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._matcher = matcher
        self._say = say

    def done(self, scan: ArchiveScan) -> ForgetReport:
        raw, datasets = self._settings.raw, self._settings.datasets
        for part in [*left_over_parts(raw), *left_over_parts(datasets)]:
            part.unlink()
        lines = _lines(self._settings, scan)
        for warc_file, hits in sorted(scan.hits.items()):
            rewrite(raw / warc_file, instead_of(raw, warc_file, hits, self._matcher))
            self._say(f"{warc_file}: {len(hits)} records replaced by tombstones")
        unread = sum(scan.unread.values()) + self._look_into_asides()
        if scan.hits:
            _remove_ledger(raw)
        addresses = clean_frontier(raw, self._matcher, scan)
        told = [path.name for path in told_files(raw, datasets) if path.is_file() and clean_text_file(path, self._matcher)]
        self._extract_anew(scan)
        doomed, name, trouble = self._snapshots(scan)
        report = _report(scan, doomed, is_plan=False)
        seen = frozenset(path for path in warc_paths(raw) if path.relative_to(raw).as_posix() not in scan.hits)
        left = residues([raw, self._settings.extracted, datasets], self._matcher, seen)
        return report._replace(
            lines=lines,
            addresses=addresses,
            told=told,
            made_anew=name,
            trouble=trouble,
            residues=[str(path) for path in left],
            unread=unread,
        )

    def _look_into_asides(self) -> int:
        """Damaged stretches that a repair put aside: those that hold the term go; how many cannot be looked into."""
        unread = 0
        for path in sorted(self._settings.raw.rglob(_ASIDE)):
            if not path.is_file():
                continue
            if holds_in_damage(path.read_bytes(), self._matcher):
                path.unlink()
                self._say(f"{path.name}: damaged records put aside by a repair held the term and were removed")
            else:
                unread += 1
        return unread

    def _extract_anew(self, scan: ArchiveScan) -> None:
        """extracted/ without what was read from records that are gone, and up to date again."""
        extracted = self._settings.extracted
        reached("forget.cache")
        shutil.rmtree(cache_folder(self._settings), ignore_errors=True)  # a build makes it anew
        if not any(extracted.rglob(f"*{SUFFIX}")) and not any(extracted.rglob(f"*{SUFFIX}.open")):
            return
        for warc_file in sorted(scan.tombstoned):
            path = extracted / extracted_name(warc_file)
            header = header_of(path)
            warc = self._settings.raw / warc_file
            if path.is_file() and (header is None or header.warc_sha256 != archive_digests(warc).warc_sha256):
                reached("forget.extracted")
                path.unlink()
        if next(iter(warc_paths(self._settings.raw)), None) is not None:
            extract(self._settings, self._say)
            return
        for path in sorted(extracted.rglob(f"*{SUFFIX}*")):  # of archive files that are no longer here
            path.unlink()

    def _snapshots(self, scan: ArchiveScan) -> tuple[Doomed, str | None, str | None]:
        """Snapshots made anew and removed: which, the id of the latest made anew, and why it could not be."""
        datasets = self._settings.datasets
        if not (datasets / SNAPSHOTS).is_dir():
            return Doomed({}, None), None, None
        with work_folder(datasets):
            pass  # what a run that was cut short left: a snapshot half removed names the person still
        settle(datasets)
        doomed = doomed_snapshots(self._settings, self._matcher, scan)
        name: str | None = None
        trouble: str | None = None
        if doomed.latest is not None:
            try:
                name = made_anew(self._settings, doomed.latest, self._matcher, self._say)
            except PraktykiError as error:
                stays = point_elsewhere(datasets, doomed.why)
                trouble = f"the latest snapshot could not be made anew: {error}; latest is now {stays or 'none'}"
        for other in sorted(doomed.why):
            if other != name and (datasets / SNAPSHOTS / other).is_dir():
                remove(datasets, other)
        return doomed, name, trouble


def _terms(texts: Sequence[str]) -> list[Term]:
    return list(dict.fromkeys(term_of(text) for text in texts))


def _matcher(terms: Sequence[Term], objections: Objections) -> Matcher:
    """Looks for the terms, or for everybody on the list; what is looked for is not entered yet."""
    if not terms:
        return objections.matcher()
    key = secrets.token_bytes(32)
    return Matcher(key, [mark_of(term, key) for term in terms])


def _refuse_telling(signed: SignedBy, terms: Sequence[Term]) -> None:
    """The log must not name whom it tells of. Raises UsageError."""
    key = secrets.token_bytes(32)
    if Matcher(key, [mark_of(term, key) for term in terms]).holds(signed.by, signed.reason or ""):
        raise UsageError("--by or --reason names the person who is to be forgotten; the log must not: write it otherwise")


def _report(scan: ArchiveScan, doomed: Doomed, *, is_plan: bool) -> ForgetReport:
    captures, revisits = scan.count(*CAPTURE_TYPES), scan.count("revisit")
    return ForgetReport(
        is_plan=is_plan,
        terms=0,
        objections=0,
        captures=captures,
        revisits=revisits,
        other_records=sum(map(len, scan.hits.values())) - captures - revisits,
        files=sorted(scan.hits),
        lines=0,
        addresses=0,
        told=[],
        removed=doomed.why,
        latest=doomed.latest,
        made_anew=None,
        trouble=None,
        residues=[],
        unread=sum(scan.unread.values()),
    )


def _lines(settings: Settings, scan: ArchiveScan) -> int:
    """Extracted pages of the captures that are hit."""
    found = 0
    for warc_file, hits in scan.hits.items():
        path = settings.extracted / extracted_name(warc_file)
        offsets = {stretch.offset for stretch in hits}
        if header_of(path) is not None:
            found += sum(page.capture.warc_offset in offsets for _, page in extracted_pages(path))
    return found


def _counts(report: ForgetReport) -> dict[str, int]:
    return {
        "captures": report.captures,
        "revisits": report.revisits,
        "other_records": report.other_records,
        "extracted_pages": report.lines,
        "addresses": report.addresses,
        "logs": len(report.told),
        "snapshots": len(report.removed),
        "residues": len(report.residues),
    }


def _remove_ledger(raw: Path) -> None:
    """The cache of the indexes is made anew by the next import: it knows what was forgotten by its digest."""
    path = raw / LEDGER_NAME
    with archive_errors(path, _REMEDY):
        for suffix in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
