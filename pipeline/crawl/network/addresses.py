"""Which IP addresses a crawler of public pages may reach.

The tables restate the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190 and the RFCs named
beside the entries) rather than ask `ipaddress.is_private`, whose answers changed between patch releases of Python.
IPv6 is judged the other way round: only global unicast (2000::/3, RFC 4291 2.4) is public, less what is listed.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

IPAddress = IPv4Address | IPv6Address

_IPV4: Final = tuple(
    (IPv4Network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),  # "this network", RFC 791; 0.0.0.0 reaches the machine itself on Linux
        ("10.0.0.0/8", "private"),  # RFC 1918
        ("100.64.0.0/10", "shared"),  # carrier-grade NAT, RFC 6598
        ("127.0.0.0/8", "loopback"),  # RFC 1122
        ("168.63.129.16/32", "cloud_service"),  # Azure's host agent: a public number that only the machine itself reaches
        ("169.254.0.0/16", "link_local"),  # RFC 3927, and the metadata services of clouds
        ("172.16.0.0/12", "private"),  # RFC 1918
        ("192.0.0.0/24", "reserved"),  # IETF protocol assignments, RFC 6890
        ("192.0.2.0/24", "documentation"),  # RFC 5737
        ("192.31.196.0/24", "reserved"),  # AS112, RFC 7535
        ("192.52.193.0/24", "reserved"),  # AMT, RFC 7450
        ("192.88.99.0/24", "reserved"),  # 6to4 relays, withdrawn by RFC 7526
        ("192.168.0.0/16", "private"),  # RFC 1918
        ("192.175.48.0/24", "reserved"),  # AS112, RFC 7534
        ("198.18.0.0/15", "benchmarking"),  # RFC 2544
        ("198.51.100.0/24", "documentation"),  # RFC 5737
        ("203.0.113.0/24", "documentation"),  # RFC 5737
        ("224.0.0.0/4", "multicast"),  # RFC 5771
        ("240.0.0.0/4", "reserved"),  # RFC 1112, with the limited broadcast address
    )
)
_IPV6: Final = tuple(
    (IPv6Network(network), reason)
    for network, reason in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "reserved"),  # IPv4-compatible, withdrawn by RFC 4291 2.5.5.1
        ("64:ff9b:1::/48", "private"),  # local-use NAT64, RFC 8215: where the IPv4 address lies in it is a local matter
        ("100::/64", "reserved"),  # discard-only, RFC 6666
        ("100:0:0:1::/64", "reserved"),  # dummy prefix, RFC 9780
        ("2001::/32", "reserved"),  # Teredo, RFC 4380: no web server is to be found behind it
        ("2001:db8::/32", "documentation"),  # RFC 3849
        ("2001:2::/48", "benchmarking"),  # RFC 5180
        ("2001::/23", "reserved"),  # IETF protocol assignments, RFC 2928
        ("2620:4f:8000::/48", "reserved"),  # AS112, RFC 7534
        ("3fff::/20", "documentation"),  # RFC 9637
        ("5f00::/16", "reserved"),  # segment routing identifiers, RFC 9602
        ("fc00::/7", "private"),  # unique local, RFC 4193
        ("fe80::/10", "link_local"),  # RFC 4291
        ("fec0::/10", "private"),  # site-local, withdrawn by RFC 3879
        ("ff00::/8", "multicast"),  # RFC 4291
    )
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # RFC 5214 6.1: an interface identifier with an IPv4 address in its low half


def embedded_ipv4(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a packet to ``address`` ends at: IPv4-mapped, NAT64, 6to4, ISATAP; else None."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def forbidden_reason(address: IPAddress, *, allow_loopback: bool) -> str | None:
    """Why a crawler must not connect to ``address``; None where it may.

    Reasons: ``loopback``, ``private``, ``shared``, ``link_local``, ``multicast``, ``reserved``, ``unspecified``,
    ``documentation``, ``benchmarking``, ``cloud_service``. With ``allow_loopback`` the plain loopback addresses
    (127.0.0.0/8 and ::1) pass; wrapped in another form they do not.
    """
    if allow_loopback and address.is_loopback and not (isinstance(address, IPv6Address) and address.ipv4_mapped):
        return None
    if isinstance(address, IPv4Address):
        return _first(address, _IPV4)
    if address.scope_id is not None:
        return "link_local"
    inner = embedded_ipv4(address)
    if inner is not None:
        reason = _first(inner, _IPV4)
        if reason is not None or address.ipv4_mapped is not None or address in _NAT64:
            return reason
    return _first(address, _IPV6) or (None if address in _GLOBAL_UNICAST else "reserved")


def _first(address: IPAddress, table: tuple[tuple[IPv4Network, str], ...] | tuple[tuple[IPv6Network, str], ...]) -> str | None:
    return next((reason for network, reason in table if address in network), None)
