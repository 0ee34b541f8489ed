"""`slipway`: parses what the operator asks, calls the command, prints its result."""

from __future__ import annotations

import signal
import sys

import typer

from slipway.cli import data, deploying, going_back, initializing, inside, local, looking, preparing
from slipway.cli.ending import Guarded, end_unforeseen
from slipway.cli.shared import SETTING_UP, err, examples
from slipway.errors import Terminated

__all__ = ["app", "main"]

EXAMPLES = examples(
    ("slipway init -s staging", "asks what a stack needs and writes it"),
    ("slipway deploy -s local", "the whole system on this machine, verified"),
    ("slipway status -s local --json", "what runs, for programs"),
    ("slipway rollback -s staging", "back to the release before"),
    ("slipway doctor -s staging", "what is wrong, and the command that mends it"),
    ('eval "$(slipway env -s local)"', "then plain pulumi works here"),
)

app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    rich_markup_mode="rich",
    epilog=EXAMPLES,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    help="Deploys this checkout, looks at what runs, and goes back. Each command has examples: slipway COMMAND --help.",
)
for room in (deploying, going_back, looking, inside, data, initializing, preparing):
    app.add_typer(room.commands)
app.add_typer(local.commands, name="local", rich_help_panel=SETTING_UP)


def main() -> None:
    """Run the command line; whatever happens, the user reads a message and no traceback."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays what it says
            signal.signal(number, _terminate)
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the outermost layer: the details go into a file
        sys.exit(end_unforeseen(err, error))


def _terminate(number: int, frame: object) -> None:
    """End as Ctrl-C does, so that what is open is closed."""
    raise Terminated(number)
