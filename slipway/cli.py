"""`slipway`: parses what the operator asks, calls the command, prints its result."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from slipway.deploy import Wishes
from slipway.deploy import deploy as run_deploy
from slipway.down import take_down
from slipway.environment import LOCAL, as_shell, stack_environment
from slipway.errors import SlipwayError
from slipway.facts import read_facts
from slipway.local import cloud_status, prepare, run_cloud
from slipway.manage import make_staff
from slipway.manage import seed as run_seed
from slipway.printing import print_deployed, print_status
from slipway.project import Project
from slipway.remote import ask_engine, ssh_argv
from slipway.rolling_back import roll_back
from slipway.status import read_status
from slipway.verify import verify as run_verify

EXAMPLES = """Examples:

  slipway deploy -s local            the whole system on this machine, verified

  slipway status -s local --json     what runs, for programs

  slipway rollback -s staging        back to the release before

  eval "$(slipway env -s local)"     then plain pulumi works here
"""

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", epilog=EXAMPLES, pretty_exceptions_enable=False)
local_app = typer.Typer(no_args_is_help=True, help="The local cloud: a DigitalOcean on this machine.")
app.add_typer(local_app, name="local")

SEED_EXAMPLES = """Examples:

  slipway seed -s local                       a believable data set, to look at

  slipway seed -s local --items 1000000       a large one, to measure on

  slipway seed -s local --items 5000 --json   for programs: how much was added
"""
STAFF_EXAMPLES = """Examples:

  slipway staff ada@example.com -s staging                the password is asked for

  pass ada | slipway staff ada@example.com -s staging     or read from a pipe
"""
# The compose projects of services that outlive a release.
STANDING = {"traefik": "edge", "postgres": "data", "redis": "data", "flower": "ops", "pgadmin": "ops", "mail": "ops"}

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Stack = Annotated[
    str, typer.Option("--stack", "-s", help="Which stack, e.g. local or staging.", envvar="SLIPWAY_STACK")
]
LockWait = Annotated[float, typer.Option("--lock-wait", help="Wait so many seconds for another deploy to end.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, progress on stderr.")]


def main() -> None:
    """Run the command line; no traceback of an expected failure reaches the user."""
    try:
        app()
    except SlipwayError as error:
        err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(error.exit_code)


@app.command()
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
    project = Project.find()
    wishes = Wishes(update_only=update_only, check=not skip_verify, go_back=not no_rollback, lock_wait_s=lock_wait)
    run = run_deploy(project, stack, _say(as_json), wishes)
    status = read_status(project, stack)
    if as_json:
        _print_json(status.as_json() | {"seconds": run.seconds})
    else:
        print_deployed(out, status, run)


@app.command()
def status(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Show the serving release, its services and where to look."""
    found = read_status(Project.find(), stack)
    if as_json:
        _print_json(found.as_json())
        return
    print_status(out, found)


@app.command()
def verify(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Run every check of verification/ against the live deployment."""
    result = run_verify(Project.find(), stack, _say(as_json))
    if as_json:
        _print_json({"ok": True, "artifacts": None if result.artifacts is None else str(result.artifacts)})
    else:
        out.print(f"artifacts  {result.artifacts}")


@app.command()
def rollback(
    release: Annotated[str | None, typer.Argument(help="Which release; default: the one before.")] = None,
    stack: Stack = LOCAL,
    lock_wait: LockWait = 0,
    as_json: AsJson = False,
) -> None:
    """Switch back to an older release: images, configuration, secrets and routes as one.

    The next `pulumi up` releases what the checkout says, changed or not.
    """
    result = roll_back(Project.find(), stack, release, lock_wait)
    if as_json:
        _print_json(result)
    elif result["changed"]:
        out.print(f"serving {result['release']} again (was {result['previous']})")
    else:
        out.print(f"release {result['release']} serves already")


@app.command()
def unlock(
    stack: Stack = LOCAL,
    wait: Annotated[float, typer.Option("--wait", help="Seconds for its way back.")] = 120,
    force: Annotated[bool, typer.Option("--force", help="Kill it if it is still there then.")] = False,
    as_json: AsJson = False,
) -> None:
    """End the rollout that holds the droplet's lock; it takes its work back first, and what served goes on serving."""
    arguments = ["unlock", "--wait", f"{wait:g}", *(["--force"] if force else [])]
    result = ask_engine(read_facts(Project.find(), stack), *arguments, timeout_s=3 * wait + 60)
    if as_json:
        _print_json(result)
        return
    ended = result["ended"]
    out.print(
        f"ended the rollout of {ended['who']}, since {ended['since']}" if ended else "nobody held the lock",
        markup=False,
    )
    out.print(f"serving {result['release'] or 'nothing'}")


@app.command()
def releases(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """List the releases that are kept on the droplet."""
    result = ask_engine(read_facts(Project.find(), stack), "releases")
    if as_json:
        _print_json(result)
        return
    for release in result["releases"]:
        out.print(f"{release['id']}  {release['state']}")


@app.command()
def logs(
    service: Annotated[
        str, typer.Argument(help="api, frontend, django, static, worker, beat, traefik, postgres, redis, mail, …")
    ],
    stack: Stack = LOCAL,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep on printing.")] = False,
    tail: Annotated[int, typer.Option("--tail", "-n", help="How many lines from the end.")] = 100,
) -> None:
    """Print a service's log of the serving release."""
    facts = read_facts(Project.find(), stack)
    project = STANDING.get(service)
    if project is None:
        project = f"app-{ask_engine(facts, 'status')['release']}"
    flag = " --follow" if follow else ""
    command = f"docker compose --ansi never -p {project} logs --no-log-prefix --tail {tail}{flag} {service}"
    raise typer.Exit(subprocess.run([*ssh_argv(facts), command], check=False).returncode)


@app.command(epilog=SEED_EXAMPLES)
def seed(
    stack: Stack = LOCAL,
    items: Annotated[int | None, typer.Option("--items", min=1, help="Add items until there are this many.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fill the database with demo data; what is there stays."""
    added = run_seed(read_facts(Project.find(), stack), items)
    if as_json:
        _print_json(added)
        return
    for kind, count in added.items():
        out.print(f"{kind:12} {count}")


@app.command(epilog=STAFF_EXAMPLES)
def staff(
    email: Annotated[str, typer.Argument(help="Whose account; it is made if there is none.")], stack: Stack = LOCAL
) -> None:
    """Let an account do everything in Django's admin, and set its password."""
    facts = read_facts(Project.find(), stack)
    typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else None
    make_staff(facts, email, typed or sys.stdin.readline().rstrip("\n"))
    out.print(f"{email} may do everything in the admin", markup=False)


@app.command(name="exec", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def exec_(context: typer.Context, stack: Stack = LOCAL) -> None:
    """Run a command on the droplet, or open a shell there."""
    argv = ssh_argv(read_facts(Project.find(), stack), terminal=sys.stdin.isatty())
    raise typer.Exit(subprocess.run([*argv, *context.args], check=False).returncode)


@app.command()
def env(stack: Stack = LOCAL) -> None:
    """Print what a plain pulumi needs, for `eval "$(slipway env -s STACK)"`."""
    sys.stdout.write(as_shell(stack_environment(Project.find(), stack)))


@app.command()
def down() -> None:
    """Destroy stack local and remove every trace of the local cloud."""
    take_down(Project.find(), _say(as_json=False))


@local_app.command()
def start() -> None:
    """Start the local cloud and prepare stack local."""
    prepare(Project.find())


@local_app.command()
def stop() -> None:
    """Stop the local cloud; its droplets' disks and its state stay."""
    run_cloud(Project.find(), "stop")


@local_app.command(name="status")
def local_status(as_json: AsJson = False) -> None:
    """Show where the local cloud answers."""
    found = cloud_status(Project.find())
    found.pop("token", None)
    if as_json:
        _print_json(found)
        return
    for key, value in found.items():
        out.print(f"{key:16} {value}")


@local_app.command()
def reset() -> None:
    """Remove the local cloud with everything in it."""
    run_cloud(Project.find(), "reset")


def _say(as_json: bool) -> Callable[[str], None]:
    console = err if as_json else out
    return lambda line: console.print(line, markup=False, soft_wrap=True)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
