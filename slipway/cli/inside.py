"""`slipway exec`: commands on the droplet."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from slipway.cli.completing import complete_services
from slipway.cli.shared import LOOKING, Stack, examples
from slipway.environment import LOCAL
from slipway.execute import exec_argv, exec_in_argv
from slipway.facts import read_facts
from slipway.project import Project
from slipway.remote import ask_engine

commands = typer.Typer()


@commands.command(
    rich_help_panel=LOOKING,
    name="exec",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog=examples(
        ("slipway exec -s staging", "a shell on the droplet"),
        ("slipway exec -s staging -- df -h", "a command; its exit code is passed on"),
        ("slipway exec -- 'docker ps | wc -l'", "a line for the droplet's shell"),
        ("slipway exec --service django -- python manage.py check", "in a container"),
    ),
)
def exec_(
    context: typer.Context,
    stack: Stack = LOCAL,
    service: Annotated[
        str | None,
        typer.Option("--service", help="Run in this service's container.", autocompletion=complete_services),
    ] = None,
) -> None:
    """Run a command on the droplet or in a container there, or open a shell; ends with the command's exit code."""
    facts = read_facts(Project.find(), stack)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if service is None:
        argv = exec_argv(facts, context.args, terminal=terminal)
    else:
        argv = exec_in_argv(facts, ask_engine(facts, "status"), service, context.args, terminal=terminal)
    raise typer.Exit(subprocess.run(argv, check=False).returncode)
