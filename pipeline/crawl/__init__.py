"""STAGE raw/: what is fetched from publishers, politely and through one guarded door.

The network layer: `limits` (every bound), `guard` (which addresses may be reached), `exchange` (one request and its
answer), `wire` (the connection), `http1` (the response in its bytes), `body` and `coding` (limits on what is decoded),
`transport` (the only importer of httpx; one hop), `robots` (RFC 9309). It runs on asyncio: one task and one
`transport.HttpClient` a host, so one connection a host.
"""
