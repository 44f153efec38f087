"""What a source must state and offer, and which of them reads a page.

A source is two files with one stem: ``<name>.toml`` (facts: hosts, labels, phrases, expectations) and ``<name>.py`` with

    page_verdict(page, source) -> Judgement          before any field is read
    parse(page, source) -> Iterator[Finding]         only for pages judged detail or index

A parser does no I/O. Nothing else in Praktyki names a source; lists and dictionaries are derived from these files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import msgspec

from pipeline.errors import SourceSpecError
from pipeline.extract.decks.counted import counts_parts, numbers_every_line
from pipeline.extract.page import Page, bare_host
from pipeline.normalise.text import folded
from pipeline.records import Finding, Verdict


class Judgement(NamedTuple):
    """A verdict and what it rests on, for people."""

    verdict: Verdict
    reason: str


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which captures belong to the source.

    ``hosts``: without ``www.``; ``*.blogspot.com`` takes every host below. ``markers``: groups of phrases; a page without a
    known host belongs to the source when lines of it begin with all phrases of one group. ``counted``: words by which it
    counts its parts, each number alone with the word on a line. ``numbers_lines``: whether a text without an address is its
    own when every line begins with the next number. ``generator``: value of ``<meta name=generator>``. ``is_fallback``: takes
    what no other source claims; exactly one source may say so.
    """

    hosts: list[str] = []
    markers: list[list[str]] = []
    counted: list[str] = []
    numbers_lines: bool = False
    generator: str | None = None
    is_fallback: bool = False


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Labels by column, each with every spelling seen or sane, and labels that are furniture."""

    columns: dict[str, list[str]] = {}
    ignored: list[str] = []


class RowExpectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the gate holds a table of this source against.

    ``rows``: [minimum, maximum] for a whole source, asked only of one crawled to the end. ``fill``: column → [least, most]
    share of rows with a value, asked from 20 rows on (below that a share says nothing). Below refuses, above warns.
    """

    rows: tuple[int, int]
    fill: dict[str, tuple[float, float] | float] = {}

    @property
    def shares(self) -> dict[str, tuple[float, float]]:
        """Column → least and most share; what is no range is refused by `check_expectations`."""
        return {column: limits for column, limits in self.fill.items() if isinstance(limits, tuple)}


AddressKind = Literal["listing", "detail", "attachment", "sitemap"]
"""What an address is to the crawler: a page that lists others, a page of a record, a file, a sitemap or feed."""


class FollowRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which addresses are followed. ``pattern``: a regular expression the whole canonical address must match.

    ``from_detail``: links to them are taken from record pages too (the tabs of a practice), not from listings alone.
    """

    pattern: str
    kind: AddressKind
    from_detail: bool = False


class AddressRewrite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Spellings of one page made one: every match of ``pattern`` in a canonical address becomes ``replacement``."""

    pattern: str
    replacement: str


class RevisitDays(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days an answer holds before the address is asked again; 0 means every run."""

    listing: float = 0.0
    detail: float = 30.0
    attachment: float = 180.0
    sitemap: float = 0.0


class Crawl(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the source is crawled.

    ``hosts``: where it may be crawled, ``claims.hosts`` when empty; with ``seed_hosts_only`` only those of them on which a
    seed stands. ``takes_seeds``: further addresses come from settings. ``key_parameters``: groups of query parameters; the
    first group whose first name occurs says which parameters tell pages apart. ``default_parameters``: a parameter of that
    value is as good as none. ``drop_parameters`` (``*`` at the end matches any ending) are never sent.
    ``attachment_bytes``: the largest file fetched, 0 fetches none; ``attachment_hosts``: where they may lie beside ``hosts``.
    ``max_pages`` bounds the requests of one run, ``max_depth`` the links from a seed; ``delay_seconds`` stand between two
    requests to one host at least.
    """

    seeds: list[str] = []
    hosts: list[str] = []
    seed_hosts_only: bool = False
    takes_seeds: bool = False
    sitemaps: bool = True
    follow: list[FollowRule] = []
    rewrite: list[AddressRewrite] = []
    key_parameters: list[list[str]] = []
    default_parameters: dict[str, str] = {}
    drop_parameters: list[str] = []
    attachment_bytes: int = 0
    attachment_hosts: list[str] = []
    max_pages: int = 5000
    max_depth: int = 8
    delay_seconds: float = 2.0
    revisit_days: RevisitDays = RevisitDays()


class SourceFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The TOML file of a source as it stands. ``phrases``: wordings of the publisher's pages by name, used by its module."""

    title: str
    publisher: str
    homepage: str
    languages: list[str]
    claims: Claims
    expect: dict[str, RowExpectation]
    labels: Labels = Labels()
    phrases: dict[str, list[str]] = {}
    crawl: Crawl | None = None


class SourceModule(Protocol):
    """What ``<source>.py`` offers."""

    def page_verdict(self, page: Page, source: Source) -> Judgement: ...

    def parse(self, page: Page, source: Source) -> Iterator[Finding]: ...


class Source:
    """One publisher: its facts, its parser and the files both came from."""

    def __init__(
        self, name: str, facts: SourceFacts, module: SourceModule | Callable[[], SourceModule], files: tuple[Path, Path]
    ) -> None:
        """``module`` is the parser, or what loads it."""
        self.name = name
        self.facts = facts
        self._module = module
        self.files = files

    @cached_property
    def module(self) -> SourceModule:
        """The parser. Those of the package are loaded when they are first asked for: a crawl of one source needs no other."""
        return self._module() if callable(self._module) else self._module

    def loaded(self) -> Source:
        """The source itself, its parser loaded: that is no page's time."""
        _ = self.module
        return self

    def phrases(self, name: str) -> list[str]:
        """The wordings listed under ``[phrases] name``. Raises SourceSpecError when the TOML lacks them."""
        try:
            return self.facts.phrases[name]
        except KeyError:
            raise SourceSpecError(f"{self.files[0]}: [phrases] lacks {name!r}, which {self.files[1].name} asks for") from None

    @cached_property
    def column_of_label(self) -> dict[str, str]:
        """Folded label → column, over all spellings."""
        return {
            folded_label(spelling): column for column, spellings in self.facts.labels.columns.items() for spelling in spellings
        }

    def column_by_letters(self, label: str) -> str | None:
        """Column of a label typed without its marks ("Wojewodztwo"), None when no listed one has these letters."""
        return self._column_of_letters.get(folded(folded_label(label)))

    def may_list(self, label: str) -> bool:
        """Whether some listed label is long enough to be ``label``: paragraphs, asked about too, are found out at once."""
        kept = "".join(label.split()).encode("ascii", "ignore").rstrip(b":")  # folding takes none of these away
        return len(kept) <= self._longest_label

    @cached_property
    def _longest_label(self) -> int:
        return max(map(len, (*self.column_of_label, *self._column_of_letters, *self.ignored_labels)), default=0)

    @cached_property
    def _column_of_letters(self) -> dict[str, str]:
        return {folded(spelling): column for spelling, column in self.column_of_label.items()}

    @cached_property
    def ignored_labels(self) -> frozenset[str]:
        """Folded labels that are furniture or duplicates."""
        return frozenset(folded_label(label) for label in self.facts.labels.ignored)

    def owns_host(self, host: str) -> bool:
        """Whether the host is one the TOML lists (`host_is_listed`): asked of every source for every page."""
        exact, endings = self._hosts
        bare = bare_host(host)
        return bare in exact or bare.endswith(endings)

    @cached_property
    def _hosts(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Hosts as listed, and the ends of those listed as ``*.x``."""
        listed = self.facts.claims.hosts
        endings = tuple(entry[1:] for entry in listed if entry.startswith("*."))
        return frozenset(entry for entry in listed if not entry.startswith("*.")), endings

    def recognises(self, page: Page) -> bool:
        """Whether the content tells that the page is of this source, for a page whose host no source lists."""
        generator = self.facts.claims.generator
        if generator and (page.meta("generator") or "").casefold() == generator.casefold():
            return True
        if any(all(page.has_line(phrase) for phrase in group) for group in self.facts.claims.markers):
            return True
        if self.facts.claims.numbers_lines and numbers_every_line(page):
            return True
        return counts_parts(page, self.facts.claims.counted)


def host_is_listed(host: str, listed: Iterable[str]) -> bool:
    """Whether the host, ``www.`` and final dots aside, is one of the list; ``*.x`` takes every host below x."""
    bare = bare_host(host)
    return any(bare.endswith(entry[1:]) if entry.startswith("*.") else bare == entry for entry in listed)


@lru_cache(maxsize=4096)
def folded_label(label: str) -> str:
    """A label as labels are compared: small letters, single spaces, no colon at the end."""
    return " ".join(label.casefold().split()).rstrip(" :")


@lru_cache(maxsize=8)
def _by_name(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return tuple(sorted(sources, key=lambda source: source.name))


def source_of(page: Page, sources: Iterable[Source]) -> Source | None:
    """The source that reads the page: by host, else by content, else the fallback; None without a fallback.

    When several sources recognise the content, the one first by name is taken: the outcome never depends on file order.
    """
    ordered = _by_name(tuple(sources))
    owner = _owner(page.address.netloc, ordered) if page.address is not None and page.address.netloc else None
    if owner is not None:
        return owner
    for source in ordered:
        if not source.facts.claims.is_fallback and source.recognises(page):
            return source
    return next((source for source in ordered if source.facts.claims.is_fallback), None)


@lru_cache(maxsize=1024)
def _owner(host: str, ordered: tuple[Source, ...]) -> Source | None:
    return next((source for source in ordered if source.owns_host(host)), None)
