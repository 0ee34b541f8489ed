"""Commands around a stack's surroundings: env."""

from __future__ import annotations

import sys

import typer

from slipway.cli.shared import AsJson, Stack, examples, print_json
from slipway.environment import LOCAL, as_shell, stack_environment
from slipway.project import Project

commands = typer.Typer()


@commands.command(
    epilog=examples(
        ('eval "$(slipway env -s local)"', "then plain pulumi works here"),
        ("slipway env -s local --json", "for programs"),
    )
)
def env(stack: Stack = LOCAL, as_json: AsJson = False) -> None:
    """Print what a plain pulumi needs, for `eval "$(slipway env -s STACK)"`; local credentials are among it."""
    found = stack_environment(Project.find(), stack)
    if as_json:
        print_json(dict(found))
    else:
        sys.stdout.write(as_shell(found))
