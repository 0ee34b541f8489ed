"""Commands around the deployment's database: put something in, and save what is there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from slipway import restore as restoring
from slipway.backup import take_backup
from slipway.cli.shared import DATA, AsJson, LockWait, Stack, examples, out, print_json, teller
from slipway.environment import LOCAL
from slipway.errors import ConfigurationFault
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
        ("slipway restore local_backups/FILE -s staging", "a file of this machine"),
        ("slipway restore 20261123-101500-backup.dump", "one that lies on the droplet"),
        ("slipway restore --undo -s staging", "back to what was live before"),
        ("slipway restore --forget -s staging", "remove what is put aside"),
    ),
)
def restore(
    dump: Annotated[
        str | None, typer.Argument(help="A file here, or the name of a dump in the droplet's /srv/slipway/backups.")
    ] = None,
    stack: Stack = LOCAL,
    undo: Annotated[bool, typer.Option("--undo", help="Let what was put aside take its place again.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove what was put aside.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    lock_wait: LockWait = 0,
    as_json: AsJson = False,
) -> None:
    """Let a dump take the live database's place; what was live stays beside, so that it can be taken back.

    It is restored beside, migrated, and held against the serving release's SQL.
    Only then do the two swap; the API may answer 503 for a moment.
    """
    chosen = [what for what in (dump, undo or None, forget or None) if what is not None]
    if len(chosen) != 1:
        raise ConfigurationFault("Name a dump, or --undo, or --forget: slipway restore --help")
    project, say = Project.find(), teller(as_json=as_json)
    facts = read_facts(project, stack)
    _confirm(stack, forget=forget, yes=yes)
    with reachable(project, stack, say):
        if dump is not None:
            done = restoring.restore(facts, dump, say, lock_wait)
        else:
            done = (restoring.undo if undo else restoring.forget)(facts, lock_wait)
    if as_json:
        print_json(done)
    elif forget:
        out.print(f"removed {', '.join(done['removed']) or 'nothing: nothing was put aside'}", markup=False)
    else:
        now, aside = Path(done["from"]).name, done["aside"]
        out.print(f"{stack} serves from {now}; what was live is database {aside}", markup=False, soft_wrap=True)


def _confirm(stack: str, *, forget: bool, yes: bool) -> None:
    """Ask before data change; who can't be asked has to say --yes."""
    if yes:
        return
    what = "remove what restores have put aside for good" if forget else "put all that was written since then aside"
    if not sys.stdin.isatty():
        raise ConfigurationFault(f"This would {what}, on stack '{stack}'. Say --yes if that is meant.")
    if not typer.confirm(f"This will {what}, on stack '{stack}'. Go on?"):
        raise typer.Abort


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
