"""Slideplayer: slide transcripts in three shapes and seven languages.

The transcript's own markup is not known, so the reading goes by lines and serves HTML and text renderings alike. Shape A
(classic) and B (desktop) print slide numbers, shape C (amp) does not. Labels are facts of the TOML; a page whose labels
are in no list is read by its shape, and the labels are reported.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from pipeline.extract.page import Page, bare_host, one_line
from pipeline.extract.slides import NumberedSlides, numbered_slides, with_plain_bullets, with_single_links
from pipeline.records import Deck, DeckShape, Finding, IssueStatus, PageIssue, SlideText
from pipeline.sources.spec import Judgement, Source

_DECK_PATH = re.compile(r"/(?:amp/)?(?:slide|amp)/(\d+)(?:[/?#&.]|$)", re.IGNORECASE)
_DECK_INSIDE = re.compile(r"\b(slideplayer(?:\.[a-z]{2,6}){1,2})\.?(?::\d+)?(/(?:amp/)?(?:slide|amp)/\d+)", re.IGNORECASE)
_INDEX_PATH = re.compile(
    r"/?(?:(?:search|category|categories|tags?|users?|uploads?|list|new|popular|best)\b.*)?", re.IGNORECASE
)
_PICTURE = re.compile(r"/slides/slide_(\d{1,4})\.(?:jpe?g|png|gif|webp)", re.IGNORECASE)

_QUOTES = '"“”„«»'
# The theme line by shape, for labels nobody listed: label: "title"— label:
_THEME_SHAPE = re.compile(
    rf"(?P<theme>[^\W\d_][^:{_QUOTES}]{{2,60}}:)\s*[{_QUOTES}](?P<title>.+)[{_QUOTES}]\s*[—–-]+\s*(?P<label>[^\W\d_][^:{_QUOTES}]{{2,60}}:)"
)
_LABEL_AND_TITLE = re.compile(rf"(?P<label>[^\W\d_][^{_QUOTES}]{{2,50}}?)\s*[{_QUOTES}](?P<title>.+)[{_QUOTES}]\s*")
_GENERIC_SUFFIX = re.compile(r"\s+[-–|]\s+ppt(?:\s+\S+){1,3}$", re.IGNORECASE)
_SHORTEST_SHARED = 20  # characters by which the first slide is known to begin like the title
_MOST_HEAD_LINES = 80


class _Reading(NamedTuple):
    shape: DeckShape
    title: str | None
    publisher: str | None
    slides: list[SlideText]  # texts as published, before link texts and bullets are mended
    issues: list[PageIssue]  # without record_id, which is made from the slides


class _Region(NamedTuple):
    """Where the transcript stands: the lines before it, its own lines, and what its theme line tells."""

    head: list[str]
    body: list[str]
    title: str | None = None
    has_theme: bool = False
    unknown_labels: tuple[str, ...] = ()


def page_verdict(page: Page, source: Source) -> Judgement:
    """What the page is, with the reason.

    Detail for a page with a transcript; index for search and category pages; gone for 404 and 410; shell for a deck's address
    without a transcript (deleted presentation, captcha, soft 404, loading line alone); not_ours for other pages of the site.
    """
    status = page.capture.status_code
    if status in (404, 410):
        return Judgement("gone", f"status code {status}")
    if status is not None and status >= 400:
        return Judgement("shell", f"status code {status}: an error page is no deck")
    address = _deck_address(page)
    if address is None and _is_on_site(page, source) and page.address is not None and _INDEX_PATH.fullmatch(page.address.path):
        return Judgement("index", "address of a list of presentations")
    reading = _reading(page, source)
    if reading is not None:
        return Judgement("detail", f"transcript of {len(reading.slides)} slides, shape {reading.shape}")
    phrase = _shell_phrase(page, source)
    if phrase is not None:
        return Judgement("shell", f"the page says {phrase!r} and holds no transcript")
    if address is not None or not _is_on_site(page, source):
        return Judgement("shell", "address or labels of a presentation, but no transcript")
    return Judgement("not_ours", "neither a presentation nor a list of presentations")


def parse(page: Page, source: Source) -> Iterator[Finding]:
    """One Deck with its slides as published, then the doubts; nothing for index pages.

    Link texts printed twice are kept once (reported as repaired) and symbol-font bullets become "•".
    """
    if page_verdict(page, source).verdict != "detail":
        return
    reading = _reading(page, source)
    if reading is None:
        return
    slides = [SlideText(number=s.number, title=_clean(s.title), text=_clean(s.text) or "") for s in reading.slides]
    title = _clean(reading.title)
    address = _deck_address(page)
    record_id = f"{address[0]}:{address[1]}" if address else _content_id(title, slides)
    pictures = _picture_count(page, address[1] if address else None)
    deck = Deck(
        record_id=record_id,
        title=title,
        site=address[0] if address else (page.address.netloc if page.address and _is_on_site(page, source) else None),
        publisher=reading.publisher,
        shape=reading.shape,
        slides=slides,
        picture_count=pictures,
    )
    yield deck
    yield from _with_id(reading.issues, record_id)
    yield from _with_id(_doubts(deck, reading.slides), record_id)


# The address


def _deck_address(page: Page) -> tuple[str, str] | None:
    """Host and number of the deck, from the target URI, one inside it (web archives, AMP caches), or what the page says."""
    if page.address is not None and page.address.netloc.startswith("slideplayer."):
        match = _DECK_PATH.match(page.address.path)
        if match is not None:
            return page.address.netloc, match[1]
    for url in (page.url, page.canonical, page.meta("og:url")):
        inside = _DECK_INSIDE.search(url or "")
        if inside is not None and (path := _DECK_PATH.match(inside[2])) is not None:
            return bare_host(inside[1]), path[1]
    return None


def _is_on_site(page: Page, source: Source) -> bool:
    return page.address is not None and (
        source.owns_host(page.address.netloc) or page.address.netloc.startswith("slideplayer.")
    )


def _content_id(title: str | None, slides: list[SlideText]) -> str:
    content = "\x1f".join([title or "", *(slide.text for slide in slides)])
    return f"sha256:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def _picture_count(page: Page, deck: str | None) -> int | None:
    """The highest N of ``…/slides/slide_<N>.jpg``: those of this deck where addresses name decks (related ones do too)."""
    if not page.is_html:
        return None
    found = list(_PICTURE.finditer(page.text))
    own = [match for match in found if deck and page.text.endswith(f"/{deck}", 0, match.start())]
    return max((int(match[1]) for match in own or found), default=None)


# Labels


class _Wordings:
    """The TOML's phrases, folded for comparison."""

    def __init__(self, source: Source) -> None:
        self.loading = _folded_all(source.phrases("loading"))
        self.download = _folded_all(source.phrases("download"))
        self.similar = frozenset(_folded_all(source.phrases("similar")))
        self.ads = frozenset(_folded_all(source.phrases("ads")))
        self.furniture = frozenset(_folded_all(source.phrases("furniture")))
        self.footer = _folded_all(source.phrases("footer"))
        self.shell = _folded_all(source.phrases("shell"))
        self.title_suffixes = _folded_all(source.phrases("title_suffix"))
        theme, transcript = (_alternatives(source.phrases(name)) for name in ("theme", "transcript"))
        self.theme = re.compile(rf"{theme}\s*[{_QUOTES}]?(?P<title>.*)", re.IGNORECASE)
        self.title_end = re.compile(rf"(?:[{_QUOTES}]\s*)?(?:[—–-]+\s*)?{transcript}\s*", re.IGNORECASE)
        self.transcript = re.compile(rf"(?:[—–-]+\s*)?{transcript}\s*(?P<rest>.*)", re.IGNORECASE)
        publisher, modified = (_alternatives(source.phrases(name)) for name in ("publisher", "modified"))
        self.publisher = re.compile(rf"{publisher}\s*:?\s*(?P<name>.*?)\s*(?:{modified}\b.*)?", re.IGNORECASE)
        self.modified = re.compile(rf"{modified}\b.*\d.*", re.IGNORECASE)

    def is_loading(self, line: str) -> bool:
        return folded(line).startswith(self.loading)

    def is_download(self, line: str) -> bool:
        return folded(line) in self.download

    def is_similar(self, line: str) -> bool:
        return folded(line) in self.similar

    def is_ad(self, line: str) -> bool:
        return folded(line) in self.ads

    def is_furniture(self, line: str) -> bool:
        text = folded(line).lstrip("•· ")
        return text in self.furniture or text.startswith(self.footer)

    def is_named(self, line: str) -> bool:
        """Whether the line is one the TOML accounts for, whatever it is."""
        return (
            self.is_loading(line)
            or self.is_download(line)
            or self.is_similar(line)
            or self.is_ad(line)
            or self.is_furniture(line)
            or self.modified.fullmatch(line.strip()) is not None
        )

    def downloaded_title(self, line: str) -> str | None:
        """The title in the quotes of a download line, None for any other line."""
        match = _LABEL_AND_TITLE.fullmatch(line.strip())
        return match["title"].strip() if match is not None and folded(match["label"]) in self.download else None


@lru_cache(maxsize=8)
def _wordings(source: Source) -> _Wordings:
    return _Wordings(source)


def folded(text: str) -> str:
    """A label as labels are compared: small letters, single spaces, one kind of apostrophe, no colon or dots at the end."""
    return " ".join(text.casefold().replace("’", "'").split()).rstrip(" :.…")


def _folded_all(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(folded(phrase) for phrase in phrases)


def _alternatives(phrases: list[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first) + ")"


def _shell_phrase(page: Page, source: Source) -> str | None:
    wordings = _wordings(source)
    first = [line.bare for line in page.lines if not line.is_blank][:12]
    return next((text for text in [page.html_title or "", *first] if folded(text).startswith(wordings.shell)), None)


# The transcript


def _reading(page: Page, source: Source) -> _Reading | None:
    """The deck of the page in whichever shape it has; None when there is no transcript."""
    wordings = _wordings(source)
    lines = [line.bare.replace("\t", " ") for line in page.lines]
    region = _region(lines, wordings)
    if _shell_phrase(page, source) is not None and not region.has_theme:
        return None
    numbered = _numbered_part(page, region, wordings)
    reading: _Reading | None
    if numbered is not None:
        reading = _numbered_reading(page, region, numbered, wordings)
    else:
        reading = _unnumbered_reading(page, region, wordings)
    if reading is None or not reading.slides:
        return None
    issues = [
        _issue("presentations", "title", "unknown_label", "label is in no list, read by the shape of its line", label=label)
        for label in region.unknown_labels
    ]
    if reading.title is None:
        candidates = [text for text in (reading.slides[0].title,) if text]
        issues.append(
            _issue("presentations", "title", "missing", "the page prints no title of the deck", candidates=candidates)
        )
    return reading._replace(issues=issues + reading.issues)


def _region(lines: list[str], wordings: _Wordings) -> _Region:
    """The part of the page that holds the transcript: after the theme line, else after the last loading line."""
    for at, line in enumerate(lines):
        if (found := _after_theme(lines, at, wordings)) is not None:
            title, body = found
            return _ended(_Region(lines[:at], body, title, has_theme=True), wordings)
        label = wordings.transcript.fullmatch(line)
        if label is not None:
            return _ended(_Region(lines[:at], [label["rest"], *lines[at + 1 :]], has_theme=True), wordings)
    for at, line in enumerate(lines):
        shape = _THEME_SHAPE.fullmatch(line)
        if shape is not None:
            labels = (shape["theme"], shape["label"])
            return _ended(_Region(lines[:at], lines[at + 1 :], shape["title"].strip(), True, labels), wordings)
    loading = [at for at, line in enumerate(lines[:_MOST_HEAD_LINES]) if wordings.is_loading(line)]
    start = loading[-1] + 1 if loading else 0
    return _Region(lines[:start], lines[start:])


def _after_theme(lines: list[str], at: int, wordings: _Wordings) -> tuple[str | None, list[str]] | None:
    theme = wordings.theme.fullmatch(lines[at])
    if theme is None:
        return None
    end = wordings.title_end.search(theme["title"])
    if end is not None:
        return _unquoted(theme["title"][: end.start()]), [theme["title"][end.end() :], *lines[at + 1 :]]
    for below in range(at + 1, min(at + 6, len(lines))):
        label = wordings.transcript.fullmatch(lines[below])
        if label is not None:
            title = _unquoted(" ".join([theme["title"], *lines[at + 1 : below]]))
            return title, [label["rest"], *lines[below + 1 :]]
    quoted = re.fullmatch(rf".*?:\s*[{_QUOTES}].+[{_QUOTES}]\s*[—–-]*", lines[at])
    return (_unquoted(theme["title"]), lines[at + 1 :]) if quoted is not None else None


def _unquoted(text: str) -> str | None:
    bare = re.sub(r"\s*[—–-]+\s*$", "", text.strip())
    if bare and bare[-1] in _QUOTES:
        bare = bare[:-1]
    return (bare[1:] if bare and bare[0] in _QUOTES else bare).strip() or None


def _ended(region: _Region, wordings: _Wordings) -> _Region:
    """The region up to the download line, the related presentations or the advertisements below the transcript.

    A line of the head that comes back below ends it too: the label above the related presentations, if nobody listed it.
    """
    loading = [at for at, line in enumerate(region.head) if wordings.is_loading(line)]
    above = {folded(line) for line in region.head[loading[-1] + 1 if loading else 0 :] if line}
    above -= {folded(region.title or "")}
    body = region.body
    for at, line in enumerate(body):
        returns = bool(line) and folded(line) in above and at > 0 and not body[at - 1]
        if returns or _ends_transcript(line, region.title, wordings):
            return region._replace(body=body[:at])
    return region


def _ends_transcript(line: str, title: str | None, wordings: _Wordings) -> bool:
    if (
        wordings.is_similar(line)
        or wordings.downloaded_title(line) is not None
        or (wordings.is_ad(line) and "google" in line.casefold())
    ):
        return True
    shape = _LABEL_AND_TITLE.fullmatch(line) if title else None
    return shape is not None and folded(shape["title"]) == folded(title or "")


def _numbered_part(page: Page, region: _Region, wordings: _Wordings) -> NumberedSlides | None:
    """The numbered slides of the region; None when its numbers make no deck (shape C, or no transcript at all)."""
    if region.has_theme:
        numbered = numbered_slides(region.body)
        return numbered if numbered is not None and _is_deck(numbered, region) else None
    best: NumberedSlides | None = None
    start = 0
    for at in [*(at for at, line in enumerate(region.body) if _ends_transcript(line, None, wordings)), len(region.body)]:
        numbered = numbered_slides(region.body[start:at])
        start = at + 1
        if numbered is not None and (best is None or len(numbered.slides) > len(best.slides)) and _is_deck(numbered, region):
            best = numbered
    is_amp = page.address is not None and page.address.path.casefold().startswith("/amp")
    return None if best is not None and is_amp and not best.are_alone else best


def _is_deck(numbered: NumberedSlides, region: _Region) -> bool:
    count = len(numbered.slides)
    first = numbered.slides[0].number
    lines = sum(len(list(filter(None, slide.lines))) for slide in numbered.slides) + len(list(filter(None, numbered.leading)))
    if count == 1:
        return first <= 1 and not any(numbered.leading) and (region.has_theme or (bool(region.head) and numbered.are_alone))
    if region.has_theme:
        return first <= 1 or 2 * numbered.steps >= count
    if 2 * numbered.steps < count or (first > 1 and count < 4):
        return False
    return numbered.are_alone or 4 * count >= lines


def _numbered_reading(page: Page, region: _Region, numbered: NumberedSlides, wordings: _Wordings) -> _Reading:
    head = [*region.head, *([] if region.has_theme else numbered.leading)]
    publisher, unknown = _head_lines(head, wordings)
    issues: list[PageIssue] = []
    blocks = [[*slide.lines] for slide in numbered.slides]
    blocks[-1] = _without_tail(blocks[-1], wordings)
    paragraphs = [_paragraphs(block, wordings) for block in blocks]
    titled = [lines for lines in paragraphs if lines]
    has_titles = 2 * sum(len(lines[0]) > 1 for lines in titled) >= len(titled)
    slides = []
    leading = [line for line in numbered.leading if line] if region.has_theme else []
    if leading:
        slides.append(SlideText(number=None, title=None, text="\n".join(leading)))
        issues.append(
            _issue(
                "slides", "slide_number", "ambiguous", "text stands before the first slide number", raw_text="\n".join(leading)
            )
        )
    for slide, parts in zip(numbered.slides, paragraphs, strict=True):
        title = parts[0][0] if parts and len(parts[0]) > 1 else None
        if title is None and parts and len(parts) == 1 and numbered.are_alone and has_titles and len(parts[0][0]) <= 120:
            title = parts[0][0]
        slides.append(SlideText(number=slide.number, title=title, text="\n".join(line for part in parts for line in part)))
    issues += _gap_issues(numbered)
    title = _deck_title(page, region, wordings, unknown, slides, is_classic=not numbered.are_alone)
    known = {folded(title or ""), folded(region.title or "")}
    for line in [line for line in unknown if folded(line) not in known][:3]:
        issues.append(_issue("presentations", None, "unknown_label", "line above the transcript is in no list", raw_text=line))
    shape: DeckShape = "desktop" if numbered.are_alone and not region.has_theme else "classic"
    return _Reading(shape, title, publisher, slides, issues)


def _paragraphs(block: list[str], wordings: _Wordings) -> list[list[str]]:
    """The lines of a slide by paragraphs, without advertisements and loading lines that stand between slides."""
    parts: list[list[str]] = [[]]
    for line in block:
        if line:
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    kept = [part for at, part in enumerate(parts) if part and not (at and all(map(wordings.is_ad, part)))]
    return [lines for part in kept if (lines := [line for line in part if not wordings.is_loading(line)])]


def _without_tail(block: list[str], wordings: _Wordings) -> list[str]:
    """The last slide without the furniture below it. Its first line stays whatever it says: a slide may be called Feedback."""
    named = [wordings.is_named(line) if line else None for line in block]
    first = next((at for at, line in enumerate(block) if line), 0)
    for at in range(1, len(block)):
        if not named[at]:
            continue
        below = [flag for flag in named[at:] if flag is not None]
        is_tail = sum(below) >= 2 and 2 * sum(below) >= len(below)
        if not block[at - 1] and (at > first or (block[0] == "" and at > 1)):
            return block[:at]
        if at > first and (is_tail or wordings.is_ad(block[at]) or folded(block[at]).startswith(wordings.footer)):
            return block[:at]
    return block


def _head_lines(head: list[str], wordings: _Wordings) -> tuple[str | None, list[str]]:
    """The publisher, and the lines after the last loading line that no list names, in order."""
    loading = [at for at, line in enumerate(head) if wordings.is_loading(line)]
    publisher: str | None = None
    unknown: list[str] = []
    expects_name = False
    for at, line in enumerate(head):
        if not line:
            continue
        if expects_name and not wordings.is_named(line):
            publisher, expects_name = line, False
            continue
        match = wordings.publisher.fullmatch(line) if publisher is None else None
        if match is not None:
            publisher = match["name"].strip() or None
            expects_name = publisher is None
        elif (not loading or at > loading[-1]) and not wordings.is_named(line) and not wordings.publisher.fullmatch(line):
            unknown.append(line)
    return publisher, unknown


def _deck_title(
    page: Page, region: _Region, wordings: _Wordings, unknown: Sequence[str], slides: Sequence[SlideText], *, is_classic: bool
) -> str | None:
    """The title from the theme line, the line above the transcript, the download line, or the HTML head, in this order."""
    if region.title:
        return region.title
    published = _html_titles(page, wordings)
    for line in unknown[:2]:
        if is_classic or folded(line) in map(folded, published) or (slides and _begins_alike(slides[0].text, line)):
            return line
    downloaded = (wordings.downloaded_title(line.bare) for line in page.lines)
    return next((title for title in downloaded if title), None) or next(iter(published), None)


def _html_titles(page: Page, wordings: _Wordings) -> list[str]:
    heading = page.first("h1")
    found = []
    for text in (page.meta("og:title"), one_line(heading.text()) if heading is not None else None, page.html_title):
        bare = _GENERIC_SUFFIX.sub("", text.strip()) if text else ""
        for suffix in wordings.title_suffixes:
            if folded(bare).endswith(suffix):
                bare = bare[: len(bare.rstrip(" :.…")) - len(suffix)].strip()
        if bare and folded(bare) != "slideplayer" and not wordings.is_named(bare):
            found.append(bare)
    return found


def _begins_alike(text: str, title: str) -> bool:
    """Whether the first slide begins as the title does: the site makes titles of the first words of the first slide."""
    start = "".join(char for char in title.casefold() if char.isalnum())[:_SHORTEST_SHARED]
    return len(start) >= 4 and "".join(char for char in text[:200].casefold() if char.isalnum()).startswith(start)


def _unnumbered_reading(page: Page, region: _Region, wordings: _Wordings) -> _Reading | None:
    """Shape C: a line is a slide. What stands before (title, related presentations, advertisements) is left out."""
    publisher, _ = _head_lines(region.head, wordings)
    lines = [line for line in region.body if line]
    issues: list[PageIssue] = []
    title = region.title or next(iter(_html_titles(page, wordings)), None)
    if not region.has_theme:
        related = next((at for at, line in enumerate(lines) if wordings.is_similar(line)), len(lines))
        before = [line for line in lines[:related] if not wordings.is_named(line)]
        if related < len(lines) and len(before) <= 1:
            title = before[0] if before else title
            found = _after_related(page, region.body, title, wordings)
            if found is None:
                return None
            lines, doubt = found
            if doubt:
                issues.append(_issue("slides", "text", "ambiguous", doubt))
        else:
            lines = lines[:related]
            start = _title_line(lines, title, wordings)
            if start is not None:
                title, lines = lines[start], lines[start + 1 :]
    end = next((at for at, line in enumerate(lines) if at and _ends_transcript(line, title, wordings)), len(lines))
    lines = [line for line in lines[:end] if not wordings.is_ad(line) and not wordings.is_loading(line)]
    while lines and wordings.is_named(lines[-1]):
        lines.pop()
    while lines and not region.has_theme and (wordings.is_named(lines[0]) or wordings.publisher.fullmatch(lines[0])):
        publisher = publisher or _head_lines(lines[:2], wordings)[0]
        lines.pop(0)
    known = (
        region.has_theme or bool(region.head) or any(wordings.is_similar(line) or wordings.is_ad(line) for line in region.body)
    )
    if not lines or (not known and len(lines) < 3):
        return None
    if not known:
        issues.append(
            _issue("slides", "text", "ambiguous", "no label and no slide number is known: every line is taken for a slide")
        )
    return _Reading("amp", title, publisher, [SlideText(number=None, title=None, text=line) for line in lines], issues)


def _title_line(lines: list[str], title: str | None, wordings: _Wordings) -> int | None:
    """Where the title stands above unnumbered slides: a first line that the next one begins like."""
    first = next((at for at, line in enumerate(lines) if not wordings.is_named(line)), None)
    if first is None or first + 1 >= len(lines):
        return None
    following = next((line for line in lines[first + 1 :] if not wordings.is_named(line)), "")
    is_title = _begins_alike(following, lines[first]) and (
        title is None or folded(title) == folded(lines[first]) or len(following) >= len(lines[first])
    )
    return first if is_title else None


def _after_related(page: Page, body: list[str], title: str | None, wordings: _Wordings) -> tuple[list[str], str | None] | None:
    """The slides below a list of related presentations, and a doubt; None when they cannot be told from the list.

    The first slide begins as the title does. Else links tell the list (HTML), else a blank line after it.
    """
    marker = next(at for at, line in enumerate(body) if wordings.is_similar(line))
    below = body[marker + 1 :]
    for at, line in enumerate(below):
        if title and line and _begins_alike(line, title):
            return [text for text in below[at:] if text], None
    linked = {folded(link.text) for link in page.links if link.text and _DECK_PATH.search(link.url)}
    if linked:
        return [line for line in below if line and folded(line) not in linked and not wordings.is_named(line)], None
    last_ad = max((at for at, line in enumerate(below) if wordings.is_ad(line)), default=-1)
    groups = _groups(below[last_ad + 1 :])
    if len(groups) < 2 or len(groups[0]) < 2:
        return None
    return [
        line for group in groups[1:] for line in group
    ], "slides are told from the related presentations by a blank line only"


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


# Doubts


def _issue(
    table: str,
    column: str | None,
    status: IssueStatus,
    reason: str,
    *,
    label: str | None = None,
    raw_text: str | None = None,
    candidates: list[str] | None = None,
) -> PageIssue:
    return PageIssue(
        record_id=None,
        table=table,
        column=column,
        status=status,
        reason=reason,
        label=label,
        raw_text=raw_text,
        candidates=candidates or [],
    )


def _with_id(issues: Iterable[PageIssue], record_id: str) -> Iterator[PageIssue]:
    for issue in issues:
        yield msgspec.structs.replace(issue, record_id=record_id)


def _gap_issues(numbered: NumberedSlides) -> Iterator[PageIssue]:
    """A gap is suspicious when three numbers or more are left out at one place, or one left out stands inside a slide."""
    for before, after in zip(numbered.slides, numbered.slides[1:], strict=False):
        missing = range(before.number + 1, after.number)
        inside = sorted(numbered.rivals.intersection(missing))
        if len(missing) >= 3 or inside:
            where = f"; {inside[0]} begins a line inside a slide" if inside else ""
            yield _issue(
                "slides",
                "slide_number",
                "ambiguous",
                f"no slide is numbered {missing[0]} to {missing[-1]}{where}",
                raw_text=str(after.number),
            )


def _doubts(deck: Deck, published: list[SlideText]) -> Iterator[PageIssue]:
    count = len(deck.slides)
    numbers = [slide.number for slide in deck.slides if slide.number is not None]
    if deck.picture_count is not None and deck.picture_count not in (count, max(numbers, default=count)):
        yield _issue(
            "presentations",
            "slide_count",
            "ambiguous",
            f"the page shows pictures of {deck.picture_count} slides, the transcript has {count}",
            raw_text=str(deck.picture_count),
        )
    for position, slide in enumerate(published, 1):
        if with_single_links(slide.text) != slide.text:
            reason = f"slide at position {position}: a link text printed twice is kept once"
            yield _issue("slides", "text", "repaired", reason, raw_text=slide.text)


def _clean(text: str | None) -> str | None:
    return with_plain_bullets(with_single_links(text)) if text is not None else None
