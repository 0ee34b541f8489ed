"""Who may reach what, by cloud firewalls."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infra.policy.model import Resource, is_unknown

FIREWALL = "digitalocean:index/firewall:Firewall"
WEB_PORTS = ("80", "443")
SSH_PORT = 22
# The widest network that is not yet the world; IPv6 providers get a /16 at most.
WIDEST = {4: 8, 6: 16}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def only_the_web_is_public(resource: Resource) -> Iterator[str]:
    """Find inbound rules that open more than the web to the world."""
    for rule in _inbound(resource):
        if _is_web(rule):
            continue
        for wide in too_wide(_sources(rule)):
            yield f"{_told(rule)} is open to {wide}: only TCP 80 and 443 may be; name the networks that need it"


def ssh_is_for_operators(resource: Resource) -> Iterator[str]:
    """Find inbound rules that open SSH to the world, or to what can't be read as networks."""
    for rule in _inbound(resource):
        if not _holds_ssh(rule):
            continue
        for wide in too_wide(_sources(rule)):
            yield f"SSH is open to {wide}: name the operators' networks in slipway:operatorNetworks"


def too_wide(sources: Iterable[str]) -> list[str]:
    """Return the sources that amount to the world: by themselves, or many narrow ones put together."""
    bad: list[str] = []
    networks: dict[int, list[Any]] = {4: [], 6: []}
    for source in sources:
        try:
            network = ipaddress.ip_network(source, strict=False)
        except ValueError:
            bad.append(f"'{source}', which is no network")
            continue
        networks[network.version].append(network)
    for version, found in networks.items():
        joined: Iterable[Network] = ipaddress.collapse_addresses(found)
        bad += [str(network) for network in joined if network.prefixlen < WIDEST[version]]
    return bad


def _inbound(resource: Resource) -> list[Mapping[str, Any]]:
    if resource.type != FIREWALL:
        return []
    return [rule for rule in resource.items("inboundRules") if isinstance(rule, Mapping)]


def _sources(rule: Mapping[str, Any]) -> list[str]:
    return [str(source) for source in rule.get("sourceAddresses") or () if not is_unknown(source)]


def _is_web(rule: Mapping[str, Any]) -> bool:
    return rule.get("protocol") == "tcp" and str(rule.get("portRange")) in WEB_PORTS


def _holds_ssh(rule: Mapping[str, Any]) -> bool:
    if rule.get("protocol") != "tcp":
        return False
    ports = str(rule.get("portRange") or "all")
    first, _, last = ports.partition("-")
    if not first.isdigit() or first == "0":
        return True  # `all`, `0`, or what nobody can read
    return int(first) <= SSH_PORT <= int(last or first)


def _told(rule: Mapping[str, Any]) -> str:
    return " ".join(str(part) for part in (rule.get("protocol"), rule.get("portRange")) if part)
