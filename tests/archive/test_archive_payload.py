from __future__ import annotations

import gzip
import sys
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
from archive_kit import NOON, PAGE, captures, only
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.archive.payload import decoded_body
from pipeline.archive.reader import payload_at
from pipeline.archive.writer import WarcWriter
from pipeline.errors import CaptureUnreadable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes, size: int = 7) -> bytes:
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x;a=b\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)),
        ("x-gzip", gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0)),
        ("GZIP", gzip.compress(PAGE, mtime=0)),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("identity", PAGE),
        ("", PAGE),
        ("gzip, br", brotli.compress(gzip.compress(PAGE, mtime=0))),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE), mtime=0)),
        ("gzip", PAGE),  # archives often store the decoded body under the header as received
        ("br", PAGE),
        ("deflate", PAGE),
        ("zstd", PAGE),
    ],
)
@pytest.mark.parametrize("is_chunked", [False, True])
def test_codings_are_undone(coding: str, body: bytes, is_chunked: bool) -> None:  # noqa: FBT001  # a parameter of the test
    headers = {"content-encoding": coding}
    if is_chunked:
        headers["transfer-encoding"] = "chunked"
        body = chunked(body)
    assert decoded_body(body, headers) == (PAGE, False)


def test_a_body_stored_without_its_chunks(tmp_path: Path) -> None:
    head = [("Transfer-Encoding", "chunked"), ("Content-Type", "text/html")]
    with WarcWriter(tmp_path, "bdp") as writer:
        writer.write_response("http://a.example/", NOON, "HTTP/1.1 200 OK", head, b"5\nnot a chunk, a list of five things\n")
    assert only(tmp_path)[1].body == b"5\nnot a chunk, a list of five things\n"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_cut_body_is_given_as_far_as_it_goes_and_marked(coding: str) -> None:
    text = bytes(range(256)) * 300
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[coding]
    whole = pack(text + text[::-1])
    body, is_cut = decoded_body(whole[:-9], {"content-encoding": coding})
    assert is_cut
    assert (text + text[::-1]).startswith(body)
    chunks = chunked(PAGE)
    assert decoded_body(chunks[: len(chunks) // 2], {"transfer-encoding": "chunked"}).is_cut


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "gzip, gzip"])
def test_a_bomb_stops_at_the_limit(coding: str) -> None:
    zeros = b"0" * 50_000_000
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=4)}
    bomb = pack[coding.split(",", maxsplit=1)[0]](zeros)
    if "," in coding:
        bomb = gzip.compress(bomb, mtime=0)
    with pytest.raises(CaptureUnreadable, match="more than 1000000 bytes"):
        decoded_body(bomb, {"content-encoding": coding}, limit=1_000_000)


def test_what_cannot_be_decoded_says_why() -> None:
    altered = bytearray(gzip.compress(bytes(range(256)) * 400))
    altered[-40] ^= 0xFF
    with pytest.raises(CaptureUnreadable, match="altered"):
        decoded_body(bytes(altered), {"content-encoding": "gzip"})
    with pytest.raises(CaptureUnreadable, match="'sdch' is not known"):
        decoded_body(PAGE, {"content-encoding": "sdch"})
    with pytest.raises(CaptureUnreadable, match="6 times over"):
        decoded_body(PAGE, {"content-encoding": ",".join(["gzip"] * 6)})
    with pytest.raises(CaptureUnreadable, match="more than 10 bytes"):
        decoded_body(PAGE, {}, limit=10)


@pytest.mark.parametrize("frames", [1, 3])
def test_zstd(frames: int) -> None:
    sent = b"".join(zstd.compress(PAGE) for _ in range(frames))
    assert decoded_body(sent, {"content-encoding": "zstd"}) == (PAGE * frames, False)
    assert decoded_body(sent[:-5], {"content-encoding": "zstd"})[1]
    with pytest.raises(CaptureUnreadable, match="more than"):
        decoded_body(zstd.compress(b"0" * 9_000_000), {"content-encoding": "zstd"}, limit=1000)
    with pytest.raises(CaptureUnreadable, match="altered"):
        decoded_body(b"\x28\xb5\x2f\xfd" + b"rest" * 9, {"content-encoding": "zstd"})


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/b?c=d", "https://a.example/b?c=d"), ("//x.example/y", "https://x.example/y"), ("http://[::1/", None), ("", None)],
)
def test_where_a_redirect_leads(tmp_path: Path, location: str, expected: str | None) -> None:
    with WarcWriter(tmp_path, "bdp") as writer:
        writer.write_response("https://a.example/x", NOON, "HTTP/1.1 301 Moved", [("Location", location)], b"")
    capture, payload = only(tmp_path)
    assert (capture.status_code, payload.redirect_url) == (301, expected)
    assert payload.final_url == (expected or "https://a.example/x")


def test_a_capture_that_cannot_be_decoded_says_where_it_lies(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "bdp") as writer:
        writer.write_response("http://a.example/", NOON, "HTTP/1.1 200 OK", [("Content-Encoding", "sdch")], PAGE)
    (capture,) = captures(tmp_path)
    with pytest.raises(CaptureUnreadable, match=rf"^bdp/bdp-\d+-00000.warc.gz at byte {capture.warc_offset}: content coding"):
        payload_at(tmp_path, capture)


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "br", "zstd", "x"]), st.booleans())
@settings(deadline=None, max_examples=300)
def test_any_body_under_any_header_is_read_or_refused(body: bytes, coding: str, is_chunked: bool) -> None:  # noqa: FBT001  # hypothesis hands it in
    headers = {"content-encoding": coding, **({"transfer-encoding": "chunked"} if is_chunked else {})}
    try:
        decoded = decoded_body(body, headers, limit=5000)
    except CaptureUnreadable:
        return
    assert len(decoded.body) <= 5000
