"""One deployment from the operator's side: check, `pulumi up`, verify; each phase timed."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from infra.errors import SettingsError
from infra.loading import TOKEN_VARIABLES, load_settings
from infra.stack import PUBLIC_API_URL
from slipway.asking import TORN, ask_pulumi
from slipway.environment import LOCAL, stack_environment
from slipway.errors import (
    ConfigurationFault,
    DeployFailed,
    Locked,
    NotDeployed,
    SlipwayError,
    Unreachable,
    VerificationFailed,
)
from slipway.facts import read_facts
from slipway.guard import sign_in
from slipway.local import prepare
from slipway.manage import make_staff
from slipway.project import Project
from slipway.remote import ask_engine
from slipway.rolling_back import roll_back
from slipway.verify import Verification, verify

Say = Callable[[str], None]
API_TIMEOUT_S = 20
LOCK_POLL_S = 3
# The components that a code change concerns; the infrastructure under them is not even looked at.
RELEASE_ROOMS = ("images:Images", "release:Release", "facts:Facts")
# The CLI and the rollout engine tell a lock by text alone; these are the words of each.
LOCK_WORDS = ("the stack is currently locked by", "is locked by another deploy", TORN)


@dataclass
class Deployment:
    """What a run did: the phases with their seconds, and the verification if it came to one."""

    stack: str
    seconds: dict[str, float] = field(default_factory=dict)
    verification: Verification | None = None

    @contextmanager
    def phase(self, name: str, say: Say) -> Iterator[None]:
        """Time a phase and tell its beginning and its end."""
        say(f"── {name}")
        start = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - start, 1)
        say(f"   {name} done in {self.seconds[name]:.1f} s")


@dataclass(frozen=True)
class Wishes:
    """What the operator may choose."""

    update_only: bool = False
    check: bool = True
    go_back: bool = True  # when the verification fails
    lock_wait_s: float = 0


def deploy(project: Project, stack: str, say: Say, wishes: Wishes) -> Deployment:
    """Bring the stack to what the checkout says; raises a SlipwayError whose exit code tells how it ended."""
    run = Deployment(stack)
    served = _serving(project, stack)
    if stack == LOCAL:
        with run.phase("local cloud", say):
            prepare(project)
    environment = os.environ | stack_environment(project, stack)
    with run.phase("settings and credentials", say):
        check_credentials(project, stack, environment)
    with run.phase("pulumi up", say):
        pulumi_up(project, stack, environment, say, wishes)
    if stack == LOCAL and not project.staff_made.is_file():
        with run.phase("staff account", say):
            make_local_staff(project)
    if wishes.check:
        with run.phase("verification", say):
            run.verification = _verified(project, stack, say, served if wishes.go_back else None)
    return run


def _serving(project: Project, stack: str) -> str | None:
    try:
        return str(ask_engine(read_facts(project, stack), "status")["release"] or "") or None
    except (NotDeployed, Unreachable):
        return None  # whatever comes is the first release that this droplet has


def _verified(project: Project, stack: str, say: Say, served: str | None) -> Verification:
    """Verify; a new release that fails gives way to the one that served before it."""
    try:
        return verify(project, stack, say)
    except VerificationFailed as failed:
        now = ask_engine(read_facts(project, stack), "status")
        if served is None or now["release"] == served or now["previous"] != served:
            raise
        say(f"   the verification failed: going back to release {served}")
        then = _went_back(project, stack, served)
        raise VerificationFailed(failed.release, failed.artifacts, then) from failed


def _went_back(project: Project, stack: str, served: str) -> str:
    """Go back, and say how that went: a refusal must not hide that the verification failed."""
    try:
        roll_back(project, stack, served)
    except SlipwayError as refused:
        return f"It serves on, since going back to release {served} failed: {refused}"
    return f"Release {served} serves again; the next deploy releases what the checkout says then."


def make_local_staff(project: Project) -> None:
    """Make the account of Django's admin, once for each local deployment: its password can be changed there."""
    facts = read_facts(project, LOCAL)
    found = sign_in(project, facts)
    if found is not None:
        make_staff(facts, found.staff_email, found.password)
        project.staff_made.touch()


def check_credentials(project: Project, stack: str, environment: Mapping[str, str]) -> None:
    """Validate every setting and ask the API whether it takes the token, before anything is created."""
    config = _config(project, stack, environment)
    try:
        load_settings(stack, config, environment, project.root)
    except SettingsError as error:
        raise ConfigurationFault(str(error)) from error
    url = config.get("digitalocean:apiEndpoint") or environment.get("DIGITALOCEAN_API_URL") or PUBLIC_API_URL
    token = config.get("digitalocean:token") or next(environment[n] for n in TOKEN_VARIABLES if environment.get(n))
    try:
        answer = httpx.get(
            f"{url.rstrip('/')}/v2/account", headers={"Authorization": f"Bearer {token}"}, timeout=API_TIMEOUT_S
        )
    except httpx.HTTPError as error:
        raise ConfigurationFault(f"{url} can't be reached: {error}\nNothing was changed.") from error
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise ConfigurationFault(
            f"{url} refuses the API token (401); nothing was changed.\n"
            f"Make a new token in DigitalOcean's control panel, then: export {TOKEN_VARIABLES[0]}=…"
        )
    if not answer.is_success:
        raise ConfigurationFault(f"{url}/v2/account answers {answer.status_code}; nothing was changed.")


def _config(project: Project, stack: str, environment: Mapping[str, str]) -> dict[str, str]:
    done = ask_pulumi(["config", "--show-secrets", "--json", "--stack", stack], project.root, environment)
    if done.returncode != 0:
        raise ConfigurationFault(
            f"The configuration of stack '{stack}' can't be read: {done.stderr.strip().removeprefix('error: ')}\n"
            "First: pulumi login (or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL), then: "
            f"pulumi stack init {stack}; the settings it needs are in docs/configuration.md."
        )
    entries = json.loads(done.stdout)
    return {
        key: entry["value"] if isinstance(entry["value"], str) else json.dumps(entry["value"])
        for key, entry in entries.items()
    }


def pulumi_up(project: Project, stack: str, environment: Mapping[str, str], say: Say, wishes: Wishes) -> None:
    """Run `pulumi up`, again and again while another run holds a lock and there is time to wait.

    Raises Locked or DeployFailed with what went wrong in its last lines.
    """
    deadline = time.monotonic() + wishes.lock_wait_s
    while True:
        try:
            return _pulumi_up_once(project, stack, environment, say, update_only=wishes.update_only)
        except Locked as locked:
            if time.monotonic() >= deadline:
                raise
            say(f"{locked}\n   waiting for it, at most {deadline - time.monotonic():.0f} s more")
            time.sleep(LOCK_POLL_S)


def _pulumi_up_once(
    project: Project, stack: str, environment: Mapping[str, str], say: Say, *, update_only: bool
) -> None:
    argv = ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack, "--non-interactive", "--color", "never"]
    argv += ["--suppress-progress", "--suppress-outputs"]
    if update_only:
        argv += [part for room in RELEASE_ROOMS for part in ("--target", f"**slipway:{room}**")]
    lines = list(stream(argv, project.root, environment, say))
    code = lines.pop()
    if code == "0":
        return
    said = "\n".join(line for line in lines if line.strip())
    if any(words in said for words in LOCK_WORDS):
        raise Locked(f"Stack '{stack}' is being deployed by another run.\n" + _diagnostics(said))
    raise DeployFailed(f"`pulumi up -s {stack}` failed; what was serving goes on serving.\n" + _diagnostics(said))


def stream(argv: list[str], cwd: Path, environment: Mapping[str, str], say: Say) -> Iterator[str]:
    """Run a command, passing each line to `say` and to the caller; the last item is the exit code as text."""
    with subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            say(line.rstrip())
            yield line.rstrip()
    yield str(process.returncode)


def _diagnostics(said: str) -> str:
    """Cut the CLI's own summary of errors out of its output."""
    _, found, rest = said.partition("Diagnostics:\n")
    text = rest if found else said
    for summary in ("\nOutputs:\n", "\nResources:\n"):
        text = text.partition(summary)[0]
    return "\n".join(text.strip().splitlines()[-30:])
