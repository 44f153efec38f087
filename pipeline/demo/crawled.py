"""The crawl of the sample site: the publishers' own addresses, all of them answered by this machine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import msgspec

from pipeline import __version__
from pipeline.config import CrawlSettings, Settings
from pipeline.crawl.network.exchange import FetchRequest, FetchResult
from pipeline.crawl.network.guard import AddressGuard
from pipeline.crawl.network.transport import HttpClient
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.runs.run import CrawlReport, Means, crawl
from pipeline.demo.server import serving
from pipeline.sources.discovery import discovered_sources
from pipeline.sources.spec import Source

DELAY_SECONDS: Final = 0.05  # of a server on the same machine nobody needs to be more careful
USER_AGENT: Final = f"praktyki/{__version__} (+https://demo.example.org/; sample site)"
SEEDS: Final = {
    "bdp": ["https://archiwum.dobrepraktyki.pl/index.php?p1=111", "https://dobrepraktyki.pl/praktyki.html"],
    "blogger": [
        "https://chytalnia-pryklad.blogspot.com/2023/05/dvi-hromady.html",
        "https://knyhozbirnia-pryklad.blogspot.com/2025/10/susidska-polytsia.html",
        "https://czytelnia-przyklad.blogspot.com/2023/05/",
    ],
    "bpzoliborz": ["http://bpzoliborz.pl/index.php/partnerstwa-sasiedzkie/"],
    "slideplayer": [
        "https://slideplayer.com/slide/8800451/",
        "https://slideplayer.cz/amp/5500327",
        "https://slideplayer.pl/slide/7001123/",
        "https://slideplayer.pl/slide/7001999/",
    ],
    "web": ["https://www.miasto.example/partnerstwo-lokalne"],
}


def sample_crawl(settings: Settings, say: Callable[[str], None]) -> CrawlReport:
    """Crawls the sample site into raw/ of ``settings``, asking for every address again on later runs."""
    with serving() as port:

        async def this_machine(_host: str, _port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", port)]

        guard = AddressGuard(allow_loopback=True, resolver=this_machine)
        means = Means(
            client=lambda: _PlainClient(guard),
            manner=Manner(user_agent=USER_AGENT),
            sources=[_of_the_sample(source) for source in discovered_sources(settings.sources_dir)],
            everything_due=True,
            is_sample=True,
        )
        ours = msgspec.structs.replace(settings, crawl=CrawlSettings(allow_loopback=True))  # no seeds of a live crawl
        return crawl(ours, sorted(SEEDS), say, means=means)


def _of_the_sample(source: Source) -> Source:
    """The source with the seeds of the sample site and a short delay; everything else is as for a live crawl."""
    if source.facts.crawl is None:
        return source
    crawl_facts = msgspec.structs.replace(source.facts.crawl, seeds=SEEDS.get(source.name, []), delay_seconds=DELAY_SECONDS)
    return Source(source.name, msgspec.structs.replace(source.facts, crawl=crawl_facts), source.module, source.files)


class _PlainClient:
    """Asks https addresses without TLS: no authority would certify a publisher's name for this machine."""

    def __init__(self, guard: AddressGuard) -> None:
        self._client = HttpClient(guard)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """The answer as if it had come from ``request.url``."""
        plain = dataclasses.replace(request, url=request.url.replace("https://", "http://", 1))
        return dataclasses.replace(await self._client.fetch(plain), url=request.url)
