"""The tables of ``raw/frontier.sqlite`` and what their rows are."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

State = Literal["pending", "fetched", "unchanged", "duplicate", "forgotten", "robots", "out_of_scope", "failed", "deferred"]
STATES: Final[tuple[State, ...]] = (
    "fetched",
    "unchanged",
    "duplicate",
    "forgotten",
    "robots",
    "out_of_scope",
    "failed",
    "deferred",
    "pending",
)
VERSION: Final = 1
IS_ROBOTS: Final = "url LIKE '%/robots.txt'"
ROBOTS_PAYLOADS: Final = f"CREATE INDEX IF NOT EXISTS payloads_of_robots ON payloads (source, url) WHERE {IS_ROBOTS}"
"""Payloads that are looked up by their address. An index of all of them was a seventh of what a commit wrote."""
TABLES: Final = f"""
    CREATE TABLE addresses (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, host TEXT NOT NULL,
        kind TEXT NOT NULL, priority INTEGER NOT NULL, depth INTEGER NOT NULL, hops INTEGER NOT NULL DEFAULT 0,
        origin TEXT NOT NULL, found_on TEXT, found_run TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, run TEXT NOT NULL,
        due REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, etag TEXT, last_modified TEXT, status INTEGER, location TEXT,
        digest TEXT, capture_url TEXT, capture_date TEXT, capture_record TEXT, UNIQUE (source, key)
    );
    CREATE INDEX queue ON addresses (host, priority, depth, id) WHERE state = 'pending';
    CREATE INDEX by_due ON addresses (source, due) WHERE state NOT IN ('pending', 'out_of_scope');
    CREATE INDEX by_url ON addresses (url);
    CREATE TABLE hosts (
        host TEXT PRIMARY KEY, last_request REAL NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
        reason TEXT, failures INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE robots (origin TEXT PRIMARY KEY, row TEXT NOT NULL, body BLOB NOT NULL);
    CREATE TABLE payloads (
        source TEXT NOT NULL, digest TEXT NOT NULL, url TEXT NOT NULL, date TEXT NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (source, digest)
    ) WITHOUT ROWID;
    {ROBOTS_PAYLOADS};
    CREATE TABLE records (record TEXT PRIMARY KEY, address INTEGER, warc_file TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX records_by_file ON records (warc_file);
    CREATE TABLE files (warc_file TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE events (
        id INTEGER PRIMARY KEY, address INTEGER NOT NULL, run TEXT NOT NULL, at REAL NOT NULL, what TEXT NOT NULL,
        evidence TEXT NOT NULL
    );
    CREATE INDEX events_by_address ON events (address, id);
    CREATE TABLE runs (
        run TEXT PRIMARY KEY, started REAL NOT NULL, ended REAL, outcome TEXT NOT NULL, sources TEXT NOT NULL
    );
    CREATE TABLE counts (
        run TEXT NOT NULL, source TEXT NOT NULL, requests INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, source)
    ) WITHOUT ROWID;
    CREATE TABLE rules (source TEXT PRIMARY KEY, fingerprint TEXT NOT NULL);
    PRAGMA user_version = {VERSION};
"""


class Row(NamedTuple):
    """One address as the frontier knows it. ``run`` is the run that gave it its state."""

    id: int
    source: str
    key: str
    url: str
    host: str
    kind: str
    depth: int
    hops: int
    origin: str
    found_on: str | None
    state: State
    reason: str | None
    run: str
    due: float
    attempts: int
    etag: str | None
    last_modified: str | None
    status: int | None
    location: str | None
    digest: str | None
    capture_url: str | None
    capture_date: str | None
    capture_record: str | None


class Pace(NamedTuple):
    """When a host was asked last and when it may be asked again; ``failures`` in a row."""

    last_request: float = 0.0
    not_before: float = 0.0
    reason: str | None = None
    failures: int = 0
