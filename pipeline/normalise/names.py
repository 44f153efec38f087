"""Names of persons and the degrees and titles before and behind them."""

from __future__ import annotations

import re

from pipeline.normalise.dictionary import analyses, cases_of
from pipeline.normalise.given_names import given_name_cases, has_given_name
from pipeline.normalise.text import folded, has_cyrillic, one_line
from pipeline.normalise.vocabulary import ROLE_WORDS, looks_like_name, starts_like_role

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
_PATRON_MARKS = frozenset("im imienia sw ім імені".split())
_LEAST_WITH_POST = 3
_MOST_OF_NAME = 5
_HONORIFICS = frozenset("pan pani p panu panem pania пан пані".split())


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


def name_and_post(text: str) -> tuple[str, str] | None:
    """Name and post where no sign stands between them: "Wójt Gminy Jan Próbny", "Jan Próbny wójt" → ("Jan Próbny", …).

    The name holds a given name in the nominative, and behind a post no word of it stands in another case: "Dyrektor Szkoły
    Jana Pawła" names nobody. None when the text is no post with a name.
    """
    words = one_line(text).split(" ")
    return _name_behind_post(words) or _name_before_post(words)


def _name_behind_post(words: list[str]) -> tuple[str, str] | None:
    while len(words) > _LEAST_WITH_POST and _bare(words[0]) in _HONORIFICS:
        words = words[1:]
    if not starts_like_role(words[0]):
        return None
    for at in range(max(1, len(words) - _MOST_OF_NAME), len(words) - 1):
        name = " ".join(words[at:])
        if (
            "nom" in given_name_cases(words[at])
            and _bare(words[at - 1]) not in _PATRON_MARKS
            and looks_like_name(name)
            and all(map(_can_be_nominative, words[at + 1 :]))
        ):
            return name, " ".join(words[:at])
    return None


def _name_before_post(words: list[str]) -> tuple[str, str] | None:
    at = next((at for at, word in enumerate(words) if folded(word) in ROLE_WORDS), 0)
    name = " ".join(words[:at])
    is_named = at > 1 and looks_like_name(name) and has_given_name(name)
    return (name, " ".join(words[at:])) if is_named else None


def _can_be_nominative(word: str) -> bool:
    """Whether a surname can stand in the nominative; one that no dictionary has can."""
    tags = [tag for _, tag, _ in analyses(word)]
    return has_cyrillic(word) or all(tag == "ign" for tag in tags) or "nom" in cases_of(tags)


def _bare(word: str) -> str:
    return folded(word).strip(".,:;")


def _is_degree(word: str, known: frozenset[str]) -> bool:
    """Whether the word is a degree; glued ones ("dr.inż.", "mgr.inż") count when every part is."""
    parts = [part for part in re.split(r"[.,/]", folded(word)) if part]
    return bool(parts) and (_bare(word) in known or all(part in known for part in parts))


def _is_initial(words: list[str], at: int) -> bool:
    """``J. Nowak``, ``O. Kowal``: one capital letter with a full stop before the last word is a first name."""
    return at == len(words) - 2 and len(_bare(words[at])) == 1 and words[at][:1].isupper()
