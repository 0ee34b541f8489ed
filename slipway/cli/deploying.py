"""Commands that change what runs, or prove it: deploy, verify, close-window, down."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from slipway.cli.shared import DEPLOYING, AsJson, LockWait, Stack, err, examples, out, print_json, teller
from slipway.deploy import Deployment, Wishes
from slipway.down import take_down
from slipway.environment import LOCAL
from slipway.errors import VerificationFailed
from slipway.printing import print_deployed
from slipway.progress import shown, summary
from slipway.project import Project
from slipway.reach import door_of, reachable
from slipway.seen import keep_seen
from slipway.status import Status
from slipway.verify import read_verification
from slipway.verify import verify as run_verify

commands = typer.Typer()


@commands.command(
    rich_help_panel=DEPLOYING,
    epilog=examples(
        ("slipway deploy -s local", "everything, verified"),
        ("slipway deploy -s staging --update-only", "images and release alone"),
        ("slipway deploy -s staging --lock-wait 300", "after the deploy that runs"),
        ("slipway deploy -s staging --json", "for programs"),
    ),
)
def deploy(
    stack: Stack = LOCAL,
    update_only: Annotated[bool, typer.Option("--update-only", help="Touch only images and release.")] = False,
    skip_verify: Annotated[bool, typer.Option("--skip-verify", help="Don't verify afterwards.")] = False,
    no_rollback: Annotated[
        bool, typer.Option("--no-rollback", help="Leave a release serving whose verification fails.")
    ] = False,
    lock_wait: LockWait = 0,
    as_json: AsJson = False,
) -> None:
    """Check settings and credentials, run `pulumi up`, verify, and leave artifacts."""
    wishes = Wishes(update_only=update_only, check=not skip_verify, go_back=not no_rollback, lock_wait_s=lock_wait)
    run = Deployment(Project.find(), stack, wishes)
    console = err if as_json else out
    status = _run(run, console)
    services = [service.name for service in status.services]
    keep_seen(run.project, stack, releases=status.release_states, services=services)
    if as_json:
        times = {"seconds": run.timeline.seconds(), "room_seconds": run.timeline.room_seconds()}
        print_json(status.as_json() | times)
    else:
        print_deployed(out, status, run)


def _run(run: Deployment, console: Console) -> Status:
    """Run it; a run that fails shows how far it came, before the message."""
    log = run.project.state / "run" / "log" / f"deploy-{run.stack}.log"
    try:
        with shown(run.timeline, console, log):
            return run.run()
    except BaseException:
        if run.timeline.phases:
            console.print(summary(run.timeline))
            if console.is_terminal:
                console.print(f"all that was said: {log}", markup=False, soft_wrap=True)
        raise


@commands.command(
    rich_help_panel=DEPLOYING,
    epilog=examples(
        ("slipway verify -s staging", "every check, against what serves"),
        ("slipway verify -s staging --json", "for programs"),
    ),
)
def verify(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Run every check of verification/ against the live deployment."""
    project, say = Project.find(), teller(as_json=as_json)
    try:
        with reachable(project, stack, say):
            result = run_verify(project, stack, say)
    except VerificationFailed as failed:
        if as_json:
            print_json(read_verification(failed.artifacts).as_json())
        raise
    if as_json:
        print_json(result.as_json())


@commands.command(
    rich_help_panel=DEPLOYING,
    name="close-window",
    epilog=examples(
        ("slipway close-window -s staging", "after a deploy that was killed"),
        ("slipway close-window -s staging --json", "for a pipeline, whose last step it is"),
    ),
)
def close_window(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Close port 22 for every address that a deploy opened it for; harmless when none is open."""
    closed = door_of(Project.find(), stack).close()
    if as_json:
        print_json({"closed": closed})
    else:
        out.print(f"closed port 22 for {', '.join(closed)}" if closed else "no window was open", markup=False)


@commands.command(rich_help_panel=DEPLOYING, epilog=examples(("slipway down", "what `make down` does first")))
def down() -> None:
    """Destroy stack local and remove every trace of the local cloud."""
    take_down(Project.find(), teller(as_json=False))
