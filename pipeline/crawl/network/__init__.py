"""One request to one checked address and its answer, every bound kept: the guarded door to publishers.

`limits` (every bound), `guard` (which addresses may be reached), `exchange` (one request and its answer), `wire` (the
connection), `http1` (the response in its bytes), `body` and `coding` (limits on what is decoded), `transport` (the only
importer of httpx; one hop). One `transport.HttpClient` a host, so one connection a host.
"""

import sys

# httpx loads its own command line where click and rich are installed: 40 ms of every crawl, for what is never asked.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None has an import fail, and httpx goes on without
