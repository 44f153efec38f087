"""Personal data on a page never stops a build and never stands in a public table: it is masked, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from made import built, page, rows, tab

from pipeline.build.tables.rows import Rows
from pipeline.privacy.detectors import personal_data_kinds, published_address

URL = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art=7"
PESEL = "44051401359"  # the number of the register's own documentation, of no living person


@pytest.mark.parametrize(
    ("url", "published"),
    [
        (URL, URL),
        ("https://example.org/?mail=jan@example.org", "https://example.org/?mail=[e-mail]"),
        ("https://jan:secret@example.org/x", "https://example.org/x"),
        (f"https://example.org/a/{PESEL}", "https://example.org/a/[PESEL]"),
        ("https://example.org/?mail=jan%40example.org", "https://example.org/?[…]"),
        ("mailto:jan@example.org", "[…]"),
    ],
)
def test_addresses_as_published(url: str, published: str) -> None:
    found = published_address(url)
    assert not personal_data_kinds(found, "address")
    assert found == published


def test_a_page_full_of_them_is_published_masked(tmp_path: Path) -> None:
    labels = {"implementing_unit": [f"Urząd Gminy, NIP 123-456-32-18, {PESEL}"], "street": [f"Polna 3, {PESEL}"]}
    report = built(tmp_path, [page(f"{URL}&who=jan@example.org&nr={PESEL}", [tab("bdp:7", labels=labels)])])
    assert report.outcome == "published"
    (row,) = rows(tmp_path, "practices")
    whole = str(row) + str(rows(tmp_path, "captures")) + str(rows(tmp_path, "quality_issues"))
    assert PESEL not in whole
    assert "jan@example.org" not in whole
    assert row["street"] == "Polna 3, [PESEL]"
    assert {issue["column"] for issue in rows(tmp_path, "quality_issues") if issue["status"] == "masked"} >= {
        "street",
        "source_url",
    }


def test_rows_are_masked_whenever_they_are_asked_for() -> None:
    """In steps as at once; each mask is noted for the record it stands in, and with its owner."""
    texts = ["Ogród przy szkole", "pisz na jan@example.org", "PESEL " + PESEL, "tel. 602 123 456, jan@example.org"]
    in_steps, at_once = Rows(), Rows()
    for made in (in_steps, at_once):
        for number, text in enumerate(texts):
            made.owner = number
            made.add("practice_sections", {"practice_id": f"bdp:{number}", "position": 1, "text": text}, page(URL, []))
            if made is in_steps:
                assert made.filled()[0] == "practice_sections"
    tables = [made.owned(name) for made in (in_steps, at_once) for name in ("practice_sections", "quality_issues")]
    assert tables[:2] == tables[2:]
    sections, issues = tables[:2]
    assert sections["text"].to_pylist() == [texts[0], "pisz na [e-mail]", "PESEL [PESEL]", "tel. [telefon], [e-mail]"]
    assert issues["record_id"].to_pylist() == ["bdp:1/1", "bdp:2/1", "bdp:3/1"]
    assert issues["_owner"].to_pylist() == [1, 2, 3]
    assert issues["reason"].to_pylist()[2] == "contact data masked in 2 places"
