"""How servers are believed to be who they say."""

from __future__ import annotations

import functools
import ssl

import certifi


@functools.cache
def default_ssl_context() -> ssl.SSLContext:
    """TLS 1.2 or newer, certificate and name checked against Mozilla's roots (certifi).

    Made by hand because `ssl.create_default_context` obeys the variable SSLKEYLOGFILE.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
