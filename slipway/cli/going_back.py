"""Commands around releases: list them, go back to one, end one that hangs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from slipway.cli.completing import complete_releases
from slipway.cli.shared import DEPLOYING, AsJson, LockWait, Stack, examples, out, print_json, teller
from slipway.environment import LOCAL
from slipway.facts import read_facts
from slipway.printing import print_releases
from slipway.project import Project
from slipway.reach import reachable
from slipway.releases import read_releases
from slipway.remote import ask_engine
from slipway.rolling_back import roll_back
from slipway.seen import keep_seen

commands = typer.Typer()


@commands.command(
    rich_help_panel=DEPLOYING,
    epilog=examples(
        ("slipway releases -s staging", "what can be gone back to"),
        ("slipway releases -s staging --json", "for programs"),
    ),
)
def releases(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """List the releases that are kept on the droplet, newest first: what each is, when, by whom, its state."""
    project = Project.find()
    found = read_releases(project, read_facts(project, stack))
    keep_seen(project, stack, releases={release.id: release.state for release in found})
    if as_json:
        print_json({"releases": [release.as_json() for release in found]})
    else:
        print_releases(out, found)


@commands.command(
    rich_help_panel=DEPLOYING,
    epilog=examples(
        ("slipway rollback -s staging", "to the release before"),
        ("slipway rollback -s staging 20261123-101500-abc1234", "to one of `slipway releases`"),
    ),
)
def rollback(
    release: Annotated[
        str | None,
        typer.Argument(help="Which release; default: the one before.", autocompletion=complete_releases),
    ] = None,
    stack: Stack = LOCAL,
    lock_wait: LockWait = 0,
    as_json: AsJson = False,
) -> None:
    """Switch back to an older release: images, configuration, secrets and routes as one.

    The next `pulumi up` releases what the checkout says, changed or not. Naming the release that serves mends what of
    it is down, its certificate included.
    """
    project = Project.find()
    with reachable(project, stack, teller(as_json=as_json)):
        result = roll_back(project, stack, release, lock_wait)
    if as_json:
        print_json(result)
    elif "mended" in result:
        out.print(f"release {result['release']} serves already; {_mended(result)}", markup=False)
    elif result["changed"]:
        out.print(f"serving {result['release']} again (was {result['previous']})")
    else:
        out.print(f"release {result['release']} serves already")


def _mended(result: dict[str, Any]) -> str:
    parts = {"mended": result["mended"], "still not well": result["still"]}
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts.items() if names)


@commands.command(
    rich_help_panel=DEPLOYING,
    epilog=examples(
        ("slipway unlock -s staging", "it takes its work back first"),
        ("slipway unlock -s staging --wait 30 --force", "kill it if it won't"),
    ),
)
def unlock(
    stack: Stack = LOCAL,
    wait: Annotated[float, typer.Option("--wait", help="Seconds for its way back.")] = 120,
    force: Annotated[bool, typer.Option("--force", help="Kill it if it is still there then.")] = False,
    as_json: AsJson = False,
) -> None:
    """End the rollout that holds the droplet's lock; it takes its work back first, and what served goes on serving."""
    arguments = ["unlock", "--wait", f"{wait:g}", *(["--force"] if force else [])]
    project = Project.find()
    with reachable(project, stack, teller(as_json=as_json)):
        result = ask_engine(read_facts(project, stack), *arguments, timeout_s=3 * wait + 60)
    if as_json:
        print_json(result)
        return
    ended = result["ended"]
    said = f"ended the rollout of {ended['who']}, since {ended['since']}" if ended else "nobody held the lock"
    out.print(said, markup=False, soft_wrap=True)
    out.print(f"serving {result['release'] or 'nothing'}")
