"""The language of a text: script, letters and small words first, then langdetect, and "und" below what can be known."""

from __future__ import annotations

import importlib
import threading
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from pipeline.normalise.language_marks import ABSENT_LETTERS, ABSENT_PAIRS, MARKED_LETTERS
from pipeline.normalise.language_words import Words, words_of

UNDETERMINED = "und"
MAX_LETTERS = 1_000
MIN_LETTERS = 12
MIN_WORDS = 3
MANY_WORDS = 12  # fewer capitals without a small word between them may be names

_KEPT = 512  # texts; a deck repeats its slides, a passage stands in its article
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
    return _guess(text[: MAX_LETTERS * 4])


@lru_cache(maxsize=_KEPT)
def _guess(text: str) -> LanguageGuess:
    words = words_of(text, MAX_LETTERS)
    if words.number < MIN_WORDS or words.letters < MIN_LETTERS:
        return LanguageGuess(UNDETERMINED, "too short")
    in_small = words.begins_small
    is_upper = not in_small and words.is_upper == words.number
    if not is_upper and ((in_small < 2 and words.number < 8) or in_small * 5 < words.number):
        return LanguageGuess(UNDETERMINED, "names")
    # The script most letters are of.
    if words.cyrillic * 2 > words.letters:
        guess = _cyrillic(words, is_upper=is_upper)
        if guess is not None:
            return guess
    elif words.latin * 2 > words.letters:
        return _latin(words, is_upper=is_upper)
    return _by_statistics(words, least=0.9) or LanguageGuess(UNDETERMINED, "no clear answer")


def _cyrillic(words: Words, *, is_upper: bool) -> LanguageGuess | None:
    """The Cyrillic language whose alphabet lacks the fewest letters of the text; small words break a tie."""
    letters = "".join(words.texts)
    strange = {code: sum(map(letters.count, absent)) for code, absent in ABSENT_LETTERS.items()}
    for code, pairs in ABSENT_PAIRS.items():
        strange[code] += sum(map(letters.count, pairs))
    small = words.scores  # no letter beyond a to z speaks for a language in Cyrillic letters: its score is of small words alone
    ranked = sorted(strange, key=lambda code: (strange[code], -small.get(code, 0.0), code))
    best, second = ranked[0], ranked[1]
    if is_upper and not small.get(best) and words.number < MANY_WORDS:
        return LanguageGuess(UNDETERMINED, "capitals without a small word")
    if strange[best] * 4 + 1 <= strange[second]:
        return LanguageGuess(best, "letters")
    if small.get(best, 0.0) >= 1.0 and small.get(best, 0.0) >= 2 * small.get(second, 0.0):
        return LanguageGuess(best, "words")
    if {best, second} == {"be", "uk"}:  # langdetect has no Belarusian
        return LanguageGuess(UNDETERMINED, "letters of two languages")
    return None


def _latin(words: Words, *, is_upper: bool) -> LanguageGuess:
    weighed = {code: score - words.foreign.get(code, 0) for code, score in words.scores.items()}
    ranked = sorted((-score, code) for code, score in weighed.items())
    first = -ranked[0][0] if ranked else 0.0
    second = -ranked[1][0] if len(ranked) > 1 else 0.0
    if first >= 2.0 and first >= 2.5 * second and first * 12 >= words.number:
        return LanguageGuess(ranked[0][1], "letters and words")
    statistics = _by_statistics(words, least=0.7)
    if statistics is None:
        return LanguageGuess(UNDETERMINED, "no clear answer")
    letters = words.letters
    agreed = weighed.get(statistics.code, 0.0)
    if is_upper and words.number < MANY_WORDS and not words.have_small_word_of(statistics.code):
        return LanguageGuess(UNDETERMINED, "capitals without a small word")
    if statistics.code not in MARKED_LETTERS:
        is_clear = letters >= 60 and statistics.probability >= 0.99 and first * 4 <= words.number
    elif words.foreign[statistics.code] * 10 > words.number:
        is_clear = False
    elif agreed >= 0.6 * first and agreed > 0:
        is_clear = agreed >= 1.0 or letters >= 18
    else:
        is_clear = first - agreed <= 0.7 and letters >= 20 and statistics.probability >= 0.99
    return statistics if is_clear else LanguageGuess(UNDETERMINED, "no clear answer")


def _by_statistics(words: Words, *, least: float) -> LanguageGuess | None:
    found = _most_probable(" ".join(words.texts))
    if found is None or found.prob < least:
        return None
    return LanguageGuess(found.lang.partition("-")[0], "statistics", found.prob)


def _most_probable(text: str) -> Any:
    """What langdetect holds most probable, with ``lang`` and ``prob``; None when it finds nothing to go by."""
    with _lock:
        factory, nothing_found = detection()
        detector = factory.create()
    detector.set_max_text_length(2 * MAX_LETTERS)
    detector.append(text)
    try:
        ranked = detector.get_probabilities()
    except nothing_found:
        return None
    return ranked[0] if ranked else None


@lru_cache(maxsize=1)
def detection() -> tuple[Any, type[Exception]]:
    """Langdetect ready to detect, and its error; its port to Rust where the extra `fast` brought it.

    The port answers bit for bit alike (a test compares them). Profiles in the order of their names: the order of a folder's
    files differs between machines.
    """
    try:
        module = importlib.import_module("langdetect_rs")
    except ImportError:
        module = importlib.import_module("langdetect")
    return ready_detection(module)


def ready_detection(module: Any) -> tuple[Any, type[Exception]]:
    """Factory of ``module``, which is langdetect or its port, with all profiles loaded and the seed set; its error."""
    factory = module.DetectorFactory()
    factory.seed = 0
    factory.load_json_profile([profile.read_text("utf-8") for profile in _profiles()])
    return factory, module.LangDetectException


def _profiles() -> list[Traversable]:
    folder = resources.files("langdetect") / "profiles"
    return sorted((entry for entry in folder.iterdir() if not entry.name.startswith((".", "_"))), key=lambda entry: entry.name)
