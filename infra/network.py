"""The private network and the cloud firewall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as do
from pulumi import ResourceOptions

EVERYONE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class NetworkArgs:
    """Where the network lies and who may reach SSH on it."""

    region: str
    operator_networks: Sequence[str]


class Network(pulumi.ComponentResource):
    """A VPC, the tag that its machines carry, and the firewall that holds for every machine with that tag.

    The firewall goes by tag and not by droplet id, so that no machine is ever up without it.
    """

    def __init__(self, name: str, args: NetworkArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:network:Network", name, None, opts)
        child = ResourceOptions(parent=self)
        self.tag = do.Tag(name, name=name, opts=child)
        self.vpc = do.Vpc(name, name=name, region=args.region, opts=child)
        self.firewall = do.Firewall(
            name,
            name=name,
            tags=[self.tag.name],
            inbound_rules=inbound_rules(args.operator_networks),
            outbound_rules=[allow_out("tcp"), allow_out("udp"), allow_out("icmp")],
            opts=child,
        )
        self.register_outputs({"vpc": self.vpc.id, "firewall": self.firewall.id})


def inbound_rules(operator_networks: Sequence[str]) -> list[do.FirewallInboundRuleArgs]:
    """Let everyone reach the web ports and `operator_networks` SSH; without any, nobody."""
    web = [allow_tcp("80", EVERYONE), allow_tcp("443", EVERYONE)]
    # A rule without sources is refused by the API.
    return [*web, allow_tcp("22", operator_networks)] if operator_networks else web


def allow_tcp(port: str, sources: Sequence[str]) -> do.FirewallInboundRuleArgs:
    """Let `sources` (CIDRs) reach one TCP port."""
    return do.FirewallInboundRuleArgs(protocol="tcp", port_range=port, source_addresses=list(sources))


def allow_out(protocol: str) -> do.FirewallOutboundRuleArgs:
    """Let the machine reach everything by `protocol`; DigitalOcean blocks what no rule allows."""
    ports = None if protocol == "icmp" else "1-65535"
    return do.FirewallOutboundRuleArgs(protocol=protocol, port_range=ports, destination_addresses=list(EVERYONE))
