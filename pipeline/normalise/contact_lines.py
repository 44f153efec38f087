"""One line of a contact: its numbers, addresses, names and words, and the persons it names."""

from __future__ import annotations

import itertools
import re

from pipeline.normalise.given_names import has_given_name
from pipeline.normalise.names import degree_and_name, name_and_post
from pipeline.normalise.text import one_line
from pipeline.normalise.vocabulary import looks_like_name, starts_like_institution, starts_like_role

EMAIL_LABEL = re.compile(r"(?:adres\s+)?\b[eе]?[\s@‑–-]{0,2}(?:mail|мейл|пошта)\b\.?\s*[:\-–]?\s*", re.IGNORECASE)
EMAIL = re.compile(
    r"(?:mailto:)?[^\s,;:()<>]+\s?(?:@|\s?[(\[](?:at|małpa|@)[)\]]\s?)\s?[^\s,;()<>]+(?:\s?\.\s?[a-z]{2,4}\b)?", re.IGNORECASE
)
_PHONE_LABEL = re.compile(
    r"\b(?:(?:nr|numer)\s+)?(?:tel(?:efon\w{0,2}|efaks|efax)?|kom(?:órk\w*)?|fax|faks|gsm|mobile|phone|тел(?:ефон\w{0,2})?|моб(?:ільний)?|факс)\b[.:]?",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:" + _PHONE_LABEL.pattern + r"[\s:/,.()-]*+)*+"
    r"(?:\+\s?)?\(?\d(?:[\s().,/;*–-]{0,3}\d|[\s().]{0,2}(?:prefiks|prefix|wewn?|w|ext|вн|дод)\.?\s{0,2}\d|\s?(?:lub|i|oraz|do|,|та|або|до)\s\+?\(?\d)*"
    r"(?:\s?\((?:fax|faks|факс|kom)\b\.?\)|\s?(?:fax|faks|факс|kom)\b\.?(?![\s:.]*\(?\+?\d))?",
    re.IGNORECASE,
)  # fmt: skip
_NAME_LABEL = re.compile(
    r"^(?:imię i nazwisko|osoba (?:do kontaktu|kontaktowa)|kontakt|nazwisko|контактна особа|піб)\s*:\s*", re.IGNORECASE
)
_DEGREE_AHEAD = re.compile(r"\s+(?=(?:prof|dr|mgr|inż|lic|hab)\b)", re.IGNORECASE)
_AND = re.compile(r"\s(?:i|oraz|та|і|й)\s+$")
LIST_NUMBER = re.compile(r"\s*\d{1,2}[.)]\s+(?=[^\W\d_])")
_HOURS_OR_ROOM = re.compile(
    r"\s*\((?:po |od |do |w )?(?:godz|pok|w dni|пн|каб|(?:19|20)\d\d|\d{1,2}[.:]\d\d\b|\d{1,2}\s?[-–]\s?\d)[^()]{0,60}\)"
    r"|,?\s*\b(?:pok(?:ój)?\.?\s*(?:nr\.?\s*)?|каб(?:інет)?\.?\s*№?\s*)\d+.*$",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(r"\bhttps?://\S+", re.IGNORECASE)
_EXTENSION = re.compile(r"\b(?:wewn?|вн|дод)\.?\s{0,2}\d{1,5}\b", re.IGNORECASE)
_AS_ABOVE = re.compile(r"\bj\.?\s?w\b\.?|\bjak wyżej\b", re.IGNORECASE)
_NAMES_ALONE = re.compile(r"(?:(?!\s(?:i|oraz|та|і|й)\s)[^,;/])+(?:[,;/]\s*|\s(?:i|oraz|та|і|й)\s+|$)")
_PARTED = re.compile(r"\s*(?:[,;:]|\s[-–—]\s|\()\s*")
_BETWEEN_PIECES = re.compile(r"\s*[,;/]\s*|\s+(?:i|oraz|та|і|й)\s+")


def persons_on(line: str) -> list[str]:
    """The line, parted before each name when every part is a name, all of them with a role or none.

    "Jan Próbny (wójt), Anna Lis (radna)"; "Jan Próbny i Anna Lis".
    """
    bare = [match[0] for match in _NAMES_ALONE.finditer(line) if match[0]]
    if len(bare) > 1 and "".join(bare) == line and all(looks_like_name(_AND.sub("", part).strip(" ,;/")) for part in bare):
        return [_AND.sub("", part).strip(" ,;/") for part in bare]
    groups = [match[0] for match in re.finditer(r"[^;]+(?:;\s*|$)", line)]
    if len(groups) > 1 and "".join(groups) == line and all(named(words_of(group))[0] for group in groups):
        return groups  # "Jan Próbny, wójt, tel. …; Anna Lis, radna, tel. …"
    parts = [match[0] for match in re.finditer(r"[^,;(]*(?:\([^()]*\)[^,;(]*)*(?:[,;(]|$)\s*", line) if match[0]]
    read = [named(part.strip(" ,;")) for part in parts]
    is_list = len(parts) > 1 and "".join(parts) == line and all(name is not None and role for name, _, role in read)
    return parts if is_list else _persons_apart(line)


def _persons_apart(line: str) -> list[str]:
    """The line parted before each further name: "Anna Lis (wójt) i Jan Próbny (radny)", "Anna Lis/Jan Próbny, tel. …".

    Bare names share what stands behind the last of them. A line that begins with a post is left whole: whose the posts
    between two names are is not told.
    """
    pieces: list[tuple[int, int]] = []
    at = depth = checked = 0
    for sign in _BETWEEN_PIECES.finditer(line):
        depth += line.count("(", checked, sign.start()) - line.count(")", checked, sign.start())
        checked = sign.start()
        if depth <= 0:
            pieces.append((at, sign.start()))
            at = sign.end()
    pieces.append((at, len(line)))
    if len(pieces) < 2 or not _names_someone(line[: pieces[0][1]]):
        return [line]
    starts = [number for number, (start, end) in enumerate(pieces) if _names_someone(line[start:end])]
    persons = [line[pieces[a][0] : pieces[b - 1][1]] for a, b in itertools.pairwise([*starts, len(pieces)])]
    *before, (name, _, role) = [named(words_of(person)) for person in persons]
    if name is None or role or any(degree_and_name(person)[1] != one[0] for person, one in zip(persons, before, strict=False)):
        return persons
    shared = persons[-1].partition(name)[2]
    return [*(f"{person}{shared}" for person in persons[:-1]), persons[-1]]


def _names_someone(text: str) -> bool:
    name = named(words_of(text))[0]
    return name is not None and has_given_name(name)


def numbers_in(text: str) -> list[str]:
    """The pieces of a line that are telephone numbers with their labels; years and room numbers are not."""
    return [
        match[0]
        for match in _PHONE.finditer(text)
        if not re.match(r"\d{2}-\d{3}$", match[0].strip())
        and (_PHONE_LABEL.match(match[0]) or len(re.sub(r"\D", "", match[0])) >= 7)
    ]


def words_of(line: str) -> str:
    """What a line says besides numbers, addresses and their labels."""
    plain = EMAIL.sub(" ", EMAIL_LABEL.sub(" ", one_line(LIST_NUMBER.sub("", line, count=1))))
    if "://" in plain:
        plain = _WEB_ADDRESS.sub(" ", plain)
    for number in numbers_in(plain):
        plain = plain.replace(number, " , ", 1)
    plain = _EXTENSION.sub(" ", _AS_ABOVE.sub(" ", plain))
    plain = re.sub(_PHONE_LABEL.pattern + r"\s*[:/]*(?=\s*(?:,|;|/|$))", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?:\s*[,;]\s*){2,}", ", ", one_line(plain))
    plain = _HOURS_OR_ROOM.sub("", plain)
    return plain.strip(" ,;:/-–—•·|") if re.search(r"[^\W\d_]", plain) else ""


def named(words: str) -> tuple[str | None, str | None, str]:
    """Name, degree and what is left of a line that holds a name; name None when it holds none."""
    plain = _NAME_LABEL.sub("", words)
    degree, name = degree_and_name(plain)
    if looks_like_name(name):
        return name, degree, ""
    parted = _PARTED.search(plain)
    while parted:
        head, tail = plain[: parted.start()], plain[parted.end() :].lstrip("( ").rstrip(") ")
        degree, name = degree_and_name(head)
        if looks_like_name(name):
            behind, rest = degree_and_name(f"{name}, {tail}") if tail else (None, "")
            if behind and rest == name:
                return name, ", ".join(filter(None, (degree, behind))), ""
            return name, degree, tail
        if starts_like_role(head):
            degree, name = degree_and_name(tail)
            if looks_like_name(name):
                return name, degree, head
        if starts_like_institution(head) and looks_like_name(tail) and has_given_name(tail):
            return tail, None, head
        worded = name_and_post(head)
        if worded is not None:
            return worded[0], None, ", ".join(filter(None, (worded[1], tail)))
        parted = _PARTED.search(plain, parted.end())
    if starts_like_role(plain):
        # "Burmistrz Miasta dr Jan Próbny": the degree tells where the person begins.
        for titled in _DEGREE_AHEAD.finditer(plain):
            degree, name = degree_and_name(plain[titled.end() :])
            if degree is not None and looks_like_name(name):
                return name, degree, plain[: titled.start()]
    worded = name_and_post(plain)
    return (worded[0], None, worded[1]) if worded is not None else (None, None, words)
