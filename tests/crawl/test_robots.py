"""robots.txt: every transport case of RFC 9309 against a server, and verdicts beside the engine's and Google's own."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sqlite3
from typing import Any

import pytest
from crawl.loopback import AGENT, HASTY, HOST, Connection, guard_for, response, saying, serving
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.guard import AddressGuard
from pipeline.crawl.network.limits import RobotsLimits
from pipeline.crawl.network.transport import HttpClient
from pipeline.crawl.politeness import robots
from pipeline.crawl.politeness.robots import RobotsRules, origin_of
from pipeline.crawl.politeness.robots_lookup import RobotsLookup
from pipeline.crawl.politeness.robots_match import plain_verdict

NOW = dt.datetime(2024, 5, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(hours=24)
ORIGIN = f"http://{HOST}"
BOT = "praktyki"
RULES = b"User-agent: *\nDisallow: /private\n"


def rules_of(body: bytes | str, **changes: Any) -> RobotsRules:
    octets = body.encode() if isinstance(body, str) else body
    return RobotsRules.from_response(ORIGIN, BOT, 200, octets, **{"fetched_at": NOW} | changes)


def allowed(rules: RobotsRules, path: str) -> bool:
    return rules.verdict(ORIGIN + path).allowed


async def looked_up(client: HttpClient, lookup: RobotsLookup, now: dt.datetime = NOW, **changes: Any) -> RobotsRules:
    """What the crawler does: fetch and feed until rules come out."""
    while True:
        rules = lookup.feed(await client.fetch(lookup.request(AGENT, **changes)), now)
        if rules is not None:
            return rules


def rules_from(script: Any, **changes: Any) -> tuple[RobotsRules, list[str]]:
    async def go() -> tuple[RobotsRules, list[str]]:
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            return await looked_up(client, RobotsLookup(ORIGIN, BOT), **changes), server.paths

    return asyncio.run(go())


def redirects(hops: int, last: bytes, status: bytes = b"301 Moved Permanently") -> Any:
    """``hops`` redirects, every second one to another host, then ``last``."""

    async def script(connection: Connection, head: bytes) -> None:
        path = head.split(b" ", 2)[1]
        step = 0 if path == b"/robots.txt" else int(path.removeprefix(b"/step"))
        host = b"//other.praktyki.example" if step % 2 else b""
        following = response(b"", b"Location: %b/step%d" % (host, step + 1), status=status)
        await connection.send(last if step == hops else following)

    return script


# 2.3.1 Access results


@pytest.mark.parametrize("status", [b"200 OK", b"203 Other", b"206 Part"])
def test_success_is_read(status: bytes) -> None:
    rules, paths = rules_from(saying(response(RULES, status=status)))
    assert paths == ["/robots.txt"]
    assert rules.outcome == "rules"
    assert not allowed(rules, "/private/1")
    assert allowed(rules, "/public")
    assert rules.expires_at == NOW + DAY


def test_an_empty_file_allows_all() -> None:
    rules, _ = rules_from(saying(b"HTTP/1.1 204 No Content\r\n\r\n"))
    assert allowed(rules, "/private")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 499])
def test_4xx_allows_all(status: int) -> None:
    rules, _ = rules_from(saying(response(b"User-agent: *\nDisallow: /\n", status=b"%d No" % status)))
    assert rules.outcome == "unavailable"
    assert allowed(rules, "/private")
    assert rules.expires_at == NOW + DAY
    assert f"HTTP {status}" in rules.verdict(f"{ORIGIN}/").reason


def test_429_allows_all_but_is_asked_again_soon() -> None:
    rules, _ = rules_from(saying(response(b"", status=b"429 Too Many Requests")))
    assert rules.outcome == "unavailable"
    assert rules.expires_at < NOW + DAY


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 300, 304, 305, 999])
def test_5xx_and_the_unheard_of_disallow_all(status: int) -> None:
    rules, _ = rules_from(saying(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status))
    assert rules.outcome == "unreachable"
    assert not allowed(rules, "/public")
    assert NOW < rules.expires_at < NOW + DAY
    assert rules.verdict(f"{ORIGIN}/").line_number is None


@pytest.mark.parametrize(
    "script",
    [
        saying(then="close"),
        saying(then="reset"),
        saying(then="hang"),
        saying(b"no HTTP at all\r\n\r\n", then="close"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + RULES, then="close"),
        saying(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n" + RULES, then="hang"),
        saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nUser-", then="close"),
        saying(response(b"not gzip", b"Content-Encoding: gzip")),
        saying(response(b"x", b"Content-Encoding: gzip, gzip")),
    ],
)
def test_no_whole_answer_disallows_all(script: Any) -> None:
    rules, _ = rules_from(script, limits=HASTY)
    assert rules.outcome == "unreachable"
    assert not allowed(rules, "/")
    assert rules.expires_at < NOW + DAY


def test_a_name_without_address_disallows_all() -> None:
    async def nowhere(_host: str, _port: int) -> list[tuple[str, int]]:
        return []

    async def go() -> RobotsRules:
        async with HttpClient(AddressGuard(resolver=nowhere)) as client:
            return await looked_up(client, RobotsLookup(ORIGIN, BOT))

    assert asyncio.run(go()).outcome == "unreachable"


@pytest.mark.parametrize("status", [b"301 M", b"302 M", b"303 M", b"307 M", b"308 M"])
@pytest.mark.parametrize("hops", [1, 2, 5])
def test_five_redirects_are_followed_across_hosts(hops: int, status: bytes) -> None:
    rules, paths = rules_from(redirects(hops, response(RULES), status))
    assert len(paths) == hops + 1
    assert rules.origin == ORIGIN  # the rules count for the host that was asked first
    assert rules.final_url is not None
    assert rules.final_url.endswith(f"/step{hops}")
    assert not allowed(rules, "/private")
    assert allowed(rules, "/public")


def test_the_sixth_redirect_makes_it_unavailable() -> None:
    rules, paths = rules_from(redirects(6, response(RULES)))
    assert len(paths) == 6
    assert rules.outcome == "unavailable"
    assert allowed(rules, "/private")
    assert "redirects" in rules.verdict(f"{ORIGIN}/private").reason


def test_a_redirect_loop_ends() -> None:
    rules, paths = rules_from(saying(response(b"", b"Location: /robots.txt", status=b"302 Found")))
    assert len(paths) == 6
    assert rules.outcome == "unavailable"


@pytest.mark.parametrize(("last", "outcome"), [(b"404 Gone", "unavailable"), (b"503 Busy", "unreachable")])
def test_what_stands_at_the_end_of_redirects_counts(last: bytes, outcome: str) -> None:
    rules, _ = rules_from(redirects(2, response(b"", status=last)))
    assert rules.outcome == outcome


@pytest.mark.parametrize("location", [b"", b"Location: ", b"Location: mailto:a@praktyki.example", b"Location: http://[bad/"])
def test_a_redirect_that_leads_nowhere_disallows_all(location: bytes) -> None:
    fields = [location] if location else []
    rules, _ = rules_from(saying(response(b"", *fields, status=b"301 Moved")))
    assert rules.outcome == "unreachable"


def test_a_redirect_into_the_house_disallows_all() -> None:
    rules, paths = rules_from(saying(response(b"", b"Location: http://10.0.0.1/robots.txt", status=b"301 Moved")))
    assert rules.outcome == "unreachable"
    assert paths == ["/robots.txt"]
    assert "private" in rules.reason


# 2.4 Caching


def test_rules_hold_for_a_day() -> None:
    rules = rules_of(RULES)
    assert rules.is_fresh(NOW)
    assert rules.is_fresh(NOW + DAY - dt.timedelta(seconds=1))
    assert not rules.is_fresh(NOW + DAY)


def test_expired_rules_are_confirmed_by_a_304() -> None:
    async def script(connection: Connection, head: bytes) -> None:
        known = b'If-None-Match: "v1"' in head and b"If-Modified-Since: Mon, 02 Jan 2023 10:00:00 GMT" in head
        unchanged = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        whole = response(RULES, b'ETag: "v1"', b"Last-Modified: Mon, 02 Jan 2023 10:00:00 GMT")
        await connection.send(unchanged if known else whole)

    async def go() -> tuple[RobotsRules, RobotsRules]:
        async with serving(script) as server, HttpClient(guard_for(server)) as client:
            first = await looked_up(client, RobotsLookup(ORIGIN, BOT))
            return first, await looked_up(client, RobotsLookup(ORIGIN, BOT, previous=first), NOW + 2 * DAY)

    first, second = asyncio.run(go())
    assert second.body == first.body == RULES
    assert (second.fetched_at, second.expires_at) == (NOW + 2 * DAY, NOW + 3 * DAY)
    assert not allowed(second, "/private")


def test_rules_found_after_a_redirect_are_not_asked_for_conditionally() -> None:
    previous = rules_of(RULES, etag='"v1"', final_url="http://other.praktyki.example/robots.txt")
    assert RobotsLookup(ORIGIN, BOT, previous=previous).request(AGENT).etag is None


def test_rules_survive_in_a_database() -> None:
    rules = rules_of(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\xb3\x00\r\n", etag='"v"', final_url=f"{ORIGIN}/robots.txt")
    row = rules.to_row()
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.execute(f"CREATE TABLE robots ({', '.join(row)})")
    database.execute(f"INSERT INTO robots VALUES ({', '.join('?' * len(row))})", list(row.values()))
    stored = database.execute("SELECT * FROM robots").fetchone()
    database.close()
    restored = RobotsRules.from_row(stored)
    assert restored == rules
    assert restored.verdict(f"{ORIGIN}/x") == rules.verdict(f"{ORIGIN}/x")
    assert json.dumps({key: value for key, value in row.items() if key != "body"})


# 2.5 Limits, and how files are written


def big_file(size: int, last: bytes) -> bytes:
    return b"User-agent: *\nDisallow: /first\n" + b"# padding\n" * (size // 10) + last


@pytest.mark.parametrize("announced", [True, False])
def test_500_kib_are_read_and_the_rest_is_ignored(announced: bool) -> None:  # noqa: FBT001 - a parameter of the table
    body = big_file(2_000_000, b"Disallow: /last\n")
    script = saying(response(body)) if announced else saying(b"HTTP/1.1 200 OK\r\n\r\n", body, then="close")
    rules, _ = rules_from(script)
    assert rules.outcome == "rules"
    assert not allowed(rules, "/first")
    assert allowed(rules, "/last")
    assert 500 * 1024 - 200 < len(rules.body) <= 500 * 1024


def test_a_rule_within_500_kib_counts() -> None:
    body = big_file(500_000, b"Disallow: /last\n")
    assert len(body) < 500 * 1024
    rules, _ = rules_from(saying(response(body)))
    assert not allowed(rules, "/last")


def test_half_a_line_at_the_limit_is_no_rule() -> None:
    body = b"User-agent: *\nDisallow: /private/and/more\n"
    cut = rules_of(body, limits=RobotsLimits(body_bytes=len(body) - 10))
    assert allowed(cut, "/private")
    assert allowed(cut, "/private/and")
    whole = rules_of(body.rstrip(), limits=RobotsLimits(body_bytes=len(body) - 1))
    assert not allowed(whole, "/private/and/more")


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends_with_a_line_end", [True, False])
def test_line_ends_and_byte_order_mark(end: bytes, mark: bytes, ends_with_a_line_end: bool) -> None:  # noqa: FBT001 - a parameter of the table
    lines = [b"User-agent: other", b"Disallow: /", b"", b"User-agent: Praktyki", b"# no", b"Disallow: /p  # why"]
    rules = rules_of(mark + end.join(lines) + (end if ends_with_a_line_end else b""))
    verdict = rules.verdict(f"{ORIGIN}/private")
    assert (verdict.allowed, verdict.line_number, verdict.line_text) == (False, 6, "Disallow: /p  # why")
    assert verdict.fetched_at == NOW
    assert allowed(rules, "/other")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("Disallow: /żółw".encode(), "/%C5%BC%C3%B3%C5%82w"),
        (b"Disallow: /g\xb3\xf3wna", "/g%B3%F3wna"),  # ISO-8859-2
        (b"Disallow: /%c5%bc", "/%C5%BC"),
        (b"Disallow: /a\x00b", "/a%00b"),
        (b"# \xff\xfe \xb3\nDisallow: /x", "/x"),
    ],
)
def test_bytes_outside_ascii(body: bytes, path: str) -> None:
    rules = rules_of(b"User-agent: *\n" + body)
    if b"\x00" in body:
        assert allowed(rules, "/a")  # a zero byte ends nothing
    else:
        assert not allowed(rules, path)
    assert allowed(rules, "/else")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_saved_as_unicode_by_a_windows_editor(encoding: str) -> None:
    mark = "\ufeff".encode(encoding)
    assert not allowed(rules_of(mark + "User-agent: *\r\nDisallow: /private\r\n".encode(encoding)), "/private")


def test_a_page_in_place_of_the_file_allows_all() -> None:
    assert allowed(rules_of("<!DOCTYPE html><title>Strona nie istnieje</title>"), "/private")


# Verdicts


def test_robots_txt_itself_is_always_allowed() -> None:
    rules = rules_of("User-agent: *\nDisallow: /\n")
    assert allowed(rules, "/robots.txt")
    assert not allowed(rules, "/robots.txt.old")


def test_a_group_of_its_own_replaces_the_group_for_all() -> None:
    rules = rules_of("User-agent: *\nDisallow: /\n\nUser-agent: PRAKTYKI/2.0 (x)\nAllow: /\n")
    assert allowed(rules, "/x")
    assert not RobotsRules.from_response(ORIGIN, "other", 200, rules.body, fetched_at=NOW).verdict(f"{ORIGIN}/x").allowed


@pytest.mark.parametrize("token", ["", "praktyki/1.0", "praktyki bot", "prąktyki", "*", "p1"])
def test_a_token_that_no_file_could_name_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="product token"):
        RobotsRules.from_response(ORIGIN, token, 200, b"", fetched_at=NOW)


@pytest.mark.parametrize("url", ["http://other.example/", f"https://{HOST}/", f"{ORIGIN}:8080/"])
def test_rules_do_not_speak_for_another_origin(url: str) -> None:
    with pytest.raises(ValueError, match="is not of"):
        rules_of(RULES).verdict(url)


def test_origins() -> None:
    assert origin_of("HTTP://Example.ORG.:80/a?b#c") == "http://example.org"
    assert origin_of("https://[2A00::1]:8443/") == "https://[2a00::1]:8443"
    with pytest.raises(ValueError, match="absolute"):
        origin_of("/robots.txt")


def test_a_file_made_to_cost_is_not_matched() -> None:
    body = "User-agent: *\n" + ("Disallow: /" + "*a" * 1000 + "\n") * 250
    verdict = rules_of(body).verdict(f"{ORIGIN}/{'a' * 8000}")
    assert not verdict.allowed
    assert "too large" in verdict.reason
    assert rules_of(body).verdict(f"{ORIGIN}/b").reason == "no line matches"


# Crawl-delay and Sitemap


@pytest.mark.parametrize(
    ("body", "seconds", "line_number"),
    [
        ("User-agent: *\nCrawl-delay: 10\nDisallow:\n", 10, 2),
        ("User-agent: *\nDisallow: /x\nCrawl-delay: 2.5 # slow\n", 2.5, 3),
        ("User-agent: *\ncrawl-DELAY : 1,5s\n", 1.5, 2),
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: Praktyki\nCrawl-delay: 3\nDisallow:\n", 3, 5),
        ("User-agent: *\nCrawl-delay: 10\nDisallow:\n\nUser-agent: praktyki\nDisallow: /x\n", None, None),
        ("User-agent: other\nCrawl-delay: 10\nDisallow: /\n", None, None),
        ("User-agent: other\nUser-agent: praktyki/9\nCrawl-delay: 4\nDisallow:\n", 4, 3),
        ("User-agent: praktyki\nCrawl-delay: 4\nDisallow:\nUser-agent: praktyki\nCrawl-delay: 6\nDisallow:", 6, 5),
        ("Crawl-delay: 10\n", None, None),
        *((f"User-agent: *\nCrawl-delay: {value}\nDisallow:", None, None) for value in ("-1", "inf", "nan", "soon", "1e9", "")),
        ("", None, None),
    ],
)
def test_crawl_delay(body: str, seconds: float | None, line_number: int | None) -> None:
    delay = rules_of(body).crawl_delay
    assert (delay.seconds if delay else None, delay.line_number if delay else None) == (seconds, line_number)


def test_sitemaps_belong_to_no_group() -> None:
    body = (
        "Sitemap: https://www.praktyki.example/a.xml\nUser-agent: other\nsitemap : http://praktyki.example/b.xml.gz # old\n"
        "Disallow: /\nSITEMAP:https://www.praktyki.example/a.xml\nSitemap: /relative.xml\nSitemap: file:///etc/passwd\nSitemap:\n"
    )
    assert rules_of(body).sitemaps == ("https://www.praktyki.example/a.xml", "http://praktyki.example/b.xml.gz")


def test_sitemaps_have_a_limit() -> None:
    body = "".join(f"Sitemap: http://praktyki.example/{number}.xml\n" for number in range(5000))
    assert len(rules_of(body).sitemaps) == RobotsLimits().sitemaps


# Verdicts beside the engine's, the plain matcher's and Google's own code

AGENTS = ["*", "praktyki", "Praktyki/1.2", "prak", "praktykibot", "other", "* x", "praktyki *", "", "foo_bar", "*praktyki"]
KEYS = [
    *("Disallow", "Allow", "disallow", "ALLOW", "disalow", "dissallow", "Disallowed", "Sitemap", "Crawl-delay", "Noindex"),
    *("# Disallow", "Dis allow", "Host", ""),
]
PATTERNS = [
    *("/", "/a", "/a*b", "/a$", "*", "", "/*.php$", "/index.html", "/index.htm", "/a/index.html", "/a?b=1", "a", "/a b", "$"),
    *("/$", "/a$b", "/**", "/*/x", "5", "http://h/a", "/a;b", "/a#b", "//a", "/A", "*$", "**$", "/*a*b*$", "/a/", "/a*/"),
]
PATHS = [
    *("/", "/a", "/ab", "/axb", "/a/", "/index.html", "/index.htm", "/a/index.html", "/x.php", "/x.php?q", "/a?b=1", "/q/x"),
    *("/a$", "/a;b", "//a", "/A", "", "?q", "/a#b", "/a/b/a/b", "/aab", "/a/x/b.php"),
]
BLANKS = st.sampled_from(["", "", "", " ", "\t"])
SEPARATORS = st.sampled_from([": ", ": ", ":", " : ", "\t:", " ", "  "])
LINE_ENDS = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n", "\n\r"])


@st.composite
def lines(draw: st.DrawFn) -> str:
    is_agent = draw(st.integers(0, 9)) < 4
    key = draw(st.sampled_from(["User-agent", "user-agent", "useragent", "user agent"] if is_agent else KEYS))
    value = draw(st.sampled_from(AGENTS if is_agent else PATTERNS))
    comment = draw(st.sampled_from(["", "", "", " ", "\t# why"]))
    return draw(BLANKS) + key + draw(SEPARATORS) + value + comment + draw(LINE_ENDS)


FILES = st.builds(
    lambda mark, body, is_stripped: mark + (body.rstrip() if is_stripped else body),
    st.sampled_from(["", "", "\ufeff", " \n"]),
    st.lists(lines(), max_size=10).map("".join),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(FILES)
def test_verdict_is_the_engines_and_the_plain_matcher_agrees(body: str) -> None:
    robotstxt = pytest.importorskip("robotstxt", reason="no wheel of the engine for this Python")
    rules, engine = rules_of(body), robotstxt.RobotsMatcher()
    for path in PATHS:
        expected = engine.is_allowed(body, BOT, ORIGIN + path), engine.matching_line
        verdict = rules.verdict(ORIGIN + path)
        assert (verdict.allowed, verdict.line_number or 0) == expected
        normal_path = path.partition("#")[0] if path.startswith("/") else f"/{path}"
        assert plain_verdict(body.encode(), BOT, normal_path) == expected


@settings(deadline=None, max_examples=300)
@given(FILES)
def test_verdict_is_that_of_googles_own_code(body: str) -> None:
    googlebot = pytest.importorskip("jwm.robotstxt.googlebot", reason="no wheel of Google's code for this Python")
    rules, matcher = rules_of(body), googlebot.RobotsMatcher()
    for path in PATHS:
        expected = matcher.OneAgentAllowedByRobots(body, BOT, ORIGIN + path), matcher.matching_line()
        verdict = rules.verdict(ORIGIN + path)
        assert (verdict.allowed, verdict.line_number or 0) == expected


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.sampled_from(PATHS))
def test_any_bytes_have_a_verdict(body: bytes, path: str) -> None:
    rules = rules_of(body)
    verdict = rules.verdict(ORIGIN + path)
    assert (verdict.line_number is None) == (verdict.line_text is None)
    assert isinstance(rules.sitemaps, tuple)
    assert rules.crawl_delay is None or rules.crawl_delay.seconds >= 0


def test_where_the_engine_has_no_wheel_the_plain_matcher_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "RobotsMatcher", None)
    verdict = rules_of("User-agent: *\nAllow: /a/index.html\nDisallow: /a\n").verdict(f"{ORIGIN}/a/b?c")
    assert (verdict.allowed, verdict.line_number, verdict.line_text) == (False, 3, "Disallow: /a")
    assert rules_of("User-agent: *\nAllow: /%61\nDisallow: /").verdict(f"{ORIGIN}/abc").allowed


def test_a_look_up_says_what_to_fetch() -> None:
    lookup = RobotsLookup(ORIGIN, BOT)
    asked = lookup.request(AGENT)
    assert isinstance(asked, FetchRequest)
    assert (asked.url, asked.user_agent, asked.wants_beginning) == (f"{ORIGIN}/robots.txt", AGENT, True)
    moved = FetchResult(url=asked.url, status=301, headers=((b"Location", b"https://www.praktyki.example/robots.txt#x"),))
    assert lookup.feed(moved, NOW) is None
    assert lookup.url == "https://www.praktyki.example/robots.txt"
    assert lookup.hops == [f"{ORIGIN}/robots.txt"]
