"""Rows of presentations, slides and the persons that slides name."""

from __future__ import annotations

from pipeline.build.choice.chosen import Chosen
from pipeline.build.records.articles import add_people
from pipeline.build.records.territory import PlaceLinks
from pipeline.build.tables.rows import Rows
from pipeline.normalise.languages import language
from pipeline.records import Deck, PersonMention

_LEAST_TEXT = 80
"""Characters from which on the words of a slide weigh more than the language of the slides around it."""


def add_deck(presentation_id: str, chosen: Chosen, rows: Rows, places: PlaceLinks) -> None:
    """Adds one row for a deck, one for each of its slides, empty slides included, and the persons they name."""
    with rows.departed(chosen.departure):
        _add_deck(presentation_id, chosen, rows, places)


def _slide_language(text: str, of_deck: str) -> str:
    """Language of a slide; of a short one that reads like another language than its deck, it cannot be known."""
    found = language(text)
    return found if of_deck in (found, "und") or len(text) >= _LEAST_TEXT else "und"


def _add_deck(presentation_id: str, chosen: Chosen, rows: Rows, places: PlaceLinks) -> None:
    deck = chosen.record
    if not isinstance(deck, Deck):
        return
    whole = "\n\n".join(slide.text for slide in deck.slides)
    spoken = language(whole)
    values = {
        "presentation_id": presentation_id,
        "title": deck.title,
        "publisher": deck.publisher,
        "site": deck.site,
        "language": spoken,
        "slide_count": len(deck.slides),
        "shape": deck.shape,
        "picture_count": deck.picture_count,
    }
    rows.add("presentations", values, chosen.page)
    for position, slide in enumerate(deck.slides, start=1):
        slide_values = {
            "presentation_id": presentation_id,
            "position": position,
            "slide_number": slide.number,
            "title": slide.title,
            "text": slide.text,
            "is_empty": not slide.text.strip(),
            "language": _slide_language(slide.text, spoken),
        }
        rows.add("slides", slide_values, chosen.page)
    people = [f for f in chosen.page.findings if isinstance(f, PersonMention) and f.record_id == deck.record_id]
    add_people("presentations", presentation_id, people, chosen.page, rows)
    places.link_text("presentations", presentation_id, f"{deck.title or ''}\n{whole}", spoken, chosen.page)
