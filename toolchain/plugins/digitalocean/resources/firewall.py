"""Firewall: rules for droplets."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

from toolchain.plugins.digitalocean.client import Json
from toolchain.plugins.digitalocean.engine import ANY, CloudResource
from toolchain.plugins.digitalocean.fields import Field, canonical, dig, lower, read_fields
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.digitalocean.tags import TAGS_FIELD, check_tags
from toolchain.plugins.provider import Failure
from toolchain.plugins.values import UNKNOWN, Properties, Value

FIREWALLS = "/v2/firewalls"
ALL_PORTS = frozenset({"all", "0", "1-65535"})


def _ports(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of ports: none for icmp, one word for all of them."""
    if around.get("protocol") == "icmp":
        return None
    return "all" if value in ALL_PORTS else value


def _address(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of an address or network."""
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        return value


def _allow(value: Any, around: Mapping[str, Any]) -> Any:
    """Normal form of the action: allowing is what a rule does."""
    return None if value == "allow" else value


def _rule_fields(side: str, key: str) -> tuple[Field, ...]:
    def peers(name: str, kind: Any, api: str, **more: Any) -> Field:
        return Field(f"{side}{name}", kind, f"{key}.{api}", **more)

    return (
        Field("protocol", required=True),
        Field("portRange", api="ports", normal=_ports),
        Field("action", normal=_allow),
        peers("Addresses", "texts", "addresses", normal=_address),
        peers("DropletIds", "wholes", "droplet_ids"),
        peers("KubernetesIds", "texts", "kubernetes_ids"),
        peers("LoadBalancerUids", "texts", "load_balancer_uids"),
        peers("Tags", "texts", "tags", normal=lower),
    )


INBOUND = Field("inboundRules", "objects", fields=_rule_fields("source", "sources"))
OUTBOUND = Field("outboundRules", "objects", fields=_rule_fields("destination", "destinations"))


class Firewall(CloudResource):
    """`digitalocean:index/firewall:Firewall`."""

    noun = "Firewall"
    fields = (
        Field("name"),
        INBOUND,
        OUTBOUND,
        Field("dropletIds", "wholes"),
        TAGS_FIELD,
        Field("createdAt", output=True),
        Field("status", output=True, follows=(ANY,)),
        Field("pendingChanges", "objects", output=True, follows=(ANY,)),
    )

    def validate(self, olds: Properties, news: Properties) -> list[Failure]:
        """Check that there are rules, and each one."""
        rules = [news.get("inboundRules"), news.get("outboundRules")]
        failures = (
            []
            if any(rule is UNKNOWN or rule for rule in rules)
            else [Failure("", "At least one rule must be specified")]
        )
        failures += check_tags(news.get("tags"))
        for field in (INBOUND, OUTBOUND):
            given = news.get(field.name)
            for index, rule in enumerate(given if isinstance(given, list) else []):
                failures += _check_rule(rule, f"{field.name}[{index}]")
        return failures

    def make(self, api: Session, inputs: Properties) -> str:
        """Make the firewall."""
        return str(api.make(FIREWALLS, _body(inputs), "firewall", lambda found: True)["id"])

    def fetch(self, api: Session, id: str, known: Properties) -> Properties | None:  # noqa: A002
        """Read the firewall."""
        found = api.find(f"{FIREWALLS}/{id}", "firewall")
        if found is None:
            return None
        live = read_fields(self.fields, found)
        changes = live["pendingChanges"] or []
        return {
            **live,
            "inboundRules": _live_rules(INBOUND, live["inboundRules"]),
            "outboundRules": _live_rules(OUTBOUND, live["outboundRules"]),
            "pendingChanges": [
                {
                    "dropletId": change.get("droplet_id"),
                    "removing": change.get("removing"),
                    "status": change.get("status"),
                }
                for change in changes
            ],
        }

    def change(self, api: Session, id: str, live: Properties, news: Properties, changed: frozenset[str]) -> None:  # noqa: A002
        """Write the whole firewall anew."""
        api.put(f"{FIREWALLS}/{id}", _body(news))

    def remove(self, api: Session, id: str, outputs: Properties) -> None:  # noqa: A002
        """Delete the firewall."""
        api.delete(f"{FIREWALLS}/{id}")


def _check_rule(rule: Value, path: str) -> list[Failure]:
    if not isinstance(rule, dict):
        return []
    protocol, failures = rule.get("protocol"), []
    if protocol is not UNKNOWN and protocol not in ("tcp", "udp", "icmp"):
        failures.append(Failure(f"{path}.protocol", f"{protocol!r} is none of tcp, udp, icmp"))
    if protocol in ("tcp", "udp") and rule.get("portRange") is None:
        failures.append(Failure(f"{path}.portRange", f"is required when the protocol is {protocol}"))
    if rule.get("action") not in (None, UNKNOWN, "allow"):
        failures.append(Failure(f"{path}.action", "only 'allow' is supported by this digitalocean plugin"))
    return failures


def _body(inputs: Properties) -> Json:
    return {
        "name": inputs["name"],
        "inbound_rules": [_sent(INBOUND, rule, "sources") for rule in inputs.get("inboundRules") or []],
        "outbound_rules": [_sent(OUTBOUND, rule, "destinations") for rule in inputs.get("outboundRules") or []],
        "droplet_ids": inputs.get("dropletIds") or [],
        "tags": inputs.get("tags") or [],
    }


def _sent(field: Field, rule: Properties, key: str) -> Json:
    peers: Json = {}
    for inner in field.fields:
        if inner.path.startswith(f"{key}.") and rule.get(inner.name):
            peers[inner.path.removeprefix(f"{key}.")] = rule[inner.name]
    sent: Json = {"protocol": rule["protocol"], key: peers}
    return sent if rule["protocol"] == "icmp" else {**sent, "ports": rule["portRange"]}


def _live_rules(field: Field, rules: Any) -> list[Properties]:
    """Return the API's rules in the program's shape, empty lists left out, in an order that stays the same."""
    live: list[Properties] = []
    for rule in rules or []:
        values = {inner.name: dig(rule, inner.path) for inner in field.fields}
        kept = {
            inner.name: values[inner.name] for inner in field.fields if canonical(inner, values[inner.name], values)
        }
        if kept.get("portRange") == "0":
            kept["portRange"] = "all"
        live.append(kept)
    return sorted(live, key=repr)
