"""Files a page offers: by its links, and in a page that came as text by file names and printed sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pipeline.extract.lines import Line
from pipeline.extract.page import Link, Page, one_line
from pipeline.records import AttachmentLink

_DOCUMENTS = "pdf doc docx docm dot dotx xls xlsx xlsm ppt pptx pps ppsx odt ods odp rtf txt csv xml zip rar 7z".split()
_MEDIA = "jpg jpeg png gif tif tiff bmp mp3 mp4 avi wmv mpg mpeg mov flv swf".split()
_FILE_NAME = re.compile(rf"\w\.(?:{'|'.join(_DOCUMENTS + _MEDIA)})\b", re.IGNORECASE)
_DOCUMENT_NAME = re.compile(rf"\.(?:{'|'.join(_DOCUMENTS)})$", re.IGNORECASE)
_DOWNLOAD = re.compile(r"download|pobierz|zalacznik|attachment|getfile|\bplik", re.IGNORECASE)
_NOT_FETCHED = ("mailto:", "javascript:", "tel:", "data:")
_SIZE = re.compile(
    r"[\[(]\s*(?:[A-Za-z]{2,5}\s*[,;:]\s*)?(?:rozmiar\w*:?\s*)?\d+(?:[.,\s]\d+)*\s*(?:[kKMG]?[bB]|bajt\w*)\s*[\])]"
    r"|\b\d+(?:[.,]\d+)?\s*(?:[kKMG]B|[KM]b|bajt\w*)\b"
)
_GENERIC = re.compile(r"\b(?:pobierz(?:\s+plik)?|pobierania|download|zobacz|otwórz|plik|tutaj|link)\b[:.]?", re.IGNORECASE)
_BEFORE_TITLE = re.compile(r"^(?:[-–—•·*►▪»]|\d{1,2}[.)])\s+")
_AROUND = " \t\u00a0-–—:,;|"
_LONGEST_LINE = 300
_LONGEST_ADDRESS_KEPT = 500
_LONGEST_TITLE = 160
_NO_FILES = re.compile(r"(?:brak|nie ma|bez)\b", re.IGNORECASE)


class Offered(NamedTuple):
    """The files, and the positions of lines that say nothing but their titles and sizes.

    ``by_place``: how many are files for no other reason than that they stand on a list of files.
    """

    links: list[AttachmentLink]
    used: frozenset[int]
    by_place: int = 0


def offered_files(page: Page, lines: Sequence[Line], *, is_list: bool, is_page: Callable[[str], bool]) -> Offered:
    """Files offered on ``lines`` of the page.

    ``is_list`` says that the lines are a list of files: then any link counts that leads to no page (``is_page``), images
    too. In a text page a line makes an attachment by its file name or printed size, else by being a title: short, of one
    sentence's beginning and no end. Elsewhere only links to documents count.
    """
    if not page.is_html:
        return _named_files(lines) if is_list else Offered([], frozenset())
    offers = [link for link in page.links if _offers(link.url, is_list, is_page)]
    links = [link for link in offers if link.text]
    found: list[AttachmentLink] = []
    used: set[int] = set()
    position = 0
    for number, line in enumerate(lines if links else ()):
        text = rest = one_line(line.text)
        here: list[Link] = []
        while (ahead := _next_link(links, position, rest, look_ahead=not here)) is not None:
            here.append(links[ahead])
            rest = rest.replace(links[ahead].text, " ", 1)
            position = ahead + 1
        if here:
            found += _of_line(here, text, rest)
            if is_list and (not _says_something(rest) or (len(here) == 1 and _is_generic(here[0].text))):
                used.add(number)
    if is_list:  # a picture alone may be the link to a file
        known = {link.url for link in links}
        pictures = [link for link in offers if link.url not in known and _DOCUMENT_NAME.search(urlsplit(link.url).path)]
        found += [AttachmentLink(title=_file_name(link.url), url=link.url) for link in pictures]
    return Offered(_once(found), frozenset(used))


def _next_link(links: Sequence[Link], position: int, text: str, *, look_ahead: bool) -> int | None:
    """Place of the next link whose text stands in ``text``; only the very next unless ``look_ahead``."""
    last = len(links) if look_ahead else min(position + 1, len(links))
    return next((place for place in range(position, last) if links[place].text in text), None)


def looks_like_files(lines: Sequence[Line]) -> bool:
    """Whether most lines name a file or print a size, as on a list of attachments."""
    written = [line for line in lines if not line.is_blank]
    named = [line for line in written if _names_file(line.bare)]
    return bool(named) and len(named) * 2 >= len(written)


def _offers(url: str, is_list: bool, is_page: Callable[[str], bool]) -> bool:  # noqa: FBT001 - a cache is quick by place only
    look = _kept_offer if len(url) <= _LONGEST_ADDRESS_KEPT else _is_offer
    return look(url, is_list, is_page)


def _is_offer(url: str, is_list: bool, is_page: Callable[[str], bool]) -> bool:  # noqa: FBT001 - as above
    if url.casefold().startswith(_NOT_FETCHED) or url.startswith("#"):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _DOCUMENT_NAME.search(parts.path):
        return True
    if is_page(url):
        return False
    if is_list:
        return bool(parts.path.strip("/") or parts.query)
    return _DOWNLOAD.search(f"{parts.path}?{parts.query}") is not None


_kept_offer = lru_cache(maxsize=8192)(_is_offer)  # a menu stands on every page


def _of_line(links: Sequence[Link], line: str, rest: str) -> list[AttachmentLink]:
    sizes = [match.group().strip() for match in _SIZE.finditer(line)]
    found = []
    for link in links:
        title = _title(link.text)
        if _is_generic(link.text):
            title = _title(rest) if len(links) == 1 else ""
        size = sizes.pop(0) if sizes else None
        found.append(AttachmentLink(title=title or _file_name(link.url), url=link.url, size_printed=size))
    return found


def _named_files(lines: Sequence[Line]) -> Offered:
    found: list[AttachmentLink] = []
    used: set[int] = set()
    by_place = 0
    for number, line in enumerate(lines):
        text = one_line(line.text)
        is_named = _names_file(text) and len(text) <= _LONGEST_LINE
        if not is_named and not _is_title(text):
            continue
        size = _SIZE.search(text)
        address = re.search(r"https?://\S+", text)
        title = _title(text.replace(address.group(), " ") if address else text)
        url = address.group() if address else None
        if not title and url is None:
            continue
        found.append(
            AttachmentLink(title=title or _file_name(url or ""), url=url, size_printed=size.group().strip() if size else None)
        )
        used.add(number)
        by_place += not is_named
    return Offered(found, frozenset(used), by_place)


def _is_title(text: str) -> bool:
    """Whether a line of a list of files can be the title of one: link texts lose their links in a text rendering."""
    return (
        0 < len(text) <= _LONGEST_TITLE
        and text[-1] not in ".:;,!?…"
        and any(letter.isalpha() for letter in text)
        and _NO_FILES.match(text) is None
    )


def _names_file(text: str) -> bool:
    return _FILE_NAME.search(text) is not None or _SIZE.search(text) is not None


def _title(text: str) -> str:
    bare = _GENERIC.sub(" ", _SIZE.sub(" ", text)) if not _FILE_NAME.search(text) else _SIZE.sub(" ", text)
    return _BEFORE_TITLE.sub("", one_line(bare), count=1).strip(_AROUND)


def _is_generic(text: str) -> bool:
    return not any(letter.isalpha() for letter in _GENERIC.sub("", _SIZE.sub("", text)))


def _says_something(rest: str) -> bool:
    return sum(letter.isalpha() for letter in _GENERIC.sub("", _SIZE.sub("", rest))) > 3


def _file_name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name or url


def _once(found: Sequence[AttachmentLink]) -> list[AttachmentLink]:
    kept: dict[str | None, AttachmentLink] = {}
    for link in found:
        kept.setdefault(link.url, link)
    return list(kept.values())
