"""The same crawl by Scrapy, its archive off: ``python -m benchmarks.peers.with_scrapy PORT HOSTS PAGES``.

robots.txt obeyed, one connection a host, no delay: as the other side. Fails when pages are missing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

PORT, HOSTS, PAGES = (int(word) for word in sys.argv[1:4])


class Practices(scrapy.Spider):  # type: ignore[misc]  # not installed beside mypy
    """Follows listings to record pages and takes a title."""

    name = "practices"
    start_urls = [f"http://127.0.0.{number + 1}:{port}/" for port in (PORT,) for number in range(HOSTS)]  # noqa: RUF012
    details = 0

    def parse(self, response: Response, **_more: Any) -> Iterator[Any]:
        """A listing's requests, or a record's fields."""
        if response.css("body::attr(class)").get() == "index":
            for href in response.css("a::attr(href)").getall():
                if href.startswith(("/lista/", "/praktyka/")):
                    yield response.follow(href, self.parse)
            return
        Practices.details += 1
        yield {"title": response.css("h1::text").get(), "url": response.url}


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": HOSTS,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Practices)
    process.start()
    if Practices.details != HOSTS * PAGES:
        sys.exit(f"{Practices.details} of {HOSTS * PAGES} record pages were fetched")
