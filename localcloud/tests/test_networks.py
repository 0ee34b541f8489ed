"""VPCs and reserved IPs."""

from ipaddress import ip_address, ip_network

import pytest

from localcloud.tests.conftest import REGION, Served


def test_a_vpc_holds_its_members_until_they_are_gone(local: Served) -> None:
    body = {"name": "net", "region": REGION, "ip_range": "10.20.0.0/24", "description": "of the tests"}
    vpc = local.do.vpcs.create(body=body)["vpc"]
    assert (vpc["ip_range"], vpc["region"], vpc["default"]) == ("10.20.0.0/24", REGION, False)
    assert vpc["urn"] == f"do:vpc:{vpc['id']}"
    assert local.runtime.vpcs == {vpc["id"]: "10.20.0.0/24"}

    droplet = local.droplet(vpc_uuid=vpc["id"])
    assert droplet["vpc_uuid"] == vpc["id"]
    assert droplet["networks"]["v4"][1]["ip_address"] == "10.20.0.2"
    members = local.do.vpcs.list_members(vpc["id"])["members"]
    assert [member["urn"] for member in members] == [f"do:droplet:{droplet['id']}"]
    assert local.refusal("DELETE", f"/v2/vpcs/{vpc['id']}") == (403, "Can not delete VPC with members")

    local.do.droplets.destroy(droplet["id"])
    local.settle()
    local.do.vpcs.delete(vpc["id"])
    assert local.refusal("GET", f"/v2/vpcs/{vpc['id']}")[0] == 404
    assert vpc["id"] not in local.runtime.vpcs


def test_each_region_has_one_default_vpc_made_on_first_use(local: Served) -> None:
    first, second, other = (
        local.droplet("a"),
        local.droplet("b"),
        local.droplet("c", region="nyc3"),
    )
    assert first["vpc_uuid"] == second["vpc_uuid"] != other["vpc_uuid"]
    vpcs = local.do.vpcs.list()["vpcs"]
    assert [(vpc["name"], vpc["default"]) for vpc in vpcs] == [("default-fra1", True), ("default-nyc3", True)]
    assert local.refusal("DELETE", f"/v2/vpcs/{first['vpc_uuid']}")[0] == 403
    private = ip_address(first["networks"]["v4"][1]["ip_address"])
    assert private in ip_network(vpcs[0]["ip_range"])


def test_a_vpc_is_renamed_and_keeps_what_is_not_given(local: Served) -> None:
    vpc = local.do.vpcs.create(body={"name": "net", "region": REGION, "description": "old"})["vpc"]
    patched = local.do.vpcs.patch(vpc["id"], body={"name": "net-2"})["vpc"]
    assert patched == vpc | {"name": "net-2"}
    put = local.do.vpcs.update(vpc["id"], body={"name": "net-3", "description": "new", "default": False})["vpc"]
    assert put == vpc | {"name": "net-3", "description": "new"}
    cleared = local.do.vpcs.update(vpc["id"], body={"name": "net-3", "default": False})["vpc"]
    assert cleared == vpc | {"name": "net-3", "description": ""}


@pytest.mark.parametrize(
    "fields",
    [
        {"ip_range": "10.20.0.0/16"},
        {"ip_range": "8.8.8.0/24"},
        {"ip_range": "10.30.0.0/8"},
        {"ip_range": "nonsense"},
        {"name": "taken"},
        {"name": "no spaces"},
        {"region": "moon1"},
    ],
)
def test_a_vpc_that_breaks_a_rule_is_refused(local: Served, fields: dict[str, str]) -> None:
    local.do.vpcs.create(body={"name": "taken", "region": REGION, "ip_range": "10.20.0.0/24"})
    assert local.refusal("POST", "/v2/vpcs", {"name": "net", "region": REGION} | fields)[0] == 422


def test_a_reserved_ip_moves_from_droplet_to_droplet(local: Served) -> None:
    one, two = local.droplet("one")["id"], local.droplet("two")["id"]
    made = local.do.reserved_ips.create(body={"region": REGION})["reserved_ip"]
    assert (made["droplet"], made["locked"], made["region"]["slug"]) == (None, False, REGION)
    ip = made["ip"]
    for target in (one, two):
        action = local.do.reserved_ips_actions.post(ip, body={"type": "assign", "droplet_id": target})["action"]
        assert (action["type"], action["status"]) == ("assign_ip", "in-progress")
        local.settle()
        assert local.do.reserved_ips_actions.get(ip, action["id"])["action"]["status"] == "completed"
        assert local.do.reserved_ips.get(ip)["reserved_ip"]["droplet"]["id"] == target
        assert local.runtime.addresses == {ip: target}
    assert ("unassign_reserved_ip", ip, one) in local.runtime.calls

    local.do.reserved_ips_actions.post(ip, body={"type": "unassign"})
    local.settle()
    assert local.runtime.addresses == {}
    assert local.refusal("POST", f"/v2/reserved_ips/{ip}/actions", {"type": "unassign"})[0] == 422
    local.do.reserved_ips.delete(ip)
    assert local.refusal("GET", f"/v2/reserved_ips/{ip}")[0] == 404


def test_a_reserved_ip_made_for_a_droplet_is_assigned_to_it(local: Served) -> None:
    number = local.droplet()["id"]
    answer = local.do.reserved_ips.create(body={"droplet_id": number})
    assert answer["links"]["actions"][0]["rel"] == "assign_ip"
    local.settle()
    ip = answer["reserved_ip"]["ip"]
    assert local.runtime.addresses == {ip: number}
    another = local.do.reserved_ips.create(body={"region": REGION})["reserved_ip"]["ip"]
    body = {"type": "assign", "droplet_id": number}
    assert local.refusal("POST", f"/v2/reserved_ips/{another}/actions", body)[0] == 422


def test_a_reserved_ip_outlives_its_droplet_and_is_released_while_assigned(local: Served) -> None:
    number = local.droplet()["id"]
    ip = local.do.reserved_ips.create(body={"droplet_id": number})["reserved_ip"]["ip"]
    local.settle()
    local.do.droplets.destroy(number)
    local.settle()
    assert local.do.reserved_ips.get(ip)["reserved_ip"]["droplet"] is None

    number = local.droplet()["id"]
    local.do.reserved_ips_actions.post(ip, body={"type": "assign", "droplet_id": number})
    local.settle()
    local.do.reserved_ips.delete(ip)
    assert local.refusal("GET", f"/v2/reserved_ips/{ip}")[0] == 404
    local.settle()
    assert local.runtime.addresses == {}
