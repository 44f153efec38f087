"""Crawls hosts of pages from a server in another process; prints peak memory, time and what was fetched as JSON."""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from crawl_kit import Asked, Reply, Site, page
from peak import peak_kib

PER_LISTING = 50
TEXT = "Gmina prowadzi świetlicę dla seniorów. " * 200


def answers(pages: int, asked: Asked) -> Reply | None:
    if asked.target == "/":
        return Reply(page("index", *(f"/lista/{n}" for n in range(0, pages, PER_LISTING)), text=asked.host))
    if asked.target.startswith("/lista/"):
        first = int(asked.target[7:])
        links = (f"/praktyka/{n}" for n in range(first, min(first + PER_LISTING, pages)))
        return Reply(page("index", *links, text=asked.url))
    return Reply(page("detail", text=asked.url + TEXT)) if asked.target.startswith("/praktyka/") else None


def serve(pages: int, pipe: Connection) -> None:
    with Site(lambda asked: answers(pages, asked)) as site:
        pipe.send(site.port)
        pipe.recv()
        pipe.send(len(site.asked))


def main() -> None:
    data_dir, hosts, pages = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(pages, there))
    server.start()
    from crawl_kit import AGENT, means, run, source

    from pipeline.crawl.politeness.manner import Manner
    from pipeline.crawl.politeness.pace import SystemClock

    names = tuple(f"gmina{n}.example.org" for n in range(hosts))
    made = source(hosts=("*.example.org",), seeds=[f"http://{name}/" for name in names], max_pages=10**6)
    port = here.recv()
    begun = time.monotonic()
    report = run(data_dir, means(port, made, clock=SystemClock(), manner=Manner(user_agent=AGENT, hosts_at_once=20)))
    seconds = time.monotonic() - begun
    here.send(None)
    listings = -(-pages // PER_LISTING)
    told = {
        "fetched": report.accounts[0].counts["fetched"] - hosts * listings,
        "asked": here.recv() - hosts * listings,
        "seconds": round(seconds, 2),
        "peak_mb": peak_kib() / 1024,
    }
    server.join()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
