"""Commands around the deployment's database: put something in, and save what is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from slipway.backup import take_backup
from slipway.cli.shared import DATA, AsJson, LockWait, Stack, examples, out, print_json, teller
from slipway.environment import LOCAL
from slipway.facts import read_facts
from slipway.manage import make_staff
from slipway.manage import seed as run_seed
from slipway.project import Project
from slipway.reach import reachable

commands = typer.Typer()


@commands.command(
    rich_help_panel=DATA,
    epilog=examples(
        ("slipway seed -s local", "a believable data set, to look at"),
        ("slipway seed -s local --items 1000000", "a large one, to measure on"),
        ("slipway seed -s local --items 5000 --json", "for programs: how much was added"),
    ),
)
def seed(
    stack: Stack = LOCAL,
    items: Annotated[int | None, typer.Option("--items", min=1, help="Add items until there are this many.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fill the database with demo data; what is there stays."""
    added = run_seed(read_facts(Project.find(), stack), items)
    if as_json:
        print_json(dict(added))
        return
    for kind, count in added.items():
        out.print(f"{kind:12} {count}")


@commands.command(
    rich_help_panel=DATA,
    epilog=examples(
        ("slipway backup -s staging", "into local_backups/"),
        ("slipway backup -s staging --to /mnt/safe", "onto another disk, as from cron"),
        ("slipway backup -s staging --json", "for programs: file, size, digest, rows"),
    ),
)
def backup(
    stack: Stack = LOCAL,
    to: Annotated[Path | None, typer.Option("--to", help="Folder on this machine; default: local_backups/.")] = None,
    lock_wait: LockWait = 0,
    as_json: AsJson = False,
) -> None:
    """Dump the database, prove the dump by restoring it beside, and fetch it to this machine.

    The site serves on. How to restore: docs/runbooks/database-restore.md
    """
    project, say = Project.find(), teller(as_json=as_json)
    with reachable(project, stack, say):
        made = take_backup(read_facts(project, stack), to or project.backups, say, lock_wait)
    if as_json:
        print_json(made.as_json())
    else:
        out.print(f"saved {made.file}", markup=False, soft_wrap=True)


@commands.command(
    rich_help_panel=DATA,
    epilog=examples(
        ("slipway staff ada@example.com -s staging", "the password is asked for"),
        ("pass ada | slipway staff ada@example.com -s staging", "or read from a pipe"),
    ),
)
def staff(
    email: Annotated[str, typer.Argument(help="Whose account; it is made if there is none.")], stack: Stack = LOCAL
) -> None:
    """Let an account do everything in Django's admin, and set its password."""
    facts = read_facts(Project.find(), stack)
    typed = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else None
    make_staff(facts, email, typed or sys.stdin.readline().rstrip("\n"))
    out.print(f"{email} may do everything in the admin", markup=False)
