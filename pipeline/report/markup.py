"""Markup of report and explorer: what comes from a page is escaped here and nowhere else.

`Markup` is text that is markup already; every function takes plain text and gives Markup, or takes Markup where its
name says so. The type checker keeps the two apart.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final, NewType
from urllib.parse import urlsplit

Markup = NewType("Markup", str)

_FOLDER = Path(__file__).parent
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, which HTML forbids, and those that turn the direction of the text around them (UAX #9)."""

NOTHING: Final = Markup('<span class="soft">–</span>')


def text(value: object) -> Markup:
    """A value as text: escaped, with characters nobody would see shown by their code points; a dash for null."""
    if value is None:
        return NOTHING
    return Markup(_UNSEEN.sub(_code_point, escape(str(value))))


def bare_text(value: str) -> Markup:
    """As `text`, for places in which no element may stand, those of a drawing."""
    return Markup(_UNSEEN.sub(lambda found: f"U+{ord(found[0]):04X}", escape(value)))


def published(value: str | None, language: str | None = None) -> Markup:
    """Text of a page: as `text`, its direction kept apart from what stands around it, in its language where it is known."""
    if value is None:
        return NOTHING
    lang = f' lang="{escape(language)}"' if language and language != "und" else ""
    return Markup(f"<bdi{lang}>{text(value)}</bdi>")


def attribute(value: object) -> str:
    """A value as it stands between the quotes of an attribute."""
    return _UNSEEN.sub("", escape(str(value)))


def words(polish: str, english: str) -> Markup:
    """The same said in both languages; the switch of the page shows one."""
    return both(text(polish), text(english))


def both(polish: Markup, english: Markup) -> Markup:
    """As `words`, for markup."""
    if polish == english:
        return polish
    return Markup(f'<span class="pl" lang="pl">{polish}</span> <span class="en" lang="en">{english}</span>')


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Markup in a row. ``between`` is text."""
    return Markup(str(text(between)).join(parts))


def link(address: str | None, label: Markup | None = None) -> Markup:
    """A link to a web address (http and https alone), shown as plain text when it is none."""
    shown = label if label is not None else published(address)
    if address is None or not is_web_address(address):
        return shown
    return Markup(f'<a href="{attribute(address)}" rel="noreferrer nofollow">{shown}</a>')


def is_web_address(address: str) -> bool:
    """Whether following ``address`` leads to a web page and runs no script."""
    try:
        return urlsplit(address.strip()).scheme in ("http", "https")
    except ValueError:
        return False


def look_css() -> str:
    """The style that report and explorer share."""
    return (_FOLDER / "look.css").read_text("utf-8")


def look_js() -> str:
    """The script that report and explorer share: language and colours in the address."""
    return (_FOLDER / "look.js").read_text("utf-8")


def switches() -> Markup:
    """The switches of language and colours; ids ``lang-pl`` and so on are what look.css and look.js go by."""
    languages = {"pl": Markup('<span lang="pl">Polski</span>'), "en": Markup('<span lang="en">English</span>')}
    themes = {
        "auto": words("Jak w systemie", "As the system"),
        "light": words("Jasne", "Light"),
        "dark": words("Ciemne", "Dark"),
    }
    lang = _switch("lang", words("Język", "Language"), languages)
    theme = _switch("theme", words("Barwy", "Colours"), themes)
    return Markup(f'<div class="switches">{lang}{theme}</div>')


def document(title: str, body: Markup, *, styles: Iterable[str] = (), scripts: Iterable[str] = (), policy: str = "") -> str:
    """A whole page. Besides the look it has ``styles`` and ``scripts`` inline, allowed by their digests and nothing else.

    ``policy``: further directives of the Content Security Policy, e.g. ``connect-src 'self'``.
    """
    all_styles, all_scripts = [look_css(), *styles], [look_js(), *scripts]
    directives = [
        "default-src 'none'",
        f"style-src {' '.join(map(_digest, all_styles))}",
        f"script-src {' '.join(map(_digest, all_scripts))}",
        "base-uri 'none'",
        "form-action 'none'",
        *([policy] if policy else []),
    ]
    head = (
        '<!doctype html>\n<html lang="pl"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape("; ".join(directives), quote=False)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{attribute(title)}</title>{''.join(f'<style>{style}</style>' for style in all_styles)}</head>\n"
    )
    ends = "".join(f"<script>{script}</script>" for script in all_scripts)
    return f"{head}<body>\n{body}\n{ends}</body></html>\n"


def _switch(name: str, legend: Markup, choices: dict[str, Markup]) -> Markup:
    first = next(iter(choices))
    inputs = "".join(
        f'<label><input type="radio" name="{name}" id="{name}-{value}" value="{value}"{" checked" * (value == first)}>'
        f"{shown}</label>"
        for value, shown in choices.items()
    )
    return Markup(f'<fieldset class="switch"><legend class="unseen">{legend}</legend>{inputs}</fieldset>')


def _digest(content: str) -> str:
    """A source expression for inline content (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _code_point(found: re.Match[str]) -> str:
    return f'<span class="code-point">U+{ord(found[0]):04X}</span>'
