"""warcio, BeautifulSoup, langdetect, pandas: ``python -m benchmarks.peers.with_beautifulsoup RAW TARGET [html.parser|lxml]``.

Without a third word: the parser that the library's own first example takes.
"""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from benchmarks.peers.common import METRYKA, kind_of, write_table


def row(url: str, body: bytes, parser: str = "html.parser") -> dict[str, Any]:
    """The main columns of one page."""
    soup = BeautifulSoup(body, parser)
    for element in soup(["script", "style"]):
        element.decompose()
    kind = kind_of(url)
    if kind == "practice":
        return _practice(soup)
    if kind == "deck":
        pictures = soup.find_all(["img", "amp-img"], src=re.compile(r"/slides/slide_\d+\.jpg"))
        body_text = soup.body.get_text("\n", strip=True) if soup.body else ""
        return {"title": _text(soup.title), "slide_count": len(pictures), "text": body_text}
    if kind == "post":
        return {
            "title": _text(soup.select_one(".post-title")),
            "published": _text(soup.select_one("h2.date-header")),
            "text": _text(soup.select_one(".post-body"), "\n"),
        }
    return {"title": _text(soup.select_one("h1.entry-title")), "text": _text(soup.find("article"), "\n")}


def _practice(soup: BeautifulSoup) -> dict[str, Any]:
    title = soup.select_one("td.tytul") or soup.find("h1")
    found: dict[str, Any] = {"title": _text(title)}
    for line in soup.find_all("tr"):
        cells = line.find_all(["td", "th"], recursive=False)
        if len(cells) == 2:
            column = METRYKA.get(cells[0].get_text(strip=True).rstrip(":\u00a0 "))
            if column:
                found[column] = cells[1].get_text(" ", strip=True)
    main = soup.find("article")
    if main is None and title is not None:
        main = title.find_parent("table")
    found["text"] = _text(main, "\n") or ""
    return found


def _text(node: Any, separator: str = " ") -> str | None:
    return node.get_text(separator, strip=True) if node is not None else None


if __name__ == "__main__":
    write_table(Path(sys.argv[1]), Path(sys.argv[2]), partial(row, parser=sys.argv[3] if len(sys.argv) > 3 else "html.parser"))
