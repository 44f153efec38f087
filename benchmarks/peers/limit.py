"""The limit: every member inflated, every page parsed by Lexbor, no more: ``python -m benchmarks.peers.limit RAW``."""

from __future__ import annotations

import sys
from pathlib import Path

from isal import isal_zlib
from selectolax.lexbor import LexborHTMLParser


def parsed_pages(raw: Path) -> int:
    """Number of responses, each parsed once."""
    found = 0
    for path in sorted(raw.rglob("*.warc.gz")):
        data = path.read_bytes()
        offset = 0
        while offset < len(data):
            inflater = isal_zlib.decompressobj(31)
            record = inflater.decompress(memoryview(data)[offset : offset + (1 << 20)])
            while not inflater.eof:  # a member larger than a step
                offset += 1 << 20
                record += inflater.decompress(memoryview(data)[offset : offset + (1 << 20)])
            offset = min(offset + (1 << 20), len(data)) - len(inflater.unused_data)
            _warc, _, rest = record.partition(b"\r\n\r\n")
            if b"WARC-Type: response" in _warc:
                LexborHTMLParser(rest.partition(b"\r\n\r\n")[2])
                found += 1
    return found


if __name__ == "__main__":
    print(parsed_pages(Path(sys.argv[1])))  # noqa: T201 - what the command answers
