"""Writes a stack's configuration by way of pulumi: secrets on stdin, and nothing that is there already."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from infra.errors import SettingsError
from infra.loading import TOKEN_VARIABLES, load_settings
from slipway.account import read_config
from slipway.asking import ask_pulumi
from slipway.errors import ConfigurationFault
from slipway.guard import new_password, users_line
from slipway.initial.answers import TOKEN_KEY
from slipway.key_pair import make_key_pair, secret_file
from slipway.project import Project

ROOT_SECRET, KEY_FILE, KEY_TEXT = "slipway:rootSecret", "slipway:sshKeyFile", "slipway:sshPrivateKey"
USERS, HOSTS = "slipway:guardUsers", "slipway:guardedHosts"
ROOT_SECRET_BYTES = 48


@dataclass
class Outcome:
    """What was written and made, for people and for programs."""

    stack: str
    made_stack: bool = False
    set_keys: list[str] = field(default_factory=list)
    kept_keys: list[str] = field(default_factory=list)
    made_files: list[str] = field(default_factory=list)


class Writer:
    """One stack's configuration."""

    def __init__(self, project: Project, stack: str, environment: Mapping[str, str]) -> None:
        self.project, self.stack, self.environment = project, stack, environment
        self.outcome = Outcome(stack)
        self.config: dict[str, str] = {}
        self._is_new = False
        self._guard_password = ""

    def open(self) -> None:
        """Read what is there; of a stack that isn't, what its file says already."""
        listed = self._pulumi("stack", "ls", "--json")
        self._is_new = self.stack not in {str(row["name"]).rpartition("/")[2] for row in json.loads(listed)}
        if self._is_new:
            self.config = self._plain_text()
        else:
            self.config = read_config(self.project, self.stack, self.environment)

    def write(self, wanted: Mapping[str, str], token: str | None) -> Outcome:
        """Write the settings that differ and make the secrets that are missing; raises ConfigurationFault.

        The whole is validated first, so that a fault leaves everything as it was.
        """
        plain = {key: value for key, value in wanted.items() if self.config.get(key) != value}
        hidden = self._new_secrets(plain, token)
        if KEY_FILE not in {*self.config, *plain} and KEY_TEXT not in self.config:
            plain[KEY_FILE] = self._key_file()
        self._validate(plain | hidden)
        if self._is_new:
            self._pulumi("stack", "init", self.stack, "--no-select")
            self.outcome.made_stack = True
        if USERS in hidden:
            self._keep_guard_password()
        for key, value in hidden.items():
            self._pulumi("config", "set", "--secret", key, "-s", self.stack, stdin=value)
        if plain:
            pairs = [part for key, value in plain.items() for part in ("--plaintext", f"{key}={value}")]
            self._pulumi("config", "set-all", "-s", self.stack, *pairs)
        self.outcome.set_keys = sorted({*plain, *hidden})
        self.outcome.kept_keys = sorted(self.config.keys() - {*plain, *hidden})
        return self.outcome

    def _plain_text(self) -> dict[str, str]:
        """Read the settings that stand in the stack's file for all to read."""
        file = self.project.root / f"Pulumi.{self.stack}.yaml"
        found = (yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}
        return {key: value for key, value in (found.get("config") or {}).items() if isinstance(value, str)}

    def _new_secrets(self, plain: Mapping[str, str], token: str | None) -> dict[str, str]:
        found = {}
        if ROOT_SECRET not in self.config:
            found[ROOT_SECRET] = secrets.token_urlsafe(ROOT_SECRET_BYTES)
        if token and self.config.get(TOKEN_KEY) != token:
            found[TOKEN_KEY] = token
        if HOSTS in {*self.config, *plain} and USERS not in self.config:
            self._guard_password = new_password()
            found[USERS] = users_line(self._guard_password)
        return found

    def _key_file(self) -> str:
        path = self.project.operators / self.stack
        if make_key_pair(path):
            self._made(path)
        return path.relative_to(self.project.root).as_posix()

    def _keep_guard_password(self) -> None:
        path = self.project.operators / f"{self.stack}.guard"
        path.unlink(missing_ok=True)  # of users that the configuration doesn't know
        secret_file(path, self._guard_password + "\n")
        self._made(path)

    def _made(self, path: Path) -> None:
        self.outcome.made_files.append(path.relative_to(self.project.root).as_posix())

    def _validate(self, changes: Mapping[str, str]) -> None:
        environment = dict(self.environment)
        # The token may come from the environment of whoever deploys; it is no reason to stop here.
        environment.setdefault(TOKEN_VARIABLES[0], "given at deploy")
        try:
            load_settings(self.stack, {**self.config, **changes}, environment, self.project.root)
        except SettingsError as error:
            raise ConfigurationFault(str(error)) from error

    def _pulumi(self, *arguments: str, stdin: str | None = None) -> str:
        done = ask_pulumi(arguments, self.project.root, self.environment, stdin)
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()).removeprefix("error: ")
            raise ConfigurationFault(
                f"`pulumi {' '.join(arguments[:2])}` failed: {said}\n"
                "First: pulumi login (or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL); a backend of files needs "
                "PULUMI_CONFIG_PASSPHRASE_FILE too."
            )
        return done.stdout
