"""Volumes: made, attached, grown, removed."""

from typing import Any

import pytest

from localcloud.tests.conftest import REGION, Served


def create(local: Served, name: str = "data", **fields: object) -> dict[str, Any]:
    wanted = {"name": name, "region": REGION, "size_gigabytes": 10, "filesystem_type": "ext4"} | fields
    made: dict[str, Any] = local.do.volumes.create(body=wanted)["volume"]
    return made


def act(local: Served, volume_id: str, action: str, **fields: object) -> dict[str, Any]:
    started = local.do.volume_actions.post_by_id(volume_id, body={"type": action, **fields})["action"]
    assert (started["status"], started["resource_type"], started["resource_id"]) == ("in-progress", "volume", None)
    local.settle()
    ended: dict[str, Any] = local.do.volume_actions.get(volume_id, started["id"])["action"]
    assert ended["completed_at"]
    return ended


def test_a_volume_is_there_when_the_request_returns(local: Served) -> None:
    empty: dict[str, Any] = {"snapshot_id": "", "filesystem_label": "", "description": "", "tags": []}
    made = create(local, **empty)
    assert (made["size_gigabytes"], made["droplet_ids"], made["region"]["slug"]) == (10, [], REGION)
    assert local.runtime.volumes == {made["id"]: 10}
    assert local.do.volumes.list(name="data", region=REGION)["volumes"] == [made]
    assert local.do.volumes.list(name="data", region="nyc3")["volumes"] == []


def test_a_volume_is_attached_and_detached_by_actions(local: Served) -> None:
    number = local.droplet()["id"]
    volume = create(local)["id"]
    assert act(local, volume, "attach", droplet_id=number)["type"] == "attach_volume"
    assert local.do.volumes.get(volume)["volume"]["droplet_ids"] == [number]
    assert local.do.droplets.get(number)["droplet"]["volume_ids"] == [volume]
    assert local.runtime.attached == {volume: number}

    assert local.refusal("DELETE", f"/v2/volumes/{volume}")[0] == 409
    assert local.refusal("POST", f"/v2/volumes/{volume}/actions", {"type": "attach", "droplet_id": number})[0] == 422

    assert act(local, volume, "detach", droplet_id=number)["status"] == "completed"
    assert local.do.volumes.get(volume)["volume"]["droplet_ids"] == []
    local.do.volumes.delete(volume)
    assert local.runtime.volumes == {}


def test_a_volume_is_attached_by_name(local: Served) -> None:
    number = local.droplet()["id"]
    volume = create(local)["id"]
    body = {"type": "attach", "volume_name": "data", "region": REGION, "droplet_id": number}
    assert local.do.volume_actions.post(body=body)["action"]["type"] == "attach_volume"
    local.settle()
    assert local.runtime.attached == {volume: number}


def test_a_volume_named_at_creation_is_attached_before_the_droplet_is_active(local: Served) -> None:
    volume = create(local)["id"]
    number = local.droplet(volumes=[{"id": volume}])["id"]
    assert local.runtime.attached == {volume: number}
    local.do.droplets.destroy(number)
    local.settle()
    assert local.runtime.attached == {}
    assert local.do.volumes.get(volume)["volume"]["droplet_ids"] == []


def test_a_volume_grows_and_never_shrinks(local: Served) -> None:
    volume = create(local)["id"]
    assert act(local, volume, "resize", size_gigabytes=20, region=REGION)["status"] == "completed"
    assert local.do.volumes.get(volume)["volume"]["size_gigabytes"] == 20
    assert local.runtime.volumes == {volume: 20}
    assert local.refusal("POST", f"/v2/volumes/{volume}/actions", {"type": "resize", "size_gigabytes": 5})[0] == 422


def test_a_failed_attachment_leaves_the_volume_free(local: Served) -> None:
    number = local.droplet()["id"]
    volume = create(local)["id"]
    local.runtime.failing.add("attach_volume")
    assert act(local, volume, "attach", droplet_id=number)["status"] == "errored"
    assert local.do.volumes.get(volume)["volume"]["droplet_ids"] == []


def test_a_volume_the_machine_cannot_make_does_not_exist(local: Served) -> None:
    local.runtime.failing.add("create_volume")
    body = {"name": "data", "region": REGION, "size_gigabytes": 10}
    assert local.refusal("POST", "/v2/volumes", body) == (500, "create_volume was told to fail")
    assert local.do.volumes.list()["volumes"] == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": "Data"}, 422),
        ({"size_gigabytes": 0}, 422),
        ({"size_gigabytes": 16385}, 422),
        ({"region": "moon1"}, 422),
        ({"filesystem_type": "ntfs"}, 422),
        ({"filesystem_type": "xfs", "filesystem_label": "thirteen-long"}, 422),
        ({"snapshot_id": "fbe805e8-866b-11e6-96bf-000f53315a41"}, 422),
        ({"name": "taken"}, 409),
    ],
)
def test_what_breaks_a_rule_is_refused(local: Served, fields: dict[str, object], status: int) -> None:
    create(local, "taken")
    body = {"name": "data", "region": REGION, "size_gigabytes": 10} | fields
    assert local.refusal("POST", "/v2/volumes", body)[0] == status


def test_a_volume_is_deleted_by_name_and_region(local: Served) -> None:
    create(local)
    assert local.refusal("DELETE", "/v2/volumes?name=data&region=nyc3")[0] == 404
    local.do.volumes.delete_by_name(name="data", region=REGION)
    assert local.do.volumes.list()["volumes"] == []
