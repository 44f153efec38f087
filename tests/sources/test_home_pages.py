"""Home pages that lead on to articles are indexes, pages of registrars shells; one article at the root stays an article."""

from __future__ import annotations

import pytest
from saved_pages import capture, reading

from pipeline.extract.page import Page

LEAD = "W sobotę otwieramy wspólną czytelnię, do której można przyjść z dziećmi także po południu i wieczorem."
HOME = "https://town.example.org/"


def verdict(body: str, *, url: str = HOME, head: str = "") -> str:
    page = f"<html><head><meta charset='utf-8'><title>Gmina Przykładowo</title>{head}</head><body>{body}</body></html>"
    return reading(Page(capture(url, "text/html"), page.encode()))[1].verdict


def headed(count: int, around: str = "{}") -> str:
    return "".join(
        around.format(f"<h3><a href='/wpis-{number}'><b>Czytelnia numer {number}</b></a></h3><p>{LEAD}</p>")
        for number in range(count)
    )


@pytest.mark.parametrize("url", [HOME, "https://town.example.org", f"{HOME}index.php", f"{HOME}pl/"])
def test_a_home_page_with_linked_headings_is_an_index(url: str) -> None:
    assert verdict(f"<h1>Witamy w gminie</h1><p>{LEAD}</p>{headed(3)}", url=url) == "index"


def test_a_home_page_that_leads_on_is_an_index() -> None:
    teasers = "".join(f"<p>Czytelnia {number}</p><p>{LEAD}</p><p>{LEAD}</p><p>{LEAD}</p>"
                      f"<a href='/w/{number}'>Czytaj dalej o czytelni {number}</a>" for number in range(3))  # fmt: skip
    assert verdict(teasers) == "index"


@pytest.mark.parametrize(
    ("body", "url", "head"),
    [
        (headed(2), HOME, ""),
        (headed(3, "<aside>{}</aside>") + f"<h1>Wspólna czytelnia</h1><p>{LEAD}</p>", HOME, ""),
        (f"<h1>Wspólna czytelnia</h1><p>{LEAD}</p>" + headed(3), HOME, "<meta property='og:type' content='article'>"),
        (f"<h1>Wspólna czytelnia</h1><p>{LEAD}</p>" + headed(3), f"{HOME}wspolna-czytelnia", ""),
        (f"<h1>Wspólna czytelnia</h1><p>{LEAD}</p>" + headed(3), f"{HOME}?p=12", ""),
        (
            f"<h1><a href='/'>Wspólna czytelnia</a></h1><p>{LEAD}</p>" + "<h2><a href='#a'>Część druga</a></h2>" * 3,
            HOME,
            "",
        ),
    ],
)
def test_one_article_stays_one(body: str, url: str, head: str) -> None:
    assert verdict(body, url=url, head=head) == "detail"


@pytest.mark.parametrize(
    "said", ["Domena town.example.org została zarejestrowana w serwisie Rejestr.", "Domain www.town.example.org is for sale"]
)
def test_a_registrar_s_page_is_a_shell_however_long_it_advertises(said: str) -> None:
    assert verdict(f"<p>{said}</p>" + f"<p>{LEAD}</p>" * 12) == "shell"


def test_another_domain_may_be_written_of() -> None:
    assert verdict("<p>Domena other.example.org została zarejestrowana przez gminę.</p>" + f"<p>{LEAD}</p>" * 12) == "detail"
