"""Only texts whose titles leave it open whether they are another one's are signed, and what they came to is kept."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import built, page, write_extracted

from pipeline.build.choice import notes, signing
from pipeline.build.choice.suspects import BANDS, Asked, Stretch, Suspects
from pipeline.build.run import BuildReport, build
from pipeline.config import Settings
from pipeline.records import Article, Deck, ExtractedPage, Record, SlideText, TextBlock

TOLD = "Mieszkańcy wspólnie założyli ogród i postawili w nim ławki, a dzieci posadziły dwa drzewa"


def article(name: str, title: str | None, told: str = TOLD) -> ExtractedPage:
    found = Article(record_id=f"blogger:a.blogspot.com/{name}", title=title, published_text=None, blocks=[TextBlock(text=told)])
    return page(f"https://a.blogspot.com/{name}.html", [found], source="blogger")


def deck(number: int) -> ExtractedPage:
    found = Deck(
        record_id=f"slideplayer.pl:{number}",
        title="Ogrody",
        site="slideplayer.pl",
        publisher=None,
        shape="desktop",
        slides=[SlideText(number=1, title=None, text=TOLD)],
    )
    return page(f"https://slideplayer.pl/slide/{number}/", [found], source="slideplayer")


TITLED = [deck(1), deck(2), article("2020/01/a", "Ogród"), article("2020/02/b", "Ławki"), article("2020/03/c", "Ogród")]


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records whose texts are signed from now on."""
    found: list[str] = []

    def noted(record: Record) -> bytes:
        found.append(getattr(record, "record_id", ""))
        return bands_of(record)

    bands_of = signing._bands
    monkeypatch.setattr(signing, "_bands", noted)
    monkeypatch.setattr(notes, "PIECE_BYTES", 2_000)
    return found


def test_only_texts_that_share_a_title_are_signed(tmp_path: Path, signed: list[str]) -> None:
    built(tmp_path, TITLED)
    assert sorted(signed) == ["blogger:a.blogspot.com/2020/01/a", "blogger:a.blogspot.com/2020/03/c"]


def test_a_text_without_a_title_may_be_any_of_its_kind(tmp_path: Path, signed: list[str]) -> None:
    built(tmp_path, [*TITLED, article("2020/04/d", None)])
    assert len(signed) == 4
    assert not any(name.startswith("slideplayer") for name in signed)


def test_what_was_signed_before_is_kept(tmp_path: Path, signed: list[str]) -> None:
    def go_on(pages: list[ExtractedPage]) -> BuildReport:
        """Builds the first file, as it stands, and another one."""
        signed.clear()
        write_extracted(tmp_path, pages, "test/second")
        return build(Settings(data_dir=tmp_path), lambda _: None)

    built(tmp_path, TITLED)
    go_on([deck(3)])
    assert signed == []
    go_on([article("2020/05/e", "Ławki")])
    assert sorted(signed) == ["blogger:a.blogspot.com/2020/02/b", "blogger:a.blogspot.com/2020/05/e"]
    report = go_on([article("2020/05/e", "Ławki"), deck(4)])
    assert signed == ["blogger:a.blogspot.com/2020/05/e"]
    kept = sorted((tmp_path / ".build").rglob("*.bands"))
    assert len(kept) > 1
    for number, path in enumerate(kept):
        path.write_bytes(path.read_bytes()[:-3] if number % 2 else b"")
    go_on([article("2020/05/e", "Ławki"), deck(5)])
    assert sorted({name[-1] for name in signed}) == ["a", "b", "c", "e"]
    assert go_on([article("2020/05/e", "Ławki"), deck(4)]).snapshot == report.snapshot


PARTS = st.lists(
    st.tuples(
        st.sampled_from(["", "opis"]),
        st.sampled_from([0, 0, 7, 8]),
        st.sampled_from(["bdp", "sha256", "web"]),
        st.lists(st.integers(0, 3), min_size=BANDS, max_size=BANDS) | st.none(),
    ),
    max_size=12,
)


@given(PARTS)
@settings(max_examples=60, deadline=None)
def test_no_pair_that_may_be_one_text_is_missed(tmp_path_factory: pytest.TempPathFactory, parts: list[tuple]) -> None:  # type: ignore[type-arg]
    """``parts``: name of the part, title, prefix of the id, bands or None for a short text."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE latest (kind, record_id, part, title, file, offset)")
    for number, (name, title, prefix, _) in enumerate(parts):
        db.execute("INSERT INTO latest VALUES ('article',?,?,?,0,?)", (f"{prefix}:{number}", name, title, number))
    suspects = Suspects(db, tmp_path_factory.mktemp("suspects") / "bands")

    def sign(asked: Iterator[Asked]) -> Iterator[list[bytes]]:
        for one in asked:
            told = [parts[text.offset][3] for text in one.texts]
            yield [struct.pack(f"={BANDS}I", *bands) if bands else b"" for bands in told]

    suspects.ask(["article"], [Stretch(0, 0, 5), Stretch(0, 6, 11)], sign)
    found = {row - 1 for row in suspects.among("article")}
    suspects.close()
    db.close()
    for (one, a), (other, b) in combinations(enumerate(parts), 2):
        is_open = a[0] == b[0] and (a[1] == b[1] or 0 in (a[1], b[1])) and {a[2], b[2]} != {"bdp"}
        if is_open and a[3] and b[3] and any(x == y for x, y in zip(a[3], b[3], strict=True)):
            assert {one, other} <= found
