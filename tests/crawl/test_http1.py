"""The response reader: h11 as judge over generated and mangled answers, and what no two programs may read differently."""

from __future__ import annotations

import itertools

import h11
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.crawl.network.http1 import EndedEarly, HeadTooLarge, NotHttp, ResponseReader
from pipeline.crawl.network.limits import Limits

LIMITS = Limits(head_bytes=4000, header_count=50)
OK = b"HTTP/1.1 200 OK\r\n"
Answer = tuple[int, bytes, list[tuple[bytes, bytes]], bytes]
"""Status, reason, fields with names in small letters, payload."""


def read(pieces: list[bytes], *, ends: bool = True) -> tuple[ResponseReader, bytes]:
    reader = ResponseReader(LIMITS)
    payload = b""
    for piece in pieces:
        payload += b"".join(reader.feed(piece))
        if reader.broken is not None:
            raise reader.broken
    if ends and not reader.is_done:
        reader.end()
    return reader, payload


def ours(pieces: list[bytes]) -> Answer | str:
    try:
        reader, payload = read(pieces)
    except EndedEarly:
        return "ended"
    except (NotHttp, HeadTooLarge):
        return "refused"
    head = reader.head
    assert head is not None
    return head.status, head.reason, [(name.lower(), value) for name, value in head.fields], payload


def judged(data: bytes) -> Answer | str:
    """What h11 makes of it."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=10**6)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "praktyki.example")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    has_ended = False
    head: h11.Response | None = None
    payload = b""
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                payload += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                return head.status_code, head.reason, [(bytes(n), bytes(v)) for n, v in head.headers], payload
            elif event is h11.NEED_DATA and not has_ended:
                has_ended = True
                connection.receive_data(b"")
            elif event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                return "ended"
    except h11.RemoteProtocolError as error:
        said = str(error)
        is_cut = "peer closed" in said or "can't handle event type ConnectionClosed" in said or "unexpectedly closed" in said
        return "ended" if is_cut else "refused"


TOKENS = st.sampled_from(
    [
        b"X-A",
        b"Content-Length",
        b"Transfer-Encoding",
        b"Connection",
        b"content-length",
        b"TRANSFER-ENCODING",
        b"X_b",
        b"X A",
        b"",
    ]
)
VALUES = st.one_of(
    st.sampled_from(
        [b"0", b"3", b"5", b"5, 5", b"5,6", b"-1", b"+5", b"0x5", b"chunked", b"Chunked", b"gzip, chunked", b"close"]
    ),
    st.binary(max_size=6),
)
LINES = st.builds(
    lambda name, colon, value, end: name + colon + value + end,
    *(TOKENS, st.sampled_from([b": ", b":", b" :", b":\t", b"", b"\r\n "]), VALUES),
    st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r\n ", b"\r\r\n"]),
)
CHUNKS = st.builds(
    lambda size, line, data, end: size + line + data + end,
    st.sampled_from([b"3", b"03", b"3;a=b", b"3 ", b"3\t", b" 3", b"0x3", b"3;\xff", b"g", b"-3", b"F" * 21, b"", b"0"]),
    st.sampled_from([b"\r\n", b"\r\n", b"\n"]),
    st.sampled_from([b"abc", b"ab", b"abcd", b""]),
    st.sampled_from([b"\r\n", b"\r\n", b"\n", b""]),
)
STATUS = st.builds(
    lambda version, status, reason: version + b" " + status + reason + b"\r\n",
    st.sampled_from([b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.", b"http/1.1"]),
    st.sampled_from([b"200", b"200", b"204", b"304", b"100", b"103", b"404", b"099", b"20", b"2000"]),
    st.sampled_from([b" OK", b"", b" ", b"\tOK", b" \xb3\xf3d\xbc", b" O\rK"]),
)
ANSWERS = st.builds(
    lambda hints, status, lines, chunks, tail: hints + status + b"".join(lines) + b"\r\n" + b"".join(chunks) + tail,
    st.sampled_from([b"", b"", b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n"]),
    *(STATUS, st.lists(LINES, max_size=3), st.lists(CHUNKS, max_size=3)),
    st.sampled_from([b"0\r\n\r\n", b"0\r\nX-T: 1\r\n\r\n", b"", b"0\r\n", b"0\r\n\n", b"abcdefgh"]),
)


def differs_by_design(data: bytes) -> bool:
    """Where we are stricter: control characters in the note of a chunk; what cannot become an answer of HTTP however it goes
    on, where h11 waits for its head to end.
    """
    return b";" in data or not b"HTTP/".startswith(data[:5])


@settings(deadline=None, max_examples=800)
@given(ANSWERS, st.lists(st.integers(1, 60), max_size=4))
@example(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", [])
@example(OK + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [])
@example(OK + b" folded: 1\r\n\r\n", [])
@example(OK + b"X-A: 1\r\n  more\r\n\tand more\r\nContent-Length: 0\r\n\r\n", [7])
@example(OK + b"X-A: \x0b\r\n\r\n", [])
def test_h11_reads_the_same(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    pieces = [data[a:b] for a, b in itertools.pairwise(edges)]
    found, expected = ours(pieces), judged(data)
    if isinstance(found, tuple) and isinstance(expected, tuple):
        framing = (b"content-length", b"transfer-encoding")  # h11 rewrites these two, we keep them as received
        assert found[:2] == expected[:2]
        assert [field for field in found[2] if field[0] not in framing] == [f for f in expected[2] if f[0] not in framing]
        assert found[3] == expected[3]
    elif isinstance(found, tuple) or isinstance(expected, tuple):
        assert isinstance(found, str), (found, expected)  # we never take what h11 refuses
        assert differs_by_design(data), (found, expected)


@settings(deadline=None, max_examples=250)
@given(ANSWERS, st.integers(1, 7))
def test_it_does_not_matter_where_an_answer_is_cut(data: bytes, step: int) -> None:
    whole = ours([data])
    in_steps = ours([data[at : at + step] for at in range(0, len(data), step)])
    assert in_steps == whole


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_at_all(data: bytes) -> None:
    ours([data])
    ours([OK + data])
    ours([OK + b"Transfer-Encoding: chunked\r\n\r\n" + data])


@pytest.mark.parametrize(
    ("answer", "is_reusable"),
    [
        (OK + b"Content-Length: 2\r\n\r\nab", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-T: 1\r\n\r\n", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", True),
        (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK + b"Content-Length: 0\r\n\r\n", True),
        (OK + b"Content-Length: 2\r\n\r\nabc", False),
        (OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", False),
        (OK + b"Content-Length: 2\r\nConnection: Keep-Alive, CLOSE\r\n\r\nab", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", False),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nab", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP", False),
    ],
)
def test_when_a_connection_serves_once_more(answer: bytes, is_reusable: bool) -> None:  # noqa: FBT001 - the table's
    for pieces in ([answer], [answer[at : at + 1] for at in range(len(answer))]):
        reader, _ = read(pieces, ends=False)
        assert reader.is_done
        assert reader.is_reusable == is_reusable


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length : 2\r\n\r\nab",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        OK + b"Content-Length: 2, 3\r\n\r\nabc",
        OK + b"Content-Length: \xb2\r\n\r\n",
        OK + b"Content-Length: " + b"1" * 21 + b"\r\n\r\n",
        OK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
        OK + b"X-A: 1\rX-B: 2\r\n\r\n",
        OK + b"X-A: \x00\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"\r\n" + OK + b"\r\n",
        b"220 mail.praktyki.example",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2;a\rb\r\nab\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX A: 1\r\n\r\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(answer: bytes) -> None:
    with pytest.raises(NotHttp):
        read([answer], ends=False)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (OK + b"X: " + b"m" * 4000 + b"\r\n\r\n", HeadTooLarge),
        (OK + b"X: 1\r\n" * 51 + b"\r\n", HeadTooLarge),
        (b"HTTP/1.1 103 Early\r\n\r\n" * 300, HeadTooLarge),
        (b"HTTP/1.1 200 " + b"O" * 5000, HeadTooLarge),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n1" + b"0" * 17000, NotHttp),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: 1\r\n" * 1000, NotHttp),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: 1\r\n" * 60 + b"\r\n", NotHttp),
    ],
)
def test_nothing_grows_without_measure(answer: bytes, error: type[Exception]) -> None:
    for step in (len(answer), 100):
        with pytest.raises(error):
            read([answer[at : at + step] for at in range(0, len(answer), step)], ends=False)


def test_what_came_before_a_broken_chunk_counts() -> None:
    reader = ResponseReader(LIMITS)
    pieces = reader.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\nzz\r\n")
    assert (pieces, reader.head is not None, reader.is_done) == ([b"short"], True, False)
    assert reader.broken is not None
