"""The weight around the text of a page: style sheets, scripts, menus, as sites print them."""

from __future__ import annotations

import random
from html import escape

_PROPERTIES = ("margin", "padding", "color", "width", "height", "line-height", "border", "background", "font-size", "left")
_TAGS = ("div", "td", "a", "p", "ul li", "h2", "span", "img")


def style(rng: random.Random, size: int) -> str:
    """A style element of about ``size`` characters."""
    parts, length = [], 0
    while length < size:
        bits = rng.getrandbits(30)
        rule = (
            f".{_name(rng)} {_TAGS[bits & 7]}{{{_PROPERTIES[bits & 3]}:{bits >> 24}px;"
            f"{_PROPERTIES[4 + (bits & 3)]}:#{bits & 4095:03x};{_PROPERTIES[bits % 10]}:{bits >> 25}%}}\n"
        )
        parts.append(rule)
        length += len(rule)
    return f"<style type='text/css'>\n{''.join(parts)}</style>\n"


def script(rng: random.Random, size: int) -> str:
    """A script element of about ``size`` characters."""
    parts, length = [], 0
    while length < size:
        line = (
            f"var {_name(rng)} = document.getElementById('{_name(rng)}'); if ({_name(rng)} < {rng.getrandbits(20)}) "
            f"{{ _cfg.push({{'{_name(rng)}': '{rng.getrandbits(60):x}', 'on': {rng.getrandbits(3)}}}); }}\n"
        )
        parts.append(line)
        length += len(line)
    return f"<script type='text/javascript'>\n//<![CDATA[\n{''.join(parts)}//]]>\n</script>\n"


def menu(rng: random.Random, entries: list[str], attributes: str = "") -> str:
    """A list of links with the classes and ids that content systems print."""
    items = "".join(
        f'<li id="menu-item-{rng.getrandbits(14)}" class="menu-item menu-item-type-{_name(rng)} menu-item-{number}">'
        f'<a href="/{_name(rng)}/{number}.html" title="{escape(text)}">{escape(text)}</a></li>\n'
        for number, text in enumerate(entries)
    )
    return f"<ul {attributes}>\n{items}</ul>\n"


def _names() -> tuple[str, ...]:
    rng = random.Random(0)  # noqa: S311 - not for secrets
    return tuple("".join(rng.choice("abcdefghijklmnoprstuwz") for _ in range(rng.randint(4, 9))) for _ in range(4096))


_NAMES = _names()


def _name(rng: random.Random) -> str:
    return _NAMES[rng.getrandbits(12)]
