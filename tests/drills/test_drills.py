"""Seeded faults on the sample site: each is published rightly, or refused with its cause; no wrong value goes out silently."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from drill_site import DECK, HOST, PRINTED, Page, Round, Site, copied, deck, larger_site, played

SITE = larger_site()
TITLE = re.compile(r'(class="tytul"><b>)([^<]+)')
CELL = re.compile(r"(<tr><td>)(.*?)(</td>)", re.DOTALL)
UKRAINIAN = (
    "Мешканці села разом із громадою створили спільний сад, а ґміна придбала для них знаряддя, насіння та саджанці. " * 3
)
METRYKA = re.compile(r"(<b>Metryka praktyki</b>.*?)(?=</td>)", re.DOTALL)


class Base(NamedTuple):
    """The good snapshot every drill begins from, and what it says of each practice."""

    data: Path
    truth: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    data = tmp_path_factory.mktemp("base")
    good = played(data, SITE, 1)
    assert good.is_published
    assert good.told == []
    return Base(data, printed(good))


def printed(outcome: Round) -> dict[str, dict[str, Any]]:
    return {row["practice_id"]: {name: row[name] for name in PRINTED} for row in outcome.rows("practices")}


SUMMARIES = {url: page for url, page in SITE.items() if "art=" in url and "&s=" not in url}


def seeded(change: Callable[[str], str], *, only: Callable[[str], bool] = lambda _url: True) -> Site:
    """The summaries with a change made; one that changes nothing is a mistake of the drill."""
    made = {url: page._replace(html=change(page.html)) if only(url) else page for url, page in SUMMARIES.items()}
    assert made != SUMMARIES
    return made


def every_answer(html: str, status: int = 200) -> Site:
    return {url: Page(html, status) for url in SUMMARIES}


def label(old: str, new: str) -> Callable[[str], str]:
    return lambda html: html.replace(f"<b>{old}:</b>", f"<b>{new}:</b>")


def without_line(name: str) -> Callable[[str], str]:
    return lambda html: re.sub(rf"<b>{name}:</b>[^\n]*\n", "", html)


def emptied(html: str) -> str:
    def labels_alone(found: re.Match[str]) -> str:
        return "\n".join(re.findall(r"<b>Metryka praktyki</b><br>|<b>[^<]+:</b>", found[1])).replace(":</b>", ":</b>&nbsp;<br>")

    return METRYKA.sub(labels_alone, html)


def swapped(html: str) -> str:
    return (
        html.replace("<b>Ulica:</b>", "<b>?:</b>")
        .replace("<b>Telefon:</b>", "<b>Ulica:</b>")
        .replace("<b>?:</b>", "<b>Telefon:</b>")
    )


def dates(form: str) -> Callable[[str], str]:
    return lambda html: re.sub(r"(wprowadzenia do BDP:</b>&nbsp;&nbsp; )(\d{4})-(\d\d)-(\d\d)", form, html)


def mojibake(html: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "replace") for byte in html.encode())


def exchanged(one: str, other: str) -> Callable[[str], str]:
    return lambda html: label("?", other)(label(other, one)(label(one, "?")(html)))


def one_in(number: int) -> Callable[[str], bool]:
    return {url: place % number == 0 for place, url in enumerate(sorted(SUMMARIES))}.__getitem__


def later(html: str) -> str:
    def shifted(found: re.Match[str]) -> str:
        return found[1] + (dt.date.fromisoformat(found[2]) + dt.timedelta(days=1)).isoformat()

    return re.sub(r"(wprowadzenia do BDP:</b>&nbsp;&nbsp; )(\d{4}-\d\d-\d\d)", shifted, html)


def titled(form: str) -> Callable[[str], str]:
    return lambda html: TITLE.sub(form, html, count=1)


def titles_shifted() -> Site:
    urls = sorted(SUMMARIES)
    titles = [TITLE.search(SUMMARIES[url].html)[2] for url in urls]  # type: ignore[index]  # every page has one
    return {
        url: Page(titled(rf"\1{title}")(SUMMARIES[url].html)) for url, title in zip(urls, titles[1:] + titles[:1], strict=True)
    }


def translated(html: str) -> str:
    """The summary in Ukrainian: what stands before the Metryka."""
    return re.sub(r"(<tr><td>)[^<]{80,}.*?(</td>)", rf"\1{UKRAINIAN}\2", html, count=1, flags=re.DOTALL)


PARKED = (
    "<html><head><title>archiwum</title></head><body><h1>Ta domena jest na sprzedaż</h1><p>Kup tę domenę.</p></body></html>"
)
LOGIN = (
    "<html><body><h1>Zaloguj się</h1><form><input name=l><input type=password name=p></form>"
    "<p>Musisz się zalogować.</p></body></html>"
)
PAUSE = "<html><body><h1>Przerwa techniczna</h1><p>Trwają prace serwisowe. Zapraszamy wkrótce.</p></body></html>"
ROBOT = "<html><body><h1>Just a moment...</h1><p>Checking your browser before you proceed.</p></body></html>"
HALF = {url: page for url, page in SITE.items() if not re.search(r"art=\d*[02468]\b", url)}
LISTING_ONLY = {HOST + "?p1=1": SITE[HOST + "?p1=1"], DECK: SITE[DECK]}
NO_PRESENTATION = {url: page for url, page in SITE.items() if "&s=2" not in url}


def account(**counts: int) -> dict[str, Any]:
    trouble = counts.pop("trouble", None)
    listed = {"discovered": sum(counts.values()), "fetched": 0, **counts, "trouble": trouble}
    return {"run": "20260909T050000Z", "outcome": "finished", "sources": {"bdp": listed}}


REFUSED: dict[str, tuple[Site, str, str]] = {
    # name: (site, what the refusal must say of the requirement and place, what of the cause)
    "label renamed": (seeded(label("Miejscowość", "Osiedle")), "practices.locality", "label renamed: 'Osiedle'"),
    "null-only column": (seeded(without_line("Typ jednostki")), "practices.unit_type", "label renamed or its values emptied"),
    "Metryka emptied": (seeded(emptied), "new pages carry content", "Metryka emptied"),
    "charset flipped": (seeded(mojibake), "text is decoded rightly", "charset flipped"),
    "parking page": (every_answer(PARKED), "new pages carry content", "site replaced: a parking page"),
    "login wall": (every_answer(LOGIN), "new pages carry content", "blocked: a login wall"),
    "maintenance": (every_answer(PAUSE), "new pages carry content", "site under maintenance"),
    "maintenance, 503": (every_answer(PAUSE, 503), "new pages carry content", "site under maintenance"),
    "robot check": (every_answer(ROBOT), "new pages carry content", "blocked: a robot check"),
    "forbidden, 403": (every_answer("<p>Forbidden</p>", 403), "new pages carry content", "blocked: a login wall"),
    "half the practices gone": (
        {url: page if url in HALF else Page("<h1>Nie ma</h1>", 404) for url, page in SUMMARIES.items()},
        "pages stay",
        "pages removed: ",
    ),
    "telephone and street swapped": (seeded(swapped), "practices.street", "labels swapped"),
    "dates month first": (seeded(dates(r"\1\3/\4/\2")), "practices.entered_on", "format changed"),
    "one title on every page": (
        seeded(lambda html: re.sub(r'(class="tytul"><b>)[^<]+', r"\1Baza praktyk samorządu", html)),
        "practices.title",
        "one value stands on every page",
    ),
    "texts cut short": (
        seeded(
            lambda html: re.sub(r"(<tr><td>W? ?[^<]{40})[^<]{80,}(.*?)(?=</td>)", r"\1", html, flags=re.DOTALL),
            only=lambda u: "&s=" not in u,
        ),
        "practices",
        "",
    ),
    "powiat and voivodeship swapped": (seeded(exchanged("Powiat", "Województwo")), "practices.powiat", "values swapped"),
    "locality and powiat swapped": (
        seeded(exchanged("Miejscowość", "Powiat")),
        "practices.terc",
        "values moved to another label",
    ),
    "charset flipped on a third of the pages": (seeded(mojibake, only=one_in(3)), "text is decoded rightly", "charset flipped"),
    "charset flipped on a tenth of the pages": (
        seeded(mojibake, only=one_in(10)),
        "text is decoded rightly",
        "charset flipped",
    ),
    "one page at every address": (
        {url: SUMMARIES[min(SUMMARIES)] for url in SUMMARIES},
        "practices.title",
        "one value stands on every page",
    ),
    "dates shifted by a day": (seeded(later), "practices.entered_on", "format changed at the source, values swapped"),
    "titles of the next practice": (titles_shifted(), "practices.title", "values swapped, or ids given anew"),
    "a word behind every title": (seeded(titled(r"\1\2 | BDP")), "practices.title", "format changed at the source"),
    "a huge title on every page": (seeded(titled(r"\1" + "Z" * 200_000)), "practices.title", "one value stands on every page"),
    "translated into Ukrainian": (seeded(translated), "texts are in the source's languages", "its texts are in uk"),
    "markup escaped twice": (
        seeded(lambda html: html.replace("ó", "&amp;oacute;").replace("ą", "&amp;#261;")),
        "text holds no markup",
        "markup escaped twice",
    ),
    "parts printed twice": (
        {url: page._replace(html=CELL.sub(r"\1\2\2\3", page.html)) for url, page in SITE.items() if "&s=2" in url},
        "practice_sections: a record says a thing once",
        "the page prints its parts twice",
    ),
    "contact persons under another label": (
        seeded(lambda html: html.replace("<b>Osoby kontaktowe:", "<b>Ludzie:")),
        "practice_contacts: rows stay",
        "label renamed: 'Ludzie'",
    ),
    "all kinds of unit one": (
        seeded(lambda html: re.sub(r"(Typ jednostki:</b>&nbsp;&nbsp; ?)[^<\n]+", r"\1gmina wiejska", html)),
        "practices.unit_type",
        "one value stands on every page",
    ),
    "moved away, 302": (every_answer("", 302), "pages are recognised", "its pages are not recognised"),
    "an empty body": (every_answer(""), "new pages carry content", "empty page"),
    "pages cut in half": (seeded(lambda html: html[: len(html) // 2]), "practices.entered_on", "pages without content"),
    "slide numbers off": (
        {DECK: Page(re.sub(r"<p>(\d+) Zeb", lambda found: f"<p>{int(found[1]) + 5} Zeb", deck(24)))},
        "slides.slide_number",
        "format changed at the source",
    ),
    "slides without text": (
        {DECK: Page(re.sub(r"<p>(\d+) Zeb[^<]*", r"<p>\1 ", deck(24)))},
        "slides.text: a column keeps values",
        "values emptied",
    ),
    "another deck under the number": (
        {DECK: Page(re.sub(r"Zebranie[^<]*", "Zupełnie inna prezentacja o lotnictwie", deck(24)))},
        "slides.text",
        "one value stands on every page",
    ),
    "a shrunken deck": ({DECK: Page(deck(7))}, "decks keep their slides", "transcript cut"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_fault_is_refused_and_its_cause_named(name: str, base: Base, tmp_path: Path) -> None:
    site, place, cause = REFUSED[name]
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert not outcome.is_published
    refused = [problem for problem in outcome.told if problem.level == "refuse"]
    assert any(place in problem.told and cause in (problem.cause or "") for problem in refused), [p.line for p in refused]
    assert all(problem.example or problem.cause for problem in refused)
    assert "--accept" in outcome.message
    assert outcome.report["outcome"] == "refused"
    assert outcome.report["snapshot"] is None
    assert printed(outcome) == base.truth  # latest stays as it was


FRESH: dict[str, tuple[Site, str, str]] = {
    "empty listing": (LISTING_ONLY, "rows stay", "listing empty"),
    "half the practices not listed": (HALF, "rows stay", "listing empty or cut"),
    "tab removed": (NO_PRESENTATION, "practice_sections: rows stay", "tab missing"),
}


@pytest.mark.parametrize("name", FRESH)
def test_fault_of_an_archive_begun_anew_is_refused(name: str, base: Base, tmp_path: Path) -> None:
    site, place, cause = FRESH[name]
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=True), site, 9)
    refused = [problem for problem in outcome.told if problem.level == "refuse"]
    assert not outcome.is_published
    assert any(place in problem.told and cause in (problem.cause or "") for problem in refused), [p.line for p in refused]
    assert all(problem.example for problem in refused)
    assert printed(outcome) == base.truth


FIRST: dict[str, tuple[Site, str, str, bool]] = {
    # name: (what differs from the site, requirement or place, cause, whether it is refused); there is no snapshot before
    "locality and powiat swapped": (
        seeded(exchanged("Miejscowość", "Powiat")),
        "units are in the register",
        "labels swapped",
        False,
    ),
    "dates in the future": (
        seeded(dates(r"\g<1>2050-\3-\4")),
        "dates are not in the future",
        "dates printed in another format",
        True,
    ),
    "contact persons under another label": (
        seeded(lambda html: html.replace("<b>Osoby kontaktowe:", "<b>Ludzie:")),
        "label 'Ludzie' is in no list",
        "label renamed or added",
        False,
    ),
    "charset flipped": (seeded(mojibake, only=one_in(3)), "text is decoded rightly", "charset flipped", True),
    "telephone and street swapped": (seeded(swapped), "values stand under their own label", "labels swapped", True),
    "Metryka emptied": (seeded(emptied), "practices.entered_on: fill rate", "Metryka emptied", True),
}


@pytest.mark.parametrize("name", FIRST)
def test_fault_of_the_very_first_snapshot_is_told(name: str, tmp_path: Path) -> None:
    changed, place, cause, is_refused = FIRST[name]
    outcome = played(tmp_path, {**SITE, **changed}, 1)
    assert outcome.is_published != is_refused
    level = "refuse" if is_refused else "warn"
    told = [problem for problem in outcome.told if problem.level == level]
    assert any(place in problem.told and cause in (problem.cause or "") for problem in told), [p.line for p in outcome.told]


def test_duplicated_ids_are_refused(base: Base, tmp_path: Path) -> None:
    """The p2 of an address differs, its art is one and the same: ten practices would become one."""
    site: Site = {}
    for url, page in SITE.items():
        number = re.search(r"art=(\d+)", url)
        if number and int(number[1]) > 2000:
            url = url.replace("p2=1&", f"p2={number[1]}&").replace(number[0], "art=2147")  # noqa: PLW2901 - the fault itself
        site[url] = page
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=True), site, 9)
    assert not outcome.is_published
    shared = [problem for problem in outcome.told if problem.requirement == "an id names one record"]
    assert [problem.level for problem in shared] == ["refuse"]
    assert "bdp:2147" in shared[0].detail
    assert "duplicated ids" in (shared[0].cause or "")
    assert shared[0].example


def test_robots_forbid_all(base: Base, tmp_path: Path) -> None:
    """Nothing new is captured: what is archived stays published, and the run says why it is old."""
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), {}, 9, account=account(robots=62))
    assert outcome.is_published
    assert [(p.level, p.cause) for p in outcome.told] == [("warn", "robots: robots.txt forbids all 62 addresses")]
    assert printed(outcome) == base.truth
    fall = next(fall for fall in outcome.report["waterfall"] if fall["source"] == "bdp")
    assert {key: fall["losses"][0][key] for key in ("stage", "verdict", "pages")} == {
        "stage": "fetched",
        "verdict": "robots",
        "pages": 62,
    }


def test_robots_forbid_all_of_an_archive_begun_anew(base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=True)
    outcome = played(data, {DECK: SITE[DECK]}, 9, account=account(robots=62))
    assert not outcome.is_published
    assert {p.cause for p in outcome.told if p.level == "refuse"} == {"robots: robots.txt forbids all 62 addresses"}


def test_too_few_rows_of_a_source_crawled_to_the_end(base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=False)
    outcome = played(data, {}, 9, account=account(unchanged=62))
    assert not outcome.is_published
    assert any(p.where == "bdp: practices" and p.requirement == "number of rows" for p in outcome.told)
    cut_short = played(data, {}, 10, account=account(unchanged=50, pending=12))
    assert cut_short.is_published, "a crawl that was cut short says nothing of the publisher"


def test_a_host_that_cannot_be_reached(base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=False)
    outcome = played(data, {}, 9, account=account(failed=62, trouble="nothing but failures"))  # type: ignore[arg-type]
    assert outcome.is_published
    assert [(p.level, p.cause) for p in outcome.told] == [("warn", "blocked or unreachable: nothing but failures")]


# What is published must be right.


def test_the_same_site_again_changes_nothing(base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=False)
    again = played(data, SITE, 9)
    assert again.is_published
    assert again.told == []
    assert printed(again) == base.truth


def test_a_column_emptied_in_a_table_too_small_for_shares(tmp_path: Path) -> None:
    few = {url: page for url, page in SITE.items() if re.search(r"art=\d{3}\b", url)}
    first = played(tmp_path, few, 3)
    assert first.is_published
    assert 5 <= len(first.rows("practices")) < 20
    renamed = {url: Page(label("Liczba mieszkańców", "Ilu nas jest")(page.html)) for url, page in few.items()}
    outcome = played(tmp_path, renamed, 9)
    assert not outcome.is_published
    refused = {problem.where: problem for problem in outcome.told if problem.level == "refuse"}
    assert refused["bdp: practices.population"].requirement == "a column keeps values"
    assert "label renamed: 'Ilu nas jest'" in (refused["bdp: practices.population"].cause or "")
    assert [row["population"] for row in outcome.rows("practices")] == [row["population"] for row in first.rows("practices")]


def test_an_edited_page_is_published(base: Base, tmp_path: Path) -> None:
    site = seeded(lambda html: html.replace("gmina wiejska", "gmina miejsko-wiejska"), only=lambda url: "art=147" in url)
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    assert outcome.told == []
    differing = {key for key, row in printed(outcome).items() if row != base.truth[key]}
    assert differing == {"bdp:147"}


def test_a_new_unit_type_is_null_and_told(base: Base, tmp_path: Path) -> None:
    site = seeded(lambda html: html.replace("gmina wiejska", "związek metropolitalny"), only=lambda url: "art=147" in url)
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    row = next(row for row in outcome.rows("practices") if row["practice_id"] == "bdp:147")
    assert (row["unit_type"], row["unit_type_raw"]) == (None, "związek metropolitalny")
    assert [(p.level, p.where) for p in outcome.told] == [("warn", "bdp: practices.unit_type")]
    assert "związek metropolitalny" in outcome.told[0].detail
    assert "art=147" in (outcome.told[0].example or "")


@pytest.mark.parametrize("form", [r"\1\4.\3.\2", r"\1\2/\3/\4", r"\1\4-\3-\2 r."])
def test_dates_in_another_format_are_read_rightly_and_told(form: str, base: Base, tmp_path: Path) -> None:
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), seeded(dates(form)), 9)
    if outcome.is_published:
        assert printed(outcome) == base.truth
        assert any("entered_on_raw" in problem.where for problem in outcome.told)
    else:
        assert any("practices.entered_on" in problem.told for problem in outcome.told)


@pytest.mark.parametrize("charset", ["iso-8859-2", "cp1250"])
def test_bytes_in_another_charset_than_stated_are_read_rightly(charset: str, base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=False)
    outcome = played(data, SUMMARIES, 9, body=lambda text: text.encode(charset, "xmlcharrefreplace"))
    assert outcome.is_published
    assert printed(outcome) == base.truth


def test_an_empty_listing_leaves_what_is_archived(base: Base, tmp_path: Path) -> None:
    page = Page(re.sub(r'<a href="index.php\?[^"]*art=[^"]*">[^<]*</a>', "", SITE[HOST + "?p1=1"].html))
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), {HOST + "?p1=1": page}, 9)
    assert outcome.is_published
    assert printed(outcome) == base.truth


def test_a_label_added_everywhere_is_told(base: Base, tmp_path: Path) -> None:
    site = seeded(lambda html: html.replace("<b>Powiat:</b>", "<b>Patronat honorowy:</b>&nbsp;&nbsp; brak<br>\n<b>Powiat:</b>"))
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    assert printed(outcome) == base.truth
    assert [problem.requirement for problem in outcome.told] == ["labels are known"]
    assert "'Patronat honorowy'" in outcome.told[0].detail


def test_a_few_shells_never_replace_a_good_page(base: Base, tmp_path: Path) -> None:
    few = {url: Page(LOGIN) for url in sorted(SITE)[:8]}
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), few, 9)
    assert outcome.is_published
    assert printed(outcome) == base.truth


def test_one_huge_title_stops_nothing_and_is_told(base: Base, tmp_path: Path) -> None:
    site = seeded(titled(r"\1" + "Z" * 200_000), only=lambda url: "art=147" in url)
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    assert {key for key, row in printed(outcome).items() if row != base.truth[key]} == {"bdp:147"}
    assert ["agree on its title" in problem.requirement for problem in outcome.told] == [True]


@pytest.mark.parametrize("printed_value", ["0", "999999999999"])
def test_a_number_that_cannot_be_is_null_and_stops_nothing(printed_value: str, base: Base, tmp_path: Path) -> None:
    change = re.compile(r"(Liczba mieszkańców:</b>&nbsp;&nbsp; ?)[^<\n]+")
    site = seeded(lambda html: change.sub(rf"\g<1>{printed_value}", html), only=lambda url: "art=147" in url)
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    assert printed(outcome)["bdp:147"] == {**base.truth["bdp:147"], "population": None}
    (issue,) = [row for row in outcome.rows("quality_issues") if (row["record_id"], row["column"]) == ("bdp:147", "population")]
    assert (issue["status"], issue["raw_text"]) == ("invalid", printed_value)
    assert "from 1 to 60000000" in issue["reason"]


def test_pages_that_answer_with_no_record_any_more_are_told(base: Base, tmp_path: Path) -> None:
    """Little by little: no run has half its new pages empty, but the rows get old."""
    failing = {url: Page("<h1>error</h1>", 500) if one_in(3)(url) else page for url, page in SUMMARIES.items()}
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), failing, 9)
    assert outcome.is_published
    assert printed(outcome) == base.truth
    assert ("warn", "pages are fresh") in {(problem.level, problem.requirement) for problem in outcome.told}


def test_the_tab_of_another_name_changes_nothing(base: Base, tmp_path: Path) -> None:
    site = {url: SUMMARIES[url.replace("&s=2", "")] for url in SITE if "&s=2" in url}
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9)
    assert outcome.is_published
    assert printed(outcome) == base.truth
    assert len(outcome.rows("practice_sections")) == sum(row["section_count"] for row in outcome.rows("practices"))


def test_accept_publishes_and_records_reason_and_figures(base: Base, tmp_path: Path) -> None:
    data = copied(base.data, tmp_path / "data", is_fresh=False)
    outcome = played(data, seeded(without_line("Powiat")), 9, accept="the publisher dropped the field, asked on the phone")
    assert outcome.is_published
    assert outcome.report["gate"]["verdict"] == "accepted"
    assert any("practices.powiat" in problem["where"] for problem in outcome.report["gate"]["problems"])


def test_every_page_is_accounted_for(base: Base, tmp_path: Path) -> None:
    site = {**SUMMARIES, **{url: Page(LOGIN) for url in sorted(SUMMARIES)[:3]}}
    outcome = played(copied(base.data, tmp_path / "data", is_fresh=False), site, 9, account=account(fetched=62, failed=3))
    stages = ("listed", "fetched", "recognised", "parsed", "valid", "published")
    for fall in outcome.report["waterfall"]:
        for before, stage in itertools.pairwise(stages):
            lost = sum(loss["pages"] for loss in fall["losses"] if loss["stage"] == stage)
            assert fall[before] - lost == fall[stage]
    bdp = next(fall for fall in outcome.report["waterfall"] if fall["source"] == "bdp")
    assert bdp["listed"] == bdp["fetched"] + 3
    assert bdp["published"] == sum("art=" in url for url in SITE)
