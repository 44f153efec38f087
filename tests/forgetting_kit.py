"""A made-up person on a made-up site, written in every way there is, and a search that shares no code with the program's."""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import brotli  # type: ignore[import-untyped]  # ships no types
import pyarrow.parquet as pq
from crawl_kit import HOME, Asked, JumpingClock, Reply, Site, means, run, source
from warcio.archiveiterator import ArchiveIterator

from pipeline.build.run import build
from pipeline.config import Settings
from pipeline.extract.run import extract
from pipeline.forgetting.run import ForgetReport, SignedBy, forget
from pipeline.sources.spec import RevisitDays

NAME = "Żegota Łącki-Próbny"
EMAIL = "zegota.lacki@urzad-przyklad.example.org"
PHONE = "+48 600 123 987"
TERMS = (NAME, EMAIL, PHONE)
SIGNED = SignedBy("Inspektor Ochrony Danych", "pismo 7/2026")
DAY = 86_400.0
ON_SITE = ("plain", "iso", "utf16", "references", "gzip", "brotli", "header", "moved", quote(NAME.replace(" ", "-")))
"""The disguises that stand on the site; the others are held to what reads them one by one."""
EVERY_RUN = RevisitDays(listing=0, detail=0, attachment=0, sitemap=0)
PROSE = "Mieszkańcy wsi założyli wspólny ogród, a gmina kupiła narzędzia i nasiona dla wszystkich chętnych rodzin."


def silent(_line: str) -> None:
    """Says nothing."""


def page(body: str, kind: str = "detail", charset: str = "utf-8") -> bytes:
    """A page of the site."""
    head = f"<!doctype html><html><head><meta charset={charset}><title>Ogród</title></head>"
    return f"{head}<body class={kind}><article><h1>Ogród</h1><p>{PROSE}</p>{body}</article></body></html>".encode(charset)


def docx(text: str) -> bytes:
    """A Word file with a text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
        )
    return out.getvalue()


def pdf(author: str) -> bytes:
    """A PDF whose metadata, packed in an object stream, name an author."""
    digits = f"\ufeff{author}".encode("utf-16-be").hex().upper()
    packed = zlib.compress(f"1 0 <</Author <{digits}>>>".encode())
    head = f"%PDF-1.5\n2 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    return head.encode() + packed + b"\nendstream endobj\n%%EOF"


def chunked(body: bytes) -> bytes:
    """A body in chunks, as a server may send it."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:50], body[50:])) + b"0\r\n\r\n"


def disguises() -> dict[str, Reply]:
    """Pages of the site that name the person, by what they are called."""
    references = "".join(f"&#{ord(letter)};" for letter in NAME)
    escaped = json.dumps(NAME)
    first, rest = NAME.split(" ", 1)
    return {
        "plain": Reply(page(f"<p>Kontakt: {NAME}, tel. 600-123-987, {EMAIL}")),
        "upper": Reply(page(f"<p>{NAME.upper()}")),
        "iso": Reply(page(f"<p>{NAME}", charset="iso-8859-2"), content_type="text/html; charset=iso-8859-2"),
        "cp1250": Reply(page(f"<p>{NAME}", charset="windows-1250"), content_type="text/html"),
        "utf16": Reply(b"\xff\xfe" + page(f"<p>{NAME}").decode().encode("utf-16-le"), content_type="text/html"),
        "decomposed": Reply(page(f"<p>{unicodedata.normalize('NFD', NAME)}")),
        "references": Reply(page(f"<p>{references}")),
        "named": Reply(page("<p>&Zdot;egota &Lstrok;&aogon;cki&shy;-Pr&oacute;bny")),
        "tags": Reply(page("<table><tr><td>Żegota<td>Łącki<b>-</b>Pró<i>b</i>ny</table>")),
        "broken": Reply(page("<p>Żegota\n     Łącki&nbsp;-\nPróbny")),
        "percent": Reply(page(f'<p><a href="mailto:x@example.org?subject={quote(NAME)}">napisz</a>')),
        "script": Reply(page(f'<script type=application/ld+json>{{"author": {escaped}}}</script>')),
        "parted": Reply(page(f"<p>{first}<script>var a = 'b';</script> {rest}")),
        "comment": Reply(page(f"<!-- {NAME} -->")),
        "data": Reply(
            page(f"<p><a href='data:text/plain;base64,{base64.b64encode(f'Napisał {NAME} z urzędu'.encode()).decode()}'>x</a>")
        ),
        "phone": Reply(page("<p>tel. (48) 600 12 39 87")),
        "email": Reply(page(f"<p>{EMAIL.upper().replace('@', ' (at) ')}")),
        "gzip": Reply(gzip.compress(page(f"<p>{NAME}"), mtime=0), headers={"Content-Encoding": "gzip"}),
        "brotli": Reply(brotli.compress(page(f"<p>{NAME}")), headers={"Content-Encoding": "br"}),
        "header": Reply(page("<p>Bez nazwiska"), headers={"X-Author": quote(NAME)}),
        "moved": Reply(status=302, headers={"Location": "/praktyka/" + quote(NAME.replace(" ", "-"))}),
        quote(NAME.replace(" ", "-")): Reply(page("<p>Bez nazwiska na stronie")),
    }


def answers(asked: Asked) -> Reply | None:
    """The site: a listing, pages without the person, pages with, files, a sitemap and robots.txt that name the person."""
    found = {name: reply for name, reply in disguises().items() if name in ON_SITE}
    files = {"/pliki/karta.docx": docx(f"Opracował {NAME}"), "/pliki/plan.pdf": pdf(NAME), "/pliki/czysty.docx": docx("Nic")}
    if asked.target == "/robots.txt":
        text = f"# {NAME}\nUser-agent: *\nDisallow: /tajne\nSitemap: {HOME}sitemap.xml\n"
        return Reply(text, content_type="text/plain; charset=utf-8")
    if asked.target == "/sitemap.xml":
        text = f"<urlset><url><loc>{HOME}praktyka/{quote(NAME)}</loc></url><url><loc>{HOME}praktyka/mapa</loc></url></urlset>"
        return Reply(text, content_type="application/xml")
    if asked.target == "/":
        links = "".join(f'<p><a href="/praktyka/{name}">{number}</a>' for number, name in enumerate([*found, "1", "2"]))
        return Reply(page(f"{links}<p>Redaguje {NAME}", "index"))
    if asked.target in files:
        return Reply(files[asked.target], content_type="application/octet-stream")
    name = asked.target.removeprefix("/praktyka/")
    if name in ("1", "2", "mapa"):
        return Reply(
            page(f"<p>Strona {name} bez nazwisk" + "".join(f'<p><a class=file href="{file}">plik</a>' for file in files))
        )
    return found.get(name)


def few_answers(asked: Asked) -> Reply | None:
    """A small site: one page without the person, one with, and a listing that leads to both and to an address with the name."""
    links = "".join(f'<p><a href="/praktyka/{name}">x</a>' for name in ("plain", "1", quote(NAME)))
    found = {
        "/": Reply(page(links, "index")),
        "/praktyka/plain": disguises()["plain"],
        "/praktyka/1": Reply(page("<p>Strona bez nazwisk")),
    }
    return found.get(asked.target)


def crawled(data_dir: Path, site: Site, day: float = 0) -> None:
    """One crawl of the site."""
    run(data_dir, means(site.port, source(revisit_days=EVERY_RUN), clock=JumpingClock(1_790_000_000.0 + day * DAY)))


def settings_of(data_dir: Path) -> Settings:
    """Everything in one process."""
    return Settings(data_dir=data_dir, engine="serial")


def built(data_dir: Path) -> str:
    """The snapshot built from what raw/ holds."""
    extract(settings_of(data_dir), silent)
    return build(settings_of(data_dir), silent, asks_volumes=False).snapshot.name


def forgotten(data_dir: Path, *terms: str) -> ForgetReport:
    """The terms forgotten, all of the person's when none is given."""
    return forget(settings_of(data_dir), terms or TERMS, SIGNED, silent)


def traces(data_dir: Path) -> list[str]:
    """Places in which the person is still named, searched for by bytes and by every text that anyone could read."""
    return [f"{path.relative_to(data_dir)}: {what}" for path in sorted(data_dir.rglob("*")) for what in _traces_in(path)]


def _traces_in(path: Path) -> Iterator[str]:
    if _is_named(path.name):
        yield "its name"
    if not path.is_file() or path.is_symlink():
        return
    content = path.read_bytes()
    pieces: list[bytes] = [content]
    if path.suffix == ".gz":
        pieces = [gzip.decompress(content)]
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                coding = str(record.http_headers.get_header("Content-Encoding")) if record.http_headers else ""
                pieces.append({"gzip": gzip.decompress, "br": brotli.decompress}.get(coding, bytes)(record.raw_stream.read()))
    elif path.suffix == ".parquet":
        pieces.append(json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str).encode())
    for piece in pieces:
        for data in (piece, *_unpacked(piece)):
            for charset in ("utf-8", "iso-8859-2", "windows-1250", "utf-16-le", "utf-16-be"):
                if _is_named(data.decode(charset, "replace")):
                    yield charset


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for match in re.finditer(rb"base64,([A-Za-z0-9+/=]+)", data):
        yield base64.b64decode(match[1])
    for match in re.finditer(rb"stream\n(.*?)\nendstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            packed = zlib.decompress(match[1])
            yield from (packed, *(bytes.fromhex(found.decode()) for found in re.findall(rb"<(FEFF[0-9A-F]+)>", packed)))


def _is_named(text: str) -> bool:
    plain = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), unquote(html.unescape(text)))
    for reading in (text, plain, re.sub(r"<[^>]*>", "", plain), re.sub(r"<[^>]*>", " ", plain)):
        letters = re.sub(r"[\s\u00ad-]", "", unicodedata.normalize("NFC", reading)).casefold()
        if any(re.sub(r"[\s-]", "", term).casefold() in letters for term in (NAME, EMAIL)):
            return True
        if "600123987" in re.sub(r"\D", "", " ".join(re.findall(r"[\d ()+-]{9,}", reading))):
            return True
    return False
