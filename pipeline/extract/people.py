"""Persons named with a role in prose: "dyrektor Miejskiej Biblioteki Anna Nowak", "Олена Бондар, методистка".

Only a name that a role word goes with counts. The patron in an institution's name ("ім. П. …", "im. Jana …") is no person
of the page. Every value is the wording of the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.person_names import Name, Token, after_patron, is_patron_mark, name_at, tokens_of
from pipeline.extract.prose import analyses, names_institution, sentences
from pipeline.records import PersonMention, TextBlock

_PL_ROLES = frozenset(
    "dyrektor dyrektorka wicedyrektor wicedyrektorka zastępca zastępczyni burmistrz burmistrzyni wiceburmistrz wójt prezydent"
    " wiceprezydent starosta wicestarosta kierownik kierowniczka prezes prezeska wiceprezes koordynator koordynatorka"
    " bibliotekarz"
    " bibliotekarka sekretarz skarbnik skarbniczka przewodniczący przewodnicząca wiceprzewodniczący wiceprzewodnicząca radny"
    " radna"
    " sołtys sołtyska naczelnik naczelniczka pełnomocnik pełnomocniczka instruktor instruktorka pedagog psycholog nauczyciel"
    " nauczycielka marszałek wicemarszałek wojewoda wicewojewoda komendant specjalista specjalistka inspektor inspektorka"
    " animator"
    " animatorka moderator moderatorka proboszcz opiekun opiekunka rzecznik rzeczniczka lider liderka wolontariusz"
    " wolontariuszka"
    " trener trenerka minister wiceminister rektor dziekan socjolog logopeda terapeuta terapeutka ratownik strażnik redaktor"
    " redaktorka"
    " pracownik pracownica".split()
)
_UK_ROLE = re.compile(
    r"(?:(?:директор|методист|координатор|менеджер|спеціаліст|редактор|модератор|тренер|депутат|президент|психолог|бібліограф"
    r"|ректор"
    r"|консультант|інспектор|волонтер|журналіст|модератор|організатор|бухгалтер|архіваріус|фахів)"
    r"(?P<noun>|ка|иня|а|у|ом|ові|ки|ку|кою|ці|ині|иню|инею)"
    r"|бібліотекар(?P<lib>|ка|я|ю|ем|еві|ки|ку|кою|ці)|секретар(?P<sec>|ка|я|ю|ем|ки|ку|кою)"
    r"|(?:заступ|началь|керів|очіль|представ|співробіт|праців)(?:ни)(?P<nyk>к|ця|ка|ку|ком|кові|ці|цю|цею)"
    r"|завідувач(?P<zav>|ка|а|у|ем|ки|ку|кою|ці)|завідуюч(?P<zavu>а|ий|ого|ої|ою|ій|им|ому|у)"
    r"|голов(?P<hol>а|и|і|у|ою)|старост(?P<star>а|и|і|у|ою)"
    r"|(?:вчител|учител)(?P<vch>ь|ька|я|ем|ю|ьки|ьку|ькою)|викладач(?P<vyk>|ка|а|ем|у|ки|ку|кою)|(?:ведуч|керуюч)(?P<ved>а|ий"
    r"|ого|ої|ою|им))",
    re.IGNORECASE,
)
_UK_NOMINATIVE_ENDINGS = frozenset(("", "ка", "иня", "к", "ця", "а", "ий", "ь", "ька"))
_UK_BEFORE_ROLE = re.compile(
    r"(?:(?:міськ|сільськ|селищн|головн|провідн|старш|молодш|перш|почесн|виконавч|художн)(?:ий|а|ого|ої|ому|ій|им|ою|у)"
    r"|в\.?\s?о\.?|т\.?\s?в\.?\s?о\.?|екс)$",
    re.IGNORECASE,
)
_PL_BEFORE_ROLE = frozenset(
    ("starszy", "starsza", "młodszy", "młodsza", "główny", "główna", "pierwszy", "pierwsza", "pani", "pan")
)
_OFFICES = re.compile(
    r"(?:burmistrz|wójt|prezydent|wiceprezydent|starost|marszał|wojewod|sołtys|radn|голов|старост|депутат|президент)",
    re.IGNORECASE,
)
_UK_VERB = re.compile(
    r"(?:[аиіїуюя](?:ла|ло|ли)(?:ся|сь)?|(?:[аиуюя]в|ів|їв)ся|[аиуюя]ть(?:ся)?|розповів|повів|провів|привів|підписав|привітав"
    r"|відкрив"
    r"|зазначив|подякував|наголосив|розказав|показав|вручив|представив|взяв|став|був|є)$",
    re.IGNORECASE,
)
_PL_VERB_TAGS = ("fin", "praet", "impt", "imps", "bedzie")
_COPULAS = frozenset(("jest", "był", "była", "został", "została", "є", "був", "була", "стала", "став"))
_CONJUNCTIONS = frozenset(("i", "oraz", "a", "та", "і", "й"))
_STOPS = frozenset(",;:()[]!?…")
_DASHES = frozenset("–—-")
_QUOTES = frozenset('„“”"«»‟″')
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MOST_BETWEEN = 14
_LEAD = re.compile(
    r"^(?P<org>[^:;]{3,150}?)\s+(?:представил[аиио]|представляли|представляла|представляв|представив|reprezentowal[iy]"
    r"|reprezentowali"
    r"|reprezentowała|reprezentował)\s*:?\s",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"^(?:зі сторони|з боку|від імені|від|ze strony|z ramienia)\s+(?P<org>[^,:;]{3,120}?)\s+"
    r"(?:взял[аи] участь|були присутні|виступил[аи]|долучил[аи]ся|udział wzięli|wzięli udział|obecni byli|wystąpili)",
    re.IGNORECASE,
)


def people_in(blocks: Sequence[TextBlock], *, record_id: str) -> list[PersonMention]:
    """Persons the blocks name with a role, in order, each name with the same role once.

    ``record_id`` is that of the record the blocks belong to. Never raises on any text.
    """
    found: list[PersonMention] = []
    seen: set[tuple[str, str]] = set()
    for block in blocks:
        for sentence in sentences(block.text):
            for mention in _in_sentence(sentence, record_id):
                if (mention.name, mention.role) not in seen:
                    seen.add((mention.name, mention.role))
                    found.append(mention)
    return found


def _in_sentence(sentence: str, record_id: str) -> list[PersonMention]:
    tokens = tokens_of(sentence)
    lead = _LEAD.match(sentence) or _SIDE.match(sentence)
    common = _common_organisation(lead["org"]) if lead is not None else None
    found: list[PersonMention] = []
    at = 0
    while at < len(tokens):
        if is_patron_mark(tokens, at):
            at = after_patron(tokens, at)
            continue
        reading = _role_then_name(tokens, at) or _name_then_role(tokens, at)
        if reading is None:
            at += 1
            continue
        role_span, name_span, end = reading
        role, organisation = _role_and_organisation(sentence, tokens, *role_span)
        if lead is not None and tokens[role_span[0]].start < lead.end():
            common = None
        found.append(
            PersonMention(
                record_id=record_id,
                name=_wording(sentence, tokens, *name_span),
                role=role,
                organisation=organisation or common,
                passage=sentence,
            )
        )
        at = end
    return found


def _common_organisation(lead: str) -> str | None:
    """The institution all persons of a sentence stand for; what stands before its last comma is another clause."""
    named = lead.rpartition(", ")[2].strip()
    return named if names_institution(named) and (named[:1].isupper() or named[:1] in _QUOTES) else None


_Reading = tuple[tuple[int, int], tuple[int, int], int]


def _role_then_name(tokens: Sequence[Token], at: int) -> _Reading | None:
    cases = _role_cases(tokens[at].text)
    if not cases:
        return None
    here = at + 1
    while here < len(tokens) and here - at <= _MOST_BETWEEN:
        if is_patron_mark(tokens, here):
            here = after_patron(tokens, here)
            continue
        if tokens[here].text.casefold() in _COPULAS:
            cases = frozenset(("nom",))  # "Koordynatorką jest Anna": the role is worded apart from the name's case
            here += 1
            continue
        if (
            tokens[here].text.casefold() in _CONJUNCTIONS
            and here + 1 < len(tokens)
            and _role_cases(tokens[here + 1].text) & cases
        ):
            return None  # another role begins; the name of this one was not recognised
        name = name_at(tokens, here, after_role=here == at + 1)
        if name is not None:
            end = here
            if tokens[here - 1].text in _DASHES or tokens[here - 1].text in {",", ":"}:
                end = here - 1
            while tokens[end - 1].text.casefold() in _COPULAS:
                end -= 1
            if not _agree(cases, name):
                return None
            return (_role_start(tokens, at), end), (here, name.end), name.end
        if not _goes_on(tokens, here):
            return None
        here += 1
    return None


def _goes_on(tokens: Sequence[Token], here: int) -> bool:
    """Whether a role phrase can go on over the token. A comma or dash may stand right before the name in apposition."""
    token = tokens[here]
    if token.text in _DASHES or token.text in {",", ":"}:
        name = name_at(tokens, here + 1, after_role=token.text == ":")
        closed = name is not None and (name.end >= len(tokens) or tokens[name.end].text in ",.")
        spaced = token.text == ":" or tokens[here - 1].end < token.start
        return name is not None and (closed if token.text == "," else spaced)
    if token.text in _STOPS:
        return False
    return not (token.is_word and _is_verb(token.text))


def _name_then_role(tokens: Sequence[Token], at: int) -> _Reading | None:
    name = name_at(tokens, at)
    if name is None or name.end + 1 >= len(tokens):
        return None
    sign = tokens[name.end].text
    if sign not in _DASHES and sign not in {",", "("}:
        return None
    start = name.end + 1
    while start < len(tokens) and start < name.end + 3 and _is_before_role(tokens[start].text):
        start += 1
    if start >= len(tokens):
        return None
    cases = _role_cases(tokens[start].text)
    if not cases or not _agree(cases, name) or _role_then_name(tokens, start) is not None:
        return None
    end = start + 1
    while end < len(tokens) and end - start <= _MOST_BETWEEN:
        token = tokens[end]
        if is_patron_mark(tokens, end):
            end = after_patron(tokens, end)
            continue
        if token.text in _STOPS or token.text in ".–—" or (token.is_word and _is_verb(token.text)):
            break
        end += 1
    return (name.end + 1, end), (at, name.end), end


def _agree(cases: frozenset[str], name: Name) -> bool:
    return not name.cases or bool(cases & name.cases)


def _role_cases(word: str) -> frozenset[str]:
    """Cases in which the word is a role; empty when it is none."""
    if _CYRILLIC.search(word):
        match = _UK_ROLE.fullmatch(word)
        if match is None:
            return frozenset()
        ending = next(group for group in match.groups() if group is not None).casefold()
        if match["hol"] is not None or match["star"] is not None or match["zavu"] is not None or match["ved"] is not None:
            is_nominative = ending in ("а", "ий")
        else:
            is_nominative = ending in _UK_NOMINATIVE_ENDINGS - {"а"}
        return frozenset(("nom",)) if is_nominative else frozenset(("gen", "dat", "acc", "inst", "loc"))
    cases: set[str] = set()
    for lemma, tag, _ in analyses(word.casefold()):
        parts = tag.split(":")
        if lemma.partition(":")[0] in _PL_ROLES and len(parts) > 2 and "sg" in parts[1].split("."):
            cases.update(parts[2].split("."))
    # A woman's office keeps the masculine noun unchanged in every case: "z dyrektor Anną Nowak".
    if "nom" in cases and word.casefold() in _PL_ROLES:
        cases.update(("gen", "dat", "acc", "inst", "loc"))
    return frozenset(cases)


def _is_verb(word: str) -> bool:
    if word[:1].isupper():
        return False
    if _CYRILLIC.search(word):
        return _UK_VERB.search(word) is not None
    tags = [tag for _, tag, _ in analyses(word)]
    return any(tag.startswith(_PL_VERB_TAGS) for tag in tags) and not any(
        tag.startswith(("subst", "adj", "prep", "conj")) for tag in tags
    )


def _is_before_role(word: str) -> bool:
    return word.casefold() in _PL_BEFORE_ROLE or _UK_BEFORE_ROLE.match(word) is not None


def _role_start(tokens: Sequence[Token], at: int) -> int:
    start = at
    while start and _is_before_role(tokens[start - 1].text) and tokens[start - 1].text.casefold() not in ("pan", "pani"):
        start -= 1
    return start


def _role_and_organisation(sentence: str, tokens: Sequence[Token], start: int, end: int) -> tuple[str, str | None]:
    """The role phrase in two: what the person is, and the institution where one is named."""
    whole = _wording(sentence, tokens, start, end)
    if _OFFICES.search(tokens[start].text) or (start + 1 < end and _OFFICES.match(tokens[start + 1].text)):
        return whole, None
    for here in range(start + 1, end):
        if tokens[here].text[:1].isupper() or tokens[here].text in _QUOTES:
            organisation = _wording(sentence, tokens, here, end)
            if names_institution(organisation):
                return _wording(sentence, tokens, start, here), organisation
            return whole, None
    return whole, None


def _wording(sentence: str, tokens: Sequence[Token], start: int, end: int) -> str:
    last = tokens[end - 1]
    stop = (
        last.end + 1 if len(last.text) == 1 and last.text.isupper() and sentence[last.end : last.end + 1] == "." else last.end
    )
    return " ".join(sentence[tokens[start].start : stop].split()).rstrip(" ,–—-")
