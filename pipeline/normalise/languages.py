"""The language of a text: script, letters and small words first, then langdetect, and "und" below what can be known."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import NamedTuple

from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from pipeline.normalise.language_marks import ABSENT_LETTERS, ABSENT_PAIRS, LETTERS, MARKED_LETTERS, SMALL_WORDS

UNDETERMINED = "und"
MAX_LETTERS = 1_000
MIN_LETTERS = 12
MIN_WORDS = 3
MANY_WORDS = 12  # fewer capitals without a small word between them may be names

_NOISE = re.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+\.(?:pl|com|org|net|eu|ua|gov|edu|html?|php)\b\S*|\[(?:e-mail|telefon)\]|\S*[\d_]\S*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_ADDRESS_WORDS = frozenset(
    "ul ulica al aleja pl plac os tel telefon fax faks kom e-mail mail www email poczta вул вулиця просп тел факс моб nr street"
    " phone adres lok m tel./fax".split()
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ", "'"))
_LANGUAGES_OF_WORD: dict[str, tuple[str, ...]] = {}
for _code, _small in SMALL_WORDS.items():
    for _one in _small.split():
        _LANGUAGES_OF_WORD[_one] = (*_LANGUAGES_OF_WORD.get(_one, ()), _code)
_LANGUAGES_OF_LETTER: dict[str, tuple[str, ...]] = {}
for _code, _letters in LETTERS.items():
    for _one in _letters:
        _LANGUAGES_OF_LETTER[_one] = (*_LANGUAGES_OF_LETTER.get(_one, ()), _code)
_lock = threading.Lock()


class LanguageGuess(NamedTuple):
    """ISO 639-1 code or ``und``, and what decided: script, letters, words, statistics, or why nothing did."""

    code: str
    decided_by: str
    probability: float = 1.0


def language(text: str) -> str:
    """ISO 639-1 code of the text's language, ``und`` when the text is too little to tell.

    Addresses, telephone numbers, single names and lines without letters are ``und``. Only the first MAX_LETTERS letters count.
    """
    return language_guess(text).code


def language_guess(text: str) -> LanguageGuess:
    """As `language`, with what decided."""
    matches = list(islice(_WORD.finditer(_NOISE.sub(" ", text[: MAX_LETTERS * 4])), MAX_LETTERS))
    words: list[str] = []
    letters = 0
    for match in matches:
        words.append(match[0])
        letters += len(match[0])
        if letters >= MAX_LETTERS:
            break
    return _guess(" ".join(words).translate(_APOSTROPHES))


@lru_cache(maxsize=8192)
def _guess(text: str) -> LanguageGuess:
    """The guess for words parted by single spaces."""
    printed = [word for word in text.split(" ") if word.lower() not in _ADDRESS_WORDS]
    in_small = sum(1 for word in printed if word[:1].islower())
    is_upper = not in_small and all(word.isupper() for word in printed)
    if len(printed) < MIN_WORDS or sum(map(len, printed)) < MIN_LETTERS:
        return LanguageGuess(UNDETERMINED, "too short")
    if not is_upper and ((in_small < 2 and len(printed) < 8) or in_small * 5 < len(printed)):
        return LanguageGuess(UNDETERMINED, "names")
    words = [word.lower() for word in printed]
    script = _script(words)
    if script == "cyrillic":
        guess = _cyrillic(words, is_upper=is_upper)
        if guess is not None:
            return guess
    elif script == "latin":
        return _latin(words, is_upper=is_upper)
    return _by_statistics(words, least=0.9) or LanguageGuess(UNDETERMINED, "no clear answer")


def _script(words: list[str]) -> str:
    """The script most letters are of."""
    letters = "".join(words)
    cyrillic = sum(1 for letter in letters if "\u0400" <= letter <= "\u04ff")
    latin = sum(1 for letter in letters if letter <= "\u024f" or "\u1e00" <= letter <= "\u1eff")
    if cyrillic * 2 > len(letters):
        return "cyrillic"
    return "latin" if latin * 2 > len(letters) else "other"


def _cyrillic(words: list[str], *, is_upper: bool) -> LanguageGuess | None:
    """The Cyrillic language whose alphabet lacks the fewest letters of the text; small words break a tie."""
    letters = "".join(words)
    strange = {code: sum(1 for letter in letters if letter in absent) for code, absent in ABSENT_LETTERS.items()}
    for code, pairs in ABSENT_PAIRS.items():
        strange[code] += sum(letters.count(pair) for pair in pairs)
    small = _small_words(words)
    ranked = sorted(strange, key=lambda code: (strange[code], -small.get(code, 0.0), code))
    best, second = ranked[0], ranked[1]
    if is_upper and not small.get(best) and len(words) < MANY_WORDS:
        return LanguageGuess(UNDETERMINED, "capitals without a small word")
    if strange[best] * 4 + 1 <= strange[second]:
        return LanguageGuess(best, "letters")
    if small.get(best, 0.0) >= 1.0 and small.get(best, 0.0) >= 2 * small.get(second, 0.0):
        return LanguageGuess(best, "words")
    if {best, second} == {"be", "uk"}:  # langdetect has no Belarusian
        return LanguageGuess(UNDETERMINED, "letters of two languages")
    return None


def _small_words(words: list[str]) -> dict[str, float]:
    """How many small words of each language stand in the text; one that several languages have counts in parts."""
    scores: dict[str, float] = {}
    for word in words:
        codes = _LANGUAGES_OF_WORD.get(word, ())
        for code in codes:
            scores[code] = scores.get(code, 0.0) + 1 / len(codes)
    return scores


def _latin(words: list[str], *, is_upper: bool) -> LanguageGuess:
    small = _small_words(words)
    scores = dict(small)
    for word in words:
        codes = {code for letter in word for code in _LANGUAGES_OF_LETTER.get(letter, ())}
        for code in sorted(codes):
            scores[code] = scores.get(code, 0.0) + 1.5 / len(codes)
    foreign = {code: _foreign_words(words, code) for code in MARKED_LETTERS}
    weighed = {code: score - foreign.get(code, 0) for code, score in scores.items()}
    ranked = sorted(weighed, key=lambda code: (-weighed[code], code))
    first = weighed[ranked[0]] if ranked else 0.0
    second = weighed[ranked[1]] if len(ranked) > 1 else 0.0
    if first >= 2.0 and first >= 2.5 * second and first * 12 >= len(words):
        return LanguageGuess(ranked[0], "letters and words")
    statistics = _by_statistics(words, least=0.7)
    if statistics is None:
        return LanguageGuess(UNDETERMINED, "no clear answer")
    letters = sum(map(len, words))
    agreed = weighed.get(statistics.code, 0.0)
    if is_upper and not small.get(statistics.code) and len(words) < MANY_WORDS:
        return LanguageGuess(UNDETERMINED, "capitals without a small word")
    if statistics.code not in MARKED_LETTERS:
        is_clear = letters >= 60 and statistics.probability >= 0.99 and first * 4 <= len(words)
    elif foreign[statistics.code] * 10 > len(words):
        is_clear = False
    elif agreed >= 0.6 * first and agreed > 0:
        is_clear = agreed >= 1.0 or letters >= 18
    else:
        is_clear = first - agreed <= 0.7 and letters >= 20 and statistics.probability >= 0.99
    return statistics if is_clear else LanguageGuess(UNDETERMINED, "no clear answer")


def _foreign_words(words: list[str], code: str) -> int:
    """How many words have a letter that the language is not written with."""
    own = MARKED_LETTERS[code]
    return sum(1 for word in words if any(letter > "\u007f" and letter.isalpha() and letter not in own for letter in word))


def _by_statistics(words: list[str], *, least: float) -> LanguageGuess | None:
    with _lock:
        detector = _factory().create()
    detector.set_max_text_length(2 * MAX_LETTERS)
    detector.append(" ".join(words))
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:
        return None
    if not ranked or ranked[0].prob < least:
        return None
    return LanguageGuess(ranked[0].lang.partition("-")[0], "statistics", ranked[0].prob)


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    """Langdetect's profiles in the order of their names: the order of a folder's files differs between machines."""
    factory = DetectorFactory()
    factory.seed = 0
    folder = resources.files("langdetect") / "profiles"
    profiles = sorted(
        (entry for entry in folder.iterdir() if not entry.name.startswith((".", "_"))), key=lambda entry: entry.name
    )
    factory.load_json_profile([profile.read_text("utf-8") for profile in profiles])
    return factory
