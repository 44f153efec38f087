import pytest

from pipeline.normalise.addresses import PostalAddress, Street, postal_address, street
from pipeline.normalise.emails import emails
from pipeline.normalise.websites import websites


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("jan@example.org", "jan@example.org", "ok"),
        ("Jan.Probny@Example.ORG", "Jan.Probny@example.org", "ok"),
        ("e@mail: jan@example.org", "jan@example.org", "ok"),
        ("E-mail: jan@example.org.", "jan@example.org", "ok"),
        ("mailto:jan@example.org", "jan@example.org", "ok"),
        ("<jan@example.org>", "jan@example.org", "ok"),
        ("jan(at)example.org", "jan@example.org", "repaired"),
        ("jan [at] example.org", "jan@example.org", "repaired"),
        ("jan at example.org", "jan@example.org", "repaired"),
        ("jan(małpa)example(kropka)org", "jan@example.org", "repaired"),
        ("jan @ example.org", "jan@example.org", "repaired"),
        ("jan@ example.org", "jan@example.org", "repaired"),
        ("jan@example. org", "jan@example.org", "repaired"),
        ("jan@example", None, "invalid"),
        ("jan@example.p", None, "invalid"),
        ("jan..x@example.org", None, "invalid"),
        ("józef@example.org", None, "invalid"),
        ("jan.example.org", None, "invalid"),
        ("sekretariat", None, "invalid"),
        ("brak", None, "missing"),
    ],
)
def test_an_email(text: str, value: str | None, status: str) -> None:
    readings = emails(text)
    assert [(r.value, r.status) for r in readings] == [(value, status)]
    assert readings[0].reason or status == "ok"


def test_several_emails_and_none() -> None:
    assert [r.value for r in emails("a@example.org, b@example.com; c@example.net / d@example.org\ne@example.org")] == [
        "a@example.org", "b@example.com", "c@example.net", "d@example.org", "e@example.org"
    ]  # fmt: skip
    assert emails("") == []
    assert [(r.value, r.status) for r in emails("a@example.org, zly@adres")] == [("a@example.org", "ok"), (None, "invalid")]


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("www.jarocin.pl", "www.jarocin.pl", "ok"),
        ("WWW.Jarocin.PL", "www.jarocin.pl", "ok"),
        ("www.jarocin.pl.", "www.jarocin.pl", "ok"),
        ("(www.example.org)", "www.example.org", "ok"),
        ("strona: www.example.org", "www.example.org", "ok"),
        ("HTTP://Example.org/Plik,1.html?A=b#C", "http://example.org/Plik,1.html?A=b#C", "ok"),
        ("https://example.org/Gmina_(Polska)", "https://example.org/Gmina_(Polska)", "ok"),
        ("www.łódź.pl", "www.łódź.pl", "ok"),
        ("www.jarocin.p", "www.jarocin.p", "invalid"),
        ("www. jarocin.pl", "www. jarocin.pl", "invalid"),
        ("www jarocin pl", "www jarocin pl", "invalid"),
        ("bez własnej strony", None, "invalid"),
        ("Jarocin", "Jarocin", "invalid"),
        ("http//www.example.org", "http//www.example.org", "invalid"),
        ("www,example.org", "www,example.org", "invalid"),
        ("www.a_b.pl", "www.a_b.pl", "invalid"),
        ("http://", "http://", "invalid"),
        ("brak", None, "missing"),
    ],
)
def test_a_website(text: str, value: str | None, status: str) -> None:
    readings = websites(text)
    assert [(r.value, r.status) for r in readings] == [(value, status)]
    assert readings[0].reason or status == "ok"


@pytest.mark.parametrize(
    "text",
    ["www.example.org www.example.com", "www.example.org, www.example.com", "www.example.org;www.example.com",
    "www.example.org\n www.example.com",
     "www.example.org oraz www.example.com", "www.example.org / www.example.com", "www.example.org,www.example.com",
     "www.example.org (BIP: www.example.com)"],
)  # fmt: skip
def test_several_websites(text: str) -> None:
    assert [(r.value, r.status) for r in websites(text)] == [("www.example.org", "ok"), ("www.example.com", "ok")]


@pytest.mark.parametrize(
    ("text", "value", "status"),
    [
        ("63-200 Jarocin", ("63-200", "Jarocin"), "ok"),
        ("63-200", ("63-200", None), "ok"),
        ("Jarocin", (None, "Jarocin"), "ok"),
        ("Jarocin 63-200", ("63-200", "Jarocin"), "ok"),
        ("63-200 poczta: Jarocin", ("63-200", "Jarocin"), "ok"),
        ("00-950 Warszawa 1", ("00-950", "Warszawa 1"), "ok"),
        ("43-300 Bielsko-Biała", ("43-300", "Bielsko-Biała"), "ok"),
        ("09100 Біла Церква", ("09100", "Біла Церква"), "ok"),
        ("63200 Jarocin", ("63-200", "Jarocin"), "repaired"),
        ("63 200 Jarocin", ("63-200", "Jarocin"), "repaired"),
        ("63–200 Jarocin", ("63-200", "Jarocin"), "repaired"),
        ("63 – 200 Jarocin", ("63-200", "Jarocin"), "repaired"),
        ("63-200 Jarocin, ul. Parkowa 3", ("63-200", "Jarocin"), "repaired"),
        ("6320 Jarocin", (None, "Jarocin"), "invalid"),
        ("63-2000 Jarocin", (None, "Jarocin"), "invalid"),
        ("63-200, 63-201 Jarocin", None, "ambiguous"),
        ("99", None, "invalid"),
        ("", None, "missing"),
    ],
)
def test_postal_addresses(text: str, value: tuple[str | None, str | None] | None, status: str) -> None:
    reading = postal_address(text)
    assert (reading.value, reading.status) == (value and PostalAddress(*value), status)
    assert reading.reason or status == "ok"


@pytest.mark.parametrize(
    ("text", "name", "number", "note"),
    [
        ("ul. Park 3 (Pałac Radolińskich)", "ul. Park", "3", "Pałac Radolińskich"),
        ("Al. Niepodległości 10", "Al. Niepodległości", "10", None),
        ("3 Maja 5", "3 Maja", "5", None),
        ("ul. 3 Maja", "ul. 3 Maja", None, None),
        ("ul. 11 Listopada 7a", "ul. 11 Listopada", "7a", None),
        ("os. 1000-lecia 4", "os. 1000-lecia", "4", None),
        ("Rynek", "Rynek", None, None),
        ("Rynek 1/2", "Rynek", "1/2", None),
        ("ul. Parkowa 3-5", "ul. Parkowa", "3-5", None),
        ("ul. Parkowa 3 B", "ul. Parkowa", "3 B", None),
        ("ul. Parkowa 10/12 m. 4", "ul. Parkowa", "10/12 m. 4", None),
        ("ul. Parkowa nr 3", "ul. Parkowa", "3", None),
        ("ul. Parkowa 3, pok. 12", "ul. Parkowa", "3", "pok. 12"),
        ("ul. Parkowa 3, 63-200 Jarocin", "ul. Parkowa", "3", "63-200 Jarocin"),
        ("ul. Jana Pawła II", "ul. Jana Pawła II", None, None),
        ("вул. Ярослава Мудрого, 15", "вул. Ярослава Мудрого", "15", None),
        ("вул. Героїв, буд. 5а, оф. 3", "вул. Героїв", "5а", "оф. 3"),
        ("12", None, "12", None),
    ],
)
def test_streets(text: str, name: str | None, number: str | None, note: str | None) -> None:
    assert street(text).value == Street(text, name, number, note)
    assert street(text).status == "ok"


def test_letters_in_a_postal_code_make_it_none_and_no_town() -> None:
    reading = postal_address("62-6OO Koło")
    assert (reading.status, reading.value) == ("invalid", PostalAddress(None, "Koło"))
