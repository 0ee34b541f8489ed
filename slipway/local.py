"""The local stack's surroundings: the local cloud, keys, passphrase and configuration, all made on first use."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from slipway.asking import ask_pulumi
from slipway.environment import LOCAL, stack_environment
from slipway.errors import ConfigurationFault, DeployFailed
from slipway.guard import new_password, users_line
from slipway.key_pair import make_key_pair, secret_file
from slipway.project import Project
from slipway.pulumi_up import Say, stream

DOMAIN = "slipway.test"
LAST_WORDS = 12
# What stack `local` has unless somebody sets it otherwise. The mail catcher comes on top of what fills 2 GB.
CHOICES = {
    "slipway:seedDemo": "true",
    "slipway:size": "s-2vcpu-4gb",
    "slipway:guardedHosts": '["admin", "mail"]',
}
# Where a second local cloud on the same machine goes, for tests and for a second checkout.
OVERRIDES = {
    "SLIPWAY_LOCAL_NAME": "--name",
    "SLIPWAY_LOCAL_SUBNET": "--subnet",
    "SLIPWAY_LOCAL_PORT": "--api-port",
}


def cloud_argv(project: Project, verb: str, arguments: Sequence[str] = ()) -> list[str]:
    """Build the argv of one verb of the local cloud."""
    options = ["--home", str(project.local_cloud)]
    if verb == "start":
        options += [
            part for name, option in OVERRIDES.items() if name in os.environ for part in (option, os.environ[name])
        ]
    return [str(project.python), "-m", "localcloud", verb, *options, *arguments]


def run_cloud(project: Project, verb: str, say: Say) -> None:
    """Run one verb of the local cloud; raises DeployFailed with its last words when it fails."""
    done = stream(cloud_argv(project, verb), project.root, os.environ, say)
    if done.code != 0:
        raise DeployFailed(f"The local cloud could not {verb}:\n" + "\n".join(done.lines[-LAST_WORDS:]))


def cloud_status(project: Project) -> dict[str, Any]:
    """Return what `localcloud status --json` says."""
    argv = cloud_argv(project, "status", ["--json"])
    done = subprocess.run(argv, check=False, cwd=project.root, capture_output=True, text=True)
    if done.returncode != 0:
        raise DeployFailed(f"The local cloud's state can't be read: {done.stderr.strip() or done.stdout.strip()}")
    status: dict[str, Any] = json.loads(done.stdout)
    return status


def prepare(project: Project, say: Say) -> None:
    """Bring the local cloud up and write what stack `local` needs; nothing that is right is touched."""
    run_cloud(project, "start", say)
    project.backend.mkdir(parents=True, exist_ok=True)
    secret_file(project.passphrase, secrets.token_urlsafe(32))
    make_key_pair(project.operator_key)
    _configure(project, cloud_status(project))


def _configure(project: Project, cloud: dict[str, Any]) -> None:
    """Write Pulumi.local.yaml, by way of pulumi where a secret is to be encrypted."""
    file = project.root / "Pulumi.local.yaml"
    environment = os.environ | stack_environment(project, LOCAL)
    known = _known_stacks(project, environment)
    if LOCAL not in known:
        _pulumi(project, environment, "stack", "init", LOCAL, "--no-select")
    config = _read_config(file)
    wanted = {key: value for key, value in CHOICES.items() if key not in config} | _facts(project, cloud)
    if config.get("slipway:deployWindow") == "true":
        wanted.pop("slipway:operatorNetworks")  # whoever tries the window decides who needs one
    if any(config.get(key) != value for key, value in wanted.items()):
        pairs = [part for key, value in wanted.items() for part in ("--plaintext", f"{key}={value}")]
        _pulumi(project, environment, "config", "set-all", "-s", LOCAL, *pairs)
    if "slipway:rootSecret" not in config:
        _set_secret(project, environment, "slipway:rootSecret", secrets.token_urlsafe(48))
    if "slipway:guardUsers" not in config or not project.guard_password.is_file():
        password = new_password()
        _set_secret(project, environment, "slipway:guardUsers", users_line(password))
        project.guard_password.unlink(missing_ok=True)
        secret_file(project.guard_password, password + "\n")


def _set_secret(project: Project, environment: dict[str, str], key: str, value: str) -> None:
    _pulumi(project, environment, "config", "set", "--secret", key, "-s", LOCAL, stdin=value)


def _known_stacks(project: Project, environment: dict[str, str]) -> set[str]:
    listed = json.loads(_pulumi(project, environment, "stack", "ls", "--json"))
    return {str(entry["name"]).rpartition("/")[2] for entry in listed}


def _read_config(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    found = yaml.safe_load(file.read_text()) or {}
    return dict(found.get("config") or {})


def _facts(project: Project, cloud: dict[str, Any]) -> dict[str, str]:
    """Return the settings that this machine and its cloud decide."""

    def path(absolute: str) -> str:
        return Path(absolute).resolve().relative_to(project.root).as_posix()

    return {
        "slipway:domain": DOMAIN,
        "slipway:operatorNetworks": json.dumps([f"{cloud['gateway']}/32"]),
        "slipway:acmeEmail": f"operator@{DOMAIN}",
        "slipway:acmeDirectory": cloud["acme_directory"],
        "slipway:acmeCaFile": path(cloud["acme_ca_file"]),
        "slipway:siteCaFile": path(cloud["ca_file"]),
        "slipway:dnsServer": cloud["dns_server"],
        "slipway:sshKeyFile": project.operator_key.relative_to(project.root).as_posix(),
    }


def _pulumi(project: Project, environment: dict[str, str], *arguments: str, stdin: str | None = None) -> str:
    try:
        done = ask_pulumi(arguments, project.root, environment, stdin)
    except FileNotFoundError as error:
        raise ConfigurationFault("pulumi is not on PATH; `make up` finds, fetches or builds it") from error
    if done.returncode != 0:
        raise DeployFailed(f"`pulumi {' '.join(arguments[:3])}` failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
