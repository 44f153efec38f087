"""Sentences, quoted names, date wordings and enumerations of Polish and Ukrainian prose: what the readers of prose share."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pipeline.normalise.dictionary import analyses
from pipeline.normalise.months import MONTH_NAME

QUOTE = r"(?:[„“”\"«»‟″]|,,|'')"
QUOTED = rf"{QUOTE}\s*(?P<quoted>[^„“”\"«»‟″\n]{{2,120}}?)\s*{QUOTE}"
"""A name in quotation marks of any kind, mismatched ones too: writers mix them within one page."""

_YEAR = r"(?:1[89]|20)\d{2}"
_ROMAN = r"(?:XI{0,2}|IX|IV|VI{0,3}|I{1,3})"
_YEAR_WORD = r"\s*(?:roku|rok|r(?:\.|$)|року|році|р(?:\.|$))"
_PART_OF_YEAR = (
    r"(?:na początku|pod koniec|w połowie|w końcu|od początku|do końca|z początkiem|z końcem|na przełomie|wiosną|latem"
    r"|jesienią|zimą"
    r"|(?:w\s+)?(?:pierwszej|drugiej|I{1,2})\s(?:połowie|poł\.)|w (?:I{1,3}|IV) (?:kwartale|półroczu)"
    r"|(?:у|в)\s(?:першій|другій)\sполовині|наприкінці|на початку|в кінці|у кінці|в середині"
    r"|у середині|восени|навесні|влітку|взимку)"
)
DATE_WORDING = re.compile(
    # What stands before the first digit is six words at most: most places of a text are passed at once.
    r"(?=(?:[^\W\d_]++\s++){0,6}+\d)"
    rf"(?:(?:(?:w|we|od|z|do|у|в|від|з)\s+)?(?:(?:dniu|dnia|roku|році|дня)\s+)?)"
    rf"(?:\d{{1,2}}(?:-?го)?\s+{MONTH_NAME}(?:\s+{_YEAR}(?:{_YEAR_WORD})?)?"
    rf"|(?:\d{{1,2}}[. ]\s?)?(?-i:{_ROMAN})[. ]\s?{_YEAR}(?:{_YEAR_WORD})?"
    rf"|\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}(?:{_YEAR_WORD})?|{_YEAR}-\d{{2}}-\d{{2}}"
    rf"|{_PART_OF_YEAR}\s+(?:{MONTH_NAME}\s+)?{_YEAR}(?:{_YEAR_WORD})?"
    rf"|{MONTH_NAME}\s+{_YEAR}(?:{_YEAR_WORD})?|(?<=roku\s){_YEAR}|(?<=році\s){_YEAR}|{_YEAR}{_YEAR_WORD})"
    r"(?![^\W_])",
    re.IGNORECASE,
)
"""When something was: a day, month or year as worded in Polish or Ukrainian prose, the preposition included."""

ON_THE_BASIS = re.compile(r"\s*(?:na (?:mocy|podstawie)|на підставі|відповідно до|згідно з)\s", re.IGNORECASE)
LONGEST_BASIS = 90
"""What someone acted on, as a sentence begins with it, and how long such a beginning gets up to its date."""

_ABBREVIATIONS = frozenset(
    "al ul pl os gen ks św bł im dr hab prof inż mgr płk mjr kpt m.in np tzw tj nr tel st m.st gm woj pow godz pt zob lic dyr"
    " zast red ds"
    " ім вул просп пров пл бул м с смт ст т див напр акад проф доц канд тел зав заст обл р-н т.зв гр буд кв стор св".split()
)
_YEAR_ABBREVIATIONS = frozenset(("r", "р", "рр", "w"))
_SENTENCE_END = re.compile(r"(?P<mark>[.!?…](?<![.!?…]{2})[.!?…]{0,8}[”\"»’)\]]{0,4})(?P<gap>\s+)(?=[\"„“«(–—-]?\s*[^\W_])")
_LONGEST_WORD = 60
_LONGEST_KEPT = 20_000  # characters
_LONGEST_SENTENCE = 4_000  # Real ones are far shorter; what exceeds it is no prose, and patterns would take long over it.
_WEEKDAY = re.compile(r"^(?:we?|у|в)\s+[^\W\d_]{4,12}(?:['’ʼ][^\W\d_]+)?,\s+", re.IGNORECASE)
_GLUED_DOT = re.compile(r"\.(?=[^\W\d_])")
_GLUED_END = re.compile(r"(?:(?<=[^\W\d_]{3}\.)|(?<=[^\W\d_]\)\.))(?=[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ][a-ząćęłńóśźża-яіїєґ])")

_STRONG = (
    r"\s*;\s*|\s*,?\s+(?:oraz|a także|jak również|a także|а також)\s+|\s+(?:w porozumieniu|we współpracy|wraz"
    r"|wspólnie)\s+ze?\s+|\s+(?:у|в)\s+співпраці\s+[із]з?\s+|\s+разом\s+[із]з?\s+"
)
_SEPARATOR = re.compile(rf"(?P<strong>{_STRONG})|(?P<comma>\s*,\s*(?:[iaій]\s+|та\s+)?)|(?P<weak>\s+(?:i|a|та|і|й)\s+)")
_INSTITUTION = re.compile(
    r"(?:stowarzysze|zrzesze|fundacj|ośrod|bibliote|szko[łl]|urz[ąę]d|gmin|miast|powiat|starost|dom(?:u|em|y|owi)?$|zakład|zesp[óo]ł"
    r"|central|centrum"
    r"|spółdzieln|gimnazj|lice[ua]|przedszkol|klub|koł[oae]|parafi|stra[żz]|policj|komend|rad[aąyę]$|towarzystw|związ|wypożycz"
    r"|wydzia|burmistrz|wójt|prezydent|dyrekt|muze|teatr|instytu|uniwersyt|poradn|ognisk|świetlic|placów|firm|spółk|caritas"
    r"|akademi|hufc|hufiec|samorząd|dzielnic|sołect|izb|federacj|grup|partnerst|województw|marszał|kuratori|harcerz|księgarn|szpital|przychodn"
    r"|żłob|nadleśnict|rejon|książnic|fili[aeiąę]$|oddzia[łl]|hospicj|archiw|galeri|wspólnot|bank$|banki?em$"
    r"|mieszka|organizacj|instytucj|przedsiębior|rodzic|senior|młodzież|wolontariusz"
    r"|mer(?:a|em|owie)?$|sołtys|hromad|[гґ]мін|повіт|воєводств|громад|місько|міськ|сільськ|селищ|район|област|рад[аиіою]{1,2}$|бібліот|школ|ліце|гімназ|цент|фонд|асоціац|спілк"
    r"|об.єднан|управлін"
    r"|відділ|департамент|музе|театр|універс|інститут|академ|заклад|клуб|будин|палац|товариств|федерац|агенц|агентств|комітет"
    r"|бурм[іи]стр|бургомістр|війт|директор|міністерств|служб"
    r"|міст(?:о|а|у|ом|і)$|комун(?:а|и|і|у|ою|ами)$|дім$|дом(?:у|ом|ові|і)$|підприєм|господарств|книгозбір|церкв|парафі|галере|архів|садок$|садк|кооператив|ветеран"
    r"|коледж|книгарн|лікарн|організац|адміністрац|установ|мешкан|волонтер|рух|мер(?:ом|ії|ія)|голов)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\d{1,3}|dw(?:a|ie|óch|iema)|trz(?:y|ech|ema)|czter(?:y|ech)|pięć|pięciu|sześć|siedem|osiem|дв(?:а|і|ох|ома)|три|трьох|трьома"
    r"|чотири|п['’ʼ]ять|шість|сім|вісім",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"[A-ZĄĆĘŁŃÓŚŹŻА-ЯІЇЄҐ]{2,}[a-zа-я]{0,2}\b")
_UK_ADJECTIVE = re.compile(
    r"(?:[сцз]ьк|н|ов|ев|єв|ськ)(?:ої|ого|ій|ому|ою|им|ими|их|ий|а|у|е|і)$|(?:ої|ого|ому|ими|их|ий)$", re.IGNORECASE
)
_TOWN_BEFORE = re.compile(r"\bMiast[aou]?(?:em|u)?$")
_GMINA = re.compile(r"Gmin[ayęąie]{1,2}\b")
_UNION_BEFORE = re.compile(
    r"(?:Związ|Stowarzysz|Zrzesz|Konwent|Асоціац|Спілк)\w*(?:\s\w+){0,3}?\s(?:Gmin|Miast|Powiatów|Wsi|міст|громад|сіл)$",
    re.IGNORECASE,
)
_UNITED = re.compile(r"(?:Gmin|Miast|Powiatów|Wsi|міст|громад|сіл)\b", re.IGNORECASE)
_CONJUNCTIONS = frozenset(("i", "oraz", "та", "і", "й"))
_HEAD_OF_ONE = re.compile(
    r"(?:prezes|kierownik|kierowniczka|przewodnicząc[ya]|sekretarz|naczelnik|rektor|ректор(?:ка)?|президент(?:ка)?|начальни(?:к|ця)"
    r"|керівни(?:к|ця))",
    re.IGNORECASE,
)
_OF_PLACE = re.compile(r"^[A-ZĄĆĘŁŃÓŚŹŻ][^\W\d_]{2,}(?:[sc]k)(?:a|ą|iej|ie|iego|im)$")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN_OF = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяёыэъʼ’'",
        "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia e y e _ _ _ _".replace("_", "\0").split(),
        strict=True,
    )
)


def sentences(text: str) -> tuple[str, ...]:
    """Sentences of ``text`` in order, white space folded. Abbreviations, initials and dates end none; a line end does.

    What runs on for more than 4,000 characters is no sentence and is left out.
    """
    return _kept_sentences(text) if len(text) <= _LONGEST_KEPT else _sentences(text)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(sentence for line in text.splitlines() for sentence in _of_line(" ".join(line.split())))


_kept_sentences = lru_cache(maxsize=256)(_sentences)  # the readers of prose ask one after the other


def _of_line(line: str) -> list[str]:
    start = 0
    parts = []
    for match in _SENTENCE_END.finditer(line):
        word = line[max(start, match.start() - _LONGEST_WORD) : match.start()].rpartition(" ")[2]
        so_far = line[start : match.end()] if match.end() - start <= _LONGEST_WORD else ""
        if match["mark"] == "." and _is_abbreviation(word, so_far, line[match.end() : match.end() + 1]):
            continue
        parts.append(line[start : match.end()])
        start = match.end()
    parts.append(line[start:])
    if _GLUED_DOT.search(line) is not None:
        parts = [piece for part in parts for piece in _GLUED_END.split(part)]
    pieces = [part.strip() for part in parts]
    return [piece for piece in pieces if 0 < len(piece) <= _LONGEST_SENTENCE]


def _is_abbreviation(word: str, so_far: str, rest: str) -> bool:
    bare = word.strip('(„"«“”').casefold()
    if bare in _YEAR_ABBREVIATIONS:  # "5 marca 2014 r. Burmistrz podpisał" goes on; "powstało w 2014 r. Obecnie" does not
        if rest[:1].islower() or DATE_WORDING.fullmatch(_WEEKDAY.sub("", so_far).strip()) is not None:
            return True
        # "Na mocy porozumienia z dnia 5 czerwca 2019 r. Gmina utworzyła" has said nothing yet
        return ON_THE_BASIS.match(so_far) is not None and len(so_far) <= LONGEST_BASIS
    if bare in _ABBREVIATIONS or (len(bare) == 1 and bare.isalpha() and word[-1:].isupper()):
        return True
    return rest[:1].islower()


def outside_brackets(text: str) -> list[bool]:
    """For each character whether it stands outside brackets and quotation marks."""
    depth = 0
    in_quotes = False
    free = []
    for char in text:
        if char in "([":
            depth += 1
        is_quote = char in '„“”"«»‟″'
        if is_quote:
            in_quotes = char in "„«" or (char not in "”»" and not in_quotes)
        free.append(depth == 0 and not in_quotes and not is_quote)
        if char in ")]":
            depth = max(0, depth - 1)
    return free


def enumerated(text: str) -> list[str]:
    """Members of an enumeration as worded: "A, B i C" gives three, "Ośrodka Kultury i Sportu" one.

    A bare conjunction parts two members only where an institution, a quoted name or an abbreviation begins after it, so a
    name that holds a conjunction stays whole. Brackets and quotation marks are never broken.
    """
    free = outside_brackets(text)
    members: list[str] = []
    start = 0
    for match in _SEPARATOR.finditer(text):
        if not free[match.start()] or match.start() < start:
            continue
        rest = text[match.end() :]
        if match["weak"] and _TOWN_BEFORE.search(text, 0, match.start()) and _GMINA.match(rest):
            parts = False  # "Miasto i Gmina Rów" is one
        elif match["weak"] and _UNITED.match(rest) and _UNION_BEFORE.search(text, 0, match.start()):
            parts = False  # so is "Związek Gmin i Powiatów"
        elif match["weak"]:
            # "Powiatowa i Miejska Biblioteka": adjectives alone name nothing, their noun is still to come
            parts = begins_institution(rest) and not all(map(is_adjective, text[start : match.start()].split()))
        else:
            parts = begins_institution(rest) or rest[:1].isupper() or rest[:1] in '„"«“'
        if parts:
            members.append(text[start : match.start()])
            start = match.end()
    members.append(text[start:])
    return [bare for member in members if (bare := _bare_member(member))]


def _bare_member(member: str) -> str:
    bare = member.strip(" ,;:.\u00a0")
    return f"{bare}." if bare.endswith((" o.o", " S.A")) else bare


def begins_institution(text: str) -> bool:
    """Whether the text begins with the name of an institution: adjectives, then a word that institutions are called by."""
    after_adjective = False
    for at, word in enumerate(text.split()[:6]):
        bare = word.strip(",.;()")
        if not at and _COUNT.fullmatch(bare):
            continue  # "trzy szkoły"
        if after_adjective and bare in _CONJUNCTIONS:
            continue
        if bare[:1] in '„"«“' or _ABBREVIATED.match(bare):
            return True
        if _INSTITUTION.match(bare) or _HEAD_OF_ONE.fullmatch(bare):
            return True
        if not is_adjective(bare):
            return False
        after_adjective = True
    return False


def names_institution(text: str) -> bool:
    """Whether a word of the text is one that institutions or communities are called by, an abbreviation or a quoted name."""
    return any(_INSTITUTION.match(w.strip('„"«“(,')) or _ABBREVIATED.match(w.strip('„"«“(,')) for w in text.split())


def is_adjective(word: str) -> bool:
    """Whether the word can be an adjective: Polish by the dictionary of Morfeusz, Ukrainian by its ending."""
    if _CYRILLIC.search(word):
        return _UK_ADJECTIVE.search(word) is not None
    readings = analyses(word)
    if all(tag == "ign" for _, tag, _ in readings) and _OF_PLACE.search(word) is not None:
        return True  # of a town abroad, which the dictionary lacks
    return any(tag.startswith(("adj", "ppas", "pact")) for _, tag, _ in readings)


def content_id(texts: Iterable[str]) -> str:
    """``sha256:<12 hex>`` of the first 300 letters and digits of the texts, capitals as small letters.

    Spaces, punctuation and everything after do not count: the same page as HTML and as text, or with another counter or
    credit at its end, has one id.
    """
    kept: list[str] = []
    for text in texts:
        kept.extend(char for char in unicodedata.normalize("NFC", text).casefold() if char.isalnum())
        if len(kept) >= 300:
            break
    digest = hashlib.sha256("".join(kept[:300]).encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()[:12]}"


def latin_slug(text: str) -> str:
    """Small ASCII letters and digits parted by hyphens; Cyrillic is romanised as Ukraine's resolution 55 (2010) has it."""
    romanised = "".join(_LATIN_OF.get(char, char) for char in text.casefold().replace("ł", "l").replace("\0", ""))
    plain = "".join(c for c in unicodedata.normalize("NFKD", romanised.replace("\0", "")) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
