"""Host names: what can be one, by the public suffix list that the library carries (no network)."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_HOST = re.compile(r"(?=.{4,253}$)[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+")


@cache
def suffixes() -> PublicSuffixList:
    """The list, ready to be asked: what registries run, not what companies let others use below a name of their own."""
    from publicsuffixlist import PublicSuffixList  # 7,000 rules are read: 0.03 s, for what most runs never ask

    return PublicSuffixList(accept_unknown=False, only_icann=True)


@lru_cache(maxsize=4096)
def is_host(text: str) -> bool:
    """Whether the text is a host name under a known suffix: ``jarocin.pl`` is, ``jarocin.p`` and ``10.0.0.1`` are not."""
    host = text.lower()
    if not _HOST.fullmatch(host) or "_" in host:
        return False
    return suffixes().privatesuffix(host) is not None
