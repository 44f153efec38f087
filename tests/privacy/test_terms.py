"""Terms by which a person is known: what they are found in, what not, and that a list of them names nobody."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.privacy.terms import FEWEST_LETTERS, Matcher, folded, mark_of, term_of

KEY = bytes(range(32))


def matcher(*terms: str) -> Matcher:
    return Matcher(KEY, [mark_of(term_of(term), KEY) for term in terms])


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Łucja Próbna", "Pani ŁUCJA\n  PRÓBNA, wójt"),
        ("Łucja Próbna", "lucja-probna"),
        ("Lucja Probna", "Łucja Próbna"),
        ("Łucja Próbna", "Ł u. Łucja (Próbna)"),
        ("Łucja Próbna", "Łucja Próbnaą"),
        ("Łucja Próbna", "p.Łucja_Próbna.jpg"),
        ("Łucja Maria Próbna", "Łucja Maria Próbna"),
        ("Próbna", "Nowa-Próbnacka"),
        ("W. Próbny", "dr W. Próbny"),
        ("Дем'янчук Оксана", "Демʼянчук Оксана"),
        ("Олексій Йович", "ОЛЕКСІЙ ЙОВИЧ"),
        ("ł.probna@gmina.example.org", "L.PROBNA@GMINA.EXAMPLE.ORG"),
        ("l.probna@gmina.example.org", "l.probna [at] gmina (kropka) example.org"),
        ("l.probna@gmina.example.org", "l.probna (małpa) gmina.example.org"),
        ("600 123 987", "tel.: +48 (600) 12-39-87"),
        ("+48 600 123 987", "600123987"),
        ("(022) 12 34 567", "22 1234567"),
        ("+380 44 123 45 67", "044 1234567"),
        ("600 123 987", "0048600123987"),
        ("600 123 987", "22 600123987 lub 600-123-986"),
        ("600123987", "12/600 12 39 87/5"),
        ("44051401359", "PESEL 440514 01359"),
        ("Ivančić", "IVANCIC"),
    ],
)
def test_found(term: str, text: str) -> None:
    assert matcher(term).holds(text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Łucja Próbna", "Łucji Próbnej"),  # each form of a name is a term of its own
        ("Łucja Próbna", "Łucja Maria Próbna"),
        ("Łucja Próbna", "Próbna Łucja"),
        ("Łucja Próbna", "ŁucjaPróbna"),
        ("Ewa Kos", "Rewa skosy"),
        ("W. Próbny", "Kraków Próbny"),
        ("Łucja Maria Próbna", "Łucja Mariana Próbna"),
        ("600 123 987", "600 123 986, 7"),
        ("600 123 987", "600 123 oraz 987"),
        ("600 123 987", "1600123987"),
        ("600 123 987", "6001239870"),
        ("600 123 987", "260012398712"),
        ("l.probna@gmina.example.org", "probna@gmina.example.org"),
    ],
)
def test_not_found(term: str, text: str) -> None:
    assert not matcher(term).holds(text)


@pytest.mark.parametrize("term", ["", "  ", "Ewa", "123456", "--", "@", "a b", "Ewka", " ".join(["słowo"] * 13)])
def test_terms_that_say_nothing_of_a_person(term: str) -> None:
    with pytest.raises(UsageError):
        term_of(term)


WORDS = st.text("aąbłó", min_size=1, max_size=4)


@given(st.lists(WORDS, min_size=1, max_size=3), st.lists(WORDS, max_size=30), st.sampled_from([" ", "-", ", ", "\n"]))
def test_marks_find_what_the_words_say(term: list[str], text: list[str], between: str) -> None:
    if sum(map(len, term)) < FEWEST_LETTERS:
        return
    words = [re.escape(folded(word)) for word in term]
    pattern = r"[\W_]+".join(words)
    if len(term) > 1:
        before = r"(?<![^\W_])" if len(folded(term[0])) == 1 else ""
        pattern = before + pattern + (r"(?![^\W_])" if len(folded(term[-1])) == 1 else "")
    written = between.join(text)
    assert matcher(" ".join(term)).holds(written) == (re.search(pattern, folded(written)) is not None)


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    folded(text)
    assert not matcher("Łucja Próbna", "600 123 987").holds(f"{text}\ud800")


def test_marks_name_nobody_and_depend_on_the_key() -> None:
    term = term_of("Łucja Próbna")
    one, other = mark_of(term, KEY), mark_of(term, bytes(32))
    assert one.shape == other.shape == (5, 6)
    assert one.digest != other.digest
    assert not Matcher(bytes(32), [one]).holds("Łucja Próbna")


def test_nobody_on_the_list_costs_nothing() -> None:
    def never() -> str:
        raise AssertionError("a text was asked for")

    assert not matcher()
    assert not matcher().holds_any(never() for _ in range(1))
