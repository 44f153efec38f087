"""A made-up publisher on loopback: a server with a log of requests, a source that reads its pages, a clock that jumps."""

from __future__ import annotations

import asyncio
import hashlib
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple, Self

from pipeline.archive.index import index_entries, warc_paths
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.network.guard import AddressGuard
from pipeline.crawl.network.limits import PAGE_LIMITS, Limits
from pipeline.crawl.network.transport import HttpClient
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.runs.run import CrawlReport, Means, crawl
from pipeline.extract.page import Page
from pipeline.records import AttachmentLink, PracticeTab
from pipeline.sources.spec import Claims, Crawl, FollowRule, Judgement, Source, SourceFacts

HOST = "gmina.example.org"
HOME = f"http://{HOST}/"
AGENT = "praktyki/0 (+mailto:tests@example.org)"


class Reply(NamedTuple):
    """What the server answers. ``drop``: close the connection after so many bytes of the body."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    content_type: str = "text/html; charset=utf-8"
    drop: int | None = None


class Asked(NamedTuple):
    """One request as the server saw it."""

    host: str
    target: str
    headers: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.target}"


Answers = Callable[[Asked], Reply | None]


class Site:
    """A server on loopback. ``answers`` gives a Reply, or None for 404. ETags are made of the body unless told otherwise.

    ``open_most`` connections were open at once as the server saw it: it learns late that one was closed, so the figure can
    only be held against a bound while none is closed. ``answering_most`` requests were being answered at once, none of
    which had had a byte of its reply.
    """

    def __init__(self, answers: Answers, *, etags: bool = True) -> None:
        self.asked: list[Asked] = []
        self.open_now = self.open_most = 0
        self.answering = self.answering_most = 0
        counting = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def setup(self) -> None:
                super().setup()
                with counting:
                    site.open_now += 1
                    site.open_most = max(site.open_most, site.open_now)

            def finish(self) -> None:
                with counting:
                    site.open_now -= 1
                super().finish()

            def do_GET(self) -> None:
                asked = Asked(self.headers["Host"], self.path, {k.lower(): v for k, v in self.headers.items()})
                site.asked.append(asked)
                with counting:
                    site.answering += 1
                    site.answering_most = max(site.answering_most, site.answering)
                try:
                    reply = answers(asked) or Reply("<p>Nie ma takiej strony", 404)
                finally:
                    with counting:
                        site.answering -= 1
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                headers = {"Content-Type": reply.content_type, "Content-Length": str(len(body)), **reply.headers}
                if etags and reply.status == 200 and not self.path.startswith("/robots.txt"):
                    headers.setdefault("ETag", f'"{hashlib.sha256(body).hexdigest()[:12]}"')
                    if asked.headers.get("if-none-match") == headers["ETag"]:
                        self.send_response(304)
                        self.send_header("ETag", headers["ETag"])
                        self.end_headers()
                        return
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body if reply.drop is None else body[: reply.drop])
                if reply.drop is not None:
                    self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self._thread = threading.Thread(target=lambda: self.server.serve_forever(0.05), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    @property
    def targets(self) -> list[str]:
        """Paths asked for, robots.txt left out."""
        return [asked.target for asked in self.asked if asked.target != "/robots.txt"]


class JumpingClock:
    """Sleeping takes no time: the clock jumps. ``slept`` are the waits."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.time = start
        self.slept: list[float] = []

    def now(self) -> float:
        self.time += 0.001
        return self.time

    async def sleep(self, seconds: float) -> None:
        target = self.time + seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.time = max(self.time, target)


def page_verdict(page: Page, _source: Source) -> Judgement:
    """A page says itself what it is: ``<body class=index>``."""
    body = page.first("body")
    kind = (body.attributes.get("class") or "") if body is not None else ""
    return Judgement("index" if kind == "index" else "detail" if kind == "detail" else "shell", f"class {kind!r}")


def parse(page: Page, _source: Source) -> Iterator[PracticeTab]:
    """The files a detail page offers."""
    files = [AttachmentLink(title="plik", url=page.absolute(a.attributes["href"] or "")) for a in page.every("a.file")]
    yield PracticeTab(record_id="x:1", tab="summary", title="x", slug=None, attachments=files)


FOLLOW = [
    FollowRule(r"https?://[^/]+/(?:lista/.*)?", "listing"),
    FollowRule(r"https?://[^/]+/praktyka/.*", "detail", from_detail=True),
    FollowRule(r"https?://[^/]+/(?:sitemap.*\.xml(?:\.gz)?|feed)", "sitemap"),
]


def source(name: str = "gmina", hosts: tuple[str, ...] = (HOST,), **crawl_facts: Any) -> Source:
    """A source over the hosts; delay 0 and every page due on every run unless told otherwise."""
    facts: dict[str, Any] = {
        "seeds": [f"http://{hosts[0].removeprefix('*.')}/"],
        "follow": FOLLOW,
        "delay_seconds": 0.0,
        "attachment_bytes": 100_000,
        **crawl_facts,
    }
    return Source(
        name,
        SourceFacts(
            title=name,
            publisher="P",
            homepage=HOME,
            languages=["pl"],
            claims=Claims(hosts=list(hosts)),
            expect={},
            crawl=Crawl(**facts),
        ),
        SimpleNamespace(page_verdict=page_verdict, parse=parse),
        (Path(f"{name}.toml"), Path(f"{name}.py")),
    )


def means(port: int, *sources: Source, clock: Any = None, limits: Limits | None = None, **more: Any) -> Means:
    """A run against the server on ``port``, whatever the host is called."""

    async def resolver(_host: str, _port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", port)]

    guard = AddressGuard(allow_loopback=True, resolver=resolver)
    manner = more.pop("manner", None) or Manner(user_agent=AGENT, page_limits=limits or PAGE_LIMITS)
    return Means(
        client=lambda: HttpClient(guard),
        clock=clock or JumpingClock(),
        dice=random.Random(1),  # noqa: S311 - the jitter of a test
        manner=manner,
        sources=sources or (source(),),
        **more,
    )


def run(data_dir: Path, using: Means, *names: str, said: list[str] | None = None, seeds: tuple[str, ...] = ()) -> CrawlReport:
    """One crawl into ``data_dir``."""
    settings = Settings(data_dir=data_dir, crawl=CrawlSettings(allow_loopback=True))
    return crawl(settings, names, (said if said is not None else []).append, more_seeds=seeds, means=using)


def stored(data_dir: Path) -> list[tuple[str, str, str, str | None]]:
    """Every record of the archive: type, address, digest, status; sorted."""
    raw = data_dir / "raw"
    entries = [entry for path in warc_paths(raw) for entry in index_entries(path)]
    return sorted((e.record_type, e.url, e.digest, e.status) for e in entries)


def kinds(data_dir: Path) -> Counter[str]:
    """How many records of each type there are, robots.txt left out."""
    return Counter(kind for kind, url, _, _ in stored(data_dir) if not url.endswith("/robots.txt"))


def page(kind: str, *links: str, text: str = "", files: tuple[str, ...] = ()) -> str:
    """A page of the made-up publisher."""
    anchors = "".join(f'<p><a href="{link}">Strona {link}</a>' for link in links)
    anchors += "".join(f'<p><a class=file href="{link}">Plik</a>' for link in files)
    return f"<!doctype html><html><head><title>Strona</title></head><body class={kind}>{anchors}<p>Treść {text}</body></html>"


def small_site(asked: Asked) -> Reply | None:
    """A home page, two listings, six practices with two tabs, a file, a sitemap, robots.txt."""
    pages: dict[str, Reply] = {
        "/robots.txt": Reply(
            f"User-agent: *\nDisallow: /praktyka/tajna\nSitemap: {HOME}sitemap.xml\n", content_type="text/plain"
        ),
        "/": Reply(
            page("index", "/lista/1", "/lista/2", "/praktyka/tajna", "/o-nas", "mailto:x@example.org", "/praktyka/brak")
        ),
        "/lista/1": Reply(page("index", "/praktyka/1", "/praktyka/2", "/praktyka/3", "/praktyka/1?utm_source=x", text="1")),
        "/lista/2": Reply(page("index", "/praktyka/4", "/praktyka/5", "/stara/6", "/praktyka/stara", text="2")),
        "/praktyka/stara": Reply(status=301, headers={"Location": "/praktyka/6"}),
        "/praktyka/2": Reply(page("detail", text="2", files=("/pliki/karta.pdf",))),
        "/pliki/karta.pdf": Reply(b"%PDF-1.4 karta", content_type="application/pdf"),
        "/sitemap.xml": Reply(
            f"<urlset><url><loc>{HOME}praktyka/7</loc></url><url><loc>http://inna.example.org/</loc></url></urlset>",
            content_type="application/xml",
        ),
    }
    found = pages.get(asked.target)
    if found is None and asked.target.startswith("/praktyka/") and asked.target[10:].isdigit() and int(asked.target[10:]) < 8:
        return Reply(page("detail", text=asked.target))
    return found


@contextmanager
def serving(answers: Answers = small_site, *, etags: bool = True) -> Iterator[Site]:
    """The server while the block runs."""
    with Site(answers, etags=etags) as site:
        yield site
