"""Lines of a page that came as Markdown, as its reader would see them: headings, bold labels and links without their signs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.lines import Line

# CommonMark 0.31.2, 4.2 (ATX headings), 6.2 (strong emphasis), 6.3 (links); signs in the middle of words are left alone.
_HEADING = re.compile(r"#{1,6}[ \t]+(?P<text>\S.*?)(?:[ \t]+#+)?")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)(?P<text>[^*]{1,300}?)(?<=\S)\*\*(?![\w*])")
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]{1,200})\]\((?:https?://|/|mailto:)[^()\s]{0,400}\)")


def is_markdown(text: str) -> bool:
    """Whether a text holds signs that Markdown writes and plain text hardly does."""
    return "**" in text or "](" in text or text.startswith("# ") or "\n#" in text


def markdown_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines without Markdown's signs; a heading's line has the role of one."""
    return [_seen(line) for line in lines]


def _seen(line: Line) -> Line:
    text = line.text
    if "**" in text:
        text = _STRONG.sub(lambda strong: strong["text"], text)
    if "](" in text:
        text = _LINK.sub(lambda link: link["text"], text)
    heading = _HEADING.fullmatch(line.bare) if line.bare.startswith("#") else None
    if heading is not None:
        return Line(_STRONG.sub(lambda strong: strong["text"], heading["text"]), "heading")
    return line if text == line.text else Line(text, line.role, inner=line.inner)
