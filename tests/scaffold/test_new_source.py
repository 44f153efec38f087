"""`praktyki new-source` and `check-source`: files that say what is left until the pages are read right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.scaffold.create import TEMPLATE
from pipeline.sources.discovery import FILL


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def sources(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "my-sources"
    assert run(capsys, "new-source", "example_town", "--sources-dir", str(folder))[0] == 0
    return folder


def test_every_file_says_what_is_left(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [path for path in sources.rglob("*") if path.is_file()]
    assert len(files) == len(list(TEMPLATE.iterdir())) == 6
    code, out, _ = run(capsys, "check-source", "example_town", "--sources-dir", str(sources), "--json")
    problems = json.loads(out)["problems"]
    assert code == 1
    assert {line.partition(": FILL:")[0].rpartition(":")[0] for line in problems} == {str(path) for path in files}
    assert "NAME" not in "".join(path.read_text("utf-8") for path in files)


def test_no_stage_starts_before_the_source_is_filled_in(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml, module = sources / "example_town.toml", sources / "example_town.py"
    code, _, err = run(capsys, "sources", "--sources-dir", str(sources))
    assert (code, "example_town.toml:2: FILL: what the site is called" in err, "check-source" in err) == (2, True, True)
    toml.write_text(toml.read_text("utf-8").replace(FILL, ""), "utf-8")
    code, _, err = run(capsys, "sources", "--sources-dir", str(sources))
    assert (code, "example_town.py:1: FILL" in err) == (2, True)
    module.write_text(module.read_text("utf-8").replace(FILL, ""), "utf-8")
    assert run(capsys, "sources", "--sources-dir", str(sources))[0] == 0


def test_what_does_not_hold_is_named(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sources.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text("utf-8").replace(FILL, "").replace("a host, e.g. ", ""), "utf-8")
    toml = sources / "example_town.toml"
    toml.write_text(toml.read_text("utf-8").replace(" news.example.org", "news.example.org"), "utf-8")
    first = sources / "tests" / "pages" / "example_town" / "first_page"
    said = []
    for page, expected in (
        ("<p>x</p>", '{"url": "https://elsewhere.example/", "verdict": "detail", "findings": []}'),
        ("<p>x</p>", '{"url": "https://news.example.org/1", "verdict": "detail", "findings": []}'),
        ("<p>x</p>", '{"url": "https://news.example.org/1", "verdict": "detail"}'),
        ("<p>x</p>", "{"),
        (
            "<p>x</p>",
            '{"url": "https://news.example.org/1", "status_code": 410, "verdict": "shell", "findings": [{"type": "article"}]}',
        ),
    ):
        (first / "page.html").write_text(page, "utf-8")
        (first / "expected.json").write_text(expected, "utf-8")
        code, out, _ = run(capsys, "check-source", "example_town", "--sources-dir", str(sources), "--json")
        assert code == 1, out
        said.append(json.loads(out)["problems"][0].removeprefix(str(first / "expected.json")))
    assert said[0].startswith(": the page goes to source web; mend [claims]")
    assert said[1].startswith(": NotImplementedError: ")
    assert "cannot be read (KeyError" in said[2]
    assert "cannot be read (JSONDecodeError" in said[3]
    assert said[4] == ": verdict is gone (status 410), shell is expected"


def test_a_bad_page_and_a_good_one_are_asked_for(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sources.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text("utf-8").replace(FILL, "").replace(" a host, e.g. ", ""), "utf-8")
    case = sources / "tests" / "pages" / "example_town"
    for name in ("first_page", "gone"):
        (case / name / "expected.json").unlink()
    code, out, _ = run(capsys, "check-source", "example_town", "--sources-dir", str(sources))
    assert code == 1
    assert "no page with a record" in out
    assert "no bad page" in out


@pytest.mark.parametrize(
    "name", ["bdp", "spec", "../x", "a/b", "Upper", "1st", "class", "", "ż", "a" * 41, "a.b", "a b", "__init__", "x\n", "-x"]
)
def test_bad_names_are_refused_before_anything_is_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "new-source", "--sources-dir", str(tmp_path), "--", name)
    assert (code, len(err.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in sources.rglob("*") if path.is_file()}
    assert run(capsys, "new-source", "example_town", "--sources-dir", str(sources))[0] == 2
    for path in (sources / "example_town.toml", sources / "example_town.py"):
        path.unlink()
    code, _, err = run(capsys, "new-source", "example_town", "--sources-dir", str(sources))
    assert (code, "is there already" in err) == (2, True)
    assert {path for path in sources.rglob("*") if path.is_file()} == {path for path in before if "tests" in path.parts}


def test_nothing_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        if target.suffix == ".toml":
            raise OSError(28, "No space left on device", str(target))
        Path(target).write_bytes(Path(source).read_bytes())

    monkeypatch.setattr("shutil.copyfile", full)
    code, _, err = run(capsys, "new-source", "example_town", "--sources-dir", str(tmp_path))
    assert (code, "nothing was written" in err) == (2, True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_no_such_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "check-source", "example_town", "--sources-dir", str(tmp_path))
    assert (code, "new-source example_town" in err) == (2, True)


@pytest.mark.parametrize("name", ["bdp", "slideplayer", "blogger", "bpzoliborz", "web"])
def test_sources_of_the_package_hold(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check-source", name)
    assert code == 0, out
