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


def boxes(rng: random.Random, number: int) -> str:
    """``number`` elements without text, nested as themes print their columns, caps and clearings.

    A real page of Blogger of 53 KB has some 200 of them: what a tree costs, and no text shows.
    """
    groups = []
    for group in range(-(-number // 5)):
        name = _name(rng)
        groups.append(
            f'<div class="{name}-outer {name}-{group}"><div class="cap-top"><div class="cap-left"></div><div class="cap-right">'
            f'</div></div><div class="{name}-inner"></div></div>\n'
        )
    return "".join(groups)


def share_buttons(rng: random.Random, address: str) -> str:
    """Links to other sites below a text: fifteen elements."""
    buttons = "".join(
        f'<a class="inline-block share-button sb-{name}" href="https://{name}.example.org/share?id={rng.getrandbits(60)}&amp;url='
        f'{escape(address)}" target="_blank" title="{name}"><span class="share-button-link-text">{name}</span></a>'
        for name in ("mail", "blog", "photos", "friends", "pins")
    )
    icons = "".join(f'<span class="post-{name} icon"></span>\n' for name in ("author", "timestamp", "reactions", "location"))
    return f'<div class="share-buttons">{buttons}{icons}</div>\n'


def _names() -> tuple[str, ...]:
    rng = random.Random(0)  # noqa: S311 - not for secrets
    return tuple("".join(rng.choice("abcdefghijklmnoprstuwz") for _ in range(rng.randint(4, 9))) for _ in range(4096))


_NAMES = _names()


def _name(rng: random.Random) -> str:
    return _NAMES[rng.getrandbits(12)]
