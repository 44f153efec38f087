"""warcio, parsel, langdetect, pandas: ``python -m benchmarks.peers.with_parsel RAW TARGET``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from parsel import Selector

from benchmarks.peers.common import METRYKA, kind_of, write_table

_TEXT = ".//text()[not(ancestor::script or ancestor::style) and normalize-space()]"


def row(url: str, body: bytes) -> dict[str, Any]:
    """The main columns of one page."""
    page = Selector(body.decode("utf-8", "replace"))
    kind = kind_of(url)
    if kind == "practice":
        return _practice(page)
    if kind == "deck":
        pictures = page.xpath("//*[contains(@src, '/slides/slide_')]")
        return {
            "title": page.xpath("normalize-space(//title)").get(),
            "slide_count": len(pictures),
            "text": _text(page.xpath("//body")),
        }
    if kind == "post":
        return {
            "title": page.xpath("normalize-space(//*[contains(@class, 'post-title')])").get(),
            "published": page.xpath("normalize-space(//h2[@class='date-header'])").get(),
            "text": _text(page.css(".post-body")),
        }
    return {"title": page.xpath("normalize-space(//h1[@class='entry-title'])").get(), "text": _text(page.xpath("//article"))}


def _practice(page: Selector) -> dict[str, Any]:
    found: dict[str, Any] = {"title": page.xpath("normalize-space((//td[@class='tytul'] | //h1)[1])").get()}
    for line in page.xpath("//tr[count(td | th) = 2]"):
        label, value = line.xpath("td | th")
        column = METRYKA.get(label.xpath("normalize-space(.)").get("").rstrip(":\u00a0 "))
        if column:
            found[column] = value.xpath("normalize-space(.)").get()
    found["text"] = _text(page.xpath("(//article | //td[@class='tytul']/ancestor::table[1])[1]"))
    return found


def _text(nodes: Any) -> str:
    return "\n".join(text.strip() for text in nodes.xpath(_TEXT).getall())


if __name__ == "__main__":
    write_table(Path(sys.argv[1]), Path(sys.argv[2]), row)
