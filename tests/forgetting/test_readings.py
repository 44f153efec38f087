"""Every way in which a name can be written down on a page or in a file is read."""

from __future__ import annotations

import base64
import gzip
import io
import random
import zipfile

import pytest
from forgetting_kit import EMAIL, NAME, TERMS, chunked, disguises, docx, page, pdf

from pipeline.archive.warc import WarcRecord
from pipeline.forgetting.readings import readings
from pipeline.forgetting.texts import texts_of_bytes, texts_of_record
from pipeline.privacy.terms import Matcher, mark_of, term_of

KEY = bytes(range(32))
PERSON = Matcher(KEY, [mark_of(term_of(term), KEY) for term in TERMS])
URI = "http://gmina.example.org/praktyka/x"


def record(head: str, body: bytes, kind: str = "response") -> WarcRecord:
    block = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body
    return WarcRecord((("WARC-Type", kind), ("WARC-Target-URI", URI)), block)


@pytest.mark.parametrize("name", [name for name in disguises() if not name.startswith("%")])
def test_disguises(name: str) -> None:
    reply = disguises()[name]
    body = reply.body if isinstance(reply.body, bytes) else reply.body.encode()
    headers = {"Content-Type": reply.content_type, **reply.headers}
    assert PERSON.holds_any(texts_of_record(record("".join(f"{n}: {v}\r\n" for n, v in headers.items()), body)))


def test_a_page_without_the_person() -> None:
    assert not PERSON.holds_any(texts_of_record(record("Content-Type: text/html\r\n", page("<p>Nikt"))))


def test_chunks() -> None:
    body = chunked(page(f"<p>{NAME}"))
    assert PERSON.holds_any(texts_of_record(record("Transfer-Encoding: chunked\r\n", body)))


def test_a_coding_that_cannot_be_undone() -> None:
    assert PERSON.holds_any(texts_of_record(record("Content-Encoding: unheard-of\r\n", page(f"<p>{NAME}"))))


def test_fields_and_heads_of_any_record() -> None:
    named = WarcRecord((("WARC-Type", "metadata"), ("Praktyki-Source-Filename", f"{NAME}.html")), b"via: x")
    assert PERSON.holds_any(texts_of_record(named))
    request = WarcRecord((("WARC-Type", "request"), ("WARC-Target-URI", URI)), f"GET /?q={EMAIL} HTTP/1.1\r\n\r\n".encode())
    assert PERSON.holds_any(texts_of_record(request))


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


FILES = {
    "docx": docx(NAME),
    "docx in a zip": zipped("a.docx", docx(NAME)),
    "name of a file in a zip": zipped(f"{NAME}.txt", b""),
    "metadata of a PDF": pdf(NAME),
    "packed text": gzip.compress(NAME.encode()),
    "author of a picture": b"\xff\xd8\xff\xe1\0\x20Exif\0\0" + bytes(range(256)) + NAME.encode() + bytes(64),
    "old office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + NAME.encode("utf-16-le") + bytes(64),
    "old office file in windows-1250": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(600)
    + NAME.encode("windows-1250")
    + bytes(9),
    "rich text": rb"{\rtf1\ansicpg1250 \'afegota \'a3\'b9cki-Pr\'f3bny}",
    "quoted-printable": b"Subject: x\n\n=C5=BBegota =C5=81=C4=85cki-Pr=C3=B3=\nbny",
    "base64 of a mail": base64.b64encode(f"Szanowni, {NAME} pozdrawia".encode()),
    "hidden address": b'<a class=x data-cfemail="' + bytes([7, *(byte ^ 7 for byte in EMAIL.encode())]).hex().encode() + b'">',
}


@pytest.mark.parametrize("name", FILES)
def test_files(name: str) -> None:
    assert PERSON.holds_any(texts_of_bytes(FILES[name]))


@pytest.mark.parametrize(
    "bad", [b"PK\x03\x04broken", b"%PDF-1.4\nstream\nx", b"\x1f\x8b\x08broken", b"\xff", b"%", b"&#x110000;\\u{110000}\\"]
)
def test_broken_bytes_are_read_as_far_as_they_go(bad: bytes) -> None:
    assert not PERSON.holds_any(texts_of_bytes(bad))


def test_a_bomb_is_not_read_to_its_end() -> None:
    packed = gzip.compress(gzip.compress(bytes(40_000_000)))
    assert sum(map(len, texts_of_bytes(packed))) < 200_000_000


def test_letters_of_a_digest_or_of_packed_bytes_name_nobody() -> None:
    nobody = Matcher(KEY, [mark_of(term_of("Nowak"), KEY)])
    assert not nobody.holds_any(readings("WARC-Payload-Digest: sha1:ABCDNOWAK234567ABCDEFGHIJKLMNOPQ"))
    for seed in range(8):
        noise = random.Random(seed).randbytes(20_000)  # noqa: S311 - noise
        for body in (b"%PDF-1.4 " + noise, b"\xff\xd8\xff" + noise, base64.b64encode(noise)):
            assert not nobody.holds_any(texts_of_bytes(body))


def test_the_text_as_it_stands_is_among_its_readings() -> None:
    assert next(readings("a%20b&amp;c")) == "a%20b&amp;c"
