"""What every command shares: options, the two consoles, and how a result is printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from slipway.cli.completing import complete_stacks

# The panels in which the commands stand in `slipway --help`.
DEPLOYING, LOOKING, DATA, SETTING_UP = "Deploy and go back", "Look", "Data", "Set up"

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Stack = Annotated[
    str,
    typer.Option(
        "--stack",
        "-s",
        help="Which stack, e.g. local or staging.",
        envvar="SLIPWAY_STACK",
        autocompletion=complete_stacks,
    ),
]
LockWait = Annotated[float, typer.Option("--lock-wait", help="Wait so many seconds for another deploy to end.", min=0)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, progress on stderr.")]


def examples(*pairs: tuple[str, str]) -> str:
    """Lay out a command's examples for its help: what to type, and what it is for."""
    width = max(len(typed) for typed, _ in pairs)
    lines = [f"{escape(typed):{width}}  [dim]{escape(purpose)}[/dim]" for typed, purpose in pairs]
    return "\n\n".join(["Examples:", *lines])


def teller(*, as_json: bool) -> Callable[[str], None]:
    """Return what prints a line of progress: beside a JSON document it goes to stderr."""
    console = err if as_json else out
    return lambda line: console.print(line, markup=False, soft_wrap=True)


def print_json(document: dict[str, Any]) -> None:
    """Print the one document that `--json` promises."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
