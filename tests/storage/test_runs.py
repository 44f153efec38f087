"""Whole runs on an S3 service: the same snapshots as in folders, nothing moved twice, and errors in one clear line."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from s3_kit import Run, Service

from pipeline import cli, load
from pipeline.archive.index import index_path
from pipeline.config import Settings, settings_from
from pipeline.demo.crawled import sample_crawl
from pipeline.errors import ConfigError
from pipeline.storage.opening import storage_at

DOCS = Path(__file__).parents[2] / "docs" / "SNAPSHOTS.md"
ACCEPT = ("--accept", "a sample")


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """raw/ of the sample site."""
    base = tmp_path_factory.mktemp("crawled")
    sample_crawl(Settings(data_dir=base), lambda _line: None)
    return base / "raw"


@pytest.fixture(scope="session")
def local(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a run on local folders."""
    base = tmp_path_factory.mktemp("local")
    shutil.copytree(crawled, base / "raw")
    for command in (("extract", "--engine", "serial"), ("build", *ACCEPT)):
        assert cli.main([*command, "--data-dir", str(base), "--quiet"]) == 0
    return base


@pytest.fixture
def uploaded(service: Service, crawled: Path) -> str:
    """Address of a data folder whose raw/ is there."""
    storage = service.storage("data/raw")
    for path in crawled.rglob("*"):
        if path.is_file() and not path.name.startswith((".", "ledger")):
            storage.put(path.relative_to(crawled).as_posix(), path)
    return service.address("data")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def moved(text: str) -> list[str]:
    return [line for line in text.splitlines() if "bytes fetched" in line]


def test_snapshots_are_the_same_bytes_wherever_the_stages_lie(
    uploaded: str, local: Path, service: Service, run: Run, tmp_path: Path
) -> None:
    expected = files((local / "datasets" / "latest").resolve())
    name = (local / "datasets" / "latest").resolve().name

    data = ("--data-dir", uploaded)
    assert run("extract", "--engine", "processes", "--workers", "2", *data)[0] == 0
    code, out, _ = run("build", *ACCEPT, *data)
    assert code == 0
    assert f"{uploaded}/datasets/snapshots/{name}" in out
    assert str(tmp_path) not in out, "messages name the address, not its working copy"
    there = service.objects("data/datasets")
    assert there["latest"] == f"{name}\n".encode()
    assert {
        key.removeprefix(f"snapshots/{name}/"): body for key, body in there.items() if key.startswith("snapshots/")
    } == expected
    assert ".lock" not in there

    mixed = ("--data-dir", str(local), "--datasets-dir", service.address("mixed/datasets"))
    assert run("build", *ACCEPT, *mixed)[0] == 0
    assert run("extract", "--engine", "serial", "--data-dir", str(tmp_path / "m"), "--raw-dir", f"{uploaded}/raw")[0] == 0
    assert service.objects("mixed/datasets") == there | {
        key: body for key, body in service.objects("mixed/datasets").items() if key.startswith("run_report")
    }
    assert files(tmp_path / "m" / "extracted") == files(local / "extracted")

    storage_at.cache_clear()
    for command in (("extract",), ("build", *ACCEPT)):
        code, out, _ = run(*command, *data)
        assert code == 0
        assert all(", 0 bytes sent" in line for line in moved(out)), "the second run sends nothing"
        assert all(re.search(r" (0|2\d) bytes fetched", line) for line in moved(out)), "and fetches the pointer alone"
    assert run("reproduce", *data)[0] == 0


def test_every_other_command(
    uploaded: str, service: Service, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data-dir", uploaded)
    page = tmp_path / "page.html"
    page.write_text(
        "<title>Nowy park</title><article><h1>Nowy park</h1><p>Gmina otworzyła park nad rzeką.</p></article>", "utf-8"
    )
    code, out, _ = run("import", str(page), "--url", "https://www.miasto.example/park", *data)
    assert code == 0, out
    assert any(key.startswith("import/") for key in service.objects("data/raw"))
    monkeypatch.setenv("PRAKTYKI_CACHE_DIR", str(tmp_path / "another machine"))
    assert run("extract", "--engine", "serial", *data)[0] == 0
    assert run("build", *ACCEPT, *data)[0] == 0
    code, out, _ = run("trace", "practices", "bdp:112", "population", *data)
    assert (code, "(verified)" in out) == (0, True)
    code, out, _ = run("status", *data, "--json")
    told = json.loads(out)
    assert (told["data_dir"], told["archive_files"], len(told["snapshots"])) == (uploaded, 6, 1)
    assert told["latest"] == told["snapshots"][0]
    assert run("check-archive", *data)[0] == 0
    for command in (
        ("report",),
        ("diff", "latest"),
        ("prune", "--keep", "1"),
        ("why", "https://dobrepraktyki.pl/praktyki.html"),
    ):
        assert run(*command, *data)[0] == 0, command
    code, out, err = run("query", "SELECT count(*) AS n FROM practices", *data, "--json")
    assert code == 0, err
    assert '"n"' in out
    frame = load("practices", data_dir=uploaded)
    assert len(frame) == 12
    _forget_from_the_bucket(run, service, data)


def _forget_from_the_bucket(run: Run, service: Service, data: tuple[str, str]) -> None:
    contacts = load("practice_contacts", data_dir=data[1])
    person = contacts["name"].dropna().iloc[0]
    before = service.objects("data/datasets")["latest"]
    code, out, err = run("forget", person, "--by", "the operator", "--engine", "serial", *data)
    assert code == 0, out + err
    there = service.objects("data")
    archived = b"".join(gzip.decompress(body) for name, body in there.items() if name.endswith(".warc.gz"))
    text = b"".join(
        body for name, body in there.items() if name.endswith((".jsonl", ".json", ".html", ".csv", ".md", ".sqlite"))
    )
    assert person.encode() not in archived + text
    assert any(name.startswith("raw/objections/") for name in there)
    assert person not in set(load("practice_contacts", data_dir=data[1])["name"].dropna())
    assert there["datasets/latest"] != before


def test_unchanged_pages_are_known_without_the_warc_files(
    uploaded: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crawled: Path
) -> None:
    data = ("--data-dir", uploaded)
    assert run("extract", "--engine", "serial", *data)[0] == 0
    monkeypatch.setenv("PRAKTYKI_CACHE_DIR", str(tmp_path / "another machine"))
    _, out, _ = run("extract", "--engine", "serial", *data)
    assert "0 archive files extracted, 5 unchanged" in out
    fetched = sum(int(match) for line in moved(out) if "/raw:" in line for match in re.findall(r"(\d+) bytes fetched", line))
    indexes = sum(index_path(path).stat().st_size for path in crawled.rglob("*.warc.gz"))
    accounts = sum(path.stat().st_size for path in crawled.glob("runs/*.json"))
    assert fetched == indexes + accounts


def test_damage_at_the_address_is_found_and_repaired(uploaded: str, service: Service, run: Run) -> None:
    name = next(key for key in service.objects("data/raw") if key.startswith("bdp/") and key.endswith(".warc.gz"))
    whole = service.objects("data/raw")[name]
    service.client.put_object(Bucket=service.bucket, Key=f"data/raw/{name}", Body=whole[:-100])
    code, out, _ = run("check-archive", "--data-dir", uploaded)
    assert code == 1
    assert "truncated" in out
    run("check-archive", "--repair", "--data-dir", uploaded)
    there = service.objects("data/raw")
    assert len(there[name]) < len(whole) - 100
    assert whole.startswith(there[name])
    assert any(key.startswith(f"{name}.damaged") for key in there)


def test_the_demo_runs_on_an_address(service: Service, run: Run) -> None:
    code, out, _ = run("demo", "--data-dir", service.address("x"), "--engine", "serial")
    assert code == 0, out
    there = service.objects("x/demo-data")
    name = there["datasets/latest"].decode().strip()
    assert f"{service.address('x/demo-data/datasets/snapshots')}/{name}/*.parquet" in out
    assert {"raw/frontier.sqlite", f"datasets/snapshots/{name}/datapackage.json"} <= there.keys()
    code, out, _ = run("demo", "--data-dir", service.address("x"), "--engine", "serial")
    assert f"snapshot {name} unchanged" in out


def test_errors_are_one_clear_line(service: Service, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def error_of(*arguments: str) -> tuple[int, str]:
        storage_at.cache_clear()
        code, _, err = run(*arguments)
        assert err.count("\n") == 1
        assert err.startswith("praktyki: error: ")
        return code, err

    code, err = error_of("status", "--data-dir", "s3://no-such-bucket/x")
    assert (code, "there is no bucket no-such-bucket" in err) == (2, True)
    code, err = error_of("build", "--data-dir", service.address("empty"))
    assert (code, f"{service.address('empty/extracted')}: nothing extracted yet" in err) == (1, True)
    code, err = error_of("status", "--data-dir", "s3://bucket/../x")
    assert (code, "write s3://bucket/prefix" in err) == (2, True)
    code, err = error_of("status", "--data-dir", service.address("x"), "--cache-dir", "/proc/no")
    assert (code, "cache_dir" in err) == (1, True)
    monkeypatch.setenv("PRAKTYKI_S3_ENDPOINT_URL", "http://s3.example.org")
    code, err = error_of("status", "--data-dir", service.address("x"))
    assert (code, "has no TLS" in err) == (2, True)
    monkeypatch.setenv("PRAKTYKI_S3_ENDPOINT_URL", "http://127.0.0.1:9")
    code, err = error_of("status", "--data-dir", service.address("x"))
    assert (code, "cannot be reached at http://127.0.0.1:9" in err) == (1, True)
    monkeypatch.setenv("PRAKTYKI_S3_ENDPOINT_URL", service.endpoint)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    code, err = error_of("status", "--data-dir", service.address("x"))
    assert (code, "no credentials; set AWS_ACCESS_KEY_ID" in err) == (2, True)
    monkeypatch.setitem(sys.modules, "boto3", None)
    code, err = error_of("status", "--data-dir", service.address("x"))
    assert (code, "praktyki[s3]" in err) == (2, True)


def test_a_data_folder_means_all_of_it(tmp_path: Path) -> None:
    environment = {"PRAKTYKI_DATASETS_DIR": "s3://bucket/datasets", "PRAKTYKI_S3_REGION": "eu-central-1"}
    mixed = settings_from({}, environment)
    assert mixed.place("datasets") == "s3://bucket/datasets"
    assert mixed.s3.region == "eu-central-1"
    assert settings_from({"data_dir": str(tmp_path)}, environment).datasets == tmp_path / "datasets"
    both = settings_from({"data_dir": "s3://bucket/x", "raw_dir": str(tmp_path)}, environment)
    assert (both.raw, both.place("datasets"), both.data_url) == (tmp_path, "s3://bucket/x/datasets", "s3://bucket/x")
    with pytest.raises(ConfigError, match="local folders only"):
        _ = both.datasets
    assert both.below("demo-data").place("raw") == "s3://bucket/x/demo-data/raw"
    for wrong in ("cache_bytes", "endpoint_url"):
        with pytest.raises(ConfigError):
            settings_from({}, {f"PRAKTYKI_S3_{wrong.upper()}": "-1"})


def test_analysts_read_from_an_address(
    uploaded: str, run: Run, endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The snippets of docs/SNAPSHOTS.md, on the made-up bucket's place."""
    data = ("--data-dir", uploaded)
    assert run("extract", "--engine", "serial", *data)[0] == 0
    assert run("build", *ACCEPT, *data)[0] == 0
    snippets = [
        body for body in re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL) if "example-praktyki" in body
    ]
    assert len(snippets) == 2
    here = f'S3FileSystem(endpoint_override="{endpoint}", region="us-east-1")'
    for name, value in {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(name, value)
    place = uploaded.removeprefix("s3://")
    for snippet in snippets:
        code = snippet.replace("example-praktyki/data", place).replace("S3FileSystem()", here)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "bdp:112" in done.stdout or "practice_id" in done.stdout
