"""The command line: `python -m localcloud start|stop|status|reset|image`."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from localcloud import lifecycle
from localcloud.errors import HostUnfit, LocalCloudError, SettingsError
from localcloud.lifecycle import Wishes

EXAMPLES = """DigitalOcean on this machine, for any client of its API.

Examples:

  python -m localcloud start                 # API on 127.0.0.1:8190, public addresses in 198.18.0.0/20

  python -m localcloud status --json         # addresses, token, certificate files

  python -m localcloud start --home /tmp/two --name two --subnet 198.18.16.0/20 --api-port 8191

  python -m localcloud stop                  # droplets and volumes stay, the next start boots them

  python -m localcloud reset                 # nothing is left
"""
FAILED, USAGE = 1, 2
DEFAULT_HOME = Path(".slipway/local")

app = typer.Typer(help=EXAMPLES, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(stderr=True)

Home = Annotated[Path, typer.Option("--home", help="Folder of the instance's state.")]
Name = Annotated[str | None, typer.Option("--name", help="Name of the instance [default: local].")]
Subnet = Annotated[str | None, typer.Option("--subnet", help="Public network [default: 198.18.0.0/20].")]
ApiPort = Annotated[int | None, typer.Option("--api-port", help="Port of the API on 127.0.0.1 [default: 8190].")]
TimeScale = Annotated[
    float | None,
    typer.Option("--time-scale", min=0, help="Factor on DigitalOcean's waiting times; 0 waits not at all."),
]
AcmeImage = Annotated[str | None, typer.Option("--acme-image", help="Image whose entrypoint is Pebble.")]
Mirror = Annotated[str | None, typer.Option("--mirror", help="Debian mirror for the droplet image [default: apt's].")]


def parse_subnet(text: str | None) -> IPv4Network | None:
    """Read a subnet; SettingsError says what is wrong with it."""
    if text is None:
        return None
    try:
        subnet = IPv4Network(text)
    except ValueError as error:
        raise SettingsError(f"--subnet {text}: {error}. Give a network such as 198.18.16.0/20") from error
    if subnet.prefixlen > 22:
        raise SettingsError(f"--subnet {text} is too small: droplets begin at .1.1, so it needs a /22 or larger")
    return subnet


@contextmanager
def reported() -> Iterator[None]:
    """Print a failure as one message and leave with its exit code."""
    try:
        yield
    except (HostUnfit, SettingsError) as error:
        console.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(USAGE) from error
    except LocalCloudError as error:
        console.print(f"[red]error:[/red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


def progress() -> Callable[[str], None]:
    """Return a printer of progress lines with the seconds since the beginning."""
    begun = time.monotonic()
    return lambda text: console.print(f"[dim]{time.monotonic() - begun:6.1f} s[/dim]  {text}", highlight=False)


@app.command()
def start(
    home: Home = DEFAULT_HOME,
    name: Name = None,
    subnet: Subnet = None,
    api_port: ApiPort = None,
    time_scale: TimeScale = None,
    acme_image: AcmeImage = None,
    mirror: Mirror = None,
) -> None:
    """Start the local cloud; what runs already is left alone."""
    say = progress()
    with reported():
        wishes = Wishes(home, name, parse_subnet(subnet), api_port, time_scale, acme_image)
        settings = lifecycle.start(wishes, mirror, say)
        say(f"the local cloud is up: API {settings.api_url}, DNS {settings.gateway}")


@app.command()
def stop(home: Home = DEFAULT_HOME) -> None:
    """Stop every process and container; state is kept."""
    say = progress()
    with reported():
        lifecycle.require_started(Wishes(home))
        lifecycle.stop(Wishes(home), say)
        say("stopped; `start` brings everything back")


@app.command()
def reset(home: Home = DEFAULT_HOME, name: Name = None) -> None:
    """Remove the local cloud with everything in it."""
    say = progress()
    with reported():
        lifecycle.reset(Wishes(home, name), say)
        say("nothing is left")


@app.command()
def status(
    home: Home = DEFAULT_HOME, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Say where the local cloud answers; exit code 1 when it does not run."""
    with reported():
        facts = lifecycle.describe(lifecycle.require_started(Wishes(home)))
    if as_json:
        typer.echo(json.dumps(facts, indent=2))
    else:
        Console().print(_table(facts))
    if not facts["running"]:
        raise typer.Exit(FAILED)


def _table(facts: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None)
    for key, value in facts.items():
        if key == "parts":
            value = ", ".join(
                f"{part} {'answers' if answers else 'does not answer'}" for part, answers in value.items()
            )
        elif key == "token":
            value = f"in {facts['home']}/token"
        table.add_row(key, str(value))
    return table


@app.command()
def image(mirror: Mirror = None) -> None:
    """Build the droplet image unless it is there."""
    say = progress()
    with reported():
        built = lifecycle.build_image(mirror, say)
        say(f"droplet image {built[:19]}")


def main() -> None:
    """Run the command line."""
    app(prog_name="python -m localcloud")
