"""Names of persons and the degrees and titles before and behind them."""

from __future__ import annotations

import re

from pipeline.normalise.text import folded, one_line

_DEGREES = frozenset(
    "dr hab prof profesor doktor inz inzynier mgr magister lic licencjat lek med wet dent stom arch art farm ks kan pral o"
    " s br doc docent nadzw zw hc h.c adw r.pr n hum techn ekon praw roln teol um biol chem fiz uczelni plk ppor por kpt"
    " mjr gen st asp kom insp"
    " phd mba bsc msc ba ma д-р доктор проф професор доц доцент канд к кандидат пед психол філол іст екон наук н м.н.с".split()
)  # fmt: skip
_HEADS = frozenset(
    "dr prof profesor doktor inz inzynier mgr magister lic licencjat lek ks doc docent adw plk ppor por kpt mjr gen д-р"
    " доктор проф професор"
    " доц доцент канд к кандидат".split()
)  # fmt: skip
_HONORIFICS = frozenset("pan pani p panu panem pania пан пані".split())
_TRAILING = re.compile(
    r"^(?P<name>[^,]+),\s*(?P<degree>(?:ph\.?d\.?|mba|ll\.?m\.?|msc|prof\.? [A-Z]\w+|[\w.\- ]+))$", re.IGNORECASE
)


def degree_and_name(text: str) -> tuple[str | None, str]:
    """Degree as printed and the name without it: "dr inż. Jan Nowak" → ("dr inż.", "Jan Nowak").

    A degree behind the name counts too; "Pan", "Pani" are left out of both. The name is never empty unless the text is.
    """
    words = one_line(text).strip(" ,;").split(" ")
    while len(words) > 1 and _bare(words[0]) in _HONORIFICS and (words[0].endswith(".") or len(_bare(words[0])) > 1):
        words = words[1:]
    at = 0
    if _is_degree(words[0], _HEADS):
        while at < len(words) - 1 and _is_degree(words[at], _DEGREES) and not _is_initial(words, at):
            at += 1
    degree, rest = " ".join(words[:at]), words[at:]
    end = len(rest)
    while end > 1 and _is_degree(rest[end - 1].strip(","), _DEGREES) and len(_bare(rest[end - 1])) > 1:
        end -= 1
    if end < len(rest) and (_is_degree(rest[end].strip(","), _HEADS | {"phd", "mba", "msc", "bsc"})) and end >= 2:
        behind = " ".join(rest[end:])
        degree = f"{degree}, {behind}" if degree else behind
        rest = rest[:end]
    name = " ".join(rest).strip(" ,")
    return degree or None, name or one_line(text)


def _bare(word: str) -> str:
    return folded(word).strip(".,:;")


def _is_degree(word: str, known: frozenset[str]) -> bool:
    """Whether the word is a degree; glued ones ("dr.inż.", "mgr.inż") count when every part is."""
    parts = [part for part in re.split(r"[.,/]", folded(word)) if part]
    return bool(parts) and (_bare(word) in known or all(part in known for part in parts))


def _is_initial(words: list[str], at: int) -> bool:
    """``J. Nowak``, ``O. Kowal``: one capital letter with a full stop before the last word is a first name."""
    return at == len(words) - 2 and len(_bare(words[at])) == 1 and words[at][:1].isupper()
