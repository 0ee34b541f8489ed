"""Firewalls: kept as they were sent, resolved for each droplet, followed through every change."""

from typing import Any

import pytest

from localcloud.runtime import FirewallSpec, Rule
from localcloud.tests.conftest import Served

ANYWHERE = ["0.0.0.0/0", "::/0"]
WEB = {"protocol": "tcp", "ports": "443", "sources": {"addresses": ANYWHERE}}
OUT = {"protocol": "tcp", "ports": "all", "destinations": {"addresses": ANYWHERE}}


def create(local: Served, name: str = "web", **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = local.do.firewalls.create(body={"name": name, "inbound_rules": [WEB], **fields})["firewall"]
    local.settle()
    return made


def test_a_firewall_answers_what_was_sent(local: Served) -> None:
    number = local.droplet()["id"]
    icmp = {"protocol": "icmp", "sources": {"addresses": ["10.0.0.1/8"]}}
    made = create(local, droplet_ids=[number], inbound_rules=[WEB, icmp], outbound_rules=[OUT], tags=[])
    got = local.do.firewalls.get(made["id"])["firewall"]
    assert got["inbound_rules"] == [WEB, icmp | {"ports": "0"}]
    assert got["outbound_rules"] == [OUT]
    assert (got["droplet_ids"], got["tags"], got["status"]) == ([number], [], "succeeded")
    assert local.do.droplets.list_firewalls(number)["firewalls"] == [got]


def test_null_lists_are_empty_lists(local: Served) -> None:
    body = {"name": "web", "inbound_rules": [WEB], "outbound_rules": None, "droplet_ids": None, "tags": []}
    made = local.do.firewalls.create(body=body)["firewall"]
    assert (made["outbound_rules"], made["droplet_ids"], made["tags"]) == ([], [], [])


def test_a_droplet_without_firewall_is_unfiltered(local: Served) -> None:
    number = local.droplet()["id"]
    assert local.runtime.filters == {number: None}


def test_the_filter_is_the_union_of_all_firewalls(local: Served) -> None:
    number = local.droplet(tags=["web"])["id"]
    create(local, "by-id", droplet_ids=[number])
    ssh = {"protocol": "tcp", "ports": "22", "sources": {"addresses": ["192.0.2.7"]}}
    second = create(local, "by-tag", tags=["web"], inbound_rules=[ssh, WEB], outbound_rules=[OUT])
    https = Rule("tcp", "443", ("0.0.0.0/0", "::/0"))
    everything = Rule("tcp", "all", ("0.0.0.0/0", "::/0"))
    expected = FirewallSpec((https, Rule("tcp", "22", ("192.0.2.7/32",))), (everything,))
    assert local.runtime.filters[number] == expected
    local.do.firewalls.delete(second["id"])
    local.settle()
    assert local.runtime.filters[number] == FirewallSpec((https,), ())


def test_tags_and_droplets_as_sources_follow_what_carries_them(local: Served) -> None:
    web = local.droplet("web")
    rule = {"protocol": "tcp", "ports": "5432", "sources": {"tags": ["app"]}}
    local.do.tags.create(body={"name": "app"})
    create(local, droplet_ids=[web["id"]], inbound_rules=[rule])
    assert local.runtime.filters[web["id"]] == FirewallSpec((), ())

    app = local.droplet("app", tags=["app"])
    addresses = sorted(f"{network['ip_address']}/32" for network in app["networks"]["v4"])
    assert local.runtime.filters[web["id"]] == FirewallSpec((Rule("tcp", "5432", tuple(addresses)),), ())
    assert local.runtime.filters[app["id"]] is None

    resource = {"resources": [{"resource_id": str(app["id"]), "resource_type": "droplet"}]}
    local.do.tags.unassign_resources("app", body=resource)
    local.settle()
    assert local.runtime.filters[web["id"]] == FirewallSpec((), ())


def test_a_new_droplet_with_a_covered_tag_is_filtered_before_it_is_active(local: Served) -> None:
    local.do.tags.create(body={"name": "web"})
    create(local, tags=["web"])
    number = local.droplet(tags=["web"])["id"]
    assert local.runtime.filters[number] == FirewallSpec((Rule("tcp", "443", ("0.0.0.0/0", "::/0")),), ())


def test_a_replacement_changes_the_filter_and_only_then_it_is_applied_again(local: Served) -> None:
    number = local.droplet()["id"]
    firewall = create(local, droplet_ids=[number])
    applied = local.runtime.verbs().count("apply_firewall")
    body = {"name": "web", "inbound_rules": [WEB], "droplet_ids": [number]}
    local.do.firewalls.update(firewall["id"], body=body)
    local.settle()
    assert local.runtime.verbs().count("apply_firewall") == applied
    local.do.firewalls.update(firewall["id"], body=body | {"droplet_ids": []})
    local.settle()
    assert local.runtime.filters[number] is None


def test_droplets_tags_and_rules_are_added_and_removed_singly(local: Served) -> None:
    number = local.droplet(tags=["web"])["id"]
    firewall = create(local)["id"]
    local.do.firewalls.assign_droplets(firewall, body={"droplet_ids": [number]})
    local.do.firewalls.add_tags(firewall, body={"tags": ["web"]})
    local.do.firewalls.add_rules(firewall, body={"outbound_rules": [OUT]})
    got = local.do.firewalls.get(firewall)["firewall"]
    assert (got["droplet_ids"], got["tags"], got["outbound_rules"]) == ([number], ["web"], [OUT])
    shuffled = WEB | {"sources": {"addresses": ANYWHERE[::-1]}}
    local.do.firewalls.delete_rules(firewall, body={"inbound_rules": [shuffled]})
    local.do.firewalls.delete_tags(firewall, body={"tags": ["web"]})
    local.do.firewalls.delete_droplets(firewall, body={"droplet_ids": [number]})
    got = local.do.firewalls.get(firewall)["firewall"]
    assert (got["droplet_ids"], got["tags"], got["inbound_rules"]) == ([], [], [])


def test_a_destroyed_droplet_leaves_its_firewalls(local: Served) -> None:
    number = local.droplet()["id"]
    firewall = create(local, droplet_ids=[number])["id"]
    local.do.droplets.destroy(number)
    local.settle()
    assert local.do.firewalls.get(firewall)["firewall"]["droplet_ids"] == []


def test_a_filter_that_cannot_be_applied_shows_as_failed(local: Served) -> None:
    number = local.droplet()["id"]
    local.runtime.failing.add("apply_firewall")
    firewall = create(local, droplet_ids=[number])["id"]
    assert local.do.firewalls.get(firewall)["firewall"]["status"] == "failed"
    local.runtime.failing.clear()
    local.do.firewalls.add_rules(firewall, body={"outbound_rules": [OUT]})
    local.settle()
    assert local.do.firewalls.get(firewall)["firewall"]["status"] == "succeeded"


@pytest.mark.parametrize(
    "fields",
    [
        {"inbound_rules": []},
        {"inbound_rules": [WEB | {"ports": "70000"}]},
        {"inbound_rules": [WEB | {"ports": "9000-8000"}]},
        {"inbound_rules": [WEB | {"ports": ""}]},
        {"inbound_rules": [WEB | {"protocol": "sctp"}]},
        {"inbound_rules": [WEB | {"sources": {}}]},
        {"inbound_rules": [WEB | {"sources": {"addresses": ["somewhere"]}}]},
        {"inbound_rules": [WEB | {"sources": {"load_balancer_uids": ["4de7ac8b-495b-4884-9a69-1050c6793cd6"]}}]},
        {"inbound_rules": [WEB | {"sources": {"tags": ["unknown"]}}]},
        {"droplet_ids": [1]},
        {"tags": ["unknown"]},
        {"name": "-"},
    ],
)
def test_a_firewall_that_breaks_a_rule_is_refused(local: Served, fields: dict[str, object]) -> None:
    assert local.refusal("POST", "/v2/firewalls", {"name": "web", "inbound_rules": [WEB]} | fields)[0] == 422
    assert local.do.firewalls.list()["firewalls"] == []


def test_a_name_is_taken_once(local: Served) -> None:
    create(local)
    assert local.refusal("POST", "/v2/firewalls", {"name": "web", "inbound_rules": [WEB]}) == (409, "duplicate name")
