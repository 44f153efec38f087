"""Text blocks of a page: paragraphs, headings and lists, told by markup and, where there is none, by shape.

Observed in presentations of practices: a heading may have no blank line after it, a list item may lose its hyphen, and
sentences may be glued. A line is therefore the smallest unit: a block is made of whole lines, never of parts of one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from pipeline.extract.lines import Line
from pipeline.records import TextBlock

# U+F0A7, U+F0B7 and U+F0D8 are bullets of the Symbol and Wingdings fonts, kept by pages pasted from a word processor.
_BULLET = re.compile("(?:[•·●○▪▫■□►▶➢✓*\uf0a7\uf0b7\uf0d8]\\s*|[-–—]{1,2}(?:\\s+|(?=[^\\W\\d_])))(?P<item>\\S.*)", re.DOTALL)
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[a-z]\)|\(\d{1,2}\))\s+\S.*", re.DOTALL)
_NUMBERING = re.compile(r"(?:(?:\d{1,2}|[IVX]{1,5})(?:\.\d{1,2})*[.)]?|[A-Za-z][.)])\s+")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_NUMERALS = frozenset("123456789IVX")
_CHAPTER = re.compile(r"(?P<number>\d{1,2}|[IVX]{1,4})[.)]\s+(?=[^\W\d_])(?![a-ząćęłńóśźżа-яіїєґ])\S.*[\w)”\"?]")
_SUM = re.compile(r":\s+\D{0,12}\d")
"""Behind a label: "Koszt procesu: 48 tys. zł" is no heading."""

_RUNS_ON = re.compile(r"(?:któr\w+|gdzie|że|żeby|aby|by|co|czyli|ponieważ|gdyż|jak|jeśli|jeżeli)\b", re.IGNORECASE)
_LEAST_MARKED = 2
_LONGEST_MARKED = 160
_LONGEST_KNOWN = 250  # nobody lists a longer heading, and a partnership's name has 100 characters at most
_LONGEST_SHAPED = 70
_MOST_SHAPED_WORDS = 8
_LEAST_PROSE = 60


def folded_heading(text: str) -> str:
    """A heading as headings are compared: small letters, single spaces, no numbering before, no punctuation after."""
    return _NUMBERING.sub("", " ".join(text.split()), count=1).casefold().rstrip(" :.–-")


def text_blocks(
    lines: Sequence[Line], is_known_heading: Callable[[str], bool] = lambda _: False, *, by_shape: bool = False
) -> list[TextBlock]:
    """Blocks of the lines in order. A blank line parts blocks; nothing but bullets and outer white space is left out.

    ``is_known_heading`` is asked about a whole line folded by `folded_heading`. With ``by_shape`` a short line that stands
    alone before prose is a heading too. Every line of a list block begins with "- ", or with its number as printed.
    """
    writer = _BlockWriter()
    chapters = _chapters(lines) if by_shape else frozenset()
    for position, line in enumerate(lines):
        if line.is_blank:
            writer.end()
        elif (
            _is_marked_heading(line)
            or (line.role != "item" and len(line.text) <= _LONGEST_KNOWN and is_known_heading(folded_heading(line.bare)))
            or position in chapters
            or (by_shape and _is_shaped_heading(lines, position, is_known_heading))
        ):
            writer.heading(line)
        elif (item := _item(line)) is not None:
            writer.item(item)
        elif writer.kind == "list":
            writer.after_item(line.bare, goes_on=_goes_on_as_list(lines, position))
        else:
            writer.paragraph(line.bare)
    writer.end()
    return writer.blocks


def presentation_apart(
    lines: Sequence[Line], names: Collection[str], is_known_heading: Callable[[str], bool]
) -> tuple[list[Line], list[Line]]:
    """The lines of a page that shows the summary and the full text of a practice: those of the one, those of the other.

    The full text stands below a line that is one of ``names``, in small letters, or from the first known heading on where the
    markup has two or more below other text. Else all lines are of the summary.
    """
    for at, line in enumerate(lines):
        if folded_heading(line.bare) in names and any(not below.is_blank for below in lines[at + 1 :]):
            return list(lines[:at]), list(lines[at + 1 :])
    marked = [at for at, line in enumerate(lines) if line.role == "heading" and is_known_heading(folded_heading(line.bare))]
    first = marked[0] if len(marked) >= _LEAST_MARKED else len(lines)
    has_summary = any(not line.is_blank and line.role != "heading" for line in lines[:first])
    return (list(lines[:first]), list(lines[first:])) if has_summary else (list(lines), [])


def _chapters(lines: Sequence[Line]) -> frozenset[int]:
    """Positions of lines that number chapters: alone between blank lines, counted 1, 2, … or I, II, … with text below each."""
    found: list[int] = []
    is_roman = False
    for at, line in enumerate(lines):
        match = _CHAPTER.fullmatch(line.bare) if line.bare[:1] in _NUMERALS and len(line.bare) <= _LONGEST_SHAPED else None
        is_apart = (at == 0 or lines[at - 1].is_blank) and at + 1 < len(lines) and lines[at + 1].is_blank
        if match is None or not is_apart or line.role == "item":
            continue
        if not found:
            is_roman = not match["number"].isdigit()
        if match["number"] != (_ROMAN[min(len(found), len(_ROMAN) - 1)] if is_roman else str(len(found) + 1)):
            continue
        below = next((other.bare for other in lines[at + 1 :] if not other.is_blank), "")
        if _NUMBERED.fullmatch(below) is None and below:
            found.append(at)
    return frozenset(found) if len(found) > 1 else frozenset()


class _BlockWriter:
    """The blocks written so far and the one being written."""

    def __init__(self) -> None:
        self.blocks: list[TextBlock] = []
        self.kind = ""
        self.texts: list[str] = []
        self.is_markup_heading = False

    def end(self) -> None:
        if self.texts and self.kind == "heading":
            self.blocks.append(TextBlock(text=" ".join(self.texts), kind="heading"))
        elif self.texts and self.kind == "list":
            self.blocks.append(TextBlock(text="\n".join(self.texts), kind="list"))
        elif self.texts:
            self.blocks.append(TextBlock(text="\n".join(self.texts)))
        self.kind, self.texts, self.is_markup_heading = "", [], False

    def heading(self, line: Line) -> None:
        is_markup = line.role == "heading"
        if not (self.is_markup_heading and is_markup):  # lines of one h1 to h6 parted by <br> are one heading
            self.end()
        self.kind, self.is_markup_heading = "heading", is_markup
        self.texts.append(" ".join(line.bare.split()))

    def item(self, text: str) -> None:
        if self.kind != "list":
            self.end()
        self.kind = "list"
        self.texts.append(text)

    def paragraph(self, text: str) -> None:
        if self.kind != "paragraph":
            self.end()
        self.kind = "paragraph"
        self.texts.append(text)

    def after_item(self, text: str, *, goes_on: bool) -> None:
        """A line without a bullet right after a list item: the rest of it, an item that lost its hyphen, or prose."""
        last = self.texts[-1]
        is_open = last[-1] not in ".;,:!?…"
        is_small = text[0].islower()
        if is_small and (is_open or _RUNS_ON.match(text)):
            self.texts[-1] = f"{last} {text}"
        elif goes_on or (is_small and last[-1] in ",;") or (last[-1] in ",;" and len(text) <= _LONGEST_MARKED):
            self.item(f"- {text}")
        else:
            self.paragraph(text)


def _item(line: Line) -> str | None:
    bullet = _BULLET.fullmatch(line.bare)
    if bullet is not None:
        return f"- {bullet['item']}"
    if _NUMBERED.fullmatch(line.bare):
        return line.bare
    return f"- {line.bare}" if line.role == "item" else None


def _is_marked_heading(line: Line) -> bool:
    if line.role == "heading":
        return True
    bare = line.bare
    return (
        line.role == "bold"
        and len(bare) <= _LONGEST_MARKED
        and bare[-1] not in ".,;!…"
        and any(letter.isalpha() for letter in bare)
        and _BULLET.fullmatch(bare) is None
    )


def _is_shaped_heading(lines: Sequence[Line], position: int, is_known_heading: Callable[[str], bool]) -> bool:
    """A short line with a capital first and no punctuation last, before prose and after a blank or a full stop.

    What follows may be shorter than prose where the line begins as a known heading does ("Koszty wdrożenia praktyki").
    """
    bare = lines[position].bare
    if (
        lines[position].role == "item"
        or _BULLET.fullmatch(bare)
        or "\t" in bare
        or not (bare[-1].isalpha() or bare[-1] in ')"”?:')
    ):
        return False
    if _SUM.search(bare) is not None:
        return False
    words = _NUMBERING.sub("", bare, count=1).split()
    if not words or not words[0].strip("„\"'(")[:1].isupper():
        return False
    if len(bare) > _LONGEST_SHAPED or len(words) > _MOST_SHAPED_WORDS:
        return False
    is_numbered = _NUMBERED.fullmatch(bare) is not None
    begins_known = not is_numbered and _begins_known(words, is_known_heading)
    following = next((line for line in lines[position + 1 :] if not line.is_blank), None)
    if following is None or (bare[-1] == ":" and not begins_known):
        return False
    if is_numbered and _NUMBERED.fullmatch(following.bare):
        return False  # items of a numbered list that stand apart
    is_long, says_something = len(following.bare) >= _LEAST_PROSE, _says_something(following)
    if position and not lines[position - 1].is_blank:
        # Without a blank line before it, a heading stands between a full stop and prose.
        before = lines[position - 1].bare
        after_list = begins_known and _NUMBERED.fullmatch(before) is not None
        return (before[-1] in ".!?" or after_list) and (is_long or says_something)
    is_list = following.role != "bold" and _BULLET.fullmatch(following.bare) is not None
    return is_long or is_list or (begins_known and says_something)


def _begins_known(words: Sequence[str], is_known_heading: Callable[[str], bool]) -> bool:
    """Whether the first of the words, all but four at most, are a known heading."""
    return any(is_known_heading(folded_heading(" ".join(words[:count]))) for count in range(max(1, len(words) - 4), len(words)))


def _says_something(line: Line) -> bool:
    """Whether a line below a heading is more than the next of several names: a sentence, an item, a sum."""
    return (
        line.bare[-1] in ".:;,!?…"
        or any(letter.isdigit() for letter in line.bare)
        or line.role == "item"
        or _BULLET.fullmatch(line.bare) is not None
    )


def _goes_on_as_list(lines: Sequence[Line], position: int) -> bool:
    """Whether bullets follow in the same run of lines, so that this line stands in the middle of a list."""
    for line in lines[position + 1 :]:
        if line.is_blank:
            return False
        if _BULLET.fullmatch(line.bare) or line.role == "item":
            return True
    return False


def visible(line: Line) -> Line:
    """The line without soft hyphens and spaces without width, which part words that a reader sees whole."""
    if "\u00ad" not in line.text and "\u200b" not in line.text:
        return line
    return line._replace(text=line.text.replace("\u00ad", "").replace("\u200b", ""))
