"""The domain and the records that lead to the droplet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_digitalocean as do
from pulumi import ResourceOptions

TTL_S = 300


@dataclass(frozen=True)
class DnsArgs:
    """The domain, the address it leads to, and the labels beside the domain itself that lead there too."""

    domain: str
    address: pulumi.Input[str]
    labels: Sequence[str]
    manage_domain: bool


class Dns(pulumi.ComponentResource):
    """A records of the domain, of www and of every guarded host that is switched on."""

    def __init__(self, name: str, args: DnsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:dns:Dns", name, None, opts)
        zone: pulumi.Input[str] = args.domain
        self.urns: list[pulumi.Output[str]] = []
        if args.manage_domain:
            domain = do.Domain(name, name=args.domain, opts=ResourceOptions(parent=self))
            zone = domain.id
            self.urns.append(domain.domain_urn)
        self.records = [
            do.DnsRecord(
                f"{name}-{'apex' if label == '@' else label}",
                domain=zone,
                type="A",
                name=label,
                value=args.address,
                ttl=TTL_S,
                opts=ResourceOptions(parent=self),
            )
            for label in ("@", "www", *args.labels)
        ]
        self.register_outputs({"names": [record.fqdn for record in self.records]})
