"""explorer.html as a file: what stands in it, what must not, and that the same tables give the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from wide_snapshot import write_wide_snapshot

from pipeline.errors import BuildError
from pipeline.explorer.blocks import block_markup, blocks_of, json_bytes, without_blocks
from pipeline.explorer.page import FILE_NAME, SCRIPTS, STYLES, WEB, write_explorer
from pipeline.explorer.reading import public_path
from pipeline.explorer.records import COLUMNS, KINDS
from pipeline.privacy.scan import leaks_in_files
from pipeline.schema.spec import code_lists, tables


def blocks(path: Path) -> dict[str, bytes]:
    return dict(blocks_of(path.read_text("utf-8")))


def records(path: Path) -> list[dict[str, list[dict[str, Any]]]]:
    found = sorted((int(name.removeprefix("records")), held) for name, held in blocks(path).items() if "records" in name)
    return [record for _, held in found for record in json.loads(held)]


def test_every_record_stands_in_the_page_with_its_own_values(demo_snapshot: Path) -> None:
    shown = records(demo_snapshot / FILE_NAME)
    for table in KINDS:
        rows = pq.read_table(demo_snapshot / f"{table}.parquet", columns=list(COLUMNS[table])).to_pylist()
        found = [record[table][0] for record in shown if next(iter(record)) == table]
        assert [row[COLUMNS[table][0]] for row in found] == [row[COLUMNS[table][0]] for row in rows]
        for row, ours in zip(rows, found, strict=True):
            assert {name: ours.get(name) for name, value in row.items() if isinstance(value, str | int)} == {
                name: value for name, value in row.items() if isinstance(value, str | int)
            }
    slides = [slide["text"] for record in shown for slide in record.get("slides", []) if "text" in slide]
    assert slides == [text for text in pq.read_table(demo_snapshot / "slides.parquet")["text"].to_pylist() if text]
    assert [record for record in shown if record.get("captures", [{}])[0].get("warc_file")] == shown


def test_nothing_restricted_and_no_contact_data_stands_in_the_page(demo_snapshot: Path) -> None:
    held = b"\n".join(blocks(demo_snapshot / FILE_NAME).values()).decode("utf-8", "replace")
    people = pq.read_table(demo_snapshot / "restricted" / "practice_contacts.parquet").to_pylist()
    names = [person["name"] for person in people if person["name"]]
    assert names
    assert [name for name in names if name in held] == []
    institutions = pq.read_table(demo_snapshot / "practices.parquet").to_pylist()
    contacts = [value for row in institutions for value in (*(row["phones"] or ()), *(row["emails"] or ()))]
    assert contacts
    assert [value for value in contacts if value in held] == []
    with pytest.raises(BuildError, match="restricted"):
        public_path(demo_snapshot, "people")


def test_columns_are_public_ones_of_the_schema() -> None:
    for table, columns in COLUMNS.items():
        for name in columns:
            assert tables()[table].columns[name].privacy != "restricted"


def test_texts_in_blocks_are_looked_through_for_personal_data(tmp_path: Path) -> None:
    clean = {"practices": [{"practice_id": "bdp:1", "title": "Ogród", "websites": ["https://ogrod.example.org"]}]}
    for text, kinds in (("pisz: jan@example.org", ["e-mail"]), ("tel. 600 100 200", ["telephone"])):
        for name, value in (
            ("records0", [clean, {"practice_sections": [{"position": 1, "text": text}]}]),
            ("index", {"plain": {"id": ["bdp:1"], "snippet": [text]}, "coded": {}, "region": {"values": ["śląskie"]}}),
            ("index", {"plain": {"id": ["bdp:1"]}, "coded": {"powiat": {"values": [text]}}, "region": {"values": []}}),
        ):
            (tmp_path / FILE_NAME).write_text(f"<p>a</p>{block_markup(name, json_bytes(value))}", "utf-8")
            assert [leak.kind for leak in leaks_in_files(tmp_path)] == kinds
    (tmp_path / FILE_NAME).write_text(block_markup("records0", json_bytes([clean])), "utf-8")
    assert list(leaks_in_files(tmp_path)) == []


def test_nothing_is_asked_of_anybody(demo_snapshot: Path) -> None:
    own = without_blocks((demo_snapshot / FILE_NAME).read_text("utf-8"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', own)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert re.findall(r"https?://[\w.-]+", own.replace("http://www.w3.org/2000/svg", "")) == []
    assert re.findall(r"""\b(?:src|srcset|action|formaction|ping|background|poster)=""", own) == []
    assert re.findall(r"""\bon\w+=["']""", own) == []
    assert re.findall(r"\{\{\w+\}\}", own) == []


def test_scripts_read_no_data_as_markup() -> None:
    for name in SCRIPTS:
        script = (WEB / name).read_text("utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b", script
        ), name
        assert "</script" not in script
    assert {path.name for path in WEB.glob("*.js")} == set(SCRIPTS)
    assert {path.name for path in WEB.glob("*.css")} == set(STYLES)


def test_every_word_the_page_asks_for_is_there_in_both_languages(demo_snapshot: Path) -> None:
    told = json.loads(blocks(demo_snapshot / FILE_NAME)["words"])["words"]
    sources = "\n".join((WEB / name).read_text("utf-8") for name in (*SCRIPTS, "body.html"))
    asked = set(re.findall(r"""(?:\bword|\bcounted|\bstep)\(\s*"(\w+)\"""", sources)) | set(
        re.findall(r"\{\{(\w+)\}\}", sources)
    )
    assert asked - {"switches", "edition", "blocks", "name"} <= set(told)
    for key, (english, polish) in told.items():
        assert english, key
        assert polish, key
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", polish)), key
        assert (english.count("|"), polish.count("|")) in ((0, 0), (1, 2)), key
    assert json.loads(blocks(demo_snapshot / FILE_NAME)["words"])["codes"]["unit_type"]["gmina_wiejska"] == [
        *code_lists()["unit_type"]["gmina_wiejska"][:2]
    ]


def test_the_same_tables_give_the_same_bytes(demo_snapshot: Path, tmp_path: Path) -> None:
    recorded = (demo_snapshot / FILE_NAME).read_bytes()
    code = "import sys; from pathlib import Path; from pipeline.explorer.page import write_explorer; "
    code += "write_explorer(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))"
    for seed, zone, locale in (("1", "Pacific/Auckland", "tr_TR.UTF-8"), ("2", "America/Caracas", "C")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
        subprocess.run(
            [sys.executable, "-c", code, str(demo_snapshot), demo_snapshot.name, str(tmp_path)], env=environment, check=True
        )
        assert (tmp_path / FILE_NAME).read_bytes() == recorded
        assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_many_records_stand_in_blocks_of_a_bounded_size(tmp_path: Path) -> None:
    write_wide_snapshot(tmp_path, practices=120, slides=400)
    found = blocks(write_explorer(tmp_path, "wide"))
    index = json.loads(found["index"])
    held = {name: content for name, content in found.items() if name.startswith("records")}
    assert len(held) == len(index["starts"]) > 5
    assert max(map(len, held.values())) < 200_000
    assert len(index["plain"]["id"]) == 120 + 20 + 12 + 12
    for number, start in enumerate(index["starts"]):
        first = json.loads(held[f"records{number}"])[0]
        table = index["kinds"][index["plain"]["kind"][start]]
        assert first[table][0][COLUMNS[table][0]] == index["plain"]["id"][start]


def test_a_snapshot_older_than_a_column_has_an_explorer_too(demo_snapshot: Path, tmp_path: Path) -> None:
    for path in demo_snapshot.glob("*.parquet"):
        shutil.copy(path, tmp_path / path.name)
    rows = pq.read_table(tmp_path / "practices.parquet")
    pq.write_table(rows.drop_columns(["is_gone", "gone_on"]), tmp_path / "practices.parquet")
    assert records(write_explorer(tmp_path, "old")) == [
        {table: [{k: v for k, v in row.items() if table != "practices" or k not in ("is_gone", "gone_on")} for row in rows]
         for table, rows in record.items()}
        for record in records(demo_snapshot / FILE_NAME)
    ]  # fmt: skip


def test_an_unreadable_table_leaves_no_page(demo_snapshot: Path, tmp_path: Path) -> None:
    for path in demo_snapshot.glob("*.parquet"):
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "slides.parquet").write_bytes(b"PAR1 not a table")
    with pytest.raises((OSError, ValueError)):
        write_explorer(tmp_path, "broken")
    assert not list(tmp_path.glob("*explorer*"))
