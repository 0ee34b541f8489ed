"""How a command ends when it doesn't end well: a message, an exit code, and the details in a file."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from infra.errors import InfraError
from localcloud.errors import LocalCloudError
from slipway.cli.shared import err
from slipway.errors import FAILED, INTERRUPTED, USAGE, ConfigurationFault, SlipwayError, Terminated
from slipway.project import Project
from toolchain.errors import ToolchainError
from verification.artifacts.redact import Redactor
from verification.errors import VerificationError

# Errors that other rooms raise on purpose: their text is written for the operator.
FORESEEN = (InfraError, LocalCloudError, ToolchainError, VerificationError)


class Guarded(TyperGroup):
    """Turns a foreseen failure and Ctrl-C into one message and the exit code that design names for it."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except SlipwayError as error:
            tell(err, str(error))
            raise typer.Exit(error.exit_code) from error
        except FORESEEN as error:
            tell(err, str(error))
            raise typer.Exit(USAGE) from error
        except Terminated as stop:
            tell(err, f"ended by signal {stop.number}", "stopped")
            raise typer.Exit(stop.exit_code) from stop
        except (KeyboardInterrupt, typer.Abort) as stop:  # the latter where somebody was asked something
            tell(err, "by Ctrl-C; run the command again when you like", "stopped")
            raise typer.Exit(INTERRUPTED) from stop


def tell(console: Console, text: str, word: str = "error") -> None:
    """Print how it ended."""
    console.print(f"{word}: {text}", style="red" if word == "error" else "yellow", markup=False, soft_wrap=True)


def end_unforeseen(console: Console, error: Exception) -> int:
    """Say in one line what nobody foresaw and where its traceback was written; returns the exit code."""
    file = _write_details(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    where = f"details: {file}" if file is not None else "its details could not be written down"
    tell(console, f"this was not foreseen: {Redactor()(what)} ({where})")
    return FAILED


def _write_details(error: Exception) -> Path | None:
    """Write the traceback into the checkout's state, else into the folder for temporary files; secrets are hidden."""
    now = datetime.now(UTC)
    head = f"{now.isoformat()}\n{platform.platform()}, Python {platform.python_version()}\nslipway {_words()}\n\n"
    text = Redactor()(head + "".join(traceback.format_exception(error)))
    for folder in (_state_folder(), Path(tempfile.gettempdir())):
        file = folder / f"slipway-{now:%Y%m%d-%H%M%S-%f}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(text)
        except OSError:
            continue  # a full or read-only disk must not hide what went wrong first
        return file
    return None


def _words() -> str:
    return " ".join(sys.argv[1:])


def _state_folder() -> Path:
    try:
        return Project.find().state / "errors"
    except ConfigurationFault:
        return Path(tempfile.gettempdir())
