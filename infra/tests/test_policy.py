"""Each policy both ways: a good stack holds to all, and each way of breaking it is found by the one that names it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from infra.policy.model import SECRET, SIGNATURE, UNKNOWN_VALUES, Resource
from infra.policy.rules import RULES, rules
from infra.policy.rules.certificates import LETS_ENCRYPT_STAGING
from infra.policy.rules.network import too_wide

UNKNOWN = sorted(UNKNOWN_VALUES)[0]
PASSWORD = "tYrB5x0qkV1mNc93LwZs"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n"


def secret(value: Any) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "value": value}


def inbound(protocol: str, ports: str | None, *sources: str) -> dict[str, Any]:
    return {"protocol": protocol, "portRange": ports, "sourceAddresses": list(sources)}


def bundle(authority: str, more: str = "") -> str:
    static = f'certificatesResolvers:\n  le-staging:\n    acme:\n      caServer: "{authority}"\n{more}'
    return json.dumps({"files": {"edge/traefik.yml": static}, "secrets": [{"name": "redis", "value": PASSWORD}]})


GOOD: dict[str, dict[str, Any]] = {
    "Firewall": {
        "tags": ["shop"],
        "inboundRules": [
            inbound("tcp", "80", "0.0.0.0/0", "::/0"),
            inbound("tcp", "443", "0.0.0.0/0", "::/0"),
            inbound("tcp", "22", "203.0.113.7/32", "10.0.0.0/8"),
        ],
    },
    "Droplet": {"tags": ["shop"], "region": "fra1", "size": "s-1vcpu-2gb", "userData": secret("#cloud-config")},
    "Volume": {"region": "fra1", "size": 10},
    "VolumeAttachment": {"dropletId": UNKNOWN, "volumeId": UNKNOWN},
    "Command": {
        "connection": {"host": "203.0.113.9", "privateKey": secret(KEY), "hostKey": "ssh-ed25519 AAAA"},
        "create": "rollout apply --json",
        "stdin": secret(bundle(LETS_ENCRYPT_STAGING)),
    },
}


def stack(changes: Mapping[str, Mapping[str, Any]] | None = None) -> list[Resource]:
    """Return the good stack with some properties replaced; a resource without any is left out."""
    resources = []
    for kind, props in GOOD.items():
        changed = (changes or {}).get(kind)
        if changed == {}:
            continue
        module = "command:remote" if kind == "Command" else f"digitalocean:index/{kind[0].lower()}{kind[1:]}"
        resources.append(Resource(f"{module}:{kind}", "shop", {**props, **(changed or {})}))
    return resources


def broken_rules(resources: Sequence[Resource]) -> set[str]:
    return {rule.name for rule in RULES if rule.violations(resources)}


def test_a_good_stack_holds_to_every_policy() -> None:
    assert broken_rules(stack()) == set()


def firewall(*rules: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"Firewall": {"inboundRules": list(rules)}}


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("only-the-web-is-public", firewall(inbound("tcp", "5432", "0.0.0.0/0"))),
        ("only-the-web-is-public", firewall(inbound("udp", "443", "::/0"))),
        ("only-the-web-is-public", firewall(inbound("tcp", "80-81", "0.0.0.0/0"))),
        ("only-the-web-is-public", firewall(inbound("icmp", None, "0.0.0.0/0"))),
        ("only-the-web-is-public", firewall(inbound("tcp", "8080", "0.0.0.0/1", "128.0.0.0/1"))),
        ("only-the-web-is-public", firewall(inbound("tcp", "8080", "everybody"))),
        ("machines-are-behind-a-firewall", {"Firewall": {}}),
        ("machines-are-behind-a-firewall", {"Firewall": {"tags": ["other"], "dropletIds": [1]}}),
        ("machines-are-behind-a-firewall", {"Firewall": {"tags": ["other"]}, "Droplet": {"tags": [UNKNOWN]}}),
        ("data-outlives-the-machine", {"VolumeAttachment": {}}),
        ("places-and-sizes", {"Droplet": {"size": "gpu-h100x8-640gb"}}),
        ("places-and-sizes", {"Droplet": {"region": "nyc1"}}),
        ("places-and-sizes", {"Volume": {"region": "sgp1"}}),
        ("places-and-sizes", {"Volume": {"size": 5000}}),
        ("staging-certificates", {"Command": {"stdin": secret(bundle("https://acme.example.net/directory"))}}),
        ("secrets-are-marked", {"Droplet": {"userData": "#cloud-config"}}),
        ("secrets-are-marked", {"Command": {"connection": {"privateKey": "short"}}}),
        ("secrets-are-marked", {"Command": {"environment": {"SMTP_PASSWORD": "x"}}}),
        ("secrets-are-marked", {"Command": {"create": "write -----BEGIN EC PRIVATE KEY-----"}}),
        ("secrets-are-marked", {"Command": {"create": "psql postgresql://owner:word@db/shop"}}),
        ("secrets-are-marked", {"Command": {"create": "doctl auth init -t dop_v1_" + "a" * 64}}),
        ("secrets-are-marked", {"Command": {"create": json.dumps({"deep": [{"password": "x"}]})}}),
        ("secrets-do-not-leak", {"Command": {"create": f"redis-cli -a {PASSWORD} ping"}}),
    ],
)
def test_a_broken_stack_is_found_by_its_policy_alone(rule: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
    assert broken_rules(stack(changes)) == {rule}


@pytest.mark.parametrize("ports", ["22", "1-1024", "all", "0", "ssh"])
@pytest.mark.parametrize(
    "sources", [["0.0.0.0/0"], ["::/0"], ["64.0.0.0/7"], ["2000::/3"], ["10.0.0.0/8", "11.0.0.0/8"]]
)
def test_ssh_is_never_open_to_the_world(ports: str, sources: list[str]) -> None:
    found = broken_rules(stack(firewall(inbound("tcp", ports, *sources))))
    assert found == {"ssh-is-for-operators", "only-the-web-is-public"}


def test_a_droplet_without_any_tag_is_neither_tagged_nor_covered() -> None:
    assert broken_rules(stack({"Droplet": {"tags": None}})) == {"machines-are-tagged", "machines-are-behind-a-firewall"}


def test_a_private_droplet_needs_no_firewall_and_backups_stand_for_a_volume() -> None:
    assert broken_rules(stack({"Firewall": {}, "Droplet": {"publicNetworking": False}})) == set()
    assert broken_rules(stack({"VolumeAttachment": {}, "Droplet": {"backups": True}})) == set()


def test_two_droplets_need_two_volumes() -> None:
    second = next(each for each in stack() if each.type.endswith("Droplet"))
    attached = Resource("digitalocean:index/volumeAttachment:VolumeAttachment", "second", {"dropletId": 7})
    assert broken_rules([*stack(), second]) == {"data-outlives-the-machine"}
    assert broken_rules([*stack(), second, attached]) == set()


def test_what_a_preview_cannot_know_is_left_to_the_run_that_knows() -> None:
    unknown: dict[str, dict[str, Any]] = {
        "Firewall": {"tags": UNKNOWN, "inboundRules": UNKNOWN},
        "Droplet": {"tags": UNKNOWN, "region": UNKNOWN, "size": UNKNOWN},
        "Volume": {"size": UNKNOWN},
        "Command": {"stdin": UNKNOWN, "connection": {"privateKey": UNKNOWN}},
    }
    assert broken_rules(stack(unknown)) == set()


@pytest.mark.parametrize(
    ("authority", "more", "is_good"),
    [
        ("https://pebble.internal:14000/dir", "      caCertificates: [/etc/ca.pem]\n", True),
        ("https://pebble.internal:14000/dir", "", False),
        ("https://acme-v02.api.letsencrypt.org/directory", "      caCertificates: [/etc/ca.pem]\n", False),
        ("https://acme.zerossl.com/v2/DV90", "      caCertificates: [/etc/ca.pem]\n", False),
    ],
)
def test_certificates_come_from_staging_or_a_private_authority(authority: str, more: str, is_good: bool) -> None:
    for stdin in (secret(bundle(authority, more)), bundle(authority, more)):
        found = "staging-certificates" in broken_rules(stack({"Command": {"stdin": stdin}}))
        assert found is not is_good


def test_no_message_repeats_a_secret() -> None:
    changes = {"Command": {"create": f"x {PASSWORD}", "environment": {"TOKEN": "hidden-value"}, "update": KEY}}
    said = " ".join(violation.problem for rule in RULES for violation in rule.violations(stack(changes)))
    assert "environment.TOKEN" in said
    assert not any(value in said for value in (PASSWORD, "hidden-value", "OPENSSH"))


def test_a_secret_setting_is_found_where_nothing_marks_it() -> None:
    resources = stack({"Volume": {"description": "made with hunter2-and-more"}})
    assert broken_rules(resources) == set()
    found = [violation.problem for rule in rules(["hunter2-and-more"]) for violation in rule.violations(resources)]
    assert found == ["description holds a secret setting in plain: wrap it in pulumi.Output.secret"]


def test_an_object_that_travels_as_a_secret_doesnt_make_all_of_it_one() -> None:
    connection = secret({"host": "shop.example.com:2222", "privateKey": KEY})
    told = {"connection": connection, "create": "ssh shop.example.com:2222"}
    assert broken_rules(stack({"Command": told})) == set()
    assert broken_rules(stack({"Command": {**told, "create": KEY}})) == {"secrets-are-marked", "secrets-do-not-leak"}


def test_networks_of_operators_are_narrow() -> None:
    assert too_wide(["203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32"]) == []
    assert too_wide(["203.0.113.7"]) == []
