"""What the shell completes: from files of the checkout alone, since a key press must not wait for a network."""

from __future__ import annotations

import typer

from slipway.environment import LOCAL
from slipway.errors import ConfigurationFault
from slipway.project import Project
from slipway.seen import Seen, read_seen

STANDING_SERVICES = ("traefik", "postgres", "redis", "flower", "pgadmin", "mail")
APP_SERVICES = ("api", "frontend", "django", "static", "worker", "beat")
DOORS = ("site", "docs", "admin", "mail", "traefik", "flower", "pgadmin")


def complete_stacks(incomplete: str) -> list[str]:
    """Complete the name of a stack that has a configuration here."""
    try:
        root = Project.find().root
    except ConfigurationFault:
        return []
    names = {path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in root.glob("Pulumi.*.yaml")}
    return _beginning(sorted(names | {LOCAL}), incomplete)


def complete_releases(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the id of a release that was on the droplet when somebody looked last."""
    return [(id_, state) for id_, state in _seen(ctx).releases.items() if id_.startswith(incomplete)]


def complete_services(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a service."""
    return _beginning(list(_seen(ctx).services) or [*APP_SERVICES, *STANDING_SERVICES], incomplete)


def complete_doors(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete what `slipway open` knows."""
    return _beginning(list(DOORS), incomplete)


def _beginning(words: list[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def _seen(ctx: typer.Context) -> Seen:
    try:
        return read_seen(Project.find(), str(ctx.params.get("stack") or LOCAL))
    except ConfigurationFault:
        return Seen()
