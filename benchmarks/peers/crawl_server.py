"""A quick publisher for crawls: every 127.0.0.x is a host with listings and record pages of some 45 KB, and sitemaps.

``/mapa-M-N.xml`` names the record pages from M to before N, which need not be there.

``python -m benchmarks.peers.crawl_server PAGES_A_HOST`` prints its port and answers until it is killed.
"""

from __future__ import annotations

import asyncio
import random
import sys

PAGES_A_LISTING = 25
_MENU_LINKS = 80


class _Site:
    def __init__(self, pages: int) -> None:
        self._pages = pages
        dice = random.Random(20_260_901)  # noqa: S311 - made-up text
        words = ["".join(dice.choices("aąbcćdeęfghijklłmnoópqrsśtuwyzźż", k=dice.randint(2, 11))) for _ in range(5000)]
        links = "".join(
            f'<li><a href="/index.php?p1={n % 7}&amp;p2={n}">{dice.choice(words)}</a></li>' for n in range(_MENU_LINKS)
        )
        self._menu = f"<ul>{links}</ul><script>{'var a=1;function b(c){return c+1};' * 200}</script>"
        self._texts = [" ".join(dice.choices(words, k=250)) for _ in range(200)]

    def body(self, host: str, path: str) -> bytes | None:
        """The page at a path of a host; None where there is none."""
        if path.startswith("/mapa-"):
            start, _, end = path[6:].removesuffix(".xml").partition("-")
            locations = "".join(f"<url><loc>http://{host}/praktyka/{n}</loc></url>" for n in range(int(start), int(end)))
            return f"<urlset>{locations}</urlset>".encode()
        kind, _, number = path.strip("/").partition("/")
        if not kind:
            links = [f"/lista/{n}" for n in range(-(-self._pages // PAGES_A_LISTING))]
            return self._page("index", "".join(f'<a href="{link}">dalej</a>' for link in links))
        if kind == "lista" and number.isdigit():
            first = int(number) * PAGES_A_LISTING
            links = [f"/praktyka/{n}" for n in range(first, min(first + PAGES_A_LISTING, self._pages))]
            return self._page("index", "".join(f'<a href="{link}">praktyka</a>' for link in links))
        if kind == "praktyka" and number.isdigit() and int(number) < self._pages:
            texts = (self._texts[(int(number) * 7 + n) % len(self._texts)] for n in range(14))
            return self._page("detail", f"<h1>{host} {number}</h1>" + "".join(f"<p>{text}</p>" for text in texts))
        return None

    def _page(self, kind: str, inner: str) -> bytes:
        page = f'<!DOCTYPE html><html><head><title>t</title></head><body class="{kind}">{self._menu}{inner}</body></html>'
        return page.encode()


class _Connection(asyncio.Protocol):
    def __init__(self, site: _Site) -> None:
        self._site = site
        self._pending = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while b"\r\n\r\n" in self._pending:
            head, _, self._pending = self._pending.partition(b"\r\n\r\n")
            first, *fields = head.decode("latin-1").split("\r\n")
            host = next((field[5:].strip() for field in fields if field.lower().startswith("host:")), "")
            body = self._site.body(host, first.split()[1])
            status = "404 Not Found" if body is None else "200 OK"
            body = body or b""
            answer = (
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nDate: Tue, 01 Sep 2026 10:00:00 GMT\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            transport = self._transport
            if isinstance(transport, asyncio.WriteTransport):
                transport.write(answer.encode() + body)


async def _serve(pages: int) -> None:
    site = _Site(pages)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(site), "0.0.0.0", 0)  # noqa: S104 - all of 127.0.0.x
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - how the figure learns the port
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
