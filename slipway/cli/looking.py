"""Commands that only look: status, logs, open."""

from __future__ import annotations

import subprocess
from typing import Annotated

import typer

from slipway.cli.completing import complete_doors, complete_releases, complete_services
from slipway.cli.shared import LOOKING, AsJson, Stack, examples, out, print_json
from slipway.doors import open_browser, url_of
from slipway.environment import LOCAL
from slipway.errors import Unreachable
from slipway.facts import read_facts
from slipway.outside import read_from_outside
from slipway.printing import print_status
from slipway.project import Project
from slipway.remote import ask_engine
from slipway.seen import keep_seen
from slipway.service_logs import Wanted, logs_argv
from slipway.status import Status, read_status

commands = typer.Typer()


@commands.command(
    rich_help_panel=LOOKING,
    epilog=examples(
        ("slipway status -s staging", "is all well, and what runs"),
        ("slipway status -s staging --drift", "would pulumi up change anything"),
        ("slipway status -s staging --json", "for programs"),
    ),
)
def status(
    stack: Stack = LOCAL,
    drift: Annotated[bool, typer.Option("--drift", help="Ask the cloud too whether it is as declared.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the serving release, the health of each service, certificate, disk, memory, and where to look.

    While SSH is shut it shows what visitors see, and ends with 1.
    """
    project = Project.find()
    try:
        found = read_status(project, stack, with_drift=drift)
    except Unreachable as why:
        _show(read_from_outside(project, stack, why), as_json=as_json)
        raise
    keep_seen(project, stack, releases=found.release_states, services=[service.name for service in found.services])
    _show(found, as_json=as_json)


def _show(found: Status, *, as_json: bool) -> None:
    if as_json:
        print_json(found.as_json())
    else:
        print_status(out, found)


@commands.command(
    rich_help_panel=LOOKING,
    epilog=examples(
        ("slipway logs api", "the last 100 lines"),
        ("slipway logs api worker -f", "both, as they come"),
        ("slipway logs traefik --since 10m -n 1000", "what came since then"),
        ("slipway logs rollout --release ID", "how that release was rolled out"),
    ),
)
def logs(
    services: Annotated[
        list[str],
        typer.Argument(
            help="api, frontend, django, static, worker, beat, traefik, postgres, redis, mail, … or rollout.",
            autocompletion=complete_services,
        ),
    ],
    stack: Stack = LOCAL,
    release: Annotated[
        str | None,
        typer.Option("--release", "-r", help="Of a release that is kept.", autocompletion=complete_releases),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep on printing.")] = False,
    since: Annotated[str | None, typer.Option("--since", help="No older than this: 10m, 2h, a time.")] = None,
    tail: Annotated[int, typer.Option("--tail", "-n", help="How many lines from the end.", min=0)] = 100,
) -> None:
    """Print the logs of services, without the deployment's secrets."""
    facts = read_facts(Project.find(), stack)
    wanted = Wanted(services, release, tail, follow, since)
    argv = logs_argv(facts, ask_engine(facts, "status"), wanted)
    raise typer.Exit(subprocess.run(argv, check=False, stdin=subprocess.DEVNULL).returncode)


@commands.command(
    rich_help_panel=LOOKING,
    name="open",
    epilog=examples(
        ("slipway open", "the site"),
        ("slipway open admin -s staging", "Django's admin"),
        ("slipway open mail --print", "only say where it is"),
    ),
)
def open_(
    door: Annotated[
        str,
        typer.Argument(
            help="site, docs, or a guarded host that is on: admin, mail, traefik, flower, pgadmin.",
            autocompletion=complete_doors,
        ),
    ] = "site",
    stack: Stack = LOCAL,
    only_print: Annotated[bool, typer.Option("--print", help="Open no browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print where something of the deployment is, and open it in a browser if there is one."""
    url = url_of(read_facts(Project.find(), stack), door)
    if as_json:
        print_json({"url": url})
        return
    out.print(url, markup=False, soft_wrap=True)
    if not only_print:
        open_browser(url)
