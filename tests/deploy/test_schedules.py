"""The schedules of deploy/: each runs `make scheduled`, each reads as what it is, and exit codes 4 and 5 are no failure."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ending import PATIENCE

from pipeline.config import CrawlSettings, Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
TARGET = "make -s scheduled"
COMMANDS = ["crawl --quiet bdp web", "extract --quiet", "build --quiet", "report --quiet"]

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")


def scheduled(folder: Path, codes: dict[str, int]) -> tuple[int, list[str], str]:
    """Exit code, commands run and words of `deploy/scheduled` with a praktyki that ends with the codes told."""
    said = folder / "commands"
    said.write_text("")
    fake = folder / "praktyki"
    cases = "\n".join(f"{name}) exit {code} ;;" for name, code in codes.items())
    fake.write_text(f'#!/bin/sh\necho "$*" >> {said}\ncase $1 in\n{cases}\nesac\nexit 0\n')
    fake.chmod(0o755)
    ended = subprocess.run(
        [str(DEPLOY / "scheduled"), str(fake), "bdp", "web"], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return ended.returncode, said.read_text().splitlines(), ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("codes", "exit_code", "commands", "word"),
    [
        ({}, 0, 4, ""),
        ({"crawl": 5}, 0, 4, "crawl: some inputs or sources failed"),
        ({"crawl": 5, "extract": 5}, 0, 4, "extract: some inputs or sources failed"),
        ({"crawl": 4}, 0, 1, "another run holds the lock"),
        ({"extract": 4}, 0, 2, "another run holds the lock"),
        ({"crawl": 130}, 0, 1, "the next run continues it"),
        ({"crawl": 2}, 2, 1, "crawl failed with exit code 2"),
        ({"crawl": 1}, 1, 1, "crawl failed with exit code 1"),
        ({"build": 3}, 3, 3, "build failed with exit code 3"),
        ({"crawl": 137}, 137, 1, "crawl failed with exit code 137"),
    ],
)
def test_exit_codes_are_sorted_into_alarms_and_none(
    tmp_path: Path, codes: dict[str, int], exit_code: int, commands: int, word: str
) -> None:
    code, ran, said = scheduled(tmp_path, codes)
    assert (code, ran) == (exit_code, COMMANDS[:commands])
    assert word in said
    assert bool(said) == bool(codes)


def test_make_scheduled_runs_the_script_with_the_sources() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "-n", "scheduled", "SOURCE=bdp web"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert shown.stdout.splitlines()[-1] == "deploy/scheduled .venv/bin/praktyki bdp web"


def test_every_schedule_is_listed_and_runs_the_target() -> None:
    listed = (DEPLOY / "README.md").read_text("utf-8")
    files = sorted(path.relative_to(DEPLOY).as_posix() for path in DEPLOY.rglob("*") if path.is_file())
    for name in files:
        assert name in ("README.md", "scheduled") or f"`{name}`" in listed, name
        if name not in ("README.md", "scheduled") and not name.endswith(".timer"):
            text = (DEPLOY / name).read_text("utf-8")
            assert TARGET in text or "command: [make, -s, scheduled]" in text, name
            assert "PRAKTYKI_CONTACT" in text, name


def test_every_variable_is_a_setting() -> None:
    known = {*Settings.__struct_fields__, *CrawlSettings.__struct_fields__}
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            for name in re.findall(r"PRAKTYKI_([A-Z_]+)", path.read_text("utf-8")):
                assert name.lower() in known, f"{path.name}: PRAKTYKI_{name}"


# cron


def cron_field_is_sound(text: str, low: int, high: int) -> bool:
    for part in text.split(","):
        match = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
        if match is None:
            return False
        first, last, step = (int(value) if value else None for value in match.groups())
        if any(value is not None and not low <= value <= high for value in (first, last)) or step == 0:
            return False
        if first is not None and last is not None and last < first:
            return False
    return True


RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def cron_schedule_is_sound(text: str) -> bool:
    fields = text.split()
    return len(fields) == 5 and all(cron_field_is_sound(field, *limits) for field, limits in zip(fields, RANGES, strict=True))


@pytest.mark.parametrize(
    "wrong", ["60 3 * * *", "20 24 * * *", "20 3 0 * *", "20 3 * * 8", "20 3 * *", "a 3 * * *", "*/0 3 * * *"]
)
def test_the_cron_reader_refuses_what_cron_does(wrong: str) -> None:
    assert not cron_schedule_is_sound(wrong)


def test_crontab(tmp_path: Path) -> None:
    text = (DEPLOY / "crontab").read_text("utf-8")
    assert text.endswith("\n")  # cron leaves out a last line without one
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    settings = [line for line in lines if re.fullmatch(r"[A-Z_]+=\S+", line)]
    jobs = [line for line in lines if line not in settings]
    assert len(jobs) == 1
    *schedule, user, command = jobs[0].split(None, 6)
    assert cron_schedule_is_sound(" ".join(schedule))
    assert re.fullmatch(r"[a-z_][a-z0-9_-]*", user)
    assert "%" not in command  # to cron a line break
    make = tmp_path / "make"
    for code, words in ((0, ""), (2, "trouble")):
        make.write_text(f"#!/bin/sh\necho trouble\nexit {code}\n")
        make.chmod(0o755)
        here = command.replace("/opt/praktyki", shlex.quote(str(tmp_path)))
        ended = subprocess.run(
            ["/bin/sh", "-c", here],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (ended.stdout.strip(), ended.returncode != 0) == (words, code != 0)


# systemd


def unit(name: str) -> dict[str, list[tuple[str, str]]]:
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in (DEPLOY / "systemd" / name).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        section = re.fullmatch(r"\[(\w+)\]", line)
        if section:
            sections[section.group(1)] = []
        else:
            key, _, value = line.partition("=")
            sections[list(sections)[-1]].append((key, value))
    return sections


def test_units_hold_what_a_hardened_schedule_needs() -> None:
    service = dict(unit("praktyki.service")["Service"])
    assert service["Type"] == "oneshot"
    assert service["ExecStart"].endswith(TARGET)
    assert service["SuccessExitStatus"] == "SIGTERM"  # a stop is no alarm
    for name in (
        "NoNewPrivileges",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectHome",
        "ProtectKernelModules",
        "RestrictNamespaces",
    ):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["User"] != "root"
    timer = dict(unit("praktyki.timer")["Timer"])
    assert timer["Persistent"] == "yes"
    assert unit("praktyki.timer")["Install"] == [("WantedBy", "timers.target")]


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units() -> None:
    units = [str(DEPLOY / "systemd" / name) for name in ("praktyki.service", "praktyki.timer")]
    found = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=PATIENCE, check=False)
    ours = [line for line in found.stderr.splitlines() if "praktyki" in line]
    assert ours == [] or all("Command /usr/bin/make is not executable" in line for line in ours), found.stderr
    when = dict(unit("praktyki.timer")["Timer"])["OnCalendar"]
    subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, timeout=PATIENCE, check=True)


@needs_systemd
def test_systemd_calls_the_service_hardened() -> None:
    service = str(DEPLOY / "systemd" / "praktyki.service")
    arguments = ["systemd-analyze", "security", "--offline=true", "--threshold=20", service]
    found = subprocess.run(arguments, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if "unrecognized option" in found.stderr or "Unknown" in found.stderr:
        pytest.skip("this systemd-analyze judges no unit files")
    assert found.returncode == 0, found.stdout[-500:]


# GitHub Actions and Kubernetes


yaml: Any = importlib.import_module("yaml")  # ships no types
StrictLoader: Any = type("StrictLoader", (yaml.SafeLoader,), {})


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    """Refuses a key that stands twice, which plain YAML readers drop in silence."""
    keys = [loader.construct_object(key) for key, _ in node.value]
    assert len(keys) == len(set(keys)), f"a key stands twice: {keys}"
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def documents(name: str) -> list[Any]:
    return list(yaml.load_all((DEPLOY / name).read_text("utf-8"), Loader=StrictLoader))


def test_github_actions_workflow() -> None:
    (workflow,) = documents("github-actions.yml")
    assert set(workflow) == {"name", True, "permissions", "concurrency", "jobs"}  # to YAML 1.1 "on" is true
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert [cron_schedule_is_sound(entry["cron"]) for entry in workflow[True]["schedule"]] == [True]
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    (job,) = workflow["jobs"].values()
    assert set(job) <= {"runs-on", "timeout-minutes", "env", "steps", "permissions", "needs", "if", "strategy", "container"}
    assert 0 < job["timeout-minutes"] <= 360
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step), step
        assert set(step) <= {"name", "id", "if", "uses", "run", "with", "env", "shell", "working-directory", "timeout-minutes"}
        if "uses" in step:
            assert re.fullmatch(r"[\w.-]+/[\w./-]+@[\w.-]+", step["uses"])
        else:
            assert "${{" not in step["run"]  # what a person types in must not become shell
    assert sum(TARGET in step.get("run", "") for step in job["steps"]) == 1
    upload = next(step for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    assert "!data/datasets/latest/restricted" in upload["with"]["path"]


POD_KEYS = set("automountServiceAccountToken containers enableServiceLinks restartPolicy securityContext volumes".split()) | {
    "terminationGracePeriodSeconds"
}
CRON_JOB_KEYS = set("schedule timeZone concurrencyPolicy startingDeadlineSeconds jobTemplate suspend".split()) | {
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
}


def test_kubernetes_cron_job() -> None:
    claim, job = documents("kubernetes-cronjob.yml")
    assert (claim["apiVersion"], claim["kind"]) == ("v1", "PersistentVolumeClaim")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    for document in (claim, job):
        assert set(document) == {"apiVersion", "kind", "metadata", "spec"}
        assert re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?", document["metadata"]["name"])
    spec = job["spec"]
    assert set(spec) <= CRON_JOB_KEYS
    assert cron_schedule_is_sound(spec["schedule"])
    assert spec["concurrencyPolicy"] == "Forbid"
    run = spec["jobTemplate"]["spec"]
    assert run["backoffLimit"] == 0
    assert set(run) <= {"backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "template", "podFailurePolicy"}
    pod = run["template"]["spec"]
    assert set(pod) <= POD_KEYS
    assert pod["restartPolicy"] in ("Never", "OnFailure")  # a Job takes no other
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    (container,) = pod["containers"]
    assert container["command"] == ["make", "-s", "scheduled"]
    secured = container["securityContext"]
    assert secured["allowPrivilegeEscalation"] is False
    assert secured["readOnlyRootFilesystem"] is True
    assert secured["capabilities"] == {"drop": ["ALL"]}
    assert all(isinstance(entry["value"], str) for entry in container["env"])  # the API takes nothing else
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert next(entry["value"] for entry in container["env"] if entry["name"] == "PRAKTYKI_DATA_DIR") in mounts
    assert (
        next(v for v in pod["volumes"] if v["name"] == "data")["persistentVolumeClaim"]["claimName"]
        == claim["metadata"]["name"]
    )
    for amount in (*container["resources"]["requests"].values(), *container["resources"]["limits"].values()):
        assert re.fullmatch(r"\d+(?:m|Ki|Mi|Gi)?", str(amount))
