"""What the cells of decks, slides, articles, partnerships and named persons were made from."""

from __future__ import annotations

from pipeline.build.choice.chosen import Chosen
from pipeline.records import Article, Deck, Partnership, PersonMention
from pipeline.trace.evidence import Cells, Evidence, Piece, Row, in_order, of_text, of_texts

_CONTENT_ID = "sha256:"


def deck_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of presentations."""
    deck, capture = _deck(parts)
    if deck is None:
        return {}
    pieces = _slide_pieces(deck)
    written = tuple(piece for piece in pieces if piece.text.strip())
    cells = {
        "title": Evidence("published", capture, of_text(deck.title)),
        "publisher": Evidence("published", capture, of_text(deck.publisher)),
        "site": Evidence("address", capture, (), "host of the page"),
        "language": Evidence("text", capture, written or of_text(deck.title)),
        "slide_count": Evidence("counted", capture, written, f"{len(pieces)} slides, {len(pieces) - len(written)} empty"),
        "shape": Evidence("assigned", capture, (), "by the labels and numbers of the page"),
        "picture_count": Evidence(
            "counted", capture, of_text(f"slide_{deck.picture_count}"), "highest number of a slide's picture"
        ),
    }
    return {**cells, "presentation_id": _id_evidence(row["presentation_id"], capture, of_text(deck.title) + written)}


def slide_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of slides."""
    deck, capture = _deck(parts)
    if deck is None:
        return {}
    place = row["position"] - 1
    slide, whole = deck.slides[place], _slide_pieces(deck)[place]
    number = whole._replace(text=str(slide.number), is_number=True)
    shown = (number,) if slide.number is not None else (whole,)
    text = (whole,) if slide.text.strip() else ()
    return {
        "slide_number": Evidence("published", capture, (number,), "number printed before the slide"),
        "title": Evidence("published", capture, (whole._replace(text=slide.title, is_part=True),) if slide.title else ()),
        "text": Evidence("published", capture, text),
        "is_empty": Evidence("text", capture, text or shown, "" if text else "nothing stands after the number"),
        "language": Evidence("text", capture, text or shown, "" if text else "no text, so und"),
        "position": Evidence("assigned", capture, shown, "place among the slides, from 1"),
        "presentation_id": Evidence("address", capture, (), "the deck the page belongs to"),
    }


def article_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of articles."""
    article, capture = _article(parts)
    if article is None:
        return {}
    text = in_order([block.text for block in article.blocks])
    date = of_text(article.published_text)
    cells = {
        "title": Evidence("published", capture, of_text(article.title)),
        "published_on_raw": Evidence("published", capture, date),
        "published_on": Evidence("wording", capture, date),
        "text": Evidence("published", capture, text),
        "language": Evidence("text", capture, text or of_text(article.title)),
        "labels": Evidence("published", capture, of_texts(article.labels)),
        "comment_count": Evidence("wording", capture, of_text(article.comments_text)),
        "credit": Evidence("published", capture, of_texts((article.credit or "").splitlines())),
    }
    return {**cells, "article_id": _id_evidence(row["article_id"], capture, text + of_text(article.title))}


def partnership_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of partnerships. ``parts`` are those of the article that tells of it."""
    if not parts:
        return {}
    told = [
        finding
        for finding in parts[0].page.findings
        if isinstance(finding, Partnership) and finding.record_id == row["partnership_id"]
    ]
    if not told:
        return {}
    partnership, capture = told[0], parts[0].page.capture.capture_id
    passage = partnership.passage
    founded = of_text(partnership.founded_text, within=passage)
    agreed = of_text(partnership.agreement_text, within=passage)
    whole = of_texts(passage.splitlines())
    cells = {
        "founded": Evidence("wording", capture, founded),
        "founded_precision": Evidence("wording", capture, founded),
        "founded_raw": Evidence("published", capture, founded),
        "agreement_on": Evidence("wording", capture, agreed),
        "agreement_on_precision": Evidence("wording", capture, agreed),
        "kind": Evidence("wording", capture, whole[:1], "by the words that call it so"),
        "partnership_id": Evidence("wording", capture, whole[:1], "the article's id and words of the name or agreement"),
        "article_id": Evidence("address", capture, (), "the article that tells of it"),
    }
    for name in ("name", "former_name", "coordinator", "programme", "area", "agreement"):
        cells[name] = Evidence("published", capture, of_text(getattr(partnership, name), within=passage))
    for name in ("initiators", "parties"):
        members = getattr(partnership, name)
        worded = [_as_worded(member, passage) for member in members]
        pieces = of_texts(worded, within=passage)
        shared = Evidence("wording", capture, pieces, "a noun that several share is printed once, in the plural")
        cells[name] = Evidence("published", capture, pieces) if worded == members else shared
    return cells


def _as_worded(member: str, passage: str) -> str:
    """The words of a member that stand in the passage: a noun that several share is there in the plural."""
    if member in " ".join(passage.split()):
        return member
    there = set(passage.split()) | {word.strip(".,;:()") for word in passage.split()}
    return " ".join(word for word in member.split() if word in there) or member


def person_cells(row: Row, parts: list[Chosen]) -> Cells:
    """Cells of a row of people. ``parts`` are those of the record that names the person."""
    if not parts:
        return {}
    page = parts[0].page
    named = [f for f in page.findings if isinstance(f, PersonMention) and f.record_id == row["record_id"]]
    if row["position"] > len(named):
        return {}
    person, capture = named[row["position"] - 1], page.capture.capture_id
    cells: Cells = {
        name: Evidence("published", capture, of_text(getattr(person, name), within=person.passage))
        for name in ("name", "role", "organisation")
    }
    name = of_text(person.name, within=person.passage)
    cells["position"] = Evidence("assigned", capture, name, "place among the persons named, from 1")
    cells["table"] = Evidence("assigned", None, (), "kind of record that names the person")
    cells["record_id"] = Evidence("address", capture, (), "the record that names the person")
    return cells


def whole_text(parts: list[Chosen]) -> tuple[str | None, tuple[Piece, ...], str]:
    """Capture, texts in order and title of a record of running text: where its places are named."""
    if not parts:
        return None, (), ""
    capture = parts[0].page.capture.capture_id
    match parts[0].record:
        case Article() as article:
            return capture, in_order([block.text for block in article.blocks]), article.title or ""
        case Deck() as deck:
            return capture, tuple(piece for piece in _slide_pieces(deck) if piece.text.strip()), deck.title or ""
        case _:
            return capture, (), ""


def _slide_pieces(deck: Deck) -> tuple[Piece, ...]:
    return in_order([slide.text for slide in deck.slides])


def _id_evidence(record_id: str, capture: str | None, content: tuple[Piece, ...]) -> Evidence:
    if record_id.startswith(_CONTENT_ID):
        return Evidence("text", capture, content, "digest of the content")
    return Evidence("address", capture, (), "address of the page, or the one it names as its own")


def _deck(parts: list[Chosen]) -> tuple[Deck | None, str | None]:
    record = parts[0].record if parts else None
    return (record, parts[0].page.capture.capture_id) if isinstance(record, Deck) else (None, None)


def _article(parts: list[Chosen]) -> tuple[Article | None, str | None]:
    record = parts[0].record if parts else None
    return (record, parts[0].page.capture.capture_id) if isinstance(record, Article) else (None, None)
