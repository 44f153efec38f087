"""A web archive on loopback in the dialect of the Wayback Machine: CDX lists page by page, captures under ``id_``."""

from __future__ import annotations

import dataclasses
import email.utils
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from crawl_kit import Asked, Reply

from pipeline.archive.digests import digest_of
from pipeline.archive.surt import surt_key
from pipeline.crawl.webarchives.cdx import memento_time

ARCHIVE = "archiwum.example.net"
CDX = f"http://{ARCHIVE}/cdx/search/cdx"


@dataclasses.dataclass(frozen=True)
class Kept:
    """One capture the archive has. ``says``: what it answers instead of a plain capture."""

    url: str
    timestamp: str
    body: bytes
    status: int = 200
    mime: str = "text/html"
    says: Reply | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class WebArchive:
    """What it has, and how it behaves. ``page``: the most lines it lists at once."""

    kept: list[Kept]
    page: int = 5000
    robots: str | None = None
    knows_resume_keys: bool = True

    def __call__(self, asked: Asked) -> Reply | None:
        assert asked.host == ARCHIVE, asked
        path, _, query = asked.target.partition("?")
        if path == "/robots.txt":
            return Reply(self.robots, content_type="text/plain") if self.robots is not None else None
        if path == "/cdx/search/cdx":
            return self._list({name: values[0] for name, values in parse_qs(query).items()})
        if asked.target.startswith("/web/"):
            stamp, _, url = asked.target.removeprefix("/web/").partition("id_/")
            found = next((kept for kept in self.kept if (kept.timestamp, kept.url) == (stamp, url)), None)
            return self._capture(found) if found is not None else None
        return None

    def _list(self, asked: dict[str, str]) -> Reply:
        match = asked["matchType"]
        lines = [
            [surt_key(k.url), k.timestamp, k.url, k.mime, str(k.status), digest_of(k.body).removeprefix("sha1:"), "100"]
            for k in sorted(self.kept, key=lambda k: (surt_key(k.url), k.timestamp))
            if (
                k.url == asked["url"]
                if match == "exact"
                else (urlsplit(k.url).hostname or "").removeprefix("www.") == asked["url"]
            )
        ]
        lines = [line for line in lines if asked.get("from", "") <= line[1] <= asked.get("to", "") + "9"]
        start = int(asked.get("resumeKey", "0"))
        size = min(self.page, int(asked.get("limit", "100000")))
        rows: list[list[str]] = [
            ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
            *lines[start : start + size],
        ]
        if start + size < len(lines) and self.knows_resume_keys and "showResumeKey" in asked:
            rows += [[], [str(start + size)]]
        return Reply(json.dumps(rows if lines else []), content_type="application/json")

    def _capture(self, kept: Kept) -> Reply:
        if kept.says is not None:
            return kept.says
        time = memento_time(kept.timestamp)
        assert time is not None
        headers = {
            "Memento-Datetime": email.utils.format_datetime(time, usegmt=True),
            "x-archive-orig-content-length": "1",
            "x-archive-orig-server": "apache",
            "x-archive-orig-last-modified": "Tue, 01 Jan 2019 00:00:00 GMT",
            "link": '<https://example.net/>; rel="original"',
            **kept.headers,
        }
        return Reply(kept.body, kept.status, headers, kept.mime)
