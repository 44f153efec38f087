"""SURT keys: an address turned round so that sorting brings pages of one host and domain together.

The form is the one Wayback machines index by (``org,example)/path?a=1&b=2``): host reversed without ``www.``, everything in
small letters, query parameters sorted, fragment and default port dropped. The usual library for it is under a licence
(AGPL) that this project cannot take on.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_WEB = ("http", "https", "ftp")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ftp": 21}
_LAST_PORT = 65_535
_WWW = re.compile(r"^www\d*\.")
_IPV4 = re.compile(r"^\d{1,3}(\.\d{1,3}){3}$")
# Addresses that canonicalisation leaves as they are: most of a crawl. The library takes ten times as long over them.
_IN_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63})(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<path>(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?)"
)
_SAFE = "!#$%&'()*+,/:;=?@[]-._~{}|^`\\\"<>"


def surt_key(uri: str) -> str:
    """Key of an address; for anything but a web address the quoted address itself. Never empty, never with a space."""
    in_form = _IN_FORM.fullmatch(uri)
    port = int(in_form["port"]) if in_form and in_form["port"] else None
    if in_form and (port is None or port <= _LAST_PORT):
        return _turned(in_form["scheme"], in_form["host"], port, in_form["path"], "")
    return quote(_surt(uri), safe=_SAFE) or "-"


def _surt(uri: str) -> str:
    from w3lib.url import canonicalize_url

    try:
        parts = urlsplit(canonicalize_url(uri.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except (ValueError, TypeError):
        return uri
    if parts.scheme not in _WEB or not host:
        return uri
    return _turned(parts.scheme, host, port, parts.path, parts.query)


def _turned(scheme: str, host: str, port: int | None, path: str, query: str) -> str:
    host = _WWW.sub("", host)
    turned = host if ":" in host or _IPV4.match(host) else ",".join(reversed(host.split(".")))
    at_port = f":{port}" if port is not None and port != _DEFAULT_PORTS[scheme] else ""
    asked = f"?{query}" if query else ""
    return f"{turned}{at_port}){path.rstrip('/') or '/'}{asked}".lower()
