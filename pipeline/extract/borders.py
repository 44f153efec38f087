"""Where one inline element ends and the next begins a word, though no space is written between them.

Style sheets lay such elements apart: ``<strong>Jan Próbny</strong><span class="role">wójt</span>``. Parts of one word touch in
the same way ("<b>W</b>arszawa"), so a border is seen only where the letters or the names of the classes tell it.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_LAST_WORD = re.compile(r"[^\W\d_]{3,}$")
_LOOKED_AT = 40  # characters
_OF_PERSONS = re.compile(
    r"(?:^|[\s_-])(?:names?|fullname|imi[eę]|nazwisko|role|rola|position|stanowisko|funkcja|job|jobtitle|degree|organi[sz]ation|posada|pib)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)


def begins_word(node: LexborNode, before: str, text: str) -> bool:
    """Whether the ``text`` of the text node begins a word of its own; it touches the text ``before`` it letter to letter.

    It does where a capital follows a small letter at the border of two elements, and where one of the two is of a class that
    is called by a person's name or role.
    """
    neighbour = node.prev if node.prev is not None else node.parent
    if neighbour is None or (neighbour.tag or "-").startswith(("-", "!")):
        return False  # a comment parts nothing
    if before[-1].islower() and text[0].isupper():
        is_apart = node.prev is None or " " in before.strip()  # not "<i>You</i>Tube"
        is_copy = before.endswith(text.strip())  # a link printed twice is told by touching itself
        return is_apart and not is_copy and text[1:2].islower() and _LAST_WORD.search(before[-_LOOKED_AT:]) is not None
    beside = (
        (node.prev, None) if node.prev is not None else (node.parent, node.parent.prev if node.parent is not None else None)
    )
    return any(_OF_PERSONS.search(element.attributes.get("class") or "") for element in beside if element is not None)
