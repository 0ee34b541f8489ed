"""Firewalls: request bodies and record, which keeps rules exactly as they were sent."""

import re
from ipaddress import ip_network
from typing import Literal

from pydantic import Field, field_validator, model_validator

from localcloud.collection import StoredRecord
from localcloud.wire.answers import Body

NAME_PATTERN = r"^[a-zA-Z0-9][a-zA-Z0-9.\-]+$"
ALL_PORTS = ("all", "0")


class Peers(Body):
    """Sources of an inbound rule, or destinations of an outbound one."""

    addresses: list[str] = Field(default_factory=list)
    droplet_ids: list[int] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)
    load_balancer_uids: list[str] = Field(default_factory=list)
    kubernetes_ids: list[str] = Field(default_factory=list)

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, addresses: list[str]) -> list[str]:
        for address in addresses:
            ip_network(address, strict=False)
        return addresses

    @field_validator("load_balancer_uids", "kubernetes_ids")
    @classmethod
    def _is_empty(cls, ids: list[str]) -> list[str]:
        if ids:
            raise ValueError(f"{ids[0]} does not exist: the local cloud offers no load balancers and no Kubernetes")
        return ids

    @property
    def identity(self) -> str:
        """The same for peers named in another order."""
        return f"{sorted(self.addresses)} {sorted(self.droplet_ids)} {sorted(self.tags)}"


class PortRule(Body):
    """What an inbound and an outbound rule share."""

    protocol: Literal["tcp", "udp", "icmp"]
    ports: str = ""

    @model_validator(mode="after")
    def _has_ports(self) -> "PortRule":
        if self.protocol == "icmp":
            self.ports = "0"
        elif self.ports not in ALL_PORTS:
            check_ports(self.ports)
        return self


class InboundRule(PortRule):
    """Traffic to the droplet."""

    sources: Peers

    @property
    def identity(self) -> str:
        """The same for rules that say the same in another order."""
        return f"{self.protocol} {self.ports} {self.sources.identity}"


class OutboundRule(PortRule):
    """Traffic from the droplet."""

    destinations: Peers

    @property
    def identity(self) -> str:
        """The same for rules that say the same in another order."""
        return f"{self.protocol} {self.ports} {self.destinations.identity}"


class RuleLists(Body):
    """Body of POST and DELETE /v2/firewalls/UUID/rules."""

    inbound_rules: list[InboundRule] = Field(default_factory=list)
    outbound_rules: list[OutboundRule] = Field(default_factory=list)


class FirewallBody(RuleLists):
    """Body of POST /v2/firewalls and PUT /v2/firewalls/UUID."""

    name: str
    droplet_ids: list[int] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)


class DropletIds(Body):
    """Body of POST and DELETE /v2/firewalls/UUID/droplets."""

    droplet_ids: list[int]


class TagNames(Body):
    """Body of POST and DELETE /v2/firewalls/UUID/tags."""

    tags: list[str]


class FirewallRecord(StoredRecord):
    """A firewall."""

    id: str
    name: str
    created_at: str
    inbound_rules: list[InboundRule]
    outbound_rules: list[OutboundRule]
    droplet_ids: list[int]
    tags: list[str]

    @property
    def key(self) -> str:
        """The firewall's UUID."""
        return self.id


def check_ports(ports: str) -> None:
    """Raise ValueError unless `ports` is one port or a range."""
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", ports)
    if not found:
        raise ValueError(f"ports {ports!r} must be a port, a range like 8000-9000, or all")
    first = int(found[1])
    last = int(found[2] or found[1])
    if not 1 <= first <= last <= 65535:
        raise ValueError(f"ports {ports!r} must lie between 1 and 65535, the lower one first")
