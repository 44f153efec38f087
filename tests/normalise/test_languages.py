"""Floors on the labelled set of languages.toml. Measured: all long texts right; of the short 95 % answered, all right."""

import json
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import langdetect
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import language_words
from pipeline.normalise.languages import MAX_LETTERS, language, ready_detection

LABELLED: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "languages.toml").read_text("utf-8"))
TEXTS = [(code, text) for code, texts in LABELLED.items() if code != "und" for text in texts]
LONG = [(code, text) for code, text in TEXTS if len(text) >= 80]
SHORT = [(code, text) for code, text in TEXTS if 20 <= len(text) < 80]


def test_the_set_is_large_enough() -> None:
    assert all(len(LABELLED[code]) >= 25 for code in ("pl", "uk", "en", "de", "cs", "ru"))
    assert len(LONG) >= 100
    assert len(SHORT) >= 100


def test_long_texts() -> None:
    right = sum(language(text) == code for code, text in LONG)
    assert right / len(LONG) >= 0.99


def test_short_texts() -> None:
    answers = [(code, language(text)) for code, text in SHORT]
    answered = [(code, answer) for code, answer in answers if answer != "und"]
    assert sum(code == answer for code, answer in answered) / len(answered) >= 0.96
    assert len(answered) / len(answers) >= 0.9


@pytest.mark.parametrize("text", LABELLED["und"])
def test_what_cannot_be_known_is_und(text: str) -> None:
    assert language(text) == "und"
    assert language(text.upper()) == "und"


@pytest.mark.parametrize(("code", "text"), TEXTS)
def test_capitals_are_never_confidently_wrong(code: str, text: str) -> None:
    assert language(text.upper()) in {code, "und"}


def test_long_capitals_are_read() -> None:
    right = sum(language(text.upper()) == code for code, text in LONG)
    assert right / len(LONG) >= 0.95


@pytest.mark.parametrize(("code", "text"), LONG[::5])
def test_contact_data_and_masks_do_not_sway(code: str, text: str) -> None:
    assert language(f"{text} [telefon] biuro@example.org www.example.org ul. 12") == code


def test_only_the_beginning_of_a_long_text_counts() -> None:
    polish = LABELLED["pl"][-1]
    assert language((polish + " ") * (MAX_LETTERS // 50) + "x " * 1_000_000) == "pl"


def test_the_same_answers_in_threads_and_in_other_processes() -> None:
    texts = [text for _, text in SHORT[::4]]
    expected = [language(text) for text in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(language, texts)) == expected
    program = (
        "import sys, json\n"
        "from pipeline.normalise.languages import language\n"
        "print(json.dumps([language(t) for t in json.loads(sys.argv[1])]))"
    )
    for seed in ("0", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", program, json.dumps(texts)],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
            cwd=Path.cwd(),
        )
        assert json.loads(done.stdout) == expected


def test_the_port_to_rust_answers_bit_for_bit_as_langdetect() -> None:
    port = pytest.importorskip("langdetect_rs", reason="langdetect-rs of the extra `fast` is not installed")
    (reference, nothing), (ported, nothing_ported) = ready_detection(langdetect), ready_detection(port)

    def answer(factory: Any, text: str, error: type[Exception]) -> list[tuple[str, float]] | str:
        detector = factory.create()
        detector.set_max_text_length(2 * MAX_LETTERS)
        detector.append(text)
        try:
            return [(found.lang, found.prob) for found in detector.get_probabilities()]
        except error as refused:
            return str(refused)

    texts = [text.lower() for texts in LABELLED.values() for text in texts[::3]]
    texts += [*[" ".join(pair) for pair in zip(texts, texts[7:], strict=False)][::9], "", "123", "ß", "中文", "ﬁ ǆ İ"]
    for text in texts:
        assert answer(ported, text, nothing_ported) == answer(reference, text, nothing), text


RUNS = st.text("aąZżwpl.,:;-’'1_@/иїЇİß²", min_size=1, max_size=9)


@given(RUNS)
def test_a_run_of_one_word_is_read_as_any_other(run: str) -> None:
    found = [match[0] for match in language_words._WORD.finditer(language_words._NOISE.sub(" ", run))]
    assert language_words._words(run) == tuple(map(language_words._word, found))


@given(st.lists(RUNS | st.sampled_from(["12", "ul.", "i", "gmina"]), max_size=40), st.integers(1, 60))
def test_words_end_with_the_one_that_makes_the_letters_full(runs: list[str], most: int) -> None:
    """However many runs are read at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language_words, "_AT_ONCE", 3)
        in_steps = language_words.words_of("\t ".join(runs), most).texts
    every = [word for run in runs for word in language_words._words(run)]
    lengths = [sum(word.length for word in every[:end]) for end in range(1, len(every) + 1)]
    end = next((end for end, letters in enumerate(lengths, 1) if letters >= most), len(every))
    end = end if lengths and lengths[-1] > most else len(every)
    assert in_steps == tuple(word.text for word in every[:end] if not word.is_of_address)
    at_once = language_words.words_of("\t ".join(runs), most)
    assert in_steps == at_once.texts
    kept = [word for word in every[:end] if not word.is_of_address]
    assert (at_once.number, at_once.letters) == (len(kept), sum(len(word.text) for word in kept))
    assert at_once.cyrillic == sum(word.cyrillic for word in kept)
    assert at_once.scores.get("pl", 0) == pytest.approx(
        sum((word.small.count("pl") / len(word.small) if word.small else 0) for word in kept)
        + sum((1.5 * word.marked.count("pl") / len(word.marked) if word.marked else 0) for word in kept)
    )
    assert at_once.foreign["en"] == sum("en" in word.foreign for word in kept)
