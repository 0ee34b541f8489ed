from __future__ import annotations

from infra.network import EVERYONE, inbound_rules


def test_ssh_is_for_the_named_networks_and_without_any_for_nobody() -> None:
    rules = {rule.port_range: rule.source_addresses for rule in inbound_rules(["203.0.113.7/32"])}
    assert rules == {"80": list(EVERYONE), "443": list(EVERYONE), "22": ["203.0.113.7/32"]}
    assert [rule.port_range for rule in inbound_rules([])] == ["80", "443"]
