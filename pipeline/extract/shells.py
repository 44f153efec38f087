"""Shells: pages that answer with success and carry nothing of the publisher's (login, maintenance, soft 404, parking)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.extract.articles.articles import LEAST_PROSE
from pipeline.extract.furniture import folded_line
from pipeline.extract.page import Page, bare_host, one_line

_SHORT_PAGE = 700
"""Characters of prose beyond which a page is taken at its word: excuses of real servers are shorter."""

_NO_LETTER = re.compile(r"(?!\w)")
_ABOUT_CONSENT = re.compile(
    r"cookie|ciastecz|prywatno|dan(?:e|ych|ymi) osobow|przetwarza|\bzgod[aęy]|RODO|serwisu|кукі|конфіденційн|персональн|приватн"
    r"|privacy|consent|personal data",
    re.IGNORECASE,
)
_CONSENT_ASKED = re.compile(
    r"zanim (?:klikniesz|przejdziesz|wejdziesz)|przejd[źz] do serwisu|przechodzę do serwisu"
    r"|(?:dbamy o|szanujemy|cenimy) (?:\w+\s){0,2}prywatność|ми (?:цінуємо|поважаємо) вашу (?:приватність|конфіденційність)"
    r"|we (?:value|respect) your privacy",
    re.IGNORECASE,
)

_TO_COMMENT = re.compile(
    r"\b(?:s?komentować|(?:doda(?:wa)?ć|(?:na)?pisać|zostawi(?:a)?ć|zamie(?:ścić|szczać)|publikować)\s(?:\w+\s)?komentarz\w*"
    r"|(?:про)?коментувати|(?:залиши|залиша|дода|додава|написа)ти\s(?:\w+\s)?коментар\w*|(?:post|leave|add)\s(?:a\s)?comments?)\b",
    re.IGNORECASE,
)
"""What readers may do once they are logged in, below an article that all may read."""

_OWN_DOMAIN = (
    r"\W*(?:domena|domain|домен)\s+(?:www\.)?{host}\s+(?:(?:jest|zosta[łl]a|is|has been|is being)\s+)?"
    r"(?:zarejestrowana|zaparkowana|utrzymywana|na sprzedaż|registered|parked|for sale|зареєстровано|припарковано|продається)\b"
)
_KINDS = {
    "soft 404": re.compile(
        r"\b404\b|(?:strona|strony|podstrona|podana strona|artykuł|wpis|dokument)\s(?:\w+\s){0,4}?nie (?:istnieje"
        r"|została znaleziona|został znaleziony|znaleziono)"
        r"|nie (?:znaleziono|odnaleziono|istnieje) (?:\w+\s){0,2}?(?:strony|strona|artykułu|wpisu)|nie możemy znaleźć"
        r"|сторінк\w+ не (?:знайдено|існує)|сторінки не існує|не знайдено сторінку|запитувана сторінка|страница не найдена"
        r"|page (?:was |could )?not (?:be )?found|page (?:you|that you) (?:\w+\s){0,4}(?:does not exist|doesn.t exist"
        r"|not found)|seite nicht gefunden|stránka nenalezena",
        re.IGNORECASE,
    ),
    "login wall": re.compile(
        r"(?:musisz|należy|proszę|aby\b[^.]{0,60}) (?:się )?zalogować|zaloguj się,? (?:aby|żeby|by)\b"
        r"|tylko dla (?:zalogowanych|zaproszonych)|dostęp (?:tylko )?dla zalogowanych"
        r"|(?:увійдіть|авторизуйтесь|авторизуйтеся),? (?:щоб|аби|для)|лише для (?:зареєстрованих|запрошених)|(?:log"
        r"|sign) in to (?:continue|view|read|see)|you must (?:be logged|log) in"
        r"|open to invited readers only",
        re.IGNORECASE,
    ),
    "maintenance": re.compile(
        r"przerw[aęy] techniczn|prace (?:techniczne|serwisowe|konserwacyjne)|strona w (?:budowie|przebudowie)"
        r"|serwis (?:jest )?(?:chwilowo|tymczasowo) (?:niedostępny|wyłączony)"
        r"|chwilowo niedostępn|технічн\w+ (?:роботи|перерв)|сайт (?:на реконструкції|тимчасово недоступний)"
        r"|under (?:maintenance|construction)|scheduled maintenance|be back soon",
        re.IGNORECASE,
    ),
    "cookie wall": re.compile(
        r"(?:zaakceptuj|akceptuję|musisz zaakceptować)\b[^.]{0,60}(?:cookie|ciasteczk)|(?:прийміть"
        r"|погодьтеся)[^.]{0,60}(?:cookie|кукі)|accept (?:all )?cookies (?:to|and) continue"
        r"|enable (?:javascript|cookies)|włącz (?:obsługę )?(?:javascript|cookies)",
        re.IGNORECASE,
    ),
    "parking page": re.compile(
        r"domen[aęy] (?:\S+ )?(?:jest |została )?(?:na sprzedaż|zaparkowan|wygasł|utrzymywana)|kup tę domenę"
        r"|домен\w* (?:\S+ )?(?:продається|припаркован)|domain (?:\S+ )?(?:is |may be )?(?:for sale|parked)"
        r"|buy this domain|this domain has expired",
        re.IGNORECASE,
    ),
    "robot check": re.compile(
        r"just a moment|checking your browser|verify (?:that )?you are (?:a )?human|not a robot|attention required"
        r"|access denied|odmowa dostępu|доступ заборонено",
        re.IGNORECASE,
    ),
    "server error": re.compile(
        r"internal server error|bad gateway|service unavailable|gateway time-?out|error establishing a database|fatal error:"
        r"|błąd (?:serwera|połączenia z bazą)|błąd krytyczny"
        r"|помилка (?:сервера|підключення до бази)|database error",
        re.IGNORECASE,
    ),
}


def shell_reason(page: Page) -> str | None:
    """Which kind of shell the page is and the words that tell, None when it says more than an excuse.

    Only a page with little prose can be one; what its title, headings and lines say decides, menus included.
    """
    written = [line.bare for line in page.lines if not line.is_blank]
    if not written:
        return "page without text"
    prose = [text for text in written if len(text) >= LEAST_PROSE]
    if all(
        map(_ABOUT_CONSENT.search, prose)
    ):  # a page with an article has prose about something else, whatever its banner asks
        asked = next((match for text in written if (match := _CONSENT_ASKED.search(text)) is not None), None)
        if asked is not None:
            return f"cookie wall: {one_line(asked.group())}"
    for_sale = _parked(page, written)
    if for_sale is not None:
        return f"parking page: {for_sale}"
    if sum(map(len, prose)) > _SHORT_PAGE:
        return None
    titles = [page.html_title or "", *(one_line(node.text()) for node in page.every("h1"))]
    for kind, pattern in _KINDS.items():
        for text in [*titles, *written]:
            if kind == "login wall" and _TO_COMMENT.search(text[:1000]) is not None:
                continue
            if (match := pattern.search(text[:1000])) is not None:
                return f"{kind}: {one_line(match.group())}"
    if page.every('input[type="password"]') and sum(map(len, written)) < _SHORT_PAGE:
        return "login wall: a password is asked for and little else said"
    return None


def _parked(page: Page, written: Sequence[str]) -> str | None:
    """The words by which a registrar's page says that the domain it stands on is taken; such a page may advertise at length."""
    host = bare_host((page.address and page.address.hostname) or "")
    telling = [text for text in written if host in text.casefold()] if host else []
    if not telling:
        return None
    own = re.compile(_OWN_DOMAIN.format(host=re.escape(host)), re.IGNORECASE)
    return next((one_line(match.group()) for text in telling if (match := own.match(text)) is not None), None)


def listed_excuse(texts: Sequence[str], phrases: Mapping[str, Sequence[str]]) -> str | None:
    """What a page says instead of content, by a publisher's own wordings; None when none of its texts is an excuse.

    ``texts``: lines and titles of a page that says little, folded (`folded_line`). ``phrases``: kind of excuse → how its
    lines begin.
    """
    for kind, beginnings in phrases.items():
        for phrase in beginnings:
            beginning = folded_line(phrase)
            for text in texts:
                if text.startswith(beginning) and _NO_LETTER.match(text, len(beginning)):
                    return f"says {text[:80]!r} ({kind})"
    return None
