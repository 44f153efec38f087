"""Files offered with a practice, joined to the files archived for their addresses."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from made import built, page, rows, tab

from pipeline.archive.importer import import_paths
from pipeline.build.run import build
from pipeline.config import Settings
from pipeline.extract.run import extract
from pipeline.records import ArchivedFile, AttachmentLink, ExtractedPage

PAGE = "https://archiwum.dobrepraktyki.pl/index.php?p1=1&p2=2&art=7&s=3"
LINK = "http://www.dobrepraktyki.example/pliki/Regulamin%20ogrodu.pdf"


def minimal_docx(text: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:p><w:t>{text}</w:t></w:p></w:document>')
    return out.getvalue()


def practice(*links: str | None) -> ExtractedPage:
    offered = [AttachmentLink(title="Regulamin", url=link) for link in links]
    return page(PAGE, [tab("bdp:7", "attachments", attachments=offered)])


def file(url: str, text: str | None = "Treść", *, day: int | None = 2, reason: str | None = None) -> ExtractedPage:
    archived = ArchivedFile(media_type="application/pdf", size_bytes=123, text=text, text_missing_reason=reason)
    made = page(url, verdict="attachment", source=None, day=day)
    capture = msgspec.structs.replace(made.capture, capture_id=f"f:{day}:{digest(text)}:{url}", body_digest=digest(text))
    return msgspec.structs.replace(made, capture=capture, file=archived)


def digest(text: str | None) -> str:
    return f"sha256:{hashlib.sha256((text or '').encode()).hexdigest()}"


def answer(url: str, verdict: Any, status: int, *, day: int = 3, to: str | None = None) -> ExtractedPage:
    made = page(url, verdict=verdict, source=None, day=day, status_code=status)
    return msgspec.structs.replace(made, final_url=to)


def attachment(data: Path, *pages: ExtractedPage) -> dict[str, Any]:
    built(data, pages)
    (row,) = rows(data, "practice_attachments")
    return row


@pytest.mark.parametrize(
    "spelling",
    [
        LINK,
        "https://dobrepraktyki.example/pliki/Regulamin%20ogrodu.pdf",
        "http://DOBREPRAKTYKI.example:80/pliki/Regulamin ogrodu.pdf",
        "https://www.dobrepraktyki.example./pliki/./Regulamin%20ogrodu.pdf#strona",
    ],
)
def test_a_file_is_found_at_every_spelling_of_its_address(tmp_path: Path, spelling: str) -> None:
    row = attachment(tmp_path, practice(LINK), file(spelling))
    assert (row["media_type"], row["size_bytes"], row["body_digest"]) == ("application/pdf", 123, digest("Treść"))
    assert (row["text"], row["text_missing_reason"], row["url"]) == ("Treść", None, LINK)
    assert row["source_url"] == PAGE


def test_another_address_is_another_file(tmp_path: Path) -> None:
    row = attachment(tmp_path, practice(LINK), file(LINK + "?wersja=2"), file(LINK.replace("pliki", "inne")))
    assert (row["text"], row["size_bytes"], row["text_missing_reason"]) == (None, None, "the file is not archived")


def test_the_spelling_as_linked_counts_before_a_newer_one(tmp_path: Path) -> None:
    row = attachment(
        tmp_path, practice(LINK), file(LINK, "jak w odnośniku"), file(LINK.replace("http:", "https:"), "inna", day=9)
    )
    assert row["text"] == "jak w odnośniku"


def test_the_latest_good_capture_counts(tmp_path: Path) -> None:
    pages = [file(LINK, "stara", day=1), file(LINK, "nowa", day=5), file(LINK, "bez daty", day=None)]
    assert attachment(tmp_path, practice(LINK), *pages, answer(LINK, "gone", 404, day=9))["text"] == "nowa"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (answer(LINK, "gone", 404), "gone: 404"),
        (answer(LINK, "shell", 503), "not to be had: made by hand"),
        (answer(LINK, "quarantined", 200), "not to be had: made by hand"),
        (answer(LINK, "detail", 200), "its address answers with a page, not with a file"),
        (answer(LINK, "not_ours", 302), "its address redirects (302), to where is not archived"),
        (answer(LINK, "not_ours", 302, to="http://gdzie.example/"), "the file is not archived"),
        (answer(LINK, "not_ours", 302, to=LINK), "its address redirects more than 5 times"),
        (file(LINK, None, reason="no text layer on its 2 pages"), "no text layer on its 2 pages"),
        (file(LINK, "początek", reason="cut at 200000 characters"), "cut at 200000 characters"),
    ],
)
def test_what_is_missing_has_a_reason(tmp_path: Path, bad: ExtractedPage, reason: str) -> None:
    assert attachment(tmp_path, practice(LINK), bad)["text_missing_reason"] == reason


def test_a_redirect_is_followed(tmp_path: Path) -> None:
    target = "https://pliki.example/7.pdf"
    row = attachment(tmp_path, practice(LINK), answer(LINK, "not_ours", 301, to=target), file(target))
    assert row["text"] == "Treść"


def test_a_file_without_an_address(tmp_path: Path) -> None:
    assert attachment(tmp_path, practice(None))["text_missing_reason"] == "the page names no address for the file"


def test_files_of_all_tabs_are_listed_once(tmp_path: Path) -> None:
    summary = tab("bdp:7", attachments=[AttachmentLink(title="Ulotka", url=LINK), AttachmentLink(title="Film", url=LINK + "2")])
    built(tmp_path, [practice(LINK), page(PAGE[:-4], [summary])])
    found = rows(tmp_path, "practice_attachments")
    assert [(row["position"], row["title"], row["source_url"]) for row in found] == [
        (1, "Regulamin", PAGE),
        (2, "Film", PAGE[:-4]),
    ]
    assert rows(tmp_path, "practices")[0]["attachment_count"] == 2


def test_contact_data_in_a_file_is_masked(tmp_path: Path) -> None:
    row = attachment(tmp_path, practice(LINK), file(LINK, "Pytania: ogrod@example.org, tel. 62 700 00 11."))
    assert row["text"] == "Pytania: [e-mail], tel. [telefon]."


def test_the_order_of_the_captures_does_not_matter(tmp_path: Path) -> None:
    pages = [practice(LINK), file(LINK, "a", day=4), file(LINK, "b", day=4), file(LINK, "c", day=1), answer(LINK, "gone", 404)]
    first = attachment(tmp_path / "1", *pages)
    assert attachment(tmp_path / "2", *reversed(pages)) == first


def test_from_a_folder_of_pages_and_files_to_rows(tmp_path: Path) -> None:
    """Import, extract and build: the text of an archived file stands in the row of the practice that offers it."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "s3.html").write_text(
        "<html><head><meta charset=utf-8><title>x</title></head><body><p>&nbsp;Usługi społeczne : Kultura</p>"
        "<h1>Wspólny ogród</h1><p>.:&nbsp; Skrót i Metryka -> Pełna prezentacja -> Załączniki &nbsp;:.</p>"
        '<ul><li><a href="pliki/regulamin.docx">Regulamin ogrodu</a> (12 KB)</li></ul>'
        "<p>.:&nbsp; Skrót i Metryka -> Pełna prezentacja -> Załączniki &nbsp;:.</p></body></html>",
        "utf-8",
    )
    (folder / "regulamin.docx").write_bytes(minimal_docx("Każdy podlewa swoją grządkę."))
    (folder / "obok.docx").write_bytes(b"no row names it")
    (folder / "captures.csv").write_text(
        f"file,url,fetched_at\ns3.html,{PAGE},2026-09-01T10:00:00Z\n"
        "regulamin.docx,https://www.archiwum.dobrepraktyki.pl/pliki/regulamin.docx,2026-09-01T10:01:00Z\n",
        "utf-8",
    )
    ours = Settings(data_dir=tmp_path / "data", engine="serial")
    imported = import_paths([folder], ours.raw, say=lambda _line: None)
    assert (imported.added, imported.skipped, imported.failures) == (2, 1, [])
    extract(ours, lambda _line: None)
    build(ours, lambda _line: None)
    (row,) = rows(ours.data_dir, "practice_attachments")
    assert (row["title"], row["text"], row["text_missing_reason"]) == ("Regulamin ogrodu", "Każdy podlewa swoją grządkę.", None)
    assert row["media_type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert row["size_bytes"] == (folder / "regulamin.docx").stat().st_size
    captured = {capture["source_url"]: capture for capture in rows(ours.data_dir, "captures")}
    file_capture = captured["https://www.archiwum.dobrepraktyki.pl/pliki/regulamin.docx"]
    assert (file_capture["verdict"], file_capture["body_digest"]) == ("attachment", row["body_digest"])
