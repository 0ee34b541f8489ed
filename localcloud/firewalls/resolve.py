"""From firewalls as the account wrote them to the packet filter of one droplet."""

from collections.abc import Iterable
from ipaddress import ip_network

from localcloud.droplets.models import DropletRecord
from localcloud.firewalls.models import ALL_PORTS, FirewallRecord, Peers, PortRule
from localcloud.runtime import FirewallSpec, Rule


def applies(firewall: FirewallRecord, droplet: DropletRecord) -> bool:
    """Tell whether the firewall covers the droplet, by id or by tag."""
    return droplet.id in firewall.droplet_ids or _share(firewall.tags, droplet.tags)


def filter_of(
    droplet: DropletRecord, firewalls: Iterable[FirewallRecord], droplets: list[DropletRecord]
) -> FirewallSpec | None:
    """Return the union of all firewalls of the droplet with every peer as CIDR; None when it has none."""
    own = [firewall for firewall in firewalls if applies(firewall, droplet)]
    if not own:
        return None
    inbound = [_rule(rule, rule.sources, droplets) for firewall in own for rule in firewall.inbound_rules]
    outbound = [_rule(rule, rule.destinations, droplets) for firewall in own for rule in firewall.outbound_rules]
    return FirewallSpec(_useful(inbound), _useful(outbound))


def _useful(rules: list[Rule]) -> tuple[Rule, ...]:
    """Leave out repeats and rules whose tags or droplets resolve to nobody."""
    return tuple(dict.fromkeys(rule for rule in rules if rule.cidrs))


def _rule(rule: PortRule, peers: Peers, droplets: list[DropletRecord]) -> Rule:
    everything = rule.protocol == "icmp" or rule.ports in ALL_PORTS
    return Rule(rule.protocol, "all" if everything else rule.ports, _cidrs(peers, droplets))


def _cidrs(peers: Peers, droplets: list[DropletRecord]) -> tuple[str, ...]:
    cidrs = {str(ip_network(address, strict=False)) for address in peers.addresses}
    for droplet in droplets:
        if droplet.id in peers.droplet_ids or _share(peers.tags, droplet.tags):
            cidrs |= {f"{droplet.public_ip}/32", f"{droplet.private_ip}/32"}
    return tuple(sorted(cidrs))


def _share(some: list[str], others: list[str]) -> bool:
    return bool({tag.lower() for tag in some} & {tag.lower() for tag in others})
