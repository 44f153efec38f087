"""Traps for crawlers: each ends in bounded time with a reason in the ledger, and the rest of the site is fetched."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crawl_kit import FOLLOW, HOME, Asked, Reply, kinds, means, page, run, serving, source, stored

from pipeline.archive.check import archive_problems
from pipeline.crawl.ledger.frontier import Frontier
from pipeline.crawl.network.limits import Limits
from pipeline.crawl.runs.run import CrawlReport
from pipeline.sources.spec import FollowRule

GOOD = Reply(page("detail", text="dobra"))
Pages = dict[str, Reply]


def crawled(
    tmp_path: Path, pages: Pages | Callable[[Asked], Reply | None], limits: Limits | None = None, **facts: Any
) -> tuple[CrawlReport, list[str]]:
    """The report and what was asked for."""
    answers = pages if callable(pages) else lambda asked: pages.get(asked.target)
    with serving(answers) as site:
        report = run(tmp_path, means(site.port, source(**facts), limits=limits))
        return report, site.targets


def ledger(tmp_path: Path) -> dict[str, tuple[str, str | None]]:
    """State and reason by path."""
    with Frontier(tmp_path / "raw") as frontier:
        return {row.url.removeprefix(HOME[:-1]): (row.state, row.reason) for row in frontier.addresses("1")}


def test_calendar_trap_ends_at_depth_and_budget(tmp_path: Path) -> None:
    def answers(asked: Asked) -> Reply | None:
        if asked.target == "/":
            return Reply(page("index", "/praktyka/1", "/lista/?miesiac=1"))
        if asked.target.startswith("/lista/?miesiac="):
            month = int(asked.target.partition("=")[2])
            return Reply(page("index", f"/lista/?miesiac={month + 1}", f"/lista/?miesiac={month + 2}", text=str(month)))
        return GOOD if asked.target == "/praktyka/1" else None

    report, asked = crawled(tmp_path / "deep", answers, max_depth=6)
    assert "/praktyka/1" in asked
    assert len(asked) < 30
    assert any("links from a seed" in (reason or "") for _, reason in ledger(tmp_path / "deep").values())
    report, asked = crawled(tmp_path / "budget", answers, max_depth=1000, max_pages=20)
    assert len(asked) == 19  # and robots.txt
    assert report.accounts[0].counts["deferred"] > 0
    assert report.exit_code == 0
    assert any(reason == "the budget of 20 requests a run is spent" for _, reason in ledger(tmp_path / "budget").values())


def test_relative_link_trap_ends(tmp_path: Path) -> None:
    def answers(asked: Asked) -> Reply | None:
        if asked.target == "/robots.txt":
            return None
        return Reply(page("index", "praktyka/gminy/", text=asked.target))

    report, asked = crawled(tmp_path, answers, follow=[FollowRule(r"https?://[^/]+/.*", "listing")], max_depth=100)
    assert len(asked) == 3  # the third repetition is not asked for
    assert any("repeats itself" in (reason or "") for _, reason in ledger(tmp_path).values())
    assert report.exit_code == 0


def test_redirect_loop_and_long_chain_end(tmp_path: Path) -> None:
    pages = {"/": Reply(page("index", "/praktyka/a", "/praktyka/self", "/praktyka/c0", "/praktyka/dobra"))}
    pages |= {"/praktyka/a": Reply(status=302, headers={"Location": "/praktyka/b"})}
    pages |= {"/praktyka/b": Reply(status=302, headers={"Location": "/praktyka/a"})}
    pages |= {"/praktyka/self": Reply(status=301, headers={"Location": "/praktyka/self"})}
    pages |= {f"/praktyka/c{n}": Reply(status=301, headers={"Location": f"/praktyka/c{n + 1}"}) for n in range(40)}
    pages |= {"/praktyka/dobra": GOOD}
    report, asked = crawled(tmp_path, pages)
    assert len(asked) == len(set(asked))
    found = ledger(tmp_path)
    assert found["/praktyka/b"] == ("duplicate", f"redirects to {HOME}praktyka/a, which is known")
    assert found["/praktyka/self"] == ("failed", "redirects to itself")
    assert found["/praktyka/c10"] == ("failed", "more than 10 redirects")
    assert found["/praktyka/dobra"][0] == "fetched"
    assert report.accounts[0].discovered == sum(report.accounts[0].counts.values())


@pytest.mark.parametrize(
    "location",
    [
        "ftp://x.example.org/",
        "http://[::1",
        "//",
        "javascript:alert(1)",
        "http://169.254.169.254/praktyka/x",
        "http://inna.example.org/praktyka/1",
    ],
)
def test_redirects_out_of_scope_are_not_followed(tmp_path: Path, location: str) -> None:
    pages = {"/": Reply(page("index", "/praktyka/a")), "/praktyka/a": Reply(status=302, headers={"Location": location})}
    report, asked = crawled(tmp_path, pages)
    assert [target for target in asked if target != "/"] == ["/praktyka/a"]
    assert report.accounts[0].counts["pending"] == 0


def test_redirect_to_a_forbidden_page_is_not_followed(tmp_path: Path) -> None:
    pages = {
        "/robots.txt": Reply("User-agent: *\nDisallow: /praktyka/tajna", content_type="text/plain"),
        "/": Reply(page("index", "/praktyka/a")),
        "/praktyka/a": Reply(status=302, headers={"Location": "/praktyka/tajna"}),
    }
    _, asked = crawled(tmp_path, pages)
    assert "/praktyka/tajna" not in asked
    assert ledger(tmp_path)["/praktyka/tajna"] == ("robots", "line 2: Disallow: /praktyka/tajna")


def test_http_to_https_of_one_page_is_one_address(tmp_path: Path) -> None:
    """The key makes both spellings one: the redirect moves the address instead of making another."""
    pages = {
        "/": Reply(page("index", "/praktyka/a?sort=1")),
        "/praktyka/a?sort=1": Reply(status=301, headers={"Location": "/praktyka/a?sort=2"}),
    }
    pages |= {"/praktyka/a?sort=2": GOOD}
    report, asked = crawled(tmp_path, pages, key_parameters=[["sort", "id"]], default_parameters={"sort": "1"}, rewrite=[])
    assert asked.count("/praktyka/a?sort=2") == 1
    assert report.accounts[0].counts["pending"] == 0


def test_megabyte_address_is_left_out(tmp_path: Path) -> None:
    report, asked = crawled(
        tmp_path, {"/": Reply(page("index", "/praktyka/" + "x" * 1_000_000, "/praktyka/1")), "/praktyka/1": GOOD}
    )
    assert asked == ["/", "/praktyka/1"]
    assert report.exit_code == 0


def test_a_million_links_are_cut(tmp_path: Path) -> None:
    links = "".join(f"<a href=/praktyka/{n}>x</a>" for n in range(40_000))
    home = f"<!doctype html><html><body class=index>{links}</body></html>"
    report, asked = crawled(tmp_path, {"/": Reply(home)}, max_pages=5)
    assert report.accounts[0].discovered == 10_001
    assert len(asked) == 4


def test_hostile_names_of_files_touch_nothing_outside_the_archive(tmp_path: Path) -> None:
    names = [
        "../../../../etc/passwd",
        "..%2f..%2fx.pdf",
        "CON.pdf",
        "a%00b.pdf",
        "%0d%0aSet-Cookie:x.pdf",
        "x" * 3000 + ".pdf",
        "\u202efdp.exe",
        "~root",
        "a b;c|d.pdf",
    ]
    pages = {
        "/": Reply(page("index", "/praktyka/1")),
        "/praktyka/1": Reply(page("detail", files=tuple(f"/pliki/{n}" for n in names))),
    }

    def answers(asked: Asked) -> Reply | None:
        return pages.get(asked.target) or (
            Reply(
                b"%PDF-1.4",
                content_type="application/pdf",
                headers={"Content-Disposition": 'attachment; filename="../../x.sh"'},
            )
            if asked.target != "/robots.txt"
            else None
        )

    report, _ = crawled(tmp_path / "data", answers)
    assert report.exit_code == 0
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert {p.suffix for p in (tmp_path / "data").rglob("*") if p.is_file()} <= {
        ".gz",
        ".cdxj",
        ".json",
        ".log",
        ".prom",
        ".sqlite",
        ".lock",
        "",
    }
    assert list(archive_problems(tmp_path / "data" / "raw")) == []
    log = (tmp_path / "data" / "raw" / "runs" / f"{report.run}.log").read_bytes()
    assert all(byte == 10 or 32 <= byte < 127 for byte in log)
    assert all(json.loads(line) for line in log.splitlines())


def test_files_beyond_the_limit_are_cut_and_said(tmp_path: Path) -> None:
    pages = {
        "/": Reply(page("index", "/praktyka/1")),
        "/praktyka/1": Reply(page("detail", files=("/pliki/maly.pdf", "/pliki/duzy.pdf"))),
        "/pliki/maly.pdf": Reply(b"%PDF" * 100, content_type="application/pdf"),
        "/pliki/duzy.pdf": Reply(b"%PDF" * 100_000, content_type="application/pdf"),
    }
    report, _ = crawled(tmp_path, pages, attachment_bytes=10_000)
    found = ledger(tmp_path)
    assert found["/pliki/maly.pdf"][0] == "fetched"
    assert found["/pliki/duzy.pdf"][0] == "failed"
    assert "too_large" in (found["/pliki/duzy.pdf"][1] or "")
    assert report.exit_code == 0  # a file too large is no failure of the source


def test_bombs_and_endless_bodies_end_with_a_reason(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)
    pages = {
        "/": Reply(page("index", "/praktyka/bomba", "/praktyka/dluga", "/praktyka/1")),
        "/praktyka/bomba": Reply(bomb, headers={"Content-Encoding": "gzip"}),
        "/praktyka/dluga": Reply(b"x" * 3_000_000),
        "/praktyka/1": GOOD,
    }
    report, _ = crawled(tmp_path, pages, limits=Limits(wire_bytes=1_000_000, decoded_bytes=20_000_000))
    found = ledger(tmp_path)
    assert found["/praktyka/bomba"][0] == found["/praktyka/dluga"][0] == "failed"
    assert "bomb" in (found["/praktyka/bomba"][1] or "")
    assert found["/praktyka/1"][0] == "fetched"
    assert list(archive_problems(tmp_path / "raw")) == []
    assert report.exit_code == 0


def sitemap(*locations: str, root: str = "urlset", item: str = "url") -> bytes:
    entries = "".join(f"<{item}><loc>{location}</loc></{item}>" for location in locations)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{root}>'.encode()


def test_sitemap_index_gz_and_feed_lead_to_pages(tmp_path: Path) -> None:
    robots = f"Sitemap: {HOME}sitemap.xml\nSitemap: {HOME}feed\nSitemap: http://inna.example.org/sitemap.xml\n"
    pages = {
        "/robots.txt": Reply(robots, content_type="text/plain"),
        "/": Reply(page("index")),
        "/sitemap.xml": Reply(sitemap(f"{HOME}sitemap-1.xml.gz", root="sitemapindex", item="sitemap"), content_type="text/xml"),
        "/sitemap-1.xml.gz": Reply(
            gzip.compress(sitemap(f"{HOME}praktyka/1", f"{HOME}panel/")), content_type="application/gzip"
        ),
        "/feed": Reply(
            f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{HOME}praktyka/2"/></entry></feed>',
            content_type="application/atom+xml",
        ),
        "/praktyka/1": GOOD,
        "/praktyka/2": Reply(page("detail", text="druga")),
    }
    _, asked = crawled(tmp_path, pages)
    assert sorted(asked) == ["/", "/feed", "/praktyka/1", "/praktyka/2", "/sitemap-1.xml.gz", "/sitemap.xml"]


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        gzip.compress(b"<urlset>" + b" " * 60_000_000 + b"</urlset>"),
        b"<html><body>404</body></html>",
        b"<a>" * 5000,
        b"",
        b"\x1f\x8bnot gzip",
    ],
)
def test_sitemap_bombs_are_refused_with_a_reason(tmp_path: Path, body: bytes) -> None:
    pages = {
        "/robots.txt": Reply(f"Sitemap: {HOME}sitemap.xml\n", content_type="text/plain"),
        "/": Reply(page("index", "/praktyka/1")),
        "/sitemap.xml": Reply(body, content_type="application/xml"),
        "/praktyka/1": GOOD,
    }
    report, asked = crawled(tmp_path, pages)
    assert sorted(asked) == ["/", "/praktyka/1", "/sitemap.xml"]
    assert report.exit_code == 0
    with Frontier(tmp_path / "raw") as frontier:
        row = frontier.address("gmina", f"{HOME}sitemap.xml")
        assert row is not None
        assert frontier.events(row.id)[-1][3]["note"]


def test_a_sitemap_of_a_million_addresses_is_cut(tmp_path: Path) -> None:
    pages = {
        "/robots.txt": Reply(f"Sitemap: {HOME}sitemap.xml\n", content_type="text/plain"),
        "/": Reply(page("index")),
        "/sitemap.xml": Reply(sitemap(*(f"{HOME}praktyka/{n}" for n in range(60_000))), content_type="application/xml"),
    }
    report, asked = crawled(tmp_path, pages, max_pages=10)
    assert report.accounts[0].discovered == 50_002
    assert len(asked) == 9


def test_identical_payloads_are_stored_once_but_record_pages_in_full(tmp_path: Path) -> None:
    pages = {
        "/": Reply(page("index", "/lista/a", "/lista/b", "/praktyka/1", "/praktyka/2")),
        "/lista/a": Reply(page("index", text="ta sama")),
        "/lista/b": Reply(page("index", text="ta sama")),
        "/praktyka/1": GOOD,
        "/praktyka/2": GOOD,
    }
    report, _ = crawled(tmp_path, pages)
    assert kinds(tmp_path) == {"response": 4, "revisit": 1}
    assert report.accounts[0].counts["duplicate"] == 1
    assert ("response", f"{HOME}praktyka/2") in {(kind, url) for kind, url, _, _ in stored(tmp_path)}


def test_a_page_that_hangs_the_parser_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import crawl_kit

    def endless(given: Any, made: Any) -> Any:
        while "/praktyka/zla" in (given.url or ""):
            pass
        return crawl_kit.page_verdict(given, made)

    monkeypatch.setattr("pipeline.crawl.scoping.discovery.READING_SECONDS", 0.5)
    made = source()
    made.module.page_verdict = endless  # type: ignore[assignment]
    pages = {
        "/": Reply(page("index", "/praktyka/zla", "/praktyka/1")),
        "/praktyka/zla": GOOD,
        "/praktyka/1": Reply(page("detail")),
    }
    with serving(lambda asked: pages.get(asked.target)) as site:
        report = run(tmp_path, means(site.port, made))
    assert report.accounts[0].counts["fetched"] == 3


def test_a_change_of_the_rules_is_applied_to_what_is_known(tmp_path: Path) -> None:
    pages = {
        "/": Reply(page("index", "/praktyka/1", "/nowosci/1")),
        "/praktyka/1": GOOD,
        "/nowosci/1": Reply(page("detail", text="n")),
    }
    with serving(lambda asked: pages.get(asked.target)) as site:
        run(tmp_path, means(site.port))
        assert "/nowosci/1" not in site.targets
        site.asked.clear()
        wider = source(follow=[*FOLLOW, FollowRule(r"https?://[^/]+/nowosci/.*", "detail")])
        run(tmp_path, means(site.port, wider))
        assert "/nowosci/1" in site.targets
        narrow = source(follow=FOLLOW[:1])
        report = run(tmp_path, means(site.port, narrow))
        assert report.accounts[0].counts["out_of_scope"] == 2


def test_archive_is_read_by_other_tools(tmp_path: Path) -> None:
    import subprocess
    import sys

    with serving() as site:
        run(tmp_path, means(site.port))
        run(tmp_path, means(site.port, everything_due=True))
    for path in sorted((tmp_path / "raw").rglob("*.warc.gz")):
        done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, check=False)
        assert done.returncode == 0, done.stdout
        from fastwarc.warc import ArchiveIterator

        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                assert record.verify_block_digest() or record.headers["WARC-Type"] == "warcinfo"
