"""An HTTP/1.1 response read out of the bytes of a connection: strict, and without a socket.

The grammar is RFC 9112's with the leniencies that publishers' servers make necessary and that h11 has too: lines that end
in LF alone, a status line without reason phrase, folded header lines. Whatever two programs could read differently is
refused: lengths that contradict each other, transfer codings other than one ``chunked``, blanks before a colon, control
characters. Only answers to GET are read.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pipeline.crawl.network.limits import KIB, Limits

_HEAD_END: Final = re.compile(rb"\n\r?\n")
_STATUS_LINE: Final = re.compile(rb"(HTTP/[0-9]\.[0-9]) ([0-9]{3})(?: (.*))?", re.DOTALL)
_TOKEN: Final = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")
_FORBIDDEN: Final = re.compile(rb"[\x00\v\f]|\r(?!\n)")
_CHUNK_LINE: Final = re.compile(rb"([0-9A-Fa-f]{1,20})(?:;[^\r\n\x00]*)?[ \t]*")
_CHUNK_LINE_BYTES: Final = 16 * KIB
_LENGTH_DIGITS: Final = 20
_BLANKS: Final = b" \t"
BODILESS: Final = frozenset({204, 304})
"""RFC 9112 6.3: these end with their head, whatever it says."""

Fields = tuple[tuple[bytes, bytes], ...]


class NotHttp(Exception):
    """What came is no HTTP/1.1 response, or one that could be read in two ways. The message says what."""


class EndedEarly(Exception):
    """The connection ended before the response did."""


class HeadTooLarge(Exception):
    """Status line and headers, 1xx answers included, pass Limits.head_bytes, or there are too many fields."""


class Head(NamedTuple):
    """Status line and header fields as received, in order; a folded line as one, without the blanks around a value.

    ``length`` is what Content-Length says, None without; ``is_chunked`` whether the payload comes in chunks.
    """

    version: bytes
    status: int
    reason: bytes
    fields: Fields
    length: int | None
    is_chunked: bool
    is_last: bool

    def values(self, name: bytes) -> list[bytes]:
        """Values of the fields of a name, which is given in small letters."""
        return [value for key, value in self.fields if key.lower() == name]


class ResponseReader:
    """Reads one response. `feed` takes what came; once `is_done` the response is whole.

    ``head`` is None until it came. ``broken`` is what is wrong with the chunks: what came before the fault counts, and nothing
    after it is read. ``is_reusable``: the next response may be read from the same connection: nothing said
    otherwise, the framing was beyond doubt, and no byte came after the end.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pending = b""
        self._head_bytes = 0
        self._left: int | None = None  # of the payload, or of the chunk under way; None: until the connection ends
        self._in_trailer = False
        self._after_chunk = False
        self.head: Head | None = None
        self.broken: NotHttp | None = None
        self.is_done = False
        self.is_reusable = False

    def feed(self, data: bytes) -> list[bytes]:
        """Payload with its transfer coding taken off. Raises NotHttp and HeadTooLarge for the head."""
        if self.head is None:
            data = self._read_head(data)
            if self.head is None:
                return []
        elif self.is_done:
            self.is_reusable = self.is_reusable and not data
            return []
        if self.head.is_chunked:
            pieces: list[bytes] = []
            try:
                self._take_chunks(data, pieces)
            except NotHttp as error:
                self.broken = error
            return pieces
        left = self._left
        if left is None:
            return [data] if data else []
        piece = data if len(data) <= left else data[:left]
        self._left = left - len(piece)
        if not self._left:
            self._finish(is_clean=len(data) == len(piece))
        return [piece] if piece else []

    def end(self) -> None:
        """The connection ended. Raises EndedEarly unless the response was to end so."""
        if self.is_done:
            self.is_reusable = False
        elif self.head is None:
            raise EndedEarly("the connection ended within the response head" if self._pending else "no response came")
        elif self.head.is_chunked:
            raise EndedEarly("the connection ended within the chunks")
        elif self._left is not None:
            raise EndedEarly(f"the connection ended {self._left} bytes before the length that was announced")
        else:
            self.is_done = True

    def _finish(self, *, is_clean: bool) -> None:
        self.is_done = True
        self.is_reusable = is_clean and self.head is not None and not self.head.is_last

    def _read_head(self, data: bytes) -> bytes:
        """Takes heads off, 1xx ones too; what follows the final one."""
        searched = max(len(self._pending) - 2, 0)
        data = self._pending + data if self._pending else data
        while True:
            if not b"HTTP/".startswith(data[:5]):
                raise NotHttp(f"no status line: {data[:40]!r}")
            end = _HEAD_END.search(data, searched)
            limit = self._limits.head_bytes - self._head_bytes
            if (end.end() if end else len(data)) > limit:
                raise HeadTooLarge(f"the response head passes {self._limits.head_bytes} bytes")
            if end is None:
                self._pending = data
                return b""
            head = _head_of(data[: end.start()], self._limits.header_count)
            self._head_bytes += end.end()
            data, searched = data[end.end() :], 0
            self._pending = b""
            if head.status >= 200:
                self._begin(head)
                return data
            if head.status == 101:
                raise NotHttp("the server switches to a protocol nobody asked for")
            if not data:
                return b""

    def _begin(self, head: Head) -> None:
        self.head = head
        if head.status in BODILESS:
            self.head = head = head._replace(is_chunked=False)
            self._left = 0
        elif not head.is_chunked:
            self._left = head.length

    def _take_chunks(self, data: bytes, pieces: list[bytes]) -> None:
        """Appends what the chunks hold. Raises NotHttp."""
        data = self._pending + data if self._pending else data
        self._pending = b""
        at = 0
        while not self.is_done:
            if self._in_trailer:
                self._trailer(data[at:])
                break
            if self._left:
                piece = data[at : at + self._left]
                if not piece:
                    break
                pieces.append(piece)
                at += len(piece)
                self._left -= len(piece)
                self._after_chunk = not self._left
                continue
            if self._after_chunk:
                mark = data[at : at + 2]
                if not b"\r\n".startswith(mark):
                    raise NotHttp(f"a chunk is longer than it says: {mark!r} follows")
                if len(mark) < 2:
                    self._pending = mark
                    break
                at += 2
                self._after_chunk = False
            end = data.find(b"\r\n", at)
            if end < 0:
                self._pending = data[at:]
                if len(self._pending) > _CHUNK_LINE_BYTES:
                    raise NotHttp("the line before a chunk does not end")
                break
            line = _CHUNK_LINE.fullmatch(data, at, end)
            if line is None:
                raise NotHttp(f"no size of a chunk: {data[at:end][:40]!r}")
            at = end + 2
            self._left = int(line[1], 16)
            self._in_trailer = not self._left

    def _trailer(self, data: bytes) -> None:
        if data.startswith((b"\r\n", b"\n")):
            self._finish(is_clean=data in (b"\r\n", b"\n"))
            return
        end = _HEAD_END.search(data)
        if (end.end() if end else len(data)) > self._limits.head_bytes:
            raise NotHttp("the fields after the last chunk do not end")
        if end is None:
            self._pending = data
            return
        try:
            _fields(data[: end.start()].split(b"\n"), self._limits.header_count)
        except HeadTooLarge as error:
            raise NotHttp(f"after the last chunk {error}") from error
        self._finish(is_clean=end.end() == len(data))


def _head_of(data: bytes, most_fields: int) -> Head:
    """The head that ``data`` is, without the blank line at its end. Raises NotHttp, HeadTooLarge."""
    forbidden = _FORBIDDEN.search(data.removesuffix(b"\r"))
    if forbidden:
        raise NotHttp(f"the response head holds {forbidden[0]!r}")
    first, *lines = data.split(b"\n")
    status_line = _STATUS_LINE.fullmatch(first.removesuffix(b"\r"))
    if status_line is None:
        raise NotHttp(f"no status line: {first[:40]!r}")
    version, status, reason = status_line[1], int(status_line[2]), status_line[3] or b""
    if status < 100:
        raise NotHttp(f"status {status} means nothing")
    fields = _fields(lines, most_fields)
    length: int | None = None
    is_chunked = False
    is_last = version != b"HTTP/1.1"
    for name, value in fields:
        lowered = name.lower()
        if lowered == b"content-length":
            announced = _length(value)
            if length is not None and announced != length:
                raise NotHttp("conflicting Content-Length fields")
            length = announced
        elif lowered == b"transfer-encoding":
            if is_chunked or value.lower() != b"chunked":
                raise NotHttp(f"a transfer coding that was not asked for: {value[:40]!r}")
            is_chunked = True
        elif lowered == b"connection":
            is_last = is_last or any(word.strip(_BLANKS).lower() == b"close" for word in value.split(b","))
    # With both the chunks count, and the connection is not trusted any further (RFC 9112 6.3).
    is_last = is_last or (is_chunked and length is not None)
    return Head(version, status, reason, fields, length, is_chunked, is_last)


def _fields(lines: list[bytes], most: int) -> Fields:
    """Header lines as fields. Raises NotHttp, HeadTooLarge."""
    fields: list[tuple[bytes, bytes]] = []
    folded: list[bytes] = []
    for raw in lines:
        line = raw.removesuffix(b"\r")
        if line.startswith((b" ", b"\t")):
            if not fields:
                raise NotHttp("the first header line is a continued one")
            folded = folded or [fields[-1][1]]
            folded.append(line.lstrip(_BLANKS))
            continue
        if folded:
            fields[-1] = (fields[-1][0], b" ".join(folded).strip(_BLANKS))
            folded = []
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name):
            raise NotHttp(f"illegal header line: {line[:40]!r}")
        fields.append((name, value.strip(_BLANKS)))
    if folded:
        fields[-1] = (fields[-1][0], b" ".join(folded).strip(_BLANKS))
    if len(fields) > most:
        raise HeadTooLarge(f"{len(fields)} header fields, {most} are taken")
    return tuple(fields)


def _length(value: bytes) -> int:
    """What a Content-Length field says; one that names the same number several times says it once (RFC 9110 8.6)."""
    found = {part.strip(_BLANKS) for part in value.split(b",")}
    number = found.pop()
    if found or not number.isdigit() or len(number) > _LENGTH_DIGITS:
        raise NotHttp(f"a Content-Length that is none: {value[:40]!r}")
    return int(number)
