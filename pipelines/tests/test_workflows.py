"""Each workflow's steps, run as GitHub's runner would run them."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipelines.drift import CHANGES_FOUND
from pipelines.tests.github_server import TOKEN, Repository
from pipelines.tests.workflow_runner import CHECKOUT, WORKFLOWS, Machine, Ran, holds, load
from slipway.cli import app

SECRETS = {
    "PULUMI_ACCESS_TOKEN": "pul-" + "a" * 40,
    "PULUMI_CONFIG_PASSPHRASE": "correct horse battery staple",
    "DIGITALOCEAN_TOKEN": "dop_v1_" + "d" * 64,
    "SLIPWAY_SSH_KEY": "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n-----END OPENSSH PRIVATE KEY-----",
}
KNOWN_HOSTS = ".slipway/deployments/staging.known_hosts"
FACTS = {"address": "203.0.113.9", "ssh": {"host_key": "ssh-ed25519 AAAA", "known_hosts": KNOWN_HOSTS}}
# What an attacker may choose: none of it may reach a shell as code.
NASTY = '$(touch pwned); "; touch pwned; `touch pwned`'


def context(**more: Any) -> dict[str, Any]:
    event = {"pull_request": {"number": 7, "head": {"repo": {"full_name": "shop/site"}, "ref": NASTY}}}
    github = {"token": TOKEN, "repository": "shop/site", "event": event, "event_name": "push", "ref": "refs/heads/main"}
    return {
        "github": github,
        "secrets": SECRETS,
        "vars": {"SLIPWAY_STAGING": "on", "SLIPWAY_DOMAIN": "shop.example", "PULUMI_BACKEND_URL": ""},
        "inputs": {"release": ""},
        **more,
    }


@pytest.fixture
def machine(tmp_path: Path, variables: dict[str, str]) -> Machine:
    del variables["GITHUB_TOKEN"], variables["GITHUB_STEP_SUMMARY"]  # a step gets the token only if it asks for it
    made = Machine(tmp_path / "runner", variables)
    made.make_checkout()
    made.pulumi = {
        "stack": {"text": json.dumps({"facts": FACTS})},
        "preview": {"text": f"Resources:\n    ~ 1 to update\ntoken {SECRETS['DIGITALOCEAN_TOKEN']}\n"},
        "refresh": {"text": "Resources:\n    ~ 1 to update\n", "code": CHANGES_FOUND},
    }
    return made


def run(machine: Machine, workflow: str, job: str, **more: Any) -> Ran:
    return machine.run(load(CHECKOUT / ".github" / "workflows" / f"{workflow}.yml")["jobs"][job], context(**more))


def parses(words: list[str]) -> Any:
    """Parse words as the real command line would, up to where the command would start; returns its context."""
    group: Any = typer.main.get_command(app)
    name, *rest = words
    return group.commands[name].make_context(name, rest)


def slipway_commands(ran: Ran) -> list[list[str]]:
    return [words for name, *words in ran.commands if name == "slipway"]


def test_ci_checks_and_tests(machine: Machine) -> None:
    for job, target in (("check", "check"), ("test", "test")):
        ran = run(machine, "ci", job)
        assert set(ran.outcomes.values()) == {"success"}, ran.log
        assert ran.commands == [["make", target]]


def test_a_pull_request_is_previewed_in_a_comment_without_a_secret(machine: Machine, repository: Repository) -> None:
    ran = run(machine, "preview", "preview")
    assert set(ran.outcomes.values()) == {"success"}, ran.log
    (pulumi,) = [words for words in ran.commands if words[:2] == ["pulumi", "preview"]]
    assert "--policy-pack infra/policy" in " ".join(pulumi)
    (comment,) = repository.comments
    assert "~ 1 to update" in comment["body"]
    assert "~ 1 to update" in ran.summary
    told = ran.log + ran.summary + comment["body"]
    assert not [name for name, value in SECRETS.items() for line in value.splitlines() if line in told]


def test_a_preview_that_fails_is_told_and_fails_the_job(machine: Machine, repository: Repository) -> None:
    machine.pulumi["preview"] = {"text": "error: a policy was broken\n", "code": 1}
    ran = run(machine, "preview", "preview")
    assert (ran.outcomes["Preview"], ran.outcomes["Comment"]) == ("failure", "success"), ran.log
    assert "error: a policy was broken" in repository.comments[0]["body"]


def test_a_deploy_knows_key_and_facts_and_keeps_its_artifacts(machine: Machine) -> None:
    ran = run(machine, "deploy", "deploy")
    assert set(ran.outcomes.values()) == {"success"}, ran.log
    assert [words[0] for words in slipway_commands(ran)] == ["deploy", "close-window"]
    key = machine.workspace / ".slipway" / "keys" / "staging"
    assert key.read_text().strip() == SECRETS["SLIPWAY_SSH_KEY"]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert json.loads((machine.workspace / ".slipway/deployments/staging.json").read_text()) == FACTS
    assert not [value for value in SECRETS.values() if value in ran.log]


@pytest.mark.parametrize(
    ("workflow", "job", "verb"), [("deploy", "deploy", "deploy"), ("rollback", "rollback", "rollback")]
)
def test_the_window_is_closed_and_artifacts_kept_whatever_happened(
    machine: Machine, workflow: str, job: str, verb: str
) -> None:
    machine.failing = verb
    whole = load(CHECKOUT / ".github" / "workflows" / f"{workflow}.yml")["jobs"][job]
    ran = machine.run({"steps": [step for step in whole["steps"] if "make" not in step.get("run", "")]}, context())
    assert "failure" in ran.outcomes.values()
    assert slipway_commands(ran)[-1] == ["close-window", "-s", "staging"]
    assert ran.outcomes["Close the deploy window, whatever happened"] == "success"
    assert ran.outcomes["Keep the artifacts"] == "success"


def test_a_deploy_without_the_key_stops_before_it_begins(machine: Machine) -> None:
    ran = run(machine, "deploy", "deploy", secrets={**SECRETS, "SLIPWAY_SSH_KEY": ""})
    assert slipway_commands(ran) == []
    assert "SLIPWAY_SSH_KEY is empty: add it to the environment's secrets (docs/pipelines.md)" in ran.log


def test_drift_is_an_issue_and_no_failure(machine: Machine, repository: Repository) -> None:
    ran = run(machine, "drift", "drift")
    assert set(ran.outcomes.values()) == {"success"}, ran.log
    assert [each["title"] for each in repository.issues] == ["Stack staging has drifted"]


def test_what_cannot_be_compared_is_a_failure_and_no_drift(machine: Machine, repository: Repository) -> None:
    machine.pulumi["refresh"] = {"text": "error: the token is refused\n", "code": 1}
    ran = run(machine, "drift", "drift")
    assert (ran.outcomes["Compare"], ran.outcomes["Tell"]) == ("failure", "skipped")
    assert repository.issues == []


@pytest.mark.parametrize("release", ["", "20261123-101500-abc1234", "--force", NASTY])
def test_a_rollback_goes_to_the_release_that_was_typed_and_to_nothing_else(machine: Machine, release: str) -> None:
    job = load(CHECKOUT / ".github/workflows/rollback.yml")["jobs"]["rollback"]
    only = {"steps": [step for step in job["steps"] if step.get("id") == "rollback"]}
    ran = machine.run(only, context(inputs={"release": release}))
    (words,) = slipway_commands(ran)
    assert parses(words).params["release"] == (release or None)
    assert not list(machine.folder.rglob("pwned"))


def steps_of(workflow: Path) -> list[dict[str, Any]]:
    return [step for job in load(workflow)["jobs"].values() for step in job["steps"]]


RUNS = [(path, str(step["run"])) for path in WORKFLOWS for step in steps_of(path) if "run" in step]


@pytest.mark.parametrize(
    ("workflow", "script"), RUNS, ids=lambda value: value.stem if isinstance(value, Path) else value
)
def test_every_step_is_one_call_of_make_or_slipway_with_words_that_it_knows(workflow: Path, script: str) -> None:
    words = script.partition(" #")[0].replace('${RELEASE:+-- "$RELEASE"}', "").split()
    assert "\n" not in script.strip()
    assert "${{" not in script
    if words[0] == ".venv/bin/slipway":
        parses(words[1:])
        return
    if words[0] == "sudo":
        words = words[2:]
    assert words[0] == "make"
    assert re.search(rf"^{words[1]}:.* ## ", (CHECKOUT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_permissions_are_few(workflow: Path) -> None:
    found = load(workflow)
    assert found["permissions"] == {}
    assert "pull_request_target" not in found["on"]
    for line in re.findall(r"uses: (.*)", workflow.read_text()):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
    for job in found["jobs"].values():
        assert {name for name, access in job["permissions"].items() if access == "write"} <= {"issues", "pull-requests"}
        assert ("environment" in job) is ("secrets." in json.dumps(job))


def test_a_fork_and_a_repository_without_staging_get_no_preview() -> None:
    condition = load(CHECKOUT / ".github/workflows/preview.yml")["jobs"]["preview"]["if"]
    fork = context()
    fork["github"]["event"]["pull_request"]["head"]["repo"]["full_name"] = "stranger/site"
    assert holds(condition, context(), has_failed=False)
    assert not holds(condition, fork, has_failed=False)
    assert not holds(condition, context(vars={}), has_failed=False)


BAD_WORKFLOW = """on: pull_request
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: echo ${{ github.event.pull_request.title }}
"""


def test_the_linters_would_find_a_dangerous_workflow(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text(BAD_WORKFLOW)
    zizmor = [str(Path(sys.prefix) / "bin" / "zizmor"), "--offline", "--persona=pedantic", str(bad)]
    found = subprocess.run(zizmor, capture_output=True, text=True, check=False)
    assert found.returncode != 0
    for audit in ("template-injection", "unpinned-uses", "excessive-permissions", "artipacked"):
        assert audit in found.stdout
