"""One page archived at several addresses is one record; two pages made from one template never are."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import built, page, rows, tab

from pipeline.build.choice.duplicates import Merge, Part, merges, preference
from pipeline.build.choice.likeness import bands, estimate, likeness, signature, told_by
from pipeline.records import Article, Deck, ExtractedPage, Finding, Record, SlideText, TextBlock

# Words of our own; names stand among them in both languages.
VOCABULARY = (
    "mieszkańcy gmina wspólnie założyli ogród ławki świetlica remont dach wolontariusze uczniowie seniorzy warsztaty"
    " rękodzieło spotkanie sołectwo rada budżet projekt wniosek dotacja zakup narzędzi nasiona drzewa park ścieżka rowerowa"
    " boisko biblioteka czytelnia książki komputer kurs języka dzieci rodzice szkoła przedszkole kuchnia gotowanie festyn"
    " muzyka chór teatr próba scena kostium wystawa zdjęcia historia pamięć wywiad nagranie archiwum громада бібліотека зустріч"
    " читачі книга проєкт партнери навчання простір молодь і oraz z w na dla przez po do od ale także jednak ponieważ gdy"
).split()
NAMES = "Jarocin Pleszew Gostyń Śrem Krotoszyn Лубни Хорол Кременчук Rawicz Leszno Kórnik Mosina".split()


def sentences(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311  # a made-up text, no secret
    found = []
    for _ in range(count):
        words = chance.choices(VOCABULARY, k=chance.randint(8, 18))
        if chance.random() < 0.5:
            words.insert(chance.randrange(1, len(words)), chance.choice(NAMES))
        if chance.random() < 0.3:
            words.insert(chance.randrange(1, len(words)), str(chance.randint(2005, 2024)))
        words[0] = words[0].capitalize()
        found.append(" ".join(words) + ".")
    return found


def text(seed: int, count: int = 14) -> str:
    lines = sentences(seed, count)
    return "\n".join(" ".join(lines[at : at + 3]) for at in range(0, len(lines), 3))


def article(record_id: str, told: str, title: str | None = "Wspólny ogród", published: str | None = None) -> Article:
    return Article(
        record_id=record_id, title=title, published_text=published, blocks=[TextBlock(text=t) for t in told.splitlines()]
    )


def found_merges(records: Sequence[Record], kind: str = "article") -> list[Merge]:
    """Merges among records with one part each."""
    by_id = {record.record_id: record for record in records}

    def parts_of(record_id: str) -> list[Part]:
        return [Part("", by_id[record_id], page(f"http://a.example/{record_id}"), 0, 0)]

    db = sqlite3.connect(":memory:")
    owners = {record.record_id: record.record_id for record in records}
    return list(merges(db, kind, owners, parts_of, lambda record_id, _part, _file, _offset: by_id[record_id]))


def pairs(records: Sequence[Record], kind: str = "article") -> list[tuple[str, tuple[str, ...]]]:
    return [(merge.record_id, merge.into) for merge in found_merges(records, kind)]


# -- the rules, one by one

BASE = text(1)


@pytest.mark.parametrize(
    "other",
    [
        BASE,
        "1.655.904\ngości odwiedziło nas\n" + BASE,
        BASE + "\n12 maja 2020",
        BASE + "\nOpracowanie: dział promocji, na podstawie materiałów gminy",
        BASE.upper(),
        BASE.replace("\n", "\n\n  "),
        BASE.replace(".", ". "),
    ],
)
def test_the_same_text_with_other_furniture_is_one_record(other: str) -> None:
    expected = [("sha256:aaa", ("web:a.example/ogrod",))]
    assert pairs([article("web:a.example/ogrod", BASE), article("sha256:aaa", other, None)]) == expected


@pytest.mark.parametrize(
    "other",
    [
        BASE.replace("2", "3", 1) if "2" in BASE else BASE + "x",
        BASE.replace(next(name for name in NAMES if name in BASE), "Kępno"),
        text(2),
        "\n".join(BASE.splitlines()[:2]),
    ],
)
def test_another_text_is_another_record(other: str) -> None:
    assert other != BASE
    assert pairs([article("web:a.example/ogrod", BASE), article("sha256:aaa", other, None)]) == []


def test_titles_that_contradict_each_other_part_two_records() -> None:
    assert pairs([article("web:a.example/1", BASE, "Ogród"), article("sha256:aaa", BASE, "Inny ogród")]) == []
    assert pairs([article("web:a.example/1", BASE, "Ogród"), article("sha256:aaa", BASE, "OGRÓD.")]) != []


def test_dates_of_publishing_that_differ_part_two_posts() -> None:
    two = [article("web:a.example/1", BASE, published="1 maja 2020"), article("web:a.example/2", BASE, published="8 maja 2020")]
    assert pairs(two) == []


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("web:a.example/ogrod", "web:a.example/index.php/ogrod", True),
        ("web:a.example/ogrod", "web:b.example/stara/ogrod.html", True),
        ("bpzoliborz:wspolpraca", "web:stara.example/wspolpraca", True),
        ("web:a.example/ogrod", "web:a.example/ogrod-2", False),
        ("blogger:a.example/2020/ogrod.html", "blogger:b.example/2020/ogrod.html", True),
        ("blogger:a.example/2020/ogrod.html", "blogger:a.example/2021/ogrod.html", False),
    ],
)
def test_two_addresses(one: str, other: str, is_same: bool) -> None:  # noqa: FBT001  # a table of cases
    alike = BASE + "\nOpracowanie: dział promocji"
    assert bool(pairs([article(one, BASE), article(other, alike)])) is is_same


def test_the_publishers_own_source_keeps_its_id() -> None:
    three = [article(i, BASE) for i in ("web:a.example/x", "sha256:bbb", "bpzoliborz:x", "sha256:aaa")]
    assert pairs(three) == [(i, ("bpzoliborz:x",)) for i in ("web:a.example/x", "sha256:aaa", "sha256:bbb")]


def test_short_texts_must_be_equal_and_say_something() -> None:
    assert pairs([article("sha256:a", "Strona w budowie", None), article("sha256:b", "Strona w budowie", None)]) == []
    short = "Zapraszamy wszystkich mieszkańców na wspólne sadzenie drzew w parku"
    assert pairs([article("sha256:a", short), article("sha256:b", short.upper())]) == [("sha256:b", ("sha256:a",))]
    assert pairs([article("sha256:a", short), article("sha256:b", f"{short} miejskim")]) == []


def test_numbers_of_a_publisher_are_never_merged() -> None:
    slides = [SlideText(number=n, title=None, text=line) for n, line in enumerate(BASE.splitlines())]
    deck = Deck(record_id="slideplayer.pl:1", title="Ogród", site=None, publisher=None, shape="classic", slides=slides)
    others = [msgspec.structs.replace(deck, record_id=i, shape="amp") for i in ("slideplayer.pl:2", "slideplayer.com:1")]
    assert pairs([deck, *others], "deck") == []
    assert pairs([deck, msgspec.structs.replace(deck, record_id="sha256:a")], "deck") == [("sha256:a", ("slideplayer.pl:1",))]
    both = found_merges([deck, others[0], msgspec.structs.replace(deck, record_id="sha256:a")], "deck")
    assert [(merge.into, merge.is_sure) for merge in both] == [(("slideplayer.pl:1", "slideplayer.pl:2"), False)]


# -- in a snapshot


def test_a_merged_record_is_one_row_with_both_captures(tmp_path: Path) -> None:
    own = page("https://a.example/ogrod", [article("web:a.example/ogrod", BASE)], source="web")
    copy = page(None, [article("sha256:aaa", f"1.655.904\n{BASE}", None)], source="web", day=5)
    built(tmp_path, [own, copy])
    (row,) = rows(tmp_path, "articles")
    assert (row["article_id"], row["source_url"]) == ("web:a.example/ogrod", "https://a.example/ogrod")
    assert len(rows(tmp_path, "captures")) == 2
    (issue,) = [i for i in rows(tmp_path, "quality_issues") if i["status"] == "repaired"]
    assert (issue["table"], issue["record_id"], issue["capture_id"]) == ("articles", row["article_id"], copy.capture.capture_id)
    assert issue["reason"].startswith("sha256:aaa (address not known) is the same page: 100%")


def test_a_tab_known_by_its_text_joins_its_practice(tmp_path: Path) -> None:
    url = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
    lost = tab("sha256:aaa", "presentation", title=None, slug=None, text=BASE)
    two = [page(f"{url}7&s=2", [tab("bdp:7", "presentation", text=BASE)]), page(f"{url}8", [tab("bdp:8", text=text(5))])]
    built(tmp_path, [*two, page(None, [lost], day=3)])
    assert [row["practice_id"] for row in rows(tmp_path, "practices")] == ["bdp:7", "bdp:8"]


def test_two_practices_of_one_template_stay_two(tmp_path: Path) -> None:
    url = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art="
    one, other = (f"{BASE}\nPraktykę wdrożyła gmina {name}." for name in ("Pleszew", "Kórnik"))
    pages = [
        page(f"{url}7", [tab("bdp:7", text=one)]),
        page(None, [tab("sha256:00000000000a", title=None, slug=None, text=other)], day=2),
    ]
    built(tmp_path, pages)
    assert [row["practice_id"] for row in rows(tmp_path, "practices")] == ["bdp:7", "sha256:00000000000a"]


# -- properties


class Site(NamedTuple):
    """Records with what is true of them: record id → the page it is a copy of."""

    records: list[Article]
    truth: dict[str, int]


@st.composite
def sites(draw: st.DrawFn) -> Site:
    records, truth = [], {}
    for number in range(draw(st.integers(1, 5))):
        told = text(draw(st.integers(0, 3)) * 100 + number, draw(st.integers(1, 12)))
        title = draw(st.sampled_from(["Ogród", None]))
        for copy in range(draw(st.integers(1, 3))):
            prefix = draw(st.sampled_from(["web:a.example/", "sha256:", "bpzoliborz:", "blogger:a.example/"]))
            record_id = f"{prefix}{number}{copy}"
            records.append(article(record_id, draw(st.sampled_from(["", "1.234\n"])) + told, title))
            truth[record_id] = number
    return Site(records, truth)


@settings(deadline=None, max_examples=60)
@given(sites(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(site: Site, chance: random.Random) -> None:
    shuffled = list(site.records)
    chance.shuffle(shuffled)
    assert pairs(shuffled) == pairs(site.records)


@settings(deadline=None, max_examples=60)
@given(sites())
def test_merging_again_merges_nothing_more(site: Site) -> None:
    found = found_merges(site.records)
    gone = {merge.record_id for merge in found if merge.is_sure}
    left = found_merges([record for record in site.records if record.record_id not in gone])
    assert [merge for merge in left if merge.is_sure] == []
    for merge in found:
        assert not gone & set(merge.into)
        assert all(preference(into) < preference(merge.record_id) for into in merge.into)


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12), st.lists(st.text(max_size=30), max_size=12))
def test_any_two_texts_compare_alike_both_ways(one: list[str], other: list[str]) -> None:
    first, second = told_by(one), told_by(other)
    assert likeness(first, second).is_same == likeness(second, first).is_same
    assert estimate(signature(first), signature(first)) == 1.0
    assert bands(signature(first)) == bands(signature(first))


def test_files_in_another_order_give_the_same_rows(tmp_path: Path) -> None:
    def snapshot(folder: Path, pages: list[ExtractedPage]) -> list[list[dict[str, object]]]:
        built(folder, pages)
        return [sorted(rows(folder, table), key=str) for table in ("articles", "captures", "quality_issues")]

    def one(url: str | None, finding: Finding, day: int) -> ExtractedPage:
        return page(url, [finding], source="web", day=day)

    pages = [
        one("https://a.example/ogrod", article("web:a.example/ogrod", BASE), 1),
        one("https://a.example/index.php/ogrod", article("web:a.example/index.php/ogrod", BASE + "\nRedakcja"), 2),
        one(None, article("sha256:a", "12 maja 2020\n" + BASE, None), 3),
    ]
    assert snapshot(tmp_path / "1", pages) == snapshot(tmp_path / "2", pages[::-1])


# -- measured


def near_copies(told: str, chance: random.Random) -> str:
    """The page once more: another counter and date, lines of furniture more or less, other white space and capitals."""
    lines = told.splitlines()
    if chance.random() < 0.6:
        lines.insert(0, f"{chance.randint(1, 9)}.{chance.randint(100, 999)}.{chance.randint(100, 999)}")
    if chance.random() < 0.5:
        lines.append(f"{chance.randint(1, 28)} maja {chance.randint(2010, 2024)}")
    if chance.random() < 0.5:
        lines.insert(0, "Strona główna Aktualności Kontakt")
    if chance.random() < 0.5:
        lines.append("Drukuj Wyślij znajomemu Udostępnij na portalu")
    if chance.random() < 0.3:
        lines[len(lines) // 2] = lines[len(lines) // 2].replace(". ", ".\u00a0 ")
    if chance.random() < 0.2:
        lines = [line for line in lines if chance.random() > 0.03] or lines
    return "\n".join(lines)


def look_alikes(told: str, chance: random.Random) -> str:
    """Another page of the same template: a name or a number is another, a sentence may be too."""
    words = told.split(" ")
    places = [at for at, word in enumerate(words) if at and (word.strip(".\n") in NAMES or word.strip(".\n").isdigit())]
    for at in chance.sample(places, k=min(len(places), chance.randint(1, 3))) or [len(words) // 2]:
        old = words[at].strip(".\n")
        words[at] = words[at].replace(old, "Wągrowiec" if not old.isdigit() else str(int(old) + 1))
    return " ".join(words)


def test_precision_and_recall_of_the_merge(capsys: pytest.CaptureFixture[str]) -> None:
    """Floors: no look-alike may ever be merged; of true copies at least nine in ten are."""
    chance = random.Random(7)  # noqa: S311  # made-up texts, no secret
    originals = {number: text(1000 + number, chance.randint(6, 40)) for number in range(150)}
    records: list[Article] = []
    truth: dict[str, int] = {}
    copies = 0
    for number, told in originals.items():
        records.append(article(f"web:a.example/strona-{number}", told))
        truth[records[-1].record_id] = number
        for copy in range(2):
            records.append(
                article(f"sha256:{number:03}{copy}", near_copies(told, chance), chance.choice(["Wspólny ogród", None]))
            )
            truth[records[-1].record_id] = number
            copies += 1
        records.append(article(f"sha256:{number:03}x", look_alikes(told, chance), None))
        truth[records[-1].record_id] = -number - 1
    merged = {merge.record_id: merge.into for merge in found_merges(records)}
    right = sum(1 for record_id, into in merged.items() if [truth[i] for i in into] == [truth[record_id]])
    precision, recall = right / len(merged), right / copies
    with capsys.disabled():
        told = f"{copies} copies and {len(originals)} look-alikes"
        print(f"\nduplicates: precision {precision:.3f}, recall {recall:.3f} over {told}")  # noqa: T201  # the measure is read
    assert precision == 1.0
    assert recall >= 0.9
