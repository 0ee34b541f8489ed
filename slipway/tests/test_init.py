from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.keys import OperatorKey
from slipway import account
from slipway.cli import app, initializing
from slipway.errors import USAGE
from slipway.initial import writing
from slipway.project import Project
from traefik.settings import check_users_file

GIVEN = ["--domain", "example.com", "--email", "ops@example.com", "--network", "203.0.113.7/32"]


class FakePulumi:
    """Keeps configurations as pulumi would, and every word that it was called with."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, str]] = {}
        self.secret: set[str] = set()
        self.calls: list[list[str]] = []

    def __call__(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        words = list(arguments)
        self.calls.append(words)
        return subprocess.CompletedProcess(words, 0, self._answer(words, stdin), "")

    def _answer(self, words: list[str], stdin: str | None) -> str:
        if words[:2] == ["stack", "ls"]:
            return json.dumps([{"name": name} for name in self.stacks])
        if words[:2] == ["stack", "init"]:
            self.stacks[words[2]] = {}
        elif words[:2] == ["config", "set"]:
            assert stdin is not None
            self.stacks["staging"][words[3]] = stdin
            self.secret.add(words[3])
        elif words[:2] == ["config", "set-all"]:
            pairs = [word for word in words if "=" in word]
            self.stacks["staging"] |= dict(pair.split("=", 1) for pair in pairs)
        else:
            return json.dumps({key: {"value": value} for key, value in self.stacks["staging"].items()})
        return ""

    @property
    def config(self) -> dict[str, str]:
        return self.stacks["staging"]


@pytest.fixture
def pulumi(project: Project, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    fake = FakePulumi()
    for module in (account, writing):
        monkeypatch.setattr(module, "ask_pulumi", fake)
    monkeypatch.setattr(initializing, "stack_environment", lambda project, stack: {})
    return fake


def init(*options: str, typed: str = "") -> Any:
    return CliRunner().invoke(app, ["init", "-s", "staging", *options], input=typed)


def test_a_stack_gets_all_it_needs_without_a_question(pulumi: FakePulumi, project: Project) -> None:
    ended = init("--yes", *GIVEN, "--token-file", "-", typed="token-from-the-pipe\n")
    assert ended.exit_code == 0, ended.output
    assert pulumi.config["slipway:operatorNetworks"] == '["203.0.113.7/32"]'
    assert pulumi.config["slipway:region"] == "fra1"
    assert pulumi.config["digitalocean:token"] == "token-from-the-pipe"
    assert len(pulumi.config["slipway:rootSecret"]) >= 64
    assert pulumi.secret == {"digitalocean:token", "slipway:rootSecret"}
    assert "slipway doctor -s staging" in ended.output


def test_the_key_pair_is_its_owners_alone(pulumi: FakePulumi, project: Project) -> None:
    init("--yes", *GIVEN)
    file = project.root / pulumi.config["slipway:sshKeyFile"]
    assert file.is_relative_to(project.state), "git ignores that folder"
    assert file.stat().st_mode & 0o777 == 0o600
    public = file.with_suffix(".pub").read_text()
    assert public.split()[:2] == OperatorKey.from_file(file).public.split()[:2]


def test_no_secret_stands_in_an_argument_or_in_what_is_said(pulumi: FakePulumi, project: Project) -> None:
    ended = init("--yes", *GIVEN, "--guarded", "admin", "--token-file", "-", typed="token-from-the-pipe\n")
    words = " ".join(word for call in pulumi.calls for word in call) + ended.output
    password = (project.operators / "staging.guard").read_text().strip()
    hidden = [password, *(pulumi.config[key] for key in pulumi.secret)]
    assert len(hidden) == 4
    assert not [value for value in hidden if value in words]


def test_running_it_again_changes_nothing_that_is_there(pulumi: FakePulumi, project: Project) -> None:
    init("--yes", *GIVEN)
    before, key = dict(pulumi.config), (project.operators / "staging").read_text()
    ended = init("--yes")
    assert ended.exit_code == 0, ended.output
    assert pulumi.config == before
    assert (project.operators / "staging").read_text() == key
    ended = init("--yes", "--region", "ams3", "--json")
    assert json.loads(ended.output)["set_keys"] == ["slipway:region"]
    assert pulumi.config == before | {"slipway:region": "ams3"}


def test_what_the_stacks_file_says_already_is_not_asked(pulumi: FakePulumi, project: Project) -> None:
    (project.root / "Pulumi.staging.yaml").write_text(
        "config:\n  slipway:region: sfo3\n  slipway:protectData: 'true'\n"
    )
    ended = init("--yes", *GIVEN)
    assert ended.exit_code == 0, ended.output
    assert "slipway:region" not in pulumi.config, "pulumi reads it from the file"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--yes"], "--domain: The site's domain"),
        (["--yes", *GIVEN, "--network", "0.0.0.0/0"], "opens SSH to the world"),
        (["--yes", *GIVEN, "--guarded", "mail"], "slipway:size"),
        (["--yes", *GIVEN, "--ssh-key", "nowhere"], "slipway:sshKeyFile"),
        (["--yes", *GIVEN, "--token-file", "nowhere"], "nowhere can't be read"),
    ],
)
def test_a_fault_leaves_everything_as_it_was(options: list[str], said: str, pulumi: FakePulumi) -> None:
    ended = init(*options)
    assert ended.exit_code == USAGE
    assert said in ended.stderr
    assert pulumi.stacks == {}


def test_guarded_hosts_get_a_user_and_a_password(pulumi: FakePulumi, project: Project) -> None:
    ended = init("--yes", *GIVEN, "--guarded", "admin", "--guarded", "traefik")
    assert ended.exit_code == 0, ended.output
    check_users_file(pulumi.config["slipway:guardUsers"])
    assert (project.operators / "staging.guard").stat().st_mode & 0o777 == 0o600


def test_with_a_deploy_window_no_network_has_to_be_named(pulumi: FakePulumi) -> None:
    ended = init("--yes", *GIVEN[:4], "--deploy-window")
    assert ended.exit_code == 0, ended.output
    assert (pulumi.config["slipway:operatorNetworks"], pulumi.config["slipway:deployWindow"]) == ("[]", "true")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A person at a terminal, whose answers come one a line."""

    def run(*answers: str) -> Any:
        monkeypatch.setattr(initializing, "is_terminal", lambda: True)
        monkeypatch.setattr(initializing, "caller_address", lambda target, asks_outside: "203.0.113.7")
        return init(typed="".join(f"{answer}\n" for answer in answers))

    return run


def test_a_person_is_asked_until_the_answer_fits(terminal: Callable[..., Any], pulumi: FakePulumi) -> None:
    ended = terminal("Example", "example.com", "ops@example.com", "", "", "", "token-that-was-typed")
    assert ended.exit_code == 0, ended.output
    assert "'Example' is no domain name" in ended.stderr
    assert "token-that-was-typed" not in ended.output
    assert pulumi.config["slipway:operatorNetworks"] == '["203.0.113.7/32"]'
    assert pulumi.config["digitalocean:token"] == "token-that-was-typed"
    again = terminal()
    assert again.exit_code == 0, again.output


def test_stack_local_needs_no_answers(project: Project) -> None:
    ended = CliRunner().invoke(app, ["init", "-s", "local"])
    assert (ended.exit_code, "slipway deploy -s local" in ended.stderr) == (USAGE, True)
