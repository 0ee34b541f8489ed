"""One deployment from the operator's side: check, `pulumi up`, verify; each phase timed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from slipway.account import Access, check_credentials
from slipway.caller import caller_address
from slipway.environment import LOCAL, stack_environment
from slipway.errors import ConfigurationFault, DeployFailed, NotDeployed, SlipwayError, Unreachable, VerificationFailed
from slipway.facts import keep_given_key, read_facts
from slipway.guard import sign_in
from slipway.local import prepare
from slipway.manage import make_staff
from slipway.project import Project
from slipway.pulumi_up import pulumi_up
from slipway.remote import ask_engine
from slipway.rolling_back import roll_back
from slipway.status import Status, read_status
from slipway.timeline import Timeline
from slipway.verify import Verification, verify
from slipway.window import Door, deploy_window, is_inside


@dataclass(frozen=True)
class Wishes:
    """What the operator may choose."""

    update_only: bool = False
    check: bool = True
    go_back: bool = True  # when the verification fails
    lock_wait_s: float = 0


@dataclass(frozen=True)
class Serving:
    """What serves at a moment, as far as the droplet can be asked."""

    answer: Literal["release", "nothing", "silence"]
    release: str | None = None
    why: str = ""


@dataclass
class Deployment:
    """One run: what it is for, its phases, and what it came to."""

    project: Project
    stack: str
    wishes: Wishes = field(default_factory=Wishes)
    timeline: Timeline = field(default_factory=Timeline)
    verification: Verification | None = None

    def run(self) -> Status:
        """Bring the stack to what the checkout says and return how it is then.

        Raises a SlipwayError whose exit code tells how it ended.
        """
        if self.stack == LOCAL:
            with self.timeline.phase("local cloud"):
                prepare(self.project, self.timeline.say)
        environment = os.environ | stack_environment(self.project, self.stack)
        with self.timeline.phase("settings and credentials"):
            access = check_credentials(self.project, self.stack, environment)
        if access.settings.ssh_private_key is not None:
            keep_given_key(self.project, self.stack, access.operator_key.private)
        with self._window(access):
            return self._release(environment)

    def _release(self, environment: Mapping[str, str]) -> Status:
        served = what_serves(self.project, self.stack)
        with self.timeline.phase("pulumi up"):
            self._pulumi_up(environment, served)
        if self.stack == LOCAL and not self.project.staff_made.is_file():
            with self.timeline.phase("staff account"):
                make_local_staff(self.project)
        if self.wishes.check:
            with self.timeline.phase("verification"):
                self.verification = self._verified(served.release if self.wishes.go_back else None)
        return read_status(self.project, self.stack)  # as long as the window is open

    @contextmanager
    def _window(self, access: Access) -> Iterator[None]:
        """Open port 22 for this machine while the block runs, where the stack says so and it is shut."""
        networks = access.settings.operator_networks
        if not access.settings.deploy_window:
            yield
            return
        with self.timeline.phase("deploy window"):
            address = caller_address(known_address(self.project, self.stack), asks_outside=self.stack != LOCAL)
            needs_none = is_inside(address, networks)
            if needs_none:
                self.timeline.say(f"{address} is inside slipway:operatorNetworks: no window is needed")
        if needs_none:
            yield
            return
        with deploy_window(Door(access.api, self.stack, networks), address, self.timeline.say):
            yield

    def _pulumi_up(self, environment: Mapping[str, str], served: Serving) -> None:
        wishes = self.wishes
        try:
            pulumi_up(
                self.project,
                self.stack,
                environment,
                self.timeline.say,
                update_only=wishes.update_only,
                lock_wait_s=wishes.lock_wait_s,
            )
        except DeployFailed as failed:
            # A droplet that was silent before has nothing to say now, and asking it takes its time.
            now = served if served.answer == "silence" else what_serves(self.project, self.stack)
            raise DeployFailed(f"{failed}\n{tell_serving(self.stack, served, now)}") from failed

    def _verified(self, served: str | None) -> Verification:
        """Verify; a new release that fails gives way to the one that served before it."""
        try:
            mode = "update" if self.wishes.update_only else "deploy"
            return verify(self.project, self.stack, self.timeline.say, mode)
        except VerificationFailed as failed:
            try:
                now = ask_engine(read_facts(self.project, self.stack), "status")
            except Unreachable:
                raise failed from None  # who can't ask the droplet can't judge its release either
            if served is None or now["release"] == served or now["previous"] != served:
                raise
            self.timeline.say(f"   the verification failed: going back to release {served}")
            then = self._went_back(served)
            raise VerificationFailed(failed.release, failed.artifacts, then) from failed

    def _went_back(self, served: str) -> str:
        """Go back, and say how that went: a refusal must not hide that the verification failed."""
        try:
            roll_back(self.project, self.stack, served)
        except SlipwayError as refused:
            return f"It serves on, since going back to release {served} failed: {refused}"
        return f"Release {served} serves again; the next deploy releases what the checkout says then."


def what_serves(project: Project, stack: str) -> Serving:
    """Ask the droplet which release serves; silence is an answer too."""
    try:
        release = ask_engine(read_facts(project, stack), "status")["release"]
    except NotDeployed:
        return Serving("nothing")  # whatever comes is the first release
    except Unreachable as why:
        return Serving("silence", why=str(why))
    except DeployFailed:
        return Serving("nothing")  # the droplet is new: it has no engine yet
    return Serving("release", str(release)) if release else Serving("nothing")


def tell_serving(stack: str, before: Serving, now: Serving) -> str:
    """Say what a failed deploy left serving: only what was seen, since the droplet itself may have changed."""
    look = f"Look: slipway status -s {stack}, slipway doctor -s {stack}"
    if now.answer == "silence":
        was = f"Release {before.release} served before; what" if before.release else "What"
        return f"{was} serves now is not known: the droplet can't be asked.\n{look}"
    if now.answer == "nothing":
        lost = f": release {before.release} served before, and its data are on the volume" if before.release else ""
        return f"Nothing serves now{lost}.\n{look}"
    if now.release == before.release or before.answer != "release":
        return f"Release {now.release} goes on serving."
    return f"Release {now.release} serves now; {before.release} did before."


def known_address(project: Project, stack: str) -> str | None:
    """Return the droplet's address, once there is one."""
    try:
        return read_facts(project, stack).address
    except (NotDeployed, ConfigurationFault):
        return None


def make_local_staff(project: Project) -> None:
    """Make the account of Django's admin, once for each local deployment: its password can be changed there."""
    facts = read_facts(project, LOCAL)
    found = sign_in(project, facts)
    if found is not None:
        make_staff(facts, found.staff_email, found.password)
        project.staff_made.touch()
