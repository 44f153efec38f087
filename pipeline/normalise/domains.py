"""Host names: what can be one, by the public suffix list that the library carries (no network)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tldextract

_HOST = re.compile(r"(?=.{4,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")


@cache
def suffixes() -> tldextract.TLDExtract:
    """The list, ready to be asked."""
    import tldextract  # brings an HTTP client along: 0.08 s, for what most runs never ask

    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def is_host(text: str) -> bool:
    """Whether the text is a host name under a known suffix: ``jarocin.pl`` is, ``jarocin.p`` and ``10.0.0.1`` are not."""
    host = text.lower()
    if not _HOST.fullmatch(host) or "_" in host:
        return False
    parts = suffixes()(host)
    return bool(parts.suffix and parts.domain)
