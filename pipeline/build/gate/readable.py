"""Text decoded with a wrong charset (UTF-8 read as a single-byte one, one such read as another), and text escaped twice."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

MISREAD: Final = (
    "[\u0080-\u009f\ufffd]"  # control characters that no page means; what could not be decoded
    # UTF-8 read as windows-1252, ISO-8859-1, windows-1250 or ISO-8859-2: ą ę ł ó ś ż and quotes become pairs.
    "|[ÄĹÅĂÃ][\u0080-\u009f\u00a1-\u00bf‚„…†‡‰Š‹ŚŤŽŹ‘’“”•–—™š›śťžźˇ˘Ł¤Ą¦§¨©Ş«¬®Ż°±˛ł´µ¶·¸ąş»ĽľżŒœŸƒˆ˜]"
    "|â€[\u0080-\u009f\u00a6\u009d™œžťś“”„¦˘]"
    # Ukrainian UTF-8 read as windows-1252 or windows-1251.
    "|(?:[ÐÑ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ]){2}|(?:[РС][\u0080-\u009f°±²³µ¶·¸№º»ј‚ѓ„…†‡€‰‹‘’“”•–—™›ђќћџ]){2}"
    # ISO-8859-2 read as windows-1250 or windows-1252, and the other way: ą ś ź ł become signs inside words.
    r"|[a-ząćęłńóśźż][±¶¼¹¿³¦¬¯][a-ząćęłńóśźż]"
)
"""Letters that only a wrong charset makes, as Python and RE2 read the expression."""
ENTITY = r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
"""An entity of HTML, as Python and RE2 read it."""
_MISREAD = re.compile(MISREAD)


def is_misread(text: str) -> bool:
    """Whether the text holds letters that only a wrong charset makes. ``m³`` and ``±5`` are none."""
    return _MISREAD.search(text) is not None


def misread_rows(column: pa.Array) -> pa.Array:
    """Of which rows `is_misread` holds; null is not misread."""
    return pc.fill_null(pc.match_substring_regex(column, MISREAD), False)


def entity_rows(column: pa.Array) -> pa.Array:
    """In which rows entities of HTML stand: their markup was escaped twice; null holds none."""
    return pc.fill_null(pc.match_substring_regex(column, ENTITY), False)
