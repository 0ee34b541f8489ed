"""Django's own commands, each in a container of its own beside the serving release."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Sequence

from slipway.errors import DeployFailed, Unreachable
from slipway.facts import Facts
from slipway.remote import SSH_FAILED, failure, ssh_argv

CURRENT = "/srv/slipway/current"
# One more container has a memory limit of its own; a process in a serving one would share that one's.
_ONE_OFF = (
    f'cd {CURRENT} && exec docker compose --progress quiet --project-name "app-$(basename "$(pwd -P)")" '
    "--env-file env --file compose/app.yml run --rm --no-deps -T django python manage.py"
)
STAFF_TIMEOUT_S = 120.0
_ADDED = re.compile(r"^(\w+): (\d+)(?: rows)? added$", re.MULTILINE)
# A million items take minutes, on a small droplet more of them.
SEED_TIMEOUT_S = 3600.0


def manage_argv(facts: Facts, arguments: Sequence[str]) -> list[str]:
    """Build the argv that runs `manage.py` with arguments on the droplet."""
    return [*ssh_argv(facts), f"{_ONE_OFF} {shlex.join(arguments)}"]


def manage(facts: Facts, arguments: Sequence[str], *, timeout_s: float, stdin: str = "") -> str:
    """Run `manage.py` and return what it said; raises Unreachable, or DeployFailed with its last words."""
    try:
        done = subprocess.run(
            manage_argv(facts, arguments), input=stdin, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreachable(f"{facts.address} didn't finish `manage.py {arguments[0]}` in {timeout_s:.0f} s") from error
    if done.returncode == SSH_FAILED:
        raise failure(facts, done.returncode, done.stderr.strip())
    if done.returncode != 0:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-10:])
        raise DeployFailed(f"`manage.py {' '.join(arguments)}` failed on the droplet:\n{said}")
    return done.stdout


def make_staff(facts: Facts, email: str, password: str) -> None:
    """Let an account do everything in the admin, with this password; it is made if there is none."""
    manage(facts, ["make_staff", email], timeout_s=STAFF_TIMEOUT_S, stdin=password + "\n")


def seed(facts: Facts, items: int | None) -> dict[str, int]:
    """Add demo data and return how much of each kind was added."""
    arguments = ["seed"] + ([] if items is None else ["--items", str(items)])
    said = manage(facts, arguments, timeout_s=SEED_TIMEOUT_S)
    return {kind: int(count) for kind, count in _ADDED.findall(said)}
