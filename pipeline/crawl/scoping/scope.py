"""Whose an address is, what it is, and why it is not followed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

import msgspec

from pipeline.crawl.scoping.canonical import Address, NotAnAddress, canonical
from pipeline.errors import ConfigError, UsageError
from pipeline.extract.page import bare_host
from pipeline.sources.spec import AddressKind, Crawl, Source, host_is_listed

_REPEATED: Final = 3  # a path in which the same segment stands so often in a row was made by a wrong relative link
_MAX_SEGMENTS: Final = 24
_HOSTS_REMEMBERED: Final = 4096

Origin = Literal["seed", "listing", "detail", "sitemap", "robots", "redirect", "attachment"]
"""Where an address was met: given as a seed, linked from a page of that kind, in a sitemap or feed, in robots.txt, as the
target of a redirect, named by the parser as a file of a record."""


class InScope(NamedTuple):
    """An address to be fetched."""

    address: Address
    kind: AddressKind


class OutOfScope(NamedTuple):
    """An address that is not fetched, and the rule that says so; ``address`` is None when it is none."""

    address: Address | None
    reason: str


class Scope:
    """The rules of one source, with the seeds of the run."""

    def __init__(self, source: Source, more_seeds: Sequence[str] = ()) -> None:
        """``more_seeds`` are those of settings that the source claims. Raises NotAnAddress for one that is no address."""
        self.source = source
        self.crawl: Crawl = source.facts.crawl or Crawl()
        self.seeds = {address.key: address for address in (canonical(seed, self.crawl) for seed in self._seeds(more_seeds))}
        self._known_hosts: dict[str, bool] = {}
        self._seed_hosts = {bare_host(_hostname(address.host)) for address in self.seeds.values()}

    @property
    def name(self) -> str:
        """The source's name."""
        return self.source.name

    @cached_property
    def fingerprint(self) -> str:
        """Changes when the rules do: then addresses that were out of scope are judged anew."""
        from pipeline.crawl.scoping.canonical import dropped_names

        rules = msgspec.json.encode([self.crawl, dropped_names(self.crawl), sorted(self._seed_hosts)], order="deterministic")
        return hashlib.sha256(rules).hexdigest()[:16]

    @cached_property
    def _rules(self) -> list[tuple[re.Pattern[str], AddressKind, bool]]:
        return [(re.compile(rule.pattern), rule.kind, rule.from_detail) for rule in self.crawl.follow]

    def allows_host(self, host: str) -> bool:
        """Whether pages of that host[:port] may be fetched."""
        known = self._known_hosts.get(host)
        if known is None:
            if len(self._known_hosts) >= _HOSTS_REMEMBERED:
                self._known_hosts.clear()
            known = self._known_hosts[host] = self._takes_host(_hostname(host))
        return known

    def _takes_host(self, name: str) -> bool:
        if bare_host(name) in self._seed_hosts:
            return True
        listed = self.crawl.hosts or self.source.facts.claims.hosts
        return not self.crawl.seed_hosts_only and host_is_listed(name, listed)

    def judged(self, link: str, origin: Origin, depth: int, *, allowed_hosts: Collection[str] = ()) -> InScope | OutOfScope:
        """What to do with a link met at ``origin``, ``depth`` links from a seed."""
        try:
            address = canonical(link, self.crawl)
        except NotAnAddress as error:
            return OutOfScope(None, str(error))
        reason = self._refusal(address, origin, depth, allowed_hosts)
        if reason is not None:
            return OutOfScope(address, reason)
        kind = self._kind(address, origin)
        return InScope(address, kind) if kind is not None else OutOfScope(address, _NO_RULE[origin == "detail"])

    def _refusal(self, address: Address, origin: Origin, depth: int, allowed_hosts: Collection[str]) -> str | None:
        if origin == "seed":
            return None
        if not self.allows_host(address.host) and address.host not in allowed_hosts:
            host = _hostname(address.host)
            if origin != "attachment" or not host_is_listed(host, self.crawl.attachment_hosts):
                return f"host {host} is not one of the source's"
        if depth > self.crawl.max_depth:
            return f"{depth} links from a seed, {self.crawl.max_depth} are followed"
        segments = [segment for segment in address.url.partition("?")[0].split("/")[3:] if segment]  # behind "https://host"
        if len(segments) > _MAX_SEGMENTS or _repeats(segments):
            return "the path repeats itself (a wrong relative link)"
        return None

    def _kind(self, address: Address, origin: Origin) -> AddressKind | None:
        if origin == "attachment":
            return "attachment" if self.crawl.attachment_bytes else None
        for pattern, kind, from_detail in self._rules:
            if pattern.fullmatch(address.key):
                if kind == "attachment" and not self.crawl.attachment_bytes:
                    return None
                return kind if from_detail or origin != "detail" else None
        if origin == "robots":
            return "sitemap" if self.crawl.sitemaps else None
        if origin == "seed":
            return "detail" if self.crawl.takes_seeds else "listing"
        return None

    def _seeds(self, more: Sequence[str]) -> Iterable[str]:
        yield from self.crawl.seeds
        yield from more


_NO_RULE = {
    False: "no follow rule of the source takes it",
    True: "no follow rule of the source takes it from a record's page",
}


def claiming(link: str, sources: Iterable[Source]) -> Source | None:
    """The source that takes a seed of settings: the owner of its host, else the fallback; None when no one does.

    Raises NotAnAddress.
    """
    ordered = sorted(sources, key=lambda source: source.name)
    host = _hostname(canonical(link).host)
    for source in ordered:
        crawl = source.facts.crawl
        if crawl is not None and (source.owns_host(host) or host_is_listed(host, crawl.hosts)):
            takes = crawl.takes_seeds or isinstance(Scope(source).judged(link, "listing", 0), InScope)
            return source if takes else None
        if crawl is None and source.owns_host(host):
            return None
    return next((s for s in ordered if s.facts.claims.is_fallback and s.facts.crawl and s.facts.crawl.takes_seeds), None)


def scopes_of(
    sources: Sequence[Source], names: Sequence[str], seeds: Sequence[str], say: Callable[[str], None]
) -> dict[str, Scope]:
    """The scopes of a run over the named sources, or all, with the seeds each takes. A seed that no source takes is said.

    Raises UsageError for a source that is unknown or cannot be crawled, ConfigError for a seed of a source that is no address.
    """
    by_name = {source.name: source for source in sources}
    for name in names:
        if name not in by_name:
            raise UsageError(f"no source {name!r}; there are {', '.join(sorted(by_name))}")
        if by_name[name].facts.crawl is None:
            raise UsageError(f"source {name} has no [crawl] table in {by_name[name].files[0].name} and cannot be crawled")
    chosen = sorted(names) if names else sorted(name for name, source in by_name.items() if source.facts.crawl is not None)
    given: dict[str, list[str]] = {name: [] for name in chosen}
    for seed in seeds:
        try:
            owner = claiming(seed, sources)
        except NotAnAddress as error:
            say(f"seed {seed[:200]!r}: {error}; left out")
            continue
        if owner is None:
            say(f"seed {seed}: no source claims this address; left out")
        elif owner.name not in given:
            say(f"seed {seed}: belongs to source {owner.name}, which this run does not crawl; left out")
        else:
            given[owner.name].append(seed)
    try:
        return {name: Scope(by_name[name].loaded(), given[name]) for name in chosen}
    except NotAnAddress as error:
        raise ConfigError(f"a seed of the sources: {error}") from error


def _hostname(host: str) -> str:
    return re.sub(r":\d+$", "", host).strip("[]")


def _repeats(segments: Sequence[str]) -> bool:
    """Whether one to three segments stand in a row again and again: /a/a/a/, /a/b/a/b/a/b/."""
    for size in (1, 2, 3):
        run = size * _REPEATED
        for start in range(len(segments) - run + 1):
            unit = list(segments[start : start + size])
            if list(segments[start : start + run]) == unit * _REPEATED:
                return True
    return False
