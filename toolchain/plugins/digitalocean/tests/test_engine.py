"""What check, diff and previews say, without an API."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from toolchain.plugins.digitalocean.engine import DEFAULTS, UNREAD
from toolchain.plugins.digitalocean.provider import DigitalOcean
from toolchain.plugins.digitalocean.tests.scripted import Script, serving
from toolchain.plugins.errors import PartialFailure
from toolchain.plugins.provider import CheckResult, Context, DiffKind, Resource
from toolchain.plugins.values import UNKNOWN, Secret

DROPLET = {"image": "debian-13-x64", "size": "s-1vcpu-1gb", "region": "fra1"}


def resource(kind: str) -> Resource:
    return DigitalOcean().resources[f"digitalocean:index/{kind[0].lower()}{kind[1:]}:{kind}"]


def context(name: str = "web") -> Context:
    return Context(f"urn:pulumi:test::rig::digitalocean:index/droplet:Droplet::{name}")


def check(kind: str, olds: dict[str, Any] | None = None, **news: Any) -> CheckResult:
    return resource(kind).check(context(), olds or {}, news)


def inputs_of(kind: str, **news: Any) -> dict[str, Any]:
    result = check(kind, **news)
    assert result.failures == []
    return result.inputs


def diff(kind: str, old: dict[str, Any], new: dict[str, Any], outputs: dict[str, Any] | None = None) -> Any:
    return resource(kind).diff(context(), "1", old if outputs is None else outputs, old, new)


def test_droplet_gets_the_official_defaults_and_a_name() -> None:
    inputs = inputs_of("Droplet", **DROPLET)
    name = inputs.pop("name")
    assert name.startswith("web-")
    assert len(name) == len("web-") + 7
    defaults = {"backups": False, "gracefulShutdown": False, "ipv6": False, "monitoring": False, "resizeDisk": True}
    assert inputs == {**DROPLET, **defaults, DEFAULTS: sorted([*defaults, "name"])}


def test_generated_name_is_kept_and_a_written_one_is_not_inherited() -> None:
    first = inputs_of("Droplet", **DROPLET)
    assert check("Droplet", first, **DROPLET).inputs["name"] == first["name"]
    named = inputs_of("Droplet", name="box", **DROPLET)
    assert check("Droplet", named, **DROPLET).inputs["name"].startswith("web-")


@pytest.mark.parametrize(
    ("kind", "news", "where", "word"),
    [
        ("Droplet", {**DROPLET, "gpuPartitionMode": "x"}, "gpuPartitionMode", "gpuPartitionMode"),
        ("Droplet", {**DROPLET, "privateNetworking": True}, "privateNetworking", "vpcUuid"),
        ("Droplet", {**DROPLET, "tags": ["no tag"]}, "tags[0]", "no tag"),
        ("Droplet", {**DROPLET, "backupPolicy": {"plan": "daily"}}, "backupPolicy", "backups"),
        ("Droplet", {"image": "x"}, "size", "size"),
        ("Volume", {"region": "fra1", "size": 1, "filesystemType": "ext4"}, "filesystemType", "initialFilesystemType"),
        ("Volume", {"region": "fra1", "size": 1.5}, "size", "whole number"),
        ("Firewall", {}, "", "At least one rule must be specified"),
        ("Firewall", {"inboundRules": [{"protocol": "tcp"}]}, "inboundRules[0].portRange", "required"),
        ("Firewall", {"inboundRules": [{"protocol": "gre"}]}, "inboundRules[0].protocol", "gre"),
        ("Firewall", {"inboundRules": [{"protocol": "icmp", "action": "deny"}]}, "inboundRules[0].action", "allow"),
        ("Firewall", {"inboundRules": [{"protocol": "icmp", "moon": 1}]}, "inboundRules[0].moon", "moon"),
        ("Tag", {"name": "no tag"}, "name", "no tag"),
        ("DnsRecord", {"domain": "d", "type": "MX", "value": "x"}, "priority", "MX"),
        ("DnsRecord", {"domain": "d", "type": "SRV", "value": "x", "priority": 1, "weight": 1}, "port", "SRV"),
        ("DnsRecord", {"domain": "d", "type": "CAA", "value": "x", "flags": 0}, "tag", "CAA"),
        ("DnsRecord", {"domain": "d", "type": "PTR", "value": "x"}, "type", "PTR"),
        ("Project", {"environment": "Moon"}, "environment", "Moon"),
        ("ReservedIp", {"region": "fra1", "ipAddress": "192.0.2.1"}, "ipAddress", "leave it out"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(kind: str, news: dict[str, Any], where: str, word: str) -> None:
    failures = check(kind, **news).failures
    assert [failure.property for failure in failures] == [where]
    assert word in failures[0].reason


def test_volume_only_grows_unless_it_is_replaced() -> None:
    old = inputs_of("Volume", name="v", region="fra1", size=20)
    assert "not shrunk" in check("Volume", old, name="v", region="fra1", size=10).failures[0].reason
    assert check("Volume", old, name="v", region="ams3", size=10).failures == []


@pytest.mark.parametrize(
    ("kind", "old", "change", "path"),
    [
        ("SshKey", {"publicKey": "a"}, {"publicKey": "b"}, "publicKey"),
        ("Vpc", {"region": "fra1"}, {"ipRange": "10.0.0.0/24"}, "ipRange"),
        *(("Droplet", DROPLET, {name: "other"}, name) for name in ("image", "region", "userData", "vpcUuid")),
        *(("Droplet", DROPLET, {name: True}, name) for name in ("monitoring", "dropletAgent", "publicNetworking")),
        ("Droplet", DROPLET, {"sshKeys": ["1"]}, "sshKeys"),
        ("Volume", {"region": "fra1", "size": 1}, {"description": "x"}, "description"),
        ("Volume", {"region": "fra1", "size": 1}, {"initialFilesystemType": "xfs"}, "initialFilesystemType"),
        ("VolumeAttachment", {"dropletId": 1, "volumeId": "v"}, {"dropletId": 2}, "dropletId"),
        ("ReservedIp", {"region": "fra1"}, {"region": "ams3"}, "region"),
        ("ReservedIpAssignment", {"dropletId": 1, "ipAddress": "i"}, {"ipAddress": "j"}, "ipAddress"),
        ("Domain", {"name": "a.test"}, {"name": "b.test"}, "name"),
        ("DnsRecord", {"domain": "a", "type": "A", "value": "1"}, {"type": "TXT"}, "type"),
        ("Tag", {"name": "a"}, {"name": "b"}, "name"),
        ("ProjectResources", {"project": "a", "resources": []}, {"project": "b"}, "project"),
    ],
)
def test_what_replaces(kind: str, old: dict[str, Any], change: dict[str, Any], path: str) -> None:
    before = inputs_of(kind, **old)
    result = diff(kind, before, {**before, **change})
    assert list(result.changes) == [path]
    assert result.changes[path] is result.changes[path].replacing()


@pytest.mark.parametrize(
    ("kind", "old", "change"),
    [
        ("SshKey", {"publicKey": "a"}, {"name": "b"}),
        ("Droplet", DROPLET, {"size": "s-2vcpu-2gb"}),
        ("Droplet", DROPLET, {"ipv6": True}),
        ("Droplet", DROPLET, {"backups": True}),
        ("Droplet", DROPLET, {"tags": ["a"]}),
        ("Volume", {"region": "fra1", "size": 1}, {"size": 2}),
        ("ReservedIp", {"region": "fra1"}, {"dropletId": 5}),
        ("Firewall", {"inboundRules": [{"protocol": "icmp"}]}, {"name": "b"}),
        ("DnsRecord", {"domain": "a", "type": "A", "value": "1"}, {"ttl": 60}),
        ("Project", {}, {"purpose": "Other things"}),
    ],
)
def test_what_updates_in_place(kind: str, old: dict[str, Any], change: dict[str, Any]) -> None:
    before = inputs_of(kind, **old)
    changes = diff(kind, before, {**before, **change}).changes
    assert [path.partition("[")[0] for path in changes] == list(change)
    assert all(change is not change.replacing() for change in changes.values())


def test_ipv6_cannot_be_switched_off_in_place() -> None:
    before = inputs_of("Droplet", ipv6=True, **DROPLET)
    assert diff("Droplet", before, {**before, "ipv6": False}).changes == {"ipv6": DiffKind.UPDATE_REPLACE}


def test_a_written_name_is_freed_before_its_replacement() -> None:
    named, generated = inputs_of("Droplet", name="box", **DROPLET), inputs_of("Droplet", **DROPLET)
    assert diff("Droplet", named, {**named, "userData": "x"}).delete_before_replace
    assert not diff("Droplet", generated, {**generated, "userData": "x"}).delete_before_replace
    assert not diff("Domain", {"name": "a.test"}, {"name": "b.test"}).delete_before_replace
    assert diff("Domain", {"name": "a.test"}, {"name": "a.test", "ipAddress": "192.0.2.1"}).delete_before_replace
    assert not diff("ReservedIpAssignment", {"dropletId": 1}, {"dropletId": 2}).delete_before_replace


def test_what_the_api_chose_stays_when_the_program_leaves_it_out() -> None:
    named = inputs_of("Droplet", vpcUuid="v", volumeIds=["d"], **DROPLET)
    bare = {name: value for name, value in named.items() if name not in ("vpcUuid", "volumeIds", "region")}
    assert diff("Droplet", named, bare).changes == {}
    assert diff("Droplet", bare, named, {"vpcUuid": "v", "volumeIds": ["d"], "region": "fra1"}).changes == {}


def test_after_an_import_the_program_is_believed_where_the_api_is_silent() -> None:
    imported = inputs_of("Droplet", name="box", **DROPLET)
    wanted = {**imported, "sshKeys": ["1"], "userData": "x"}
    assert diff("Droplet", imported, wanted, {UNREAD: ["sshKeys", "userData"]}).changes == {}
    assert diff("Droplet", wanted, {**wanted, "userData": "y"}, {UNREAD: ["sshKeys", "userData"]}).changes == {
        "userData": DiffKind.UPDATE_REPLACE
    }


def test_preview_of_a_create_knows_the_inputs_and_hides_the_user_data() -> None:
    inputs = inputs_of("Droplet", userData="#!/bin/sh", vpcUuid=UNKNOWN, **DROPLET)
    expected = resource("Droplet").preview_create(context(), inputs)
    assert expected["userData"] == hashlib.sha1(b"#!/bin/sh", usedforsecurity=False).hexdigest()
    assert (expected["region"], expected["ipv4Address"], expected["vpcUuid"]) == ("fra1", UNKNOWN, UNKNOWN)
    assert expected["tags"] is None


def test_preview_of_an_update_keeps_what_cannot_change() -> None:
    old = inputs_of("Droplet", name="box", **DROPLET)
    outputs = {**old, "ipv4Address": "192.0.2.1", "memory": 1024, "dropletUrn": "do:droplet:1"}
    renamed = resource("Droplet").preview_update(context(), "1", outputs, old, {**old, "name": "crate"})
    assert (renamed["name"], renamed["ipv4Address"], renamed["memory"]) == ("crate", "192.0.2.1", 1024)
    resized = resource("Droplet").preview_update(context(), "1", outputs, old, {**old, "size": "s-2vcpu-2gb"})
    assert (resized["ipv4Address"], resized["memory"], resized["dropletUrn"]) == ("192.0.2.1", UNKNOWN, "do:droplet:1")


def configured(api: Script) -> DigitalOcean:
    provider = DigitalOcean()
    provider.configure({"token": "t", "apiEndpoint": api.url, "httpRetryWaitMin": 0, "httpRetryWaitMax": 0})
    client = provider._cloud.client
    assert client is not None
    api.clients.append(client)
    return provider


def test_droplet_that_fails_to_boot_keeps_its_id() -> None:
    off = {"droplet": {"id": 7, "status": "off", "locked": False}}
    with serving({"POST /v2/droplets": [(202, {"droplet": {"id": 7}})], "GET /v2/droplets/7": [(200, off)]}) as api:
        droplet = configured(api).resources["digitalocean:index/droplet:Droplet"]
        with pytest.raises(PartialFailure, match="unexpected state 'off'") as caught:
            droplet.create(context(), inputs_of("Droplet", userData="hidden", **DROPLET))
    assert caught.value.id == "7"
    assert "hidden" not in str(caught.value.outputs)


def _droplet(**changes: Any) -> dict[str, Any]:
    plain = {"id": 7, "name": "box", "status": "active", "locked": False, "size_slug": "s-1vcpu-1gb", "features": []}
    return {"droplet": {**plain, "region": {"slug": "fra1"}, "networks": {"v4": [], "v6": []}, "tags": [], **changes}}


def test_one_update_renames_and_enables_ipv6_and_backups() -> None:
    done = (201, {"action": {"id": 1, "status": "completed", "completed_at": "2026-01-01T00:00:00Z"}})
    after = _droplet(name="crate", features=["ipv6", "backups"])
    answers: dict[str, list[Any]] = {
        "GET /v2/droplets/7": [(200, _droplet()), (200, after)],
        "POST /v2/droplets/7/actions": [done],
        "GET /v2/actions/1": [done],
    }
    old = inputs_of("Droplet", name="box", **DROPLET)
    with serving(answers) as api:
        droplet = configured(api).resources["digitalocean:index/droplet:Droplet"]
        outputs = droplet.update(context(), "7", old, old, {**old, "name": "crate", "ipv6": True, "backups": True})
    sent = [body for line, body in api.calls if line.startswith("POST")]
    assert sent == [{"type": "rename", "name": "crate"}, {"type": "enable_ipv6"}, {"type": "enable_backups"}]
    assert (outputs["name"], outputs["ipv6"], outputs["backups"]) == ("crate", True, True)


def test_update_that_breaks_off_reports_what_holds_and_keeps_the_old_inputs() -> None:
    answers: dict[str, list[Any]] = {
        "GET /v2/droplets/7": [(200, _droplet())],
        "POST /v2/droplets/7/actions": [(422, {"message": "no"})],
    }
    old = inputs_of("Droplet", name="box", **DROPLET)
    with serving(answers) as api:
        droplet = configured(api).resources["digitalocean:index/droplet:Droplet"]
        with pytest.raises(PartialFailure, match=r"Error updating Droplet: POST .* 422 no") as caught:
            droplet.update(context(), "7", old, old, {**old, "name": "crate"})
    assert (caught.value.id, caught.value.inputs, caught.value.outputs["name"]) == ("7", old, "box")


def test_project_gives_its_resources_back_before_it_goes() -> None:
    full = (412, {"message": "cannot delete a project with resources"})
    answers: dict[str, list[Any]] = {
        "GET /v2/projects/p": [(200, {"project": {"id": "p"}})],
        "GET /v2/projects/default": [(200, {"project": {"id": "d"}})],
        "GET /v2/projects/p/resources?page=1&per_page=200": [(200, {"resources": [{"urn": "do:droplet:1"}]})],
        "POST /v2/projects/d/resources": [(200, {"resources": []})],
        "DELETE /v2/projects/p": [full, (204, {})],
    }
    with serving(answers) as api:
        configured(api).resources["digitalocean:index/project:Project"].delete(context(), "p", {})
    assert ("POST /v2/projects/d/resources", {"resources": ["do:droplet:1"]}) in api.calls
    assert api.lines().count("DELETE /v2/projects/p") == 2


def test_firewall_is_sent_as_the_api_wants_it() -> None:
    rules = [
        {"protocol": "icmp", "sourceAddresses": ["::/0"]},
        {"protocol": "tcp", "portRange": "all", "sourceTags": []},
    ]
    with serving({"POST /v2/firewalls": [(400, {"message": "stop"})]}) as api:
        wall = configured(api).resources["digitalocean:index/firewall:Firewall"]
        with pytest.raises(Exception, match=r"Error creating Firewall: POST .*: 400 stop"):
            wall.create(context(), inputs_of("Firewall", name="w", inboundRules=rules, dropletIds=["3"]))
    assert api.calls[0][1] == {
        "name": "w",
        "inbound_rules": [
            {"protocol": "icmp", "sources": {"addresses": ["::/0"]}},
            {"protocol": "tcp", "sources": {}, "ports": "all"},
        ],
        "outbound_rules": [],
        "droplet_ids": [3],
        "tags": [],
    }


def test_configuration_is_checked_and_its_token_a_secret() -> None:
    provider = DigitalOcean()
    result = provider.check_config(
        Context(), {}, {"token": "t", "apiEndpoint": "localhost:80", "moon": 1, "httpRetryMax": "x"}
    )
    assert result.inputs["token"] == Secret("t")
    assert [failure.property for failure in result.failures] == ["moon", "apiEndpoint", "httpRetryMax"]
    assert (
        provider.check_config(Context(), {}, {"apiEndpoint": "http://127.0.0.1:1/", "httpRetryMax": "4"}).failures == []
    )
