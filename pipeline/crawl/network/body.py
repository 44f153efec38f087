"""The payload of an answer as it comes, and the body that is in it, both within limits."""

from __future__ import annotations

from typing import Final, NamedTuple

from pipeline.crawl.network.coding import CodingError, Decoder, content_codings, decoder_for
from pipeline.crawl.network.exchange import FailureReason, Truncation
from pipeline.crawl.network.limits import KIB, Limits

_CODED_STEP: Final = 16 * KIB  # decoded at once, so that a bomb is stopped soon after it passes the ratio


class Fault(NamedTuple):
    """What is wrong with a body. ``truncated``: reading stopped because of it."""

    reason: FailureReason
    detail: str
    retry: bool = False
    truncated: Truncation | None = None


class Body:
    """Takes pieces of payload and the content coding off them. ``trouble`` is what was met last, None so far."""

    def __init__(self, limits: Limits, encodings: list[str]) -> None:
        """``encodings`` are the values of Content-Encoding."""
        self._limits = limits
        self._payload: list[bytes] = []
        self._decoded: list[bytes] = []
        self._decoded_bytes = 0
        self._coded_bytes = 0
        self._is_readable = True  # the coding can be taken off
        self._decoder: Decoder | None = None
        self.trouble: Fault | None = None
        codings = content_codings(encodings) if encodings else []
        if len(codings) > 1:
            self._unread("nested_coding", f"content is coded {len(codings)} times: {', '.join(codings)[:80]}")
        elif codings:
            self._decoder = decoder_for(codings[0])
            if self._decoder is None:
                self._unread("unknown_coding", f"content coding {codings[0][:40]!r} was not asked for")

    @property
    def payload(self) -> bytes:
        """What came, with its coding on."""
        return self._payload[0] if len(self._payload) == 1 else b"".join(self._payload)

    @property
    def decoded(self) -> bytes | None:
        """The body as far as it could be read; None when its coding cannot be taken off."""
        if not self._is_readable:
            return None
        return b"".join(self._decoded) if self._decoder else self.payload[: self._limits.decoded_bytes]

    def take(self, piece: bytes) -> bool:
        """False when a limit is passed and no more is wanted."""
        self._payload.append(piece)
        if not self._is_readable:
            return True
        if self._decoder is None:
            self._decoded_bytes += len(piece)  # the body is the payload
            return self._fits(self._decoded_bytes)
        try:
            for start in range(0, len(piece), _CODED_STEP):
                step = piece[start : start + _CODED_STEP]
                self._coded_bytes += len(step)
                if not self._decode(self._decoder, step):
                    return False
        except CodingError as error:
            self._unread("coding", str(error))
        return True

    def finish(self) -> None:
        """The payload is whole."""
        if self._decoder is None or not self._payload:
            return
        try:
            self._decoder.finish()
        except CodingError as error:
            self.trouble = Fault("coding", str(error), retry=True)

    def _decode(self, decoder: Decoder, step: bytes) -> bool:
        for piece in decoder.pieces(step):
            self._decoded.append(piece[: self._limits.decoded_bytes - self._decoded_bytes])
            self._decoded_bytes += len(piece)
            if not self._fits(self._limits.ratio * self._coded_bytes):
                return False
        return True

    def _fits(self, most_bytes: int) -> bool:
        limits = self._limits
        if self._decoded_bytes > limits.decoded_bytes:
            self.trouble = Fault("too_large", f"more than {limits.decoded_bytes} bytes decoded", truncated="length")
            return False
        if self._decoded_bytes > max(limits.ratio_floor_bytes, most_bytes):
            detail = f"{self._decoded_bytes} bytes out of {self._coded_bytes}: more than {limits.ratio} to 1"
            self.trouble = Fault("bomb", detail, truncated="length")
            return False
        return True

    def _unread(self, reason: FailureReason, detail: str) -> None:
        self.trouble = Fault(reason, detail)
        self._decoder, self._is_readable = None, False
