"""Text of files: every kind that is read, and every way in which a file can be bad."""

from __future__ import annotations

import gzip
import importlib
import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ending import ending
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.attached import filereader
from pipeline.extract.attached.filereader import read_file
from pipeline.extract.attached.files import Told, file_text, file_type, is_file, type_by_content
from pipeline.extract.attached.filetext import MAX_TEXT, cleaned

# Made with LibreOffice from texts of our own; gzipped, since an old presentation is mostly empty sectors.
OLD = Path(__file__).parent / "files"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
NOTHING = Told(None, None)


def old(name: str) -> bytes:
    return gzip.decompress((OLD / f"{name}.gz").read_bytes())


def zipped(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else compression)
    return out.getvalue()


def docx(body: str, **more: str | bytes) -> bytes:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def odf(kind: str, body: str, **more: str | bytes) -> bytes:
    content = (
        f'<office:document-content xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:table="{ODF}:table:1.0" '
        f'xmlns:draw="{ODF}:drawing:1.0" xmlns:svg="{ODF}:svg-compatible:1.0">{body}</office:document-content>'
    )
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content, **more})


def pdf(pages: list[str], trailer: str = "") -> bytes:
    """A PDF of one line a page, an empty page for an empty text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET" if text else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        contents = len(objects)
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {font} /Contents {contents} 0 R >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def slide(text: str) -> str:
    return f'<p:sld xmlns:p="http://x/p" xmlns:a="{A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'


def pptx() -> bytes:
    """Two slides whose order is not that of their numbers."""
    order = f'<p:presentation xmlns:p="http://x/p" xmlns:r="{R}"><p:sldId r:id="b"/><p:sldId r:id="a"/></p:presentation>'
    relations = "".join(
        f'<Relationship Id="{n}" Type="{R}/slide" Target="slides/slide{i}.xml"/>' for n, i in (("a", 1), ("b", 2))
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": order,
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
            "ppt/slides/slide1.xml": slide("Koniec"),
            "ppt/slides/slide2.xml": slide("Początek"),
        }
    )


PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
KINDS = {
    "docx": (docx(PARAGRAPH.format("Żółta łódź")), "Żółta łódź"),
    "pptx": (pptx(), "Początek\n\nKoniec"),
    "odt": (odf("text", "<text:h>Tytuł</text:h><text:p>Treść<text:s text:c='2'/>dalej</text:p>"), "Tytuł\nTreść  dalej"),
    "odp": (
        odf("presentation", "<draw:page><text:p>A</text:p></draw:page><draw:page><text:p>B</text:p></draw:page>"),
        "A\n\nB",
    ),
    "rtf": (rb"{\rtf1\ansi\ansicpg1250 Za\'bf\'f3\'b3\'e6\par \u1100?anok}", "Zażółć\nьanok"),
    "pdf": (pdf(["Pierwsza strona", "Druga"]), "Pierwsza strona\n\nDruga"),
    "doc": (old("old.doc"), "Zasady wspólnego ogrodu\nKażdy grządkę podlewa sam. Ґанок — спільний."),
    "ppt": (old("old.ppt"), "Świetlica we wsi\n\nСпільний простір"),
    "xls": (old("old.xls"), "Budżet\nZadanie\tKwota\nŚwietlica\t12500"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_every_kind(kind: str) -> None:
    body, expected = KINDS[kind]
    assert file_text(body, NOTHING) == (expected, None)
    assert is_file(body, Told("text/html", None))  # whatever the server called it


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("odp", "application/vnd.oasis.opendocument.presentation"),
        ("doc", "application/msword"),
        ("ppt", "application/vnd.ms-powerpoint"),
        ("xls", "application/vnd.ms-excel"),
        ("pdf", "application/pdf"),
    ],
)
def test_the_content_tells_the_media_type(kind: str, media_type: str) -> None:
    assert type_by_content(KINDS[kind][0]) == media_type
    assert file_type(KINDS[kind][0], Told("application/octet-stream", "http://a.example/x.bin")) == media_type


def test_a_process_of_its_own_reads_the_same() -> None:
    for kind, (body, expected) in KINDS.items():
        assert read_file(body, None, None, None) == (expected, None), kind


def test_docx_with_all_that_hides_text() -> None:
    body = (
        "<w:sdt><w:sdtContent>" + PARAGRAPH.format("W polu formularza") + "</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>dodane </w:t></w:r></w:ins><w:del><w:r><w:delText>skreślone</w:delText></w:r></w:del>"
        "<w:r><w:t>zostaje</w:t><w:tab/><w:t>po tabulatorze</w:t><w:br/><w:t>nowy wiersz</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc>" + PARAGRAPH.format("komórka") + "</w:tc></w:tr></w:tbl>"
        '<mc:AlternateContent xmlns:mc="http://x/mc"><mc:Choice>' + PARAGRAPH.format("w ramce") + "</mc:Choice>"
        "<mc:Fallback>" + PARAGRAPH.format("w ramce") + "</mc:Fallback></mc:AlternateContent>"
    )
    notes = f'<w:footnotes xmlns:w="{W}">{PARAGRAPH.format("Przypis")}</w:footnotes>'
    text, reason = file_text(docx(body, **{"word/footnotes.xml": notes}), NOTHING)
    assert reason is None
    assert text == ("W polu formularza\ndodane zostaje\tpo tabulatorze\nnowy wiersz\nkomórka\n\nw ramce\n\nPrzypis")


def test_odf_leaves_out_comments_deletions_and_descriptions() -> None:
    body = (
        "<text:tracked-changes><text:p>usunięte</text:p></text:tracked-changes>"
        "<text:p>Zostaje<office:annotation><text:p>uwaga</text:p></office:annotation>"
        "<draw:frame><svg:desc>opis obrazka</svg:desc></draw:frame>.</text:p>"
    )
    assert file_text(odf("text", body), NOTHING).text == "Zostaje."


@pytest.mark.parametrize(
    ("url", "body", "text"),
    [
        (
            "http://a.example/plik.txt",
            "Zażółć gęślą jaźń, drodzy mieszkańcy".encode("cp1250"),
            "Zażółć gęślą jaźń, drodzy mieszkańcy",
        ),
        ("http://a.example/Plan.CSV?x=1", "a;b\r\n1;ł\r\n".encode(), "a;b\n1;ł"),
    ],
)
def test_plain_text_is_known_by_its_address(url: str, body: bytes, text: str) -> None:
    told = Told("text/plain", url)
    assert is_file(body, told)
    assert file_text(body, told) == (text, None)
    assert not is_file(body, Told("text/plain", "http://a.example/strona.html"))
    assert not is_file(body, Told("text/plain", None))


def test_a_zip_archive_is_listed_not_unpacked() -> None:
    body = zipped({"Załącznik 1.doc": b"x", "folder/b.pdf": b"y"})
    text, reason = file_text(body, NOTHING)
    assert text == "Załącznik 1.doc\nfolder/b.pdf"
    assert reason == "an archive of 2 files: their names alone"


def encrypted_zip_member(body: bytes) -> bytes:
    """Sets the flag of encryption in every header of a ZIP file."""
    out = bytearray(body)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := out.find(mark, start + 1)) >= 0:
            out[start + at] |= 1
    return bytes(out)


def encrypted_doc() -> bytes:
    body = bytearray(old("old.doc"))
    fib = body.index(b"\xec\xa5\x01\x01")
    body[fib + 11] |= 1
    return bytes(body)


BOMB = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
BAD = {
    "empty": (b"", "empty"),
    "scan": (pdf(["", ""]), "no text layer on its 2 pages"),
    "encrypted PDF": (
        pdf(
            ["x"], "/Encrypt << /Filter /Standard /V 1 /R 2 /O (" + "0" * 32 + ") /U (" + "0" * 32 + ") /P -4 >> /ID [(a) (a)]"
        ),
        "encrypted",
    ),
    "broken PDF": (b"%PDF-1.4\nno objects", "PDF is broken"),
    "encrypted DOCX": (
        old("old.doc").replace("WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")),
        "encrypted",
    ),
    "encrypted DOC": (encrypted_doc(), "encrypted"),
    "encrypted PPT": (old("old.ppt").replace(b"\x14\0\0\0\x5f\xc0\x91\xe3", b"\x14\0\0\0\xdf\xc4\xd1\xf3"), "encrypted"),
    "encrypted ODT": (odf("text", "", **{"META-INF/manifest.xml": "<m:encryption-data/>"}), "encrypted"),
    "encrypted member": (encrypted_zip_member(docx(PARAGRAPH.format("x"))), "encrypted"),
    "cut DOC": (old("old.doc")[:3000], "broken office file"),
    "half a DOC": (old("old.doc")[:17000], "broken"),
    "cut ZIP": (docx(PARAGRAPH.format("x"))[:-30], "ZIP container is broken"),
    "DOCX without document": (zipped({"[Content_Types].xml": "x", "word/x.xml": "x"}), "no word/document.xml"),
    "broken XML": (docx("<w:p>"), "broken"),
    "entity bomb": (
        zipped({"[Content_Types].xml": "x", "word/document.xml": f"{BOMB}<x>&b;</x>"}),
        "XML declares entities",
    ),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "an image"),
    "rar": (b"Rar!\x1a\x07\x00", "no reader"),
    "HTML under the name of a file": (b"<!DOCTYPE html><html><body>Nie ma pliku</body></html>", "HTML page"),
    "unknown": (bytes(range(256)), "no reader"),
    "empty document": (docx(""), "holds no text"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_a_reason(name: str) -> None:
    body, reason = BAD[name]
    read = file_text(body, Told("application/octet-stream", "http://a.example/x.pdf"))
    assert read.text is None
    assert read.reason is not None
    assert reason in read.reason


def test_a_zip_bomb_is_not_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.extract.attached.office.MAX_MEMBER", 1_000_000)
    body = docx("<!--" + " " * 5_000_000 + "-->")
    assert "inflates to more than" in (file_text(body, NOTHING).reason or "")


def test_text_is_cut_and_said() -> None:
    body = docx(PARAGRAPH.format("słowo " * 100_000))
    text, reason = file_text(body, NOTHING)
    assert text is not None
    assert MAX_TEXT - 10 < len(text) <= MAX_TEXT
    assert reason == f"cut at {MAX_TEXT} characters"


def test_a_file_that_takes_all_memory_costs_itself_alone() -> None:
    """A sheet with one cell at each end of its 17 thousand million cells: the reader keeps all of them."""
    ends = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    relations = '<Relationships xmlns="{}/relationships"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
    body = zipped(
        {
            "[Content_Types].xml": (
                f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
            ),
            "_rels/.rels": relations.format(package, R, "officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": (
                f'<workbook xmlns="{space}" xmlns:r="{R}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
            ),
            "xl/_rels/workbook.xml.rels": relations.format(package, R, "worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}"><sheetData>{ends}</sheetData></worksheet>',
        }
    )
    read = read_file(body, None, None, None)
    assert read.text is None
    assert "memory" in (read.reason or "")


def test_a_file_that_stands_still_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filereader, "FILE_SECONDS", 0.0001)
    with ending():
        assert "longer than 0.002 s" in (read_file(KINDS["pdf"][0], None, None, None).reason or "")


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [sys.executable, "-c", "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile True: pass"]
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda _command, **how: run(ends, **how))
    with ending():
        read = read_file(KINDS["pdf"][0], None, None, None)
    assert read.reason == "reading the file takes longer than 20 s of processor time"


@pytest.mark.parametrize(
    ("kind", "library"), [("pdf", "pypdfium2"), ("xls", "python_calamine"), ("rtf", "striprtf"), ("doc", "office_oxide")]
)
def test_without_the_extra_the_reason_names_it(kind: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    text, reason = file_text(KINDS[kind][0], NOTHING)
    assert text is None
    assert reason is not None
    assert library in reason
    assert "extra 'attachments'" in reason


def test_office_files_of_today_need_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("pypdfium2", "python_calamine", "striprtf", "office_oxide"):
        monkeypatch.setitem(sys.modules, library, None)
    for kind in ("docx", "pptx", "odt", "odp"):
        assert file_text(KINDS[kind][0], NOTHING).reason is None


def test_the_readers_are_there() -> None:
    for library in ("pypdfium2", "python_calamine", "striprtf", "office_oxide"):
        importlib.import_module(library)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_damage_never_raises(kind: str, data: st.DataObject) -> None:
    body = bytearray(KINDS[kind][0])
    for _ in range(data.draw(st.integers(1, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    read = file_text(bytes(body[: data.draw(st.integers(1, len(body)))]), NOTHING)
    assert read.text is not None or read.reason


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "text/plain", "application/pdf", "text/html"]))
def test_any_bytes(body: bytes, media_type: str | None) -> None:
    read = file_text(body, Told(media_type, "http://a.example/a.txt"))
    assert (read.text is None) <= (read.reason is not None)


@settings(deadline=None)
@given(st.text())
def test_cleaning_is_idempotent_and_leaves_no_control(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once
    assert not any(ord(char) < 32 and char not in "\n\t" for char in once)
    once.encode("utf-8")


def test_a_zip_with_lying_sizes_is_broken_not_trusted() -> None:
    body = bytearray(docx(PARAGRAPH.format("x" * 5000)))
    at = body.rfind(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<I", 10)  # the uncompressed size of the last member
    assert "broken" in (file_text(bytes(body), NOTHING).reason or "")
