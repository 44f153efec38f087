"""Payload and block digests, as WARC records state them."""

from __future__ import annotations

import base64
import hashlib
import itertools

_BASE32_PAIRS = ["".join(pair) for pair in itertools.product("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", repeat=2)]
_ALGORITHMS = {"sha1": "sha1", "sha-1": "sha1", "sha256": "sha256", "sha-256": "sha256", "sha512": "sha512", "md5": "md5"}


def digest_of(*parts: bytes) -> str:
    """SHA-1 in base32, as warcio and the Wayback Machine write digests: ``sha1:…``. Of parts as if they were one."""
    sha1 = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        sha1.update(part)
    number = int.from_bytes(sha1.digest(), "big")
    return "sha1:" + "".join([_BASE32_PAIRS[number >> shift & 1023] for shift in range(150, -1, -10)])


def digest_fits(declared: str, data: bytes) -> bool | None:
    """Whether a declared digest is that of ``data``, in base32, base16 or base64; None for an unknown algorithm."""
    if declared.startswith("sha1:") and declared == digest_of(data):
        return True
    algorithm, _, value = declared.partition(":")
    name = _ALGORITHMS.get(algorithm.strip().lower())
    value = value.strip().rstrip("=")
    if name is None or not value:
        return None
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    folded = {base64.b32encode(digest).decode("ascii").rstrip("=").lower(), digest.hex()}
    exact = {base64.b64encode(digest).decode("ascii").rstrip("="), base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")}
    return value.lower() in folded or value in exact
