"""One page, one address; whose it is, and what it is, by the rules of the real sources."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import settings_from
from pipeline.crawl.scoping import canonical as module
from pipeline.crawl.scoping.canonical import NotAnAddress, canonical
from pipeline.crawl.scoping.scope import InScope, OutOfScope, Scope, claiming
from pipeline.errors import ConfigError
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Crawl

SOURCES = discovered_sources()
BY_NAME = {source.name: source for source in SOURCES}
BDP = Scope(BY_NAME["bdp"])
OLD = "https://archiwum.dobrepraktyki.pl/index.php"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("HTTP://Gmina.Example.ORG.:80/a/../b?z=1&a=2#f", "http://gmina.example.org/b?z=1&a=2"),
        ("https://gmina.example.org:443", "https://gmina.example.org/"),
        ("https://gmina.example.org:8443/x", "https://gmina.example.org:8443/x"),
        ("https://gmina.example.org/a;jsessionid=1A2B?x=&PHPSESSID=3", "https://gmina.example.org/a?x="),
        ("https://gmina.example.org/?utm_source=a&utm_medium=b&fbclid=c&id=1", "https://gmina.example.org/?id=1"),
        ("https://gmina.example.org/%2e%2E/a/%2e/b", "https://gmina.example.org/a/b"),
        ("https://gmina.example.org/a b", "https://gmina.example.org/a%20b"),
        ("https://gmina.example.org/ąę?q=ł", "https://gmina.example.org/%C4%85%C4%99?q=%C5%82"),
        ("https://gmina.example.org/%b3%f3d%bc", "https://gmina.example.org/%b3%f3d%bc"),
        ("https://gmina.example.org/a\tb\n", "https://gmina.example.org/ab"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://gmina.example.org/a//b/", "https://gmina.example.org/a//b/"),
    ],
)
def test_what_is_asked_for(link: str, url: str) -> None:
    assert canonical(link).url == url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.example.org/?a=1&b=2", "https://x.example.org/?b=2&a=1"),
        ("https://x.example.org/%7ea", "https://x.example.org/~a"),
        ("https://x.example.org/%c4%85", "https://x.example.org/ą"),
        ("https://x.example.org", "https://X.example.org.:443/#top"),
    ],
)
def test_spellings_of_one_page_have_one_key(one: str, other: str) -> None:
    assert canonical(one).key == canonical(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.example.org/a", "https://x.example.org/A"),
        ("https://x.example.org/a", "https://x.example.org/a/"),
        ("https://x.example.org/?a=1", "https://x.example.org/?a=2"),
        ("https://x.example.org/?q=%b1", "https://x.example.org/?q=%b2"),  # neither is UTF-8
        ("https://x.example.org/a%2Fb", "https://x.example.org/a/b"),
    ],
)
def test_different_pages_have_different_keys(one: str, other: str) -> None:
    assert canonical(one).key != canonical(other).key


@pytest.mark.parametrize(
    "link",
    [
        "",
        "mailto:a@example.org",
        "javascript:x",
        "tel:1",
        "ftp://x/",
        "//x/",
        "/a",
        "http://",
        "http:///a",
        "https://u:p@x.example.org/",
        "http://[::1",
        "http://x.example.org:99999/",
        "http://x.example.org:a/",
        "x" * 5000,
        "http://x.example.org/" + "a" * 5000,
        "data:text/html,x",
    ],
)
def test_what_is_no_address(link: str) -> None:
    with pytest.raises(NotAnAddress):
        canonical(link)


@settings(deadline=None, max_examples=300)
@given(rest=st.text(max_size=60), secure=st.booleans())
def test_canonical_form_is_a_fixed_point_or_refused(rest: str, *, secure: bool) -> None:
    try:
        first = canonical(f"{'https' if secure else 'http'}://gmina.example.org/{rest}")
    except NotAnAddress:
        return
    again = canonical(first.url)
    assert again == first
    assert canonical(first.key).key == first.key
    assert first.url.isascii()
    assert first.host == "gmina.example.org"


def canonical_by_every_rule(link: str, crawl: Crawl) -> object:
    """As for an address that is not in its form already."""
    in_form, module._IN_FORM = module._IN_FORM, re.compile("(?!)")  # type: ignore[misc]
    try:
        return canonical(link, crawl)
    except NotAnAddress as error:
        return str(error)
    finally:
        module._IN_FORM = in_form  # type: ignore[misc]


HOSTS = st.sampled_from(
    ["a", "a.b", "a-b.example", "a_b.example", "1.2.3.4", "xn--w-uga1v8h.example", "-a.b", "a..b", "A.b", "a.b."]
)
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":65536", ":0", ":", ":08"])
PATHS = st.text(alphabet="ab/.~_-09%2eE;=&?AZ:+,@", max_size=14)
QUERIES = st.text(alphabet="abs=&._-0Z", max_size=14).map("index.php?art=1&{}".format)


@settings(deadline=None, max_examples=600)
@given(scheme=st.sampled_from(["http", "https", "HTTP"]), host=HOSTS, port=PORTS, path=PATHS | QUERIES)
def test_an_address_in_form_is_what_every_rule_makes_of_it(scheme: str, host: str, port: str, path: str) -> None:
    link = f"{scheme}://{host}{port}/{path}"
    for crawl in (Crawl(), BDP.crawl):
        try:
            found: object = canonical(link, crawl)
        except NotAnAddress as error:
            found = str(error)
        assert found == canonical_by_every_rule(link, crawl)


@pytest.mark.parametrize(
    ("link", "key"),
    [
        (f"{OLD}?p1=5&p2=18&art=358", f"{OLD}?art=358"),
        (f"{OLD}?p1=5&p2=18&art=358&s=1", f"{OLD}?art=358"),
        (f"{OLD}?art=358&s=2&p1=1", f"{OLD}?art=358&s=2"),
        ("http://www.dobrepraktyki.pl/index.php?p1=5&art=358", f"{OLD}?art=358"),
        ("http://dobrepraktyki.pl/index.php?art=358&s=3", f"{OLD}?art=358&s=3"),
        (f"{OLD}?p2=18&p1=5", f"{OLD}?p1=5&p2=18"),
        (
            "http://www.dobrepraktyki.pl/praktyka/41,bank.html?tab=content",
            "https://dobrepraktyki.pl/praktyka/41,bank.html?tab=content",
        ),
    ],
)
def test_art_and_s_decide_a_page_of_bdp(link: str, key: str) -> None:
    assert canonical(link, BDP.crawl).key == key


@pytest.mark.parametrize(
    ("source", "link", "key"),
    [
        ("slideplayer", "http://slideplayer.pl./amp/59163", "https://slideplayer.pl/slide/59163/"),
        ("slideplayer", "https://www.slideplayer.pl/slide/59163?x=1", "https://slideplayer.pl/slide/59163/"),
        ("slideplayer", "https://slideplayer.com/slide/59163/", "https://slideplayer.com/slide/59163/"),
        ("blogger", "http://x.blogspot.com.ua/2020/01/a.html?m=1&showComment=7#c7", "https://x.blogspot.com/2020/01/a.html"),
        ("blogger", "https://x.blogspot.pl/2020/01/", "https://x.blogspot.com/2020/01/"),
        ("blogger", "https://x.blogspot.co.uk/", "https://x.blogspot.com/"),
        (
            "bpzoliborz",
            "http://www.bpzoliborz.pl/bpzoliborz/index.php/wspolpraca/",
            "https://bpzoliborz.pl/bpzoliborz/index.php/wspolpraca/",
        ),
    ],
)
def test_keys_of_the_other_sources(source: str, link: str, key: str) -> None:
    facts = BY_NAME[source].facts.crawl
    assert facts is not None
    assert canonical(link, facts).key == key


@pytest.mark.parametrize(
    ("link", "origin", "kind"),
    [
        (f"{OLD}?p1=1&p2=3&art=147", "listing", "detail"),
        (f"{OLD}?p1=1&p2=3&art=147&s=2", "detail", "detail"),
        (f"{OLD}?p1=1", "listing", "listing"),
        (f"{OLD}?p1=1&p2=3&strona=2", "listing", "listing"),
        (f"{OLD}?p1=1", "detail", None),
        ("https://dobrepraktyki.pl/praktyka/41,bank.html", "sitemap", "detail"),
        ("https://dobrepraktyki.pl/praktyki.html?page=2", "listing", "listing"),
        ("https://archiwum.dobrepraktyki.pl/panel/", "listing", None),
        ("https://archiwum.dobrepraktyki.pl/pliki/112/karta.pdf", "attachment", "attachment"),
        ("https://archiwum.dobrepraktyki.pl/pliki/112/karta.pdf", "listing", None),
        ("https://inna.example.org/karta.pdf", "attachment", None),
        ("https://dobrepraktyki.pl.example.org/praktyka/1,x.html", "listing", None),
        ("https://dobrepraktyki.pl/sitemap.xml", "robots", "sitemap"),
        ("https://www.facebook.com/", "listing", None),
        (f"{OLD}?p1=1&p2=3&art=147'%20OR%201=1", "listing", "listing"),
    ],
)
def test_kinds_of_bdp_addresses(link: str, origin: str, kind: str | None) -> None:
    judged = BDP.judged(link, origin, 1)  # type: ignore[arg-type]  # a literal
    assert (judged.kind if isinstance(judged, InScope) else None) == kind


@pytest.mark.parametrize(
    ("seed", "name"),
    [
        ("https://slideplayer.pl/slide/59163/", "slideplayer"),
        ("https://x.blogspot.com/2020/01/a.html", "blogger"),
        ("https://bpzoliborz.pl/index.php/inne/", "bpzoliborz"),
        ("https://archiwum.dobrepraktyki.pl/index.php?p1=5&p2=18&art=358", "bdp"),
        ("https://dobrepraktyki.pl/panel/x", None),
        ("https://www.miasto.example/partnerstwo", "web"),
    ],
)
def test_who_takes_a_seed(seed: str, name: str | None) -> None:
    owner = claiming(seed, SOURCES)
    assert (owner.name if owner is not None else None) == name


def test_links_between_blogs_and_decks_are_not_followed() -> None:
    blog = Scope(BY_NAME["blogger"], ["https://x.blogspot.com/2020/01/a.html"])
    assert isinstance(blog.judged("https://x.blogspot.com/2021/02/b.html", "listing", 1), InScope)
    assert isinstance(blog.judged("https://y.blogspot.com/2021/02/b.html", "listing", 1), OutOfScope)
    decks = Scope(BY_NAME["slideplayer"], ["https://slideplayer.pl/slide/59163/"])
    assert isinstance(decks.judged("https://slideplayer.pl/slide/59164/", "detail", 1), OutOfScope)


@pytest.mark.parametrize(
    ("path", "is_trap"),
    [
        ("/a/a/", False),
        ("/a/a/a/", True),
        ("/x/a/b/a/b/a/b", True),
        ("/a/b/c/" * 3, True),
        ("/" + "/".join(map(str, range(30))), True),
        ("/a/b/c/d/", False),
    ],
)
def test_paths_that_repeat_themselves(path: str, *, is_trap: bool) -> None:
    judged = BDP.judged(f"https://dobrepraktyki.pl{path}", "listing", 1)
    assert isinstance(judged, OutOfScope)
    assert ("repeats itself" in judged.reason) == is_trap


def test_settings_of_the_crawl_come_from_environment_and_command_line() -> None:
    environment = {"PRAKTYKI_CONTACT": "a@example.org", "PRAKTYKI_SEEDS": "https://a.example.org/ https://b.example.org/"}
    found = settings_from({"allow_loopback": True}, environment).crawl
    assert (found.contact, found.seeds, found.allow_loopback) == (
        "a@example.org",
        ["https://a.example.org/", "https://b.example.org/"],
        True,
    )
    assert settings_from({}, {"PRAKTYKI_ALLOW_LOOPBACK": "true"}).crawl.allow_loopback is True
    for wrong in ({"PRAKTYKI_HOSTS_AT_ONCE": "0"}, {"PRAKTYKI_MIN_DELAY_SECONDS": "-1"}, {"PRAKTYKI_CRAWL": "x"}):
        with pytest.raises(ConfigError):
            settings_from({}, wrong)
