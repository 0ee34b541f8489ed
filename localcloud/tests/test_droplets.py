"""Droplets from creation to destruction."""

import threading
from typing import Any

import pytest

from localcloud.tests.conftest import IMAGE, REGION, SIZE, Served

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1b8Q9bM6m5YwF0b5m1m4iKq3pTn9j0m8lQ7e3D0wF2 someone@example"


def act(local: Served, droplet_id: int, action: str, **fields: object) -> dict[str, Any]:
    """Start an action and return it when it has ended."""
    started = local.do.droplet_actions.post(droplet_id, body={"type": action, **fields})["action"]
    assert started["status"] == "in-progress"
    assert started["completed_at"] is None
    local.settle()
    ended: dict[str, Any] = local.do.droplet_actions.get(droplet_id, started["id"])["action"]
    return ended


def test_a_droplet_is_new_and_locked_until_it_is_up(local: Served) -> None:
    local.runtime.held["create_droplet"] = threading.Event()
    answer = local.do.droplets.create(body={"name": "web", "region": REGION, "size": SIZE, "image": IMAGE})
    made = answer["droplet"]
    assert (made["status"], made["locked"], made["networks"]["v4"]) == ("new", True, [])
    action = local.do.actions.get(answer["links"]["actions"][0]["id"])["action"]
    assert (action["type"], action["status"], action["resource_id"]) == ("create", "in-progress", made["id"])

    local.runtime.held["create_droplet"].set()
    local.settle()
    up = local.do.droplets.get(made["id"])["droplet"]
    assert (up["status"], up["locked"]) == ("active", False)
    assert [network["type"] for network in up["networks"]["v4"]] == ["public", "private"]
    ended = local.do.actions.get(action["id"])["action"]
    assert ended["status"] == "completed"
    assert ended["completed_at"]


def test_the_machine_gets_what_the_request_said(local: Served) -> None:
    key = local.do.ssh_keys.create(body={"name": "operator", "public_key": KEY})["ssh_key"]
    droplet = local.droplet(
        ssh_keys=[key["id"], key["fingerprint"]], user_data="#cloud-config\n", monitoring=True, tags=["web"]
    )
    spec = local.runtime.droplets[droplet["id"]]
    assert (spec.hostname, spec.memory_mb, spec.vcpus, spec.disk_gb) == ("web", 1024, 1, 25)
    assert (spec.ssh_keys, spec.user_data, spec.image_slug) == ((KEY, KEY), "#cloud-config\n", IMAGE)
    assert [n["ip_address"] for n in droplet["networks"]["v4"]] == [spec.public_ip, spec.private_ip]
    assert spec.public_ip == "198.18.1.1"
    assert "monitoring" in droplet["features"]
    assert "ipv6" not in droplet["features"]
    assert droplet["tags"] == ["web"]


def test_several_droplets_are_made_by_one_request_and_found_by_name_and_tag(local: Served) -> None:
    body = {"names": ["a", "b"], "region": REGION, "size": SIZE, "image": IMAGE, "tags": ["pair"]}
    made = local.do.droplets.create(body=body)
    assert [droplet["name"] for droplet in made["droplets"]] == ["a", "b"]
    assert len(made["links"]["actions"]) == 2
    local.settle()
    local.droplet("c")
    assert [d["name"] for d in local.do.droplets.list(tag_name="PAIR")["droplets"]] == ["a", "b"]
    assert [d["name"] for d in local.do.droplets.list(name="c")["droplets"]] == ["c"]
    local.do.droplets.destroy_by_tag(tag_name="pair")
    local.settle()
    assert [d["name"] for d in local.do.droplets.list()["droplets"]] == ["c"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"image": "windows-95"}, "You specified an invalid image for Droplet creation."),
        ({"image": "ubuntu-24-04-x64"}, "The local cloud boots no ubuntu-24-04-x64 Droplets, only debian-13-x64."),
        ({"size": "huge"}, "You specified an invalid size for Droplet creation."),
        ({"region": "moon1"}, "You specified an invalid region for Droplet creation."),
        ({"ssh_keys": [1]}, "1 are invalid key identifiers for Droplet creation."),
        ({"name": "no spaces"}, "Name Only valid hostname characters are allowed. (a-z, A-Z, 0-9, . and -)"),
        ({"ipv6": True}, "The local cloud has no IPv6: create the Droplet with ipv6 false."),
        ({"backups": True}, "The local cloud takes no backups: create the Droplet with backups false."),
        ({"user_data": "x" * 70_000}, "user_data must not exceed 64 KiB"),
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_exists(
    local: Served, fields: dict[str, object], message: str
) -> None:
    body = {"name": "web", "region": REGION, "size": SIZE, "image": IMAGE} | fields
    assert local.refusal("POST", "/v2/droplets", body) == (422, message)
    assert local.do.droplets.list()["meta"]["total"] == 0
    assert local.runtime.droplets == {}


def test_power_actions_change_the_status_together_with_the_action(local: Served) -> None:
    number = local.droplet()["id"]
    for action, status in [("shutdown", "off"), ("power_on", "active"), ("power_off", "off"), ("power_on", "active")]:
        ended = act(local, number, action)
        assert (ended["status"], ended["type"]) == ("completed", action)
        assert local.do.droplets.get(number)["droplet"]["status"] == status
    assert act(local, number, "reboot")["status"] == "completed"
    assert act(local, number, "power_cycle")["status"] == "completed"
    listed = [action["type"] for action in local.do.droplet_actions.list(number)["actions"]]
    assert listed == ["power_cycle", "reboot", "power_on", "power_off", "power_on", "shutdown", "create"]


def test_an_off_droplet_is_resized_and_an_active_one_is_not(local: Served) -> None:
    number = local.droplet()["id"]
    assert local.refusal("POST", f"/v2/droplets/{number}/actions", {"type": "resize", "size": "s-2vcpu-4gb"})[0] == 422
    act(local, number, "power_off")
    assert local.refusal("POST", f"/v2/droplets/{number}/actions", {"type": "power_off"}) == (
        422,
        "Droplet is already powered off.",
    )
    assert act(local, number, "resize", size="s-1vcpu-2gb", disk=True)["status"] == "completed"
    grown = local.do.droplets.get(number)["droplet"]
    assert (grown["size_slug"], grown["memory"], grown["disk"]) == ("s-1vcpu-2gb", 2048, 50)
    assert ("resize", number, 2048, 1, 50) in local.runtime.calls
    smaller = {"type": "resize", "size": "s-1vcpu-1gb"}
    assert "smaller disk" in local.refusal("POST", f"/v2/droplets/{number}/actions", smaller)[1]


def test_a_rename_shows_in_the_name(local: Served) -> None:
    number = local.droplet()["id"]
    assert act(local, number, "rename", name="web-2")["status"] == "completed"
    assert local.do.droplets.get(number)["droplet"]["name"] == "web-2"


@pytest.mark.parametrize("action", ["enable_ipv6", "enable_backups", "snapshot", "rebuild", "dance"])
def test_actions_that_are_not_offered_are_refused(local: Served, action: str) -> None:
    number = local.droplet()["id"]
    assert local.refusal("POST", f"/v2/droplets/{number}/actions", {"type": action})[0] == 422


def test_a_second_action_waits_for_the_first(local: Served) -> None:
    number = local.droplet()["id"]
    local.runtime.held["reboot"] = threading.Event()
    local.do.droplet_actions.post(number, body={"type": "reboot"})
    assert local.refusal("POST", f"/v2/droplets/{number}/actions", {"type": "power_off"}) == (
        422,
        "Droplet already has a pending event.",
    )
    local.runtime.held["reboot"].set()


def test_a_failed_boot_shows_as_errored_and_off(local: Served) -> None:
    local.runtime.failing.add("create_droplet")
    droplet = local.droplet()
    assert droplet["status"] == "off"
    action = local.do.droplet_actions.list(droplet["id"])["actions"][0]
    assert action["status"] == "errored"
    assert action["completed_at"]
    local.do.droplets.destroy(droplet["id"])
    local.settle()
    assert local.refusal("GET", f"/v2/droplets/{droplet['id']}")[0] == 404


def test_a_failed_destruction_leaves_the_droplet(local: Served) -> None:
    number = local.droplet()["id"]
    local.runtime.failing.add("destroy_droplet")
    local.do.droplets.destroy(number)
    local.settle()
    assert local.do.droplets.get(number)["droplet"]["status"] == "active"
    local.runtime.failing.clear()
    local.do.droplets.destroy(number)
    local.settle()
    assert local.refusal("GET", f"/v2/droplets/{number}")[0] == 404
    assert local.runtime.droplets == {}


def test_actions_by_tag_reach_every_droplet_with_it(local: Served) -> None:
    numbers = {local.droplet(name, tags=["web"])["id"] for name in ("a", "b")}
    local.droplet("c")
    started = local.do.droplet_actions.post_by_tag(body={"type": "power_off"}, tag_name="web")["actions"]
    assert {action["resource_id"] for action in started} == numbers
    local.settle()
    assert [d["status"] for d in local.do.droplets.list()["droplets"]] == ["off", "off", "active"]


def test_a_freed_address_is_not_given_out_at_once(local: Served) -> None:
    first = local.droplet("a")
    local.do.droplets.destroy(first["id"])
    local.settle()
    second = local.droplet("b")
    addresses = [droplet["networks"]["v4"][0]["ip_address"] for droplet in (first, second)]
    assert addresses == ["198.18.1.1", "198.18.1.2"]


def test_lists_that_the_local_cloud_cannot_fill_are_empty(local: Served) -> None:
    number = local.droplet()["id"]
    assert local.do.droplets.list_backups(number)["backups"] == []
    assert local.do.droplets.list_snapshots(number)["snapshots"] == []
    assert local.do.droplets.list_kernels(number)["kernels"] == []
    assert local.do.droplets.list_neighbors(number)["droplets"] == []


def test_a_droplet_that_powers_itself_off_is_seen_as_off_and_one_that_reboots_is_not(local: Served) -> None:
    number = local.droplet()["id"]

    def look() -> object:
        local.cloud.pulse.look()
        local.settle()
        return local.do.droplets.get(number)["droplet"]["status"]

    assert look() == "active"
    local.runtime.running.clear()
    assert look() == "active"
    assert look() == "off"
    assert act(local, number, "power_on")["status"] == "completed"
    assert look() == "active"
    assert look() == "active"
