"""What holds for any text: nothing raises, values read back as themselves, no part is invented."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.normalise.addresses import postal_address, street
from pipeline.normalise.contacts import contacts
from pipeline.normalise.dates import dates_in, partial_date
from pipeline.normalise.emails import emails
from pipeline.normalise.languages import language
from pipeline.normalise.masks import contact_data_in, masked
from pipeline.normalise.months import month_number
from pipeline.normalise.names import degree_and_name
from pipeline.normalise.numbers import count
from pipeline.normalise.phones import phones
from pipeline.normalise.reading import Reading
from pipeline.normalise.text import folded, one_line, paragraphs, says_nothing
from pipeline.normalise.units import CODES, unit_type
from pipeline.normalise.websites import websites

PIECES = [
    "9", "09", "11", "31", "2", "2009", "2011", "2014", "45", "000", "45.000", "62", "747", "23", "46", "600", "100",
    "200", "0", "+48", "0048", "+380", "12",
    "listopada", "maju", "січня", "травні", "XI", "IX", "roku", "r.", "року", "р.", "tys.", "mln", "osób",
    "mieszkańców", "zł", "ok.", "ponad", "od", "do", "w",
    "tel.", "fax", "kom.", "wew.", "tel./fax", "prefix", "e-mail:", "e@mail:", "@", "(at)", "at", "jan", "example",
    ".org", "example.org", "jan@example.org",
    "www.", "http://", "www.example.org", "www.jarocin.p", "ul.", "Parkowa", "63-200", "Jarocin", "gmina", "miejska",
    "wiejska", "powiat", "miasto",
    "na prawach powiatu", "związek", "dr", "mgr", "Jan", "Próbny", "Anna", "Dyrektor", "Urząd", "Gminy", "Олена",
    "Проба", "і", "та", "i", "oraz", "\n", "\n\n",
    "-", "–", "/", ",", ";", ":", ".", "(", ")", "[", "]", "„", "”", '"', "'", "\u00a0", "\u2009", "\x00", "\u0301",
    "İ", "ß", "\ue000",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
)
many = settings(deadline=None, max_examples=400)


@many
@given(TEXTS)
def test_nothing_raises_and_every_doubt_has_a_reason(text: str) -> None:
    readings: list[Reading[Any]] = [partial_date(text), count(text), postal_address(text), street(text), unit_type(text)]
    readings += [*phones(text), *phones(text, "UA"), *emails(text), *websites(text)]
    for reading in readings:
        assert reading.reason or reading.status == "ok"
        assert reading.value is not None or reading.status not in {"ok", "repaired"}
        assert reading.candidates == () or reading.status == "ambiguous"
    for lines in (text.split("\n"), [text]):
        if says_nothing("\n".join(lines)):
            assert contacts(lines) == []
            continue
        kept = "".join(contact.raw_text for contact in contacts(lines))
        assert one_line(kept).replace(" ", "") == one_line("".join(lines)).replace(" ", "")
    degree_and_name(text)
    paragraphs(text)
    language(text)


@many
@given(TEXTS)
def test_normalised_values_read_back_as_themselves(text: str) -> None:
    date = partial_date(text).value
    assert date is None or partial_date(date.text).value == date
    number = count(text).value
    assert number is None or (again := count(str(number.value)).value) is None or again.value == number.value
    for phone in phones(text):
        assert phone.value is None or [r.value and r.value.e164 for r in phones(phone.value.e164)] == [phone.value.e164]
    for email in emails(text):
        assert email.value is None or [(r.value, r.status) for r in emails(email.value)] == [(email.value, "ok")]
    for site in websites(text):
        if site.status == "ok":
            assert [(r.value, r.status) for r in websites(site.value or "")] == [(site.value, "ok")]
    kind = unit_type(text).value
    assert kind is None or (kind in CODES and unit_type(kind).value == kind)
    assert folded(folded(text)) == folded(text)
    assert one_line(one_line(text)) == one_line(text)


@many
@given(TEXTS)
def test_no_part_of_a_date_is_invented(text: str) -> None:
    told = [partial_date(text).value, *(found.date for found in dates_in(text))]
    numbers = {int(run) for run in re.findall(r"\d+", text)} | {
        int(run[at : at + 2]) for run in re.findall(r"\d{8}", text) for at in (4, 6)
    }
    numbers |= {int(run[:4]) for run in re.findall(r"\d{8}", text)}
    months = {month_number(word) for word in re.findall(r"[^\W\d_]+", text)}
    for date in told:
        if date is not None:
            year, *rest = map(int, date.text.split("-"))
            assert year in numbers
            assert not rest or rest[0] in numbers | months
            assert len(rest) < 2 or rest[1] in numbers
            assert date.precision != "day" or date.whole is not None


@many
@given(TEXTS)
def test_found_dates_stand_where_they_say(text: str) -> None:
    end = 0
    for found in dates_in(text):
        assert text[found.start : found.end] == found.raw
        assert found.start >= end
        end = found.end


@many
@given(TEXTS)
def test_no_digit_of_a_number_is_invented(text: str) -> None:
    for phone in phones(text):
        if phone.value is not None:
            national = phone.value.e164.removeprefix("+48").partition(";")[0]
            assert national[-3:-1] in re.sub(r"\D", "", text) or national[-2:] in re.sub(r"\D", "", text)


@many
@given(TEXTS)
def test_masked_texts_hold_no_contact_data(text: str) -> None:
    result = masked(text)
    assert contact_data_in(result.text) == []
    assert masked(result.text) == (result.text, 0)
    assert (result.count == 0) == (result.text == text)


@many
@given(TEXTS, TEXTS)
def test_masks_hold_whatever_stands_around(before: str, after: str) -> None:
    for secret in ("jan.probny@example.org", "+48 62 747 23 46"):
        assert secret not in masked(f"{before} {secret} {after}").text


HOSTILE = [
    "9 ",
    "a",
    "1",
    "2011 ",
    "9 maja 2011 ",
    " ",
    "a@",
    "(",
    "www.",
    "1-",
    "tel. ",
    "Jan Próbny, ",
    "a b ",
    ", ",
    "ul. 1 ",
]
READERS: list[Callable[[str], object]] = [
    partial_date,
    count,
    postal_address,
    street,
    unit_type,
    phones,
    emails,
    websites,
    dates_in,
    language,
    masked,
]


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("length", [1_900, 60_000])
def test_the_reading_of_repetitive_texts_ends(unit: str, length: int) -> None:
    text = "x" + unit * (length // len(unit)) + "x"
    with ending():
        for reader in READERS:
            reader(text)
        contacts([text])
