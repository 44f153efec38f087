"""A newer official file laid over the tables: recognised, checked, refused when it cannot be right, written in one step."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.registers.importer import updated
from pipeline.registers.tables import DATA_DIR, EDITIONS_FILE, register_rows
from pipeline.registers.territory import Territory

Change = Callable[[list[list[str]]], None]


def terc_file(on: str = "2026-01-01", change: Change | None = None, delimiter: str = ";") -> str:
    """A file in the official layout, made from the units that are open in the table."""
    rows = [
        [row.code[:2], row.code[2:4], row.code[4:6], row.code[6:], row.name, row.kind, on]
        for row in register_rows("TERC")
        if not row.valid_to
    ]
    if change is not None:
        change(rows)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(["WOJ", "POW", "GMI", "RODZ", "NAZWA", "NAZWA_DOD", "STAN_NA"])
    writer.writerows(rows)
    return text.getvalue()


def to_urban_rural(rows: list[list[str]]) -> None:
    for row in rows:
        if row[:4] == ["18", "12", "02", "2"]:
            row[3] = "3"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1250"])
def test_a_newer_terc_changes_the_kind(tmp_path: Path, charset: str) -> None:
    file = tmp_path / "TERC.csv"
    file.write_bytes(terc_file(change=to_urban_rural).encode(charset))
    target = tmp_path / "registers"
    update = updated(file, target)
    assert (update.register, update.on, update.opened, update.closed) == (
        "TERC",
        dt.date(2026, 1, 1),
        ("1812023",),
        ("1812022",),
    )
    assert sorted(path.name for path in target.iterdir()) == ["editions.csv", "terc.csv"]
    territory = Territory.load(target)
    old = territory.place("terc:1812022")
    assert old is not None
    assert old.valid_to == dt.date(2026, 1, 1)
    now = territory.current(old)
    assert now is not None
    assert (now.code, now.valid_from, now.latitude) == ("1812023", dt.date(2026, 1, 1), old.latitude)
    assert territory.register_on["TERC"] == dt.date(2026, 1, 1)
    assert territory.register_on["KATOTTH"] == dt.date(2024, 1, 19)
    facts = {"name": "Jarocin", "unit_type": "gmina_wiejska", "powiat": "niżański", "voivodeship": "podkarpackie"}
    assert territory.resolve(**facts, on=dt.date(2011, 1, 1)).candidates == ("terc:1812022",)
    assert territory.resolve(**facts, on=dt.date(2026, 2, 1)).candidates == ("terc:1812023",)
    assert Territory.load().place("terc:1812023") is None


def test_an_unchanged_edition_only_adds_its_date(tmp_path: Path) -> None:
    file = tmp_path / "TERC.csv"
    file.write_text(terc_file(delimiter=","), encoding="utf-8")
    update = updated(file, tmp_path / "out")
    assert (update.opened, update.closed) == ((), ())
    assert (tmp_path / "out" / "terc.csv").read_bytes() == (DATA_DIR / "terc.csv").read_bytes()


def test_one_update_builds_on_the_last(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(terc_file("2026-01-01", to_urban_rural), encoding="utf-8")
    second.write_text(terc_file("2027-01-01"), encoding="utf-8")
    target = tmp_path / "out"
    updated(first, target)
    update = updated(second, target)
    assert (update.opened, update.closed) == (("1812022",), ("1812023",))
    with pytest.raises(UsageError, match="not newer than 2027-01-01"):
        updated(first, target)
    assert (target / EDITIONS_FILE).read_text(encoding="utf-8").count("TERC") == 6


def test_a_zip_as_gus_offers_it(tmp_path: Path) -> None:
    file = tmp_path / "TERC_Urzedowy_2026-01-01.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("TERC_Urzedowy_2026-01-01.csv", terc_file().encode("utf-8-sig"))
    assert updated(file, tmp_path / "out").on == dt.date(2026, 1, 1)


def katotth_file(change: Change | None = None) -> str:
    """The ministry's layout: five code columns, category, name; settlements other than cities are left out here."""
    rows = []
    for row in register_rows("KATOTTH"):
        mark = {"oblast": "O", "special_city": "K", "raion": "P", "hromada": "H", "city": "M", "city_district": "B"}[row.kind]
        level = {"O": 1, "K": 1, "P": 2, "H": 3, "M": 4, "B": 5}[mark]
        codes = [row.code[:size].ljust(14, "0") + "00000" for size in (4, 6, 9, 12, 14)[: level - 1]] + [row.code]
        rows.append([*codes, *[""] * (5 - level), mark, row.name])
    if change is not None:
        change(rows)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            "Перший рівень",
            "Другий рівень",
            "Третій рівень",
            "Четвертий рівень",
            "Додатковий рівень",
            "Категорія",
            "Назва об’єкта",
        ]
    )
    writer.writerows(rows)
    return text.getvalue()


def test_a_newer_katotth(tmp_path: Path) -> None:
    def renamed(rows: list[list[str]]) -> None:
        for row in rows:
            if "UA12120070010055676" in row:
                row[-1] = "Новий Павлоград"

    file = tmp_path / "katotth_2026-02-03.csv"
    file.write_text(katotth_file(renamed), encoding="utf-8-sig")
    update = updated(file, tmp_path / "out")
    assert (update.register, update.on, update.opened) == ("KATOTTH", dt.date(2026, 2, 3), ("UA12120070010055676",))
    place = Territory.load(tmp_path / "out").place("katotth:UA12120070010055676")
    assert place is not None
    assert (place.name, place.former_names) == ("Новий Павлоград", ("Павлоград",))


def test_terc_as_xml(tmp_path: Path) -> None:
    lines = list(csv.reader(io.StringIO(terc_file(change=to_urban_rural)), delimiter=";"))
    rows = "".join(
        "<row>" + "".join(f"<{column}>{cell}</{column}>" for column, cell in zip(lines[0], line, strict=True)) + "</row>"
        for line in lines[1:]
    )
    file = tmp_path / "TERC.xml"
    file.write_text(
        f'<?xml version="1.0" encoding="utf-8"?><teryt><catalog name="TERC">{rows}</catalog></teryt>', encoding="utf-8"
    )
    assert updated(file, tmp_path / "out").opened == ("1812023",)


def workbook(path: Path, lines: list[list[str]]) -> None:
    """A workbook as the ministry hands it out: shared strings, empty cells left out."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = sorted({cell for line in lines for cell in line if cell})
    at = {text: number for number, text in enumerate(strings)}
    rows = "".join(
        f'<row r="{number}">'
        + "".join(f'<c r="{chr(65 + column)}{number}" t="s"><v>{at[cell]}</v></c>' for column, cell in enumerate(line) if cell)
        + "</row>"
        for number, line in enumerate(lines, start=1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {space}/>")
        archive.writestr(
            "xl/sharedStrings.xml", f"<sst {space}>" + "".join(f"<si><t>{text}</t></si>" for text in strings) + "</sst>"
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>")


def test_katotth_as_a_workbook(tmp_path: Path) -> None:
    def without_one_city(rows: list[list[str]]) -> None:
        rows[:] = [row for row in rows if "UA12120070010055676" not in row]

    file = tmp_path / "kodifikator.xlsx"
    lines = list(csv.reader(io.StringIO(katotth_file(without_one_city))))
    workbook(file, [["Кодифікатор адміністративно-територіальних одиниць"], *lines])
    update = updated(file, tmp_path / "out", on=dt.date(2026, 5, 5))
    assert (update.register, update.opened, update.closed) == ("KATOTTH", (), ("UA12120070010055676",))


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "TERC.xml"
    file.write_text('<!DOCTYPE a [<!ENTITY b "c">]><a><row><WOJ>&b;</WOJ></row></a>', encoding="utf-8")
    with pytest.raises(UsageError, match="document type"):
        updated(file, tmp_path / "out")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"name;code\nA;1\n", "neither the columns of TERC"),
        (b"<a><row>", "broken XML"),
        (b"PK\x05\x06" + bytes(18), "one CSV or XML"),
        (b"\x81\x83\x90\x98", "neither UTF-8 nor windows-1250"),
        (terc_file("2025-01-06").encode(), "not newer than 2025-01-06"),
        (terc_file("2016-01-01").encode(), "not newer"),
        (terc_file("2026-13-01").encode(), "is no date"),
        (terc_file()[:20_000].encode(), "the file is cut or broken|only .* units"),
        (terc_file(change=lambda rows: rows.append(rows[5])).encode(), "stand twice"),
        (terc_file(change=lambda rows: rows.__delitem__(slice(2000, 2500))).encode(), "would vanish"),
        (terc_file(change=lambda rows: rows[7].__setitem__(3, "x")).encode(), "no valid TERC code"),
        (terc_file(change=lambda rows: rows[7].__setitem__(6, "2027-01-01")).encode(), "several reference dates"),
        (katotth_file().encode(), "states no reference date"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_and_nothing_written(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=message) as refusal:
        updated(file, tmp_path / "out")
    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        updated(tmp_path / "none.csv", tmp_path / "out")


def test_a_broken_table_of_the_users_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "terc.csv").write_text("code,name\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="not a register table"):
        Territory.load(tmp_path)


def test_folders_without_tables_share_the_packages(tmp_path: Path) -> None:
    """A process that builds in many folders would hold 35 MB for each."""
    assert Territory.load(tmp_path / "one") is Territory.load(tmp_path / "two") is Territory.load()
