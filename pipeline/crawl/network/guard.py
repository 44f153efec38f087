"""The address guard: what an address means, and which machines may be reached for it.

Two gates. `AddressGuard.target` reads an address strictly and refuses every spelling on which two programs could
disagree, instead of interpreting it. `AddressGuard.endpoints` resolves a host and refuses it when any of its addresses
is not public; the transport connects to exactly these and nothing resolves the name again, so that a name server
which answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import idna

from pipeline.crawl.network.addresses import IPAddress, forbidden_reason
from pipeline.crawl.network.limits import PAGE_LIMITS
from pipeline.errors import PraktykiError

Resolver = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Host and port in, (IP address, port) pairs out. Raises NameNotResolved. Another port than asked for is taken only
with a loopback address: so the demo serves a publisher's own addresses from a free port of this machine."""

_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?"
)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>.*))?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC: Final = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")  # a last label that inet_aton or a browser reads as a number
_NOT_IN_ADDRESS: Final = re.compile(r"[\x00-\x20\x7f\\]")
_PLACES_REMEMBERED: Final = 512
_MAX_HOST: Final = 253  # RFC 1035
_DEFAULT_PORT: Final = {"http": 80, "https": 443}
_LOCAL_NAMES: Final = ("local", "localhost", "localdomain", "internal", "intranet", "lan", "home.arpa", "onion", "invalid")
"""Never in public DNS (RFC 6761, 6762, 7686, 8375 and ICANN's ``internal``): they name machines near the crawler."""
# Other protocols' ports, which browsers refuse too (Fetch standard, "port blocking"), for hosts that are not loopback.
_OTHER_PORTS: Final = frozenset(range(1024)) - {80, 443} | {
    *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080)
}


class AddressRefused(PraktykiError):
    """An address must not be asked for. Raised by the guard; the crawler books the address as failed and goes on.

    ``reason`` is one short word: ``url`` (not an absolute address), ``length``, ``scheme``, ``userinfo``, ``host``,
    ``port``, ``spelling``, ``local_name``, or one of `addresses.forbidden_reason`. ``detail`` names what was refused.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"address refused ({reason}): {detail}")
        self.reason = reason
        self.detail = detail


class NameNotResolved(PraktykiError):
    """A host has no address. Raised by resolvers; ``temporary`` tells whether asking again may help."""

    def __init__(self, host: str, detail: str, *, temporary: bool) -> None:
        super().__init__(f"{host}: {detail}")
        self.host = host
        self.temporary = temporary


class Target(NamedTuple):
    """What an address asks of whom. ``host`` is lower-case ASCII without a final dot, IPv6 without brackets.

    ``request_target`` is path and query exactly as spelt, for the request line; a fragment is never sent.
    """

    scheme: str
    host: str
    port: int
    request_target: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """``scheme://authority``: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.authority}"


class Endpoint(NamedTuple):
    """An address that was checked, and the port to connect to."""

    address: IPAddress
    port: int


class AddressGuard:
    """Refuses what must not be reached. ``allow_loopback`` is the only switch, for the demo and tests."""

    def __init__(self, *, allow_loopback: bool = False, resolver: Resolver | None = None) -> None:
        self._allow_loopback = allow_loopback
        self._resolver = resolver or system_addresses
        self._places: dict[tuple[str, str], tuple[str, int]] = {}

    def target(self, url: str, *, max_bytes: int = PAGE_LIMITS.url_bytes) -> Target:
        """The parts of an absolute http or https address. Raises AddressRefused; needs no network.

        Path and query must be percent-encoded (ASCII). A host in other letters is converted by IDNA 2008 with the
        UTS 46 mapping; one that turns into a number or a local name by it is refused.
        """
        if len(url) > max_bytes:
            raise AddressRefused("length", f"{url[:80]!r}… has {len(url)} characters, {max_bytes} are taken")
        if _NOT_IN_ADDRESS.search(url):
            raise AddressRefused("spelling", f"{url[:200]!r} holds a blank, a control character or a backslash")
        parts = _URL.fullmatch(url)
        if parts is None:
            raise AddressRefused("url", f"{url[:200]!r} is not an absolute address")
        scheme = parts["scheme"].lower()
        if scheme not in _DEFAULT_PORT:
            raise AddressRefused("scheme", f"{scheme[:40]!r} is neither http nor https")
        if "@" in parts["authority"]:
            raise AddressRefused("userinfo", f"{url[:200]!r} names a user")
        host, port = self._place(scheme, parts["authority"])
        request_target = (parts["path"] or "/") + (parts["query"] or "")
        if not request_target.isascii():
            raise AddressRefused("spelling", f"{url[:200]!r} is not percent-encoded")
        return Target(scheme, host, port, request_target)

    def _place(self, scheme: str, spelt: str) -> tuple[str, int]:
        """Host and port that an authority names. What was let through once is: no name is resolved here."""
        known = self._places.get((scheme, spelt))
        if known is not None:
            return known
        authority = _AUTHORITY.fullmatch(spelt)
        if authority is None or not authority["host"]:
            raise AddressRefused("host", f"{spelt[:200]!r} names no host")
        host = self._host(authority["host"])
        port = self._port(authority["port"], scheme, host)
        if len(self._places) >= _PLACES_REMEMBERED:
            self._places.clear()
        self._places[scheme, spelt] = host, port
        return host, port

    async def endpoints(self, host: str, port: int) -> tuple[Endpoint, ...]:
        """The checked addresses of a host, in the resolver's order, each once; connect to no other.

        Raises AddressRefused when *any* of them is not public (an honest publisher has no private ones), and
        NameNotResolved.
        """
        host = self._host(f"[{host}]" if ":" in host else host)
        literal = _literal(host)
        found = [(str(literal), port)] if literal is not None else await self._resolver(host, port)
        checked: dict[Endpoint, None] = {}
        for text, answered_port in found:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                raise AddressRefused("spelling", f"{host} resolves to {text!r}, which is no address") from None
            reason = forbidden_reason(address, allow_loopback=self._allow_loopback)
            if reason is not None:
                raise AddressRefused(reason, f"{host} resolves to {address}" if literal is None else str(address))
            if not address.is_loopback and (answered_port != port or port in _OTHER_PORTS):
                raise AddressRefused("port", f"{host} on port {answered_port}")
            checked[Endpoint(address, answered_port)] = None
        if not checked:
            raise NameNotResolved(host, "the name has no address", temporary=False)
        return tuple(checked)

    def _host(self, spelt: str) -> str:
        if spelt.startswith("["):
            return self._ipv6(spelt[1:-1])
        if "%" in spelt:
            raise AddressRefused("spelling", f"host {spelt[:80]!r} is percent-encoded or has a zone")
        host = spelt.lower() if spelt.isascii() else _ascii_host(spelt)
        name = host.removesuffix(".")
        if len(name) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in name.split(".")):
            raise AddressRefused("host", f"{spelt[:80]!r} is no host name")
        if _NUMERIC.fullmatch(name.rpartition(".")[2]):
            literal = _literal(spelt)
            if literal is None:
                raise AddressRefused("spelling", f"{spelt[:80]!r} is a number that programs read differently")
            return self._checked(literal)
        if name == "localhost" and self._allow_loopback:
            return name
        if "." not in name or any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
            raise AddressRefused("local_name", f"{name!r} is not a name of the public DNS")
        return name

    def _ipv6(self, text: str) -> str:
        literal = _literal(text) if ":" in text else None
        if literal is None or "%" in text:
            raise AddressRefused("spelling", f"[{text[:80]}] is no plain IPv6 address")
        return self._checked(literal)

    def _checked(self, literal: IPAddress) -> str:
        reason = forbidden_reason(literal, allow_loopback=self._allow_loopback)
        if reason is not None:
            raise AddressRefused(reason, str(literal))
        return str(literal)

    def _port(self, spelt: str | None, scheme: str, host: str) -> int:
        if not spelt:  # RFC 3986 3.2.3: "http://example.org:/" means the default
            return _DEFAULT_PORT[scheme]
        if not re.fullmatch(r"[1-9][0-9]{0,4}", spelt) or int(spelt) > 65535:
            raise AddressRefused("port", f"{spelt[:20]!r} is no port")
        port = int(spelt)
        literal = _literal(host)
        if port in _OTHER_PORTS and not (host == "localhost" or (literal is not None and literal.is_loopback)):
            raise AddressRefused("port", f"{port} is another protocol's")
        return port


async def system_addresses(host: str, port: int) -> list[tuple[str, int]]:
    """What the system's resolver (getaddrinfo) says, in its order. Raises NameNotResolved.

    The name is asked for as absolute (final dot), lest a search domain of this machine be tried. A daemon thread
    does the waiting: a cancelled look-up must not hold up the end of the run, as one in the loop's executor would.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[tuple[str, int]]] = loop.create_future()

    def settle(answer: list[tuple[str, int]] | Exception) -> None:
        if future.done():  # cancelled meanwhile
            return
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def look_up() -> None:
        answer: list[tuple[str, int]] | Exception
        try:
            absolute = host if host == "localhost" else f"{host}."
            rows = socket.getaddrinfo(absolute.encode("ascii"), port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
            answer = [(str(row[4][0]), port) for row in rows]
        except socket.gaierror as error:
            answer = NameNotResolved(host, error.strerror or str(error), temporary=error.errno == socket.EAI_AGAIN)
        except (OSError, UnicodeError) as error:
            answer = NameNotResolved(host, str(error), temporary=True)
        try:
            loop.call_soon_threadsafe(settle, answer)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await future


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _ascii_host(spelt: str) -> str:
    """IDNA 2008 with the UTS 46 mapping, as browsers do it: full-width digits and dots become plain ones here."""
    if len(spelt) > _MAX_HOST:  # the idna library takes long on long hosts
        raise AddressRefused("host", f"{spelt[:80]!r}… is no host name")
    try:
        return idna.encode(spelt, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise AddressRefused("host", f"{spelt[:80]!r} is no host name") from None
