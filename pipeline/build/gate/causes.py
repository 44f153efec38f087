"""The likely cause of a requirement that does not hold, in words an operator can act upon."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.build.gate.evidence import Evidence, counted, matching, of_source, page_of, share, with_one_of
from pipeline.build.gate.readable import entity_rows, misread_rows
from pipeline.build.gate.tallies import SourceRows, Tallies
from pipeline.schema.spec import tables

MANY = 0.2
"""Share of pages from which something about them explains what happened to the rows."""

_OF_UNIT = frozenset({"terc_6", "terc_current", "place_id"})
_SIGNS = (
    (
        "blocked: a login wall",
        re.compile(r"log ?in|logowani|zaloguj|zalogowa|password|hasł|401|403|forbidden|dost[eę]p", re.IGNORECASE),
    ),
    (
        "blocked: a robot check",
        re.compile(r"robot|captcha|human|checking your browser|just a moment|429|javascript", re.IGNORECASE),
    ),
    ("site replaced: a parking page", re.compile(r"park|sprzeda|for sale|domen|domain|wygas", re.IGNORECASE)),
    (
        "site under maintenance or failing",
        re.compile(r"maintenance|przerw|prace|techniczn|server error|50\d|gateway|database|baz", re.IGNORECASE),
    ),
    (
        "site replaced: its pages say that nothing is found",
        re.compile(r"404|not found|nie znaleziono|nie istnieje", re.IGNORECASE),
    ),
    ("Metryka emptied: its labels stand without values", re.compile(r"Metryka is empty|value of the Metryka", re.IGNORECASE)),
    (
        "tab missing: its page carries no text",
        re.compile(r"tab of a practice without text|no text of a practice", re.IGNORECASE),
    ),
)


class Causes:
    """Answers for one build."""

    def __init__(self, made: Mapping[str, pa.Table], evidence: Evidence, tallies: Tallies | None = None) -> None:
        self._made = made
        self._evidence = evidence
        self._tallies = tallies or Tallies()

    def of(self, source: str, table: str | None = None, column: str | None = None) -> str:
        """The likely cause of a lack in the source, the surest sign first."""
        return (
            self._of_crawl(source)
            or self._of_pages(source)
            or self._of_charset(source)
            or (self._of_column(source, table, column) if table else None)
            or self._of_listing(source)
            or ("label renamed or its values emptied" if column else "site changed: look at the example page")
        )

    def of_pages(self, source: str) -> str:
        """What became of the pages captured since the previous snapshot."""
        return (
            self._of_crawl(source)
            or self._of_pages(source)
            or "some of its pages carry no record any more: look at the example"
        )

    def of_shell(self, reason: str) -> str:
        """The cause that the reason of a verdict tells."""
        return next((cause for cause, sign in _SIGNS if sign.search(reason)), f"pages without content: {reason}")

    def _of_crawl(self, source: str) -> str | None:
        account = self._evidence.accounts.get(source)
        if account is None:
            return None
        if account.is_forbidden:
            return f"robots: robots.txt forbids all {account.not_had['robots']} addresses"
        if account.trouble is not None:
            return f"blocked or unreachable: {account.trouble}"
        return None

    def _of_pages(self, source: str) -> str | None:
        pages = self._tallies.new_captures(self._made, self._evidence.before, source)
        verdicts = counted(pages, "verdict")
        if not pages.num_rows:
            return None
        if (verdicts["shell"] + verdicts["quarantined"]) / pages.num_rows >= MANY:
            causes: Counter[str] = Counter()
            for reason, number in counted(with_one_of(pages, "verdict", ["shell", "quarantined"]), "reason").items():
                causes[self.of_shell(reason)] += number
            return min(causes, key=lambda cause: (-causes[cause], cause))
        if verdicts["gone"] / pages.num_rows >= MANY:
            return f"pages removed: {verdicts['gone']} of {pages.num_rows} answer 404 or 410"
        if verdicts["not_ours"] / pages.num_rows >= 2 * MANY:
            return "site replaced: its pages are not recognised any more"
        return None

    def _of_charset(self, source: str) -> str | None:
        misread = escaped = total = 0
        for name, table in tables().items():
            if name not in self._made or not table.has_provenance or table.is_restricted:
                continue
            rows = SourceRows(self._made, name, source, self._tallies)
            prose = [column for column, spec in table.columns.items() if spec.is_prose and spec.type == "text"]
            total += rows.number
            if prose and rows.number:
                found = rows.tally("misread and escaped", functools.partial(_badly_decoded, prose))
                misread, escaped = misread + found["misread"], escaped + found["escaped"]
        if total and misread / total >= MANY:
            return f"charset flipped: {misread} of {total} rows hold letters that a wrong charset makes"
        if total and escaped / total >= MANY:
            return f"markup escaped twice: {escaped} of {total} rows hold entities of HTML as text"
        return None

    def _of_column(self, source: str, table: str, column: str | None) -> str | None:
        if table == "record_places" or column in _OF_UNIT:  # the unit is told by what is printed, and its issue names terc
            table, column = "practices", "terc"
        if table == "practice_contacts" and column is None:
            table, column = "practices", "contact_count"
        rows = of_source(self._made[table], source)
        if column is None or column in (
            "has_presentation",
            "has_summary",
            "has_attachments",
            "section_count",
            "attachment_count",
        ):
            tab = self._missing_tab(source, ("summary", "presentation", "attachments"))
            if tab is not None:
                return tab
        if column is None:
            return None
        renamed = self._unknown_label(source, rows.num_rows)
        if renamed is not None:
            return renamed
        issues = of_source(self._made["quality_issues"], source)
        read_wrong = issues
        for name, meant in (("table", [table]), ("column", [column]), ("status", ["invalid", "ambiguous", "unknown_code"])):
            read_wrong = with_one_of(read_wrong, name, meant)
        if rows.num_rows and read_wrong.num_rows / rows.num_rows >= MANY:
            why = counted(read_wrong, "reason").most_common(1)[0][0]
            return f"format changed, or values moved to another label: {read_wrong.num_rows} cannot be read ({why})"
        return self._missing_tab(source, ("summary",)) if table == "practices" else None

    def _missing_tab(self, source: str, tabs: tuple[str, ...]) -> str | None:
        practices = of_source(self._made["practices"], source)
        for tab in tabs:
            now = share(practices, f"has_{tab}")
            old = of_source(self._evidence.before["practices"], source) if "practices" in self._evidence.before else None
            expected = share(old, f"has_{tab}") if old is not None and old.num_rows else 1.0 if tab != "attachments" else 0.0
            if practices.num_rows and expected - now >= MANY:
                return f"tab missing: {now:.0%} of practices have their {tab}, {expected:.0%} before"
        return None

    def _unknown_label(self, source: str, rows: int) -> str | None:
        labels = unknown_labels(self._made, source)
        old = unknown_labels(self._evidence.before, source) if "quality_issues" in self._evidence.before else {}
        for label, pages in sorted(labels.items(), key=lambda item: (-item[1]["pages"], item[0])):
            if rows and pages["pages"] / rows >= MANY and old.get(label, {"pages": 0})["pages"] < pages["pages"] / 2:
                return f"label renamed: {label!r} is unknown and stands on {pages['pages']} pages"
        return None

    def _of_listing(self, source: str) -> str | None:
        before = self._evidence.before
        if "captures" not in before or not of_source(before["captures"], source).num_rows:
            return None
        details = counted(of_source(self._made["captures"], source), "verdict")["detail"]
        old_details = counted(of_source(before["captures"], source), "verdict")["detail"]
        if details < old_details * 0.8:
            return f"listing empty or cut: {details} pages of records archived, {old_details} before"
        return None


def _badly_decoded(prose: Sequence[str], rows: pa.Table) -> Counter[str]:
    """In how many rows one of the columns ``prose`` holds letters of a wrong charset, or entities as text."""
    found: Counter[str] = Counter()
    for batch in rows.select(prose).to_batches():
        found["misread"] += _any_true([misread_rows(column) for column in batch.columns])
        found["escaped"] += _any_true([entity_rows(column) for column in batch.columns])
    return found


def _any_true(columns: Sequence[pa.Array]) -> int:
    """The number of rows in which one of the columns is true."""
    return int(functools.reduce(pc.or_, columns).true_count)


def unknown_labels(made: Mapping[str, pa.Table], source: str) -> dict[str, dict[str, Any]]:
    """Label no source knows → the number of ``pages`` it stands on, and one of them as ``example``."""
    issues = of_source(made["quality_issues"], source)
    issues = matching(with_one_of(issues, "status", ["unknown_label"]), ["label"], lambda rows: pc.is_valid(rows.column(0)))
    found: dict[str, dict[str, Any]] = {}
    for batch in issues.select(["label", "source_url", "capture_id"]).to_batches():
        for row in batch.to_pylist():
            noted = found.setdefault(row["label"], {"pages": 0, "example": page_of(row)})
            noted["pages"] += 1
    return found
