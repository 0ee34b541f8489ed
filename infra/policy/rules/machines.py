"""Droplets: behind a firewall, and tagged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infra.policy.model import Resource, Violation
from infra.policy.rules.network import FIREWALL

DROPLET = "digitalocean:index/droplet:Droplet"


def behind_a_firewall(resources: Sequence[Resource]) -> Iterator[Violation]:
    """Find public droplets whose tags no firewall names.

    A firewall that names droplets by id doesn't count: it holds only once the droplet is there, so there would be
    a time without it (docs/decisions/0007). A tag that a preview doesn't know yet counts as the other unknown one.
    """
    covered = {tag for each in resources if each.type == FIREWALL for tag in each.items("tags")}
    for droplet in resources:
        if droplet.type != DROPLET or droplet.get("publicNetworking") is False:
            continue
        if covered.isdisjoint(droplet.items("tags")):
            yield Violation(droplet, "no firewall covers this droplet: give both a common tag")


def tagged(resource: Resource) -> Iterator[str]:
    """Find droplets without a tag."""
    if resource.type == DROPLET and not resource.items("tags"):
        yield "the droplet carries no tag: firewalls, bills and alerts go by tags"
