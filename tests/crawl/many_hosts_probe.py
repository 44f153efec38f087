"""A crawl of many hosts in a process of its own, so that its memory is its own. Prints one JSON object.

Arguments: data folder, port of the server, number of hosts.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from crawl_kit import AGENT, means, run, source
from peak import peak_kib

from pipeline.archive.index import index_entries, warc_paths
from pipeline.crawl.politeness.manner import Manner
from pipeline.crawl.politeness.pace import SystemClock


def main() -> None:
    data_dir, port, hosts = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    names = tuple(f"h{number}.example.org" for number in range(hosts))
    many = source("wiele", names, seeds=[f"http://{name}/" for name in names], max_pages=1_000_000)
    manner = Manner(user_agent=AGENT, hosts_at_once=hosts)
    begun = time.monotonic()
    report = run(data_dir, means(port, many, clock=SystemClock(), manner=manner))
    took = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    stored = Counter(e.record_type for path in warc_paths(data_dir / "raw") for e in index_entries(path))
    account = report.accounts[0]
    told = {
        "exit_code": report.exit_code,
        "fetched": account.counts["fetched"],
        "discovered": account.discovered,
        "requests": account.requests,
        "responses": stored["response"],
        "other_records": sum(stored.values()) - stored["response"],
        "peak_mib": peak_kib() / 1024,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "seconds": took,
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
