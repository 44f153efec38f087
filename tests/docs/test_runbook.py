"""docs/runbook.md holds every message the program can say, and none that it no longer says."""

from __future__ import annotations

import inspect
import re
import typing

import pytest
from docs_kit import PROJECT
from runbook_kit import log_events, messages, requirements

from pipeline import errors
from pipeline.archive.check import ProblemKind
from pipeline.build.gate import pagedrift
from pipeline.crawl.ledger.tables import STATES
from pipeline.schema.spec import code_lists

PAGE = (PROJECT / "docs" / "runbook.md").read_text("utf-8")
LISTED = [text for _, text in re.findall(r"^- ``( ?)(.+?)\1``(?!`)", PAGE, re.MULTILINE)]
OF_PAGES = {"new pages carry content", "pages stay", "pages are recognised"}  # named in a table of the gate's code


def rows(heading: str) -> list[str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [name.strip("`") for name in re.findall(r"^\| (.+?) \| \S.* \|$", section, re.MULTILINE) if not name.startswith("-")]


def test_every_message_is_explained() -> None:
    said = messages()
    missing = [f"- ``{text}``   ({place})" for text, place in said.items() if text not in LISTED]
    assert not missing, "add to the section of its kind in docs/runbook.md:\n" + "\n".join(missing)
    assert not [text for text in LISTED if text not in said], "no longer said"
    assert len(LISTED) == len(set(LISTED)) > 150


def test_every_kind_of_error_and_exit_code_is_listed() -> None:
    kinds = {name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.PraktykiError)}
    assert set(rows("Kinds of errors")) - {"class"} == kinds
    codes = {str(getattr(errors, name).exit_code) for name in kinds} | {"0", "130"}
    assert set(rows("Exit codes")) - {"code"} == codes


@pytest.mark.parametrize("code", ["0", "1", "2", "3", "4", "5"])
def test_exit_codes_mean_what_the_readme_says(code: str) -> None:
    line = re.compile(rf"^\| {code} \| ([^|]+) \|", re.MULTILINE)
    readme = line.search((PROJECT / "README.md").read_text("utf-8"))
    runbook = line.search(PAGE)
    assert readme is not None
    assert runbook is not None
    assert runbook[1] == readme[1]


def test_findings_states_verdicts_requirements_and_statuses_are_listed() -> None:
    assert set(rows("What `check-archive` finds")) - {"kind"} == set(typing.get_args(ProblemKind))
    states = set(rows("States of an address, and the log of a crawl")) - {"state", "event"}
    assert states == set(STATES) | log_events()
    assert set(rows("Verdicts on pages")) - {"verdict"} == set(code_lists()["verdict"])
    assert all(name in inspect.getsource(pagedrift) for name in OF_PAGES)
    assert set(rows("What the gate asks for")) - {"requirement"} == requirements() | OF_PAGES
    assert set(rows("`quality_issues`")) - {"status"} == set(code_lists()["issue_status"])
