"""The address guard: what is refused, however it is spelt, and what is not."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.crawl.network.addresses import forbidden_reason
from pipeline.crawl.network.guard import AddressGuard, AddressRefused, NameNotResolved, Resolver, system_addresses

# Address, and the reason it is refused for. Nothing of this needs a resolver.
FORBIDDEN = {
    # plain addresses that are not public
    "http://127.0.0.1/": "loopback",
    "http://127.8.9.10/": "loopback",
    "http://0.0.0.0/": "unspecified",
    "http://0.1.2.3/": "unspecified",
    "http://10.0.0.1/": "private",
    "http://172.16.0.1/": "private",
    "http://172.31.255.255/": "private",
    "http://192.168.1.1/": "private",
    "http://169.254.169.254/latest/meta-data/": "link_local",
    "http://100.64.0.1/": "shared",
    "http://100.100.100.200/": "shared",
    "http://168.63.129.16/": "cloud_service",
    "http://192.0.0.192/": "reserved",
    "http://192.0.2.1/": "documentation",
    "http://198.51.100.7/": "documentation",
    "http://203.0.113.9/": "documentation",
    "http://198.18.0.1/": "benchmarking",
    "http://192.88.99.1/": "reserved",
    "http://224.0.0.1/": "multicast",
    "http://240.0.0.1/": "reserved",
    "http://255.255.255.255/": "reserved",
    # IPv6, plain and with an IPv4 address inside
    "http://[::1]/": "loopback",
    "http://[0:0:0:0:0:0:0:1]/": "loopback",
    "http://[::]/": "unspecified",
    "http://[fe80::1]/": "link_local",
    "http://[fc00::1]/": "private",
    "http://[fd00:ec2::254]/": "private",
    "http://[fec0::1]/": "private",
    "http://[ff02::1]/": "multicast",
    "http://[2001:db8::1]/": "documentation",
    "http://[3fff::1]/": "documentation",
    "http://[2001:2::1]/": "benchmarking",
    "http://[100::1]/": "reserved",
    "http://[4000::1]/": "reserved",
    "http://[::ffff:127.0.0.1]/": "loopback",
    "http://[::ffff:7f00:1]/": "loopback",
    "http://[::FFFF:10.0.0.1]/": "private",
    "http://[::127.0.0.1]/": "reserved",
    "http://[64:ff9b::127.0.0.1]/": "loopback",
    "http://[64:ff9b::a9fe:a9fe]/": "link_local",
    "http://[64:ff9b:1::1]/": "private",
    "http://[2002:7f00:1::]/": "loopback",
    "http://[2002:c0a8:101::1]/": "private",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/": "reserved",
    "http://[2a00:1450::5efe:10.0.0.1]/": "private",
    # other spellings of numbers
    "http://2130706433/": "spelling",
    "http://0x7f000001/": "spelling",
    "http://0X7F.0.0.1/": "spelling",
    "http://017700000001/": "spelling",
    "http://0177.0.0.1/": "spelling",
    "http://0127.0.0.1/": "spelling",
    "http://127.1/": "spelling",
    "http://127.0.1/": "spelling",
    "http://127.0.0.1./": "spelling",
    "http://127.0.0.0x1/": "spelling",
    "http://8.8.8/": "spelling",
    "http://1.2.3.4.5/": "spelling",
    "http://256.1.1.1/": "spelling",
    "http://134744072/": "spelling",
    "http://0/": "spelling",
    "http://example.1/": "spelling",
    "http://１２７.０.０.１/": "spelling",
    "http://①②⑦.⓪.⓪.①/": "spelling",
    "http://127。0。0。1/": "spelling",
    "http://127．0．0．1/": "spelling",
    "http://[::1%25lo]/": "spelling",
    "http://[fe80::1%eth0]/": "spelling",
    "http://[127.0.0.1]/": "spelling",
    "http://[v1.fe80::a]/": "spelling",
    "http://[]/": "spelling",
    "http://127.0.0.1%2f@example.org/": "userinfo",
    "http://%31%32%37.0.0.1/": "spelling",
    "http://127.0.0.1%00.example.org/": "spelling",
    "http://exa%6dple.org/": "spelling",
    # names of this machine or its network
    "http://localhost/": "local_name",
    "http://LOCALHOST/": "local_name",
    "http://localhost./": "local_name",
    "http://ｌｏｃａｌｈｏｓｔ/": "local_name",
    "http://ⓛocalhost/": "local_name",
    "http://a.localhost/": "local_name",
    "http://localhost.localdomain/": "local_name",
    "http://printer.local/": "local_name",
    "http://metadata.google.internal/": "local_name",
    "http://router.home.arpa/": "local_name",
    "http://intranet/": "local_name",
    "http://example.onion/": "local_name",
    # userinfo, delimiters, control characters
    "http://example.org@127.0.0.1/": "userinfo",
    "http://user:password@example.org/": "userinfo",
    "http://@example.org/": "userinfo",
    "http://127.0.0.1\\@example.org/": "spelling",
    "http://example.org\\@127.0.0.1/": "spelling",
    "http:\\\\127.0.0.1\\": "spelling",
    "http://exam\tple.org/": "spelling",
    "http://example.org/\r\nHost: 127.0.0.1": "spelling",
    "http://example.org/a b": "spelling",
    " http://example.org/": "spelling",
    "http://example.org/\x00": "spelling",
    "http://example.org/ż": "spelling",
    # no host, odd hosts
    "http://": "host",
    "http:///path": "host",
    "http://:80/": "host",
    "http://.example.org/": "host",
    "http://example..org/": "host",
    "http://example.org../": "host",
    "http://./": "host",
    "http://::1/": "host",
    "http://exa$mple.org/": "host",
    "http://exa,mple.org/": "host",
    "http://-example.org/": "host",
    f"http://{'a' * 64}.org/": "host",
    f"http://{'a.' * 130}org/": "host",
    f"http://{'ż' * 300}.org/": "host",
    "http://exa\u200bmple.org\u2028/": "host",
    "http://[::1]x/": "host",
    # ports
    "http://example.org:0/": "port",
    "http://example.org:65536/": "port",
    "http://example.org:99999999999/": "port",
    "http://example.org:-1/": "port",
    "http://example.org:+80/": "port",
    "http://example.org:080/": "port",
    "http://example.org:80:80/": "port",
    "http://example.org:８０/": "port",
    "http://example.org:http/": "port",
    "http://example.org:22/": "port",
    "http://example.org:25/": "port",
    "http://example.org:6667/": "port",
    # schemes and things that are no address
    "ftp://example.org/": "scheme",
    "file:///etc/passwd": "scheme",
    "gopher://example.org/": "scheme",
    "ws://example.org/": "scheme",
    "httpx://example.org/": "scheme",
    "javascript:alert(1)": "url",
    "data:text/html,x": "url",
    "//example.org/": "url",
    "http:example.org": "url",
    "http:/example.org": "url",
    "/path": "url",
    "": "url",
    "http://example.org/" + "a" * 1_000_000: "length",
}

ALLOWED = {
    "http://example.org": ("http", "example.org", 80, "/"),
    "HTTPS://EXAMPLE.ORG/A": ("https", "example.org", 443, "/A"),
    "http://example.org./a": ("http", "example.org", 80, "/a"),
    "http://example.org:/": ("http", "example.org", 80, "/"),
    "http://example.org:8080/?q=1#part": ("http", "example.org", 8080, "/?q=1"),
    "http://example.org?q": ("http", "example.org", 80, "/?q"),
    "https://a_b.example.org/x/../y//z;p?u=http://10.0.0.1/@": (
        "https",
        "a_b.example.org",
        443,
        "/x/../y//z;p?u=http://10.0.0.1/@",
    ),
    "http://żółw.example/": ("http", "xn--w-uga1v8h.example", 80, "/"),
    "http://приклад.укр/": ("http", "xn--80aikifvh.xn--j1amh", 80, "/"),
    "http://8.8.8.8/": ("http", "8.8.8.8", 80, "/"),
    "http://172.32.0.1/": ("http", "172.32.0.1", 80, "/"),
    "http://[2A00:1450:4001::0:1]:8443/": ("http", "2a00:1450:4001::1", 8443, "/"),
    "http://[2002:808:808::1]/": ("http", "2002:808:808::1", 80, "/"),
    "http://[64:ff9b::8.8.8.8]/": ("http", "64:ff9b::808:808", 80, "/"),
}


def resolver_of(*addresses: str) -> Resolver:
    async def resolve(_host: str, port: int) -> Sequence[tuple[str, int]]:
        return [(address, port) for address in addresses]

    return resolve


@pytest.mark.parametrize(("url", "reason"), FORBIDDEN.items(), ids=lambda value: value[:60])
def test_forbidden_spelling(url: str, reason: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressGuard(resolver=resolver_of("8.8.8.8")).target(url)
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_there_are_enough_forbidden_spellings() -> None:
    assert len(FORBIDDEN) >= 40


@pytest.mark.parametrize("url", ALLOWED)
def test_public_address(url: str) -> None:
    assert tuple(AddressGuard().target(url)) == ALLOWED[url]


@pytest.mark.parametrize("url", [url for url, reason in FORBIDDEN.items() if reason not in ("loopback", "local_name", "port")])
def test_the_switch_opens_loopback_only(url: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard(allow_loopback=True).target(url)


@pytest.mark.parametrize("host", ["[::ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "printer.local", "intranet"])
def test_the_switch_opens_no_disguise_of_loopback(host: str) -> None:
    with pytest.raises(AddressRefused):
        AddressGuard(allow_loopback=True).target(f"http://{host}/")


@pytest.mark.parametrize("url", ["http://127.0.0.1:81/", "http://127.3.2.1/", "http://[::1]:5000/", "http://localhost:22/"])
def test_the_switch_opens_loopback(url: str) -> None:
    assert AddressGuard(allow_loopback=True).target(url).host in ("127.0.0.1", "127.3.2.1", "::1", "localhost")


@pytest.mark.parametrize(
    ("url", "authority", "origin"),
    [
        ("http://Example.org.:80/", "example.org", "http://example.org"),
        ("https://example.org:80/", "example.org:80", "https://example.org:80"),
        ("https://[2a00::1]/", "[2a00::1]", "https://[2a00::1]"),
    ],
)
def test_authority(url: str, authority: str, origin: str) -> None:
    target = AddressGuard().target(url)
    assert (target.authority, target.origin) == (authority, origin)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (["127.0.0.1"], "loopback"),
        (["8.8.8.8", "10.0.0.1"], "private"),
        (["2a00:1450::1", "::1"], "loopback"),
        (["::ffff:192.168.0.1"], "private"),
        (["64:ff9b::c0a8:1"], "private"),
        (["fe80::1%eth0"], "link_local"),
        (["2a00::1%eth0"], "link_local"),
        (["169.254.169.254"], "link_local"),
        (["not an address"], "spelling"),
        (["127.1"], "spelling"),
    ],
)
def test_a_public_name_that_leads_inside(answers: list[str], reason: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        asyncio.run(AddressGuard(resolver=resolver_of(*answers)).endpoints("www.example.org", 80))
    assert caught.value.reason == reason


def test_checked_endpoints_keep_the_order_and_come_once() -> None:
    guard = AddressGuard(resolver=resolver_of("8.8.8.8", "2a00::1", "8.8.8.8"))
    endpoints = asyncio.run(guard.endpoints("www.example.org", 443))
    assert [(str(e.address), e.port) for e in endpoints] == [("8.8.8.8", 443), ("2a00::1", 443)]


def test_another_port_is_for_loopback_only() -> None:
    async def elsewhere(host: str, _port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1" if host == "demo.example.org" else "8.8.8.8", 4321)]

    guard = AddressGuard(allow_loopback=True, resolver=elsewhere)
    assert asyncio.run(guard.endpoints("demo.example.org", 80))[0].port == 4321
    with pytest.raises(AddressRefused, match="port"):
        asyncio.run(guard.endpoints("www.example.org", 80))


def test_a_name_without_address() -> None:
    with pytest.raises(NameNotResolved) as caught:
        asyncio.run(AddressGuard(resolver=resolver_of()).endpoints("www.example.org", 80))
    assert not caught.value.temporary


def test_the_system_resolver_asks_for_the_absolute_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def getaddrinfo(host: bytes, port: int, **_: Any) -> list[Any]:
        asked.append((host, threading.current_thread().daemon))
        if host == b"gone.example.org.":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host == b"later.example.org.":
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert asyncio.run(system_addresses("www.example.org", 80)) == [("8.8.8.8", 80)]
    assert asked == [(b"www.example.org.", True)]
    for host, temporary in [("gone.example.org", False), ("later.example.org", True)]:
        with pytest.raises(NameNotResolved) as caught:
            asyncio.run(system_addresses(host, 80))
        assert caught.value.temporary is temporary


def test_a_cancelled_look_up_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        release.wait()
        raise socket.gaierror(socket.EAI_AGAIN, "too late")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    async def hurried() -> None:
        async with asyncio.timeout(0.01):
            await system_addresses("slow.example.org", 80)

    with pytest.raises(TimeoutError):
        asyncio.run(hurried())  # returns although the look-up still hangs
    release.set()


@settings(deadline=None, max_examples=300)
@given(st.ip_addresses(v=4))
def test_agrees_with_ipaddress_about_ipv4(address: ipaddress.IPv4Address) -> None:
    if not address.is_global or address.is_multicast:
        assert forbidden_reason(address, allow_loopback=False) is not None


@settings(deadline=None, max_examples=300)
@given(st.ip_addresses(v=6))
def test_agrees_with_ipaddress_about_ipv6(address: ipaddress.IPv6Address) -> None:
    if forbidden_reason(address, allow_loopback=False) is None:
        assert not any([address.is_loopback, address.is_link_local, address.is_multicast, address.is_unspecified])
        assert (
            address in ipaddress.ip_network("2000::/3")
            or address in ipaddress.ip_network("64:ff9b::/96")
            or address.ipv4_mapped
        )


@settings(deadline=None, max_examples=300)
@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "6to4"]))
def test_a_wrapped_address_is_judged_by_what_is_inside(address: ipaddress.IPv4Address, prefix: str) -> None:
    inner = int(address)
    wrapped = (0x2002 << 112 | inner << 80 | 1) if prefix == "6to4" else int(ipaddress.IPv6Address(prefix)) | inner
    expected = forbidden_reason(address, allow_loopback=False)
    assert forbidden_reason(ipaddress.IPv6Address(wrapped), allow_loopback=False) == expected


@settings(deadline=None, max_examples=500)
@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_an_address_or_refused(authority: str, path: str) -> None:
    try:
        target = AddressGuard().target(f"http://{authority}/{path}")
    except AddressRefused:
        return
    assert target.host.isascii()
    assert target.request_target.isascii()
    assert 0 < target.port < 65536
