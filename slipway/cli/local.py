"""`slipway local …`: the local cloud itself."""

from __future__ import annotations

import typer

from slipway.cli.shared import AsJson, examples, out, print_json, teller
from slipway.local import cloud_status, prepare, run_cloud
from slipway.project import Project

commands = typer.Typer(no_args_is_help=True, help="The local cloud: a DigitalOcean on this machine.")


@commands.command(epilog=examples(("slipway local start", "what `slipway deploy -s local` does first")))
def start() -> None:
    """Start the local cloud and prepare stack local."""
    prepare(Project.find(), teller(as_json=False))


@commands.command(epilog=examples(("slipway local stop", "`slipway local start` goes on where it was")))
def stop() -> None:
    """Stop the local cloud; its droplets' disks and its state stay."""
    run_cloud(Project.find(), "stop", teller(as_json=False))


@commands.command(
    name="status",
    epilog=examples(("slipway local status", "where it answers"), ("slipway local status --json", "for programs")),
)
def local_status(as_json: AsJson = False) -> None:
    """Show where the local cloud answers."""
    found = cloud_status(Project.find())
    found.pop("token", None)
    if as_json:
        print_json(found)
        return
    for key, value in found.items():
        out.print(f"{key:16} {value}", markup=False, soft_wrap=True)


@commands.command(epilog=examples(("slipway local reset", "its state and disks are gone then")))
def reset() -> None:
    """Remove the local cloud with everything in it."""
    run_cloud(Project.find(), "reset", teller(as_json=False))
