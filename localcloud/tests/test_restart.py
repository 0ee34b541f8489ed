"""A server that ends and starts again finds everything, and finishes what it had begun."""

import threading

from localcloud.tests.conftest import IMAGE, REGION, SIZE, Serve
from localcloud.tests.doubles import RecordingRuntime

RULE = {"protocol": "tcp", "ports": "22", "sources": {"addresses": ["192.0.2.0/24"]}}


def test_everything_is_still_there_after_a_restart(serve: Serve, runtime: RecordingRuntime) -> None:
    with serve() as local:
        number = local.droplet(tags=["web"])["id"]
        volume = local.do.volumes.create(body={"name": "data", "region": REGION, "size_gigabytes": 1})["volume"]["id"]
        local.do.volume_actions.post_by_id(volume, body={"type": "attach", "droplet_id": number})
        local.settle()
        ip = local.do.reserved_ips.create(body={"droplet_id": number})["reserved_ip"]["ip"]
        local.do.firewalls.create(body={"name": "web", "tags": ["web"], "inbound_rules": [RULE]})
        local.do.domains.create(body={"name": "example.test", "ip_address": ip})
        local.settle()
        paths = [f"/v2/{kind}" for kind in ("droplets", "volumes", "reserved_ips", "firewalls", "domains", "vpcs")]
        paths += ["/v2/tags", "/v2/projects", "/v2/actions"]
        before = {path: local.http.get(path).json() for path in paths}
        filters, zones = dict(runtime.filters), runtime.zones
    runtime.filters.clear()
    runtime.running.clear()
    runtime.zones = {}
    with serve() as local:
        local.settle()
        assert {path: local.http.get(path).json() for path in paths} == before
    assert runtime.running == {number}
    assert runtime.filters == filters
    assert runtime.zones == zones
    assert runtime.verbs().count("start_network") == runtime.verbs().count("stop_network") == 2


def test_an_action_in_flight_is_finished_after_the_restart(serve: Serve, runtime: RecordingRuntime) -> None:
    with serve(time_scale=1000) as local:
        body = {"name": "web", "region": REGION, "size": SIZE, "image": IMAGE}
        made = local.do.droplets.create(body=body)["droplet"]["id"]
    with serve() as local:
        local.settle()
        assert local.do.droplets.get(made)["droplet"]["status"] == "active"
        actions = local.do.droplet_actions.list(made)["actions"]
        assert [(action["type"], action["status"]) for action in actions] == [("create", "completed")]
    assert runtime.running == {made}


def test_a_droplet_that_cannot_come_back_is_off(serve: Serve, runtime: RecordingRuntime) -> None:
    with serve() as local:
        number = local.droplet()["id"]
    runtime.failing.add("power_on")
    with serve() as local:
        local.settle()
        assert local.do.droplets.get(number)["droplet"]["status"] == "off"


def test_a_droplet_that_was_off_stays_off(serve: Serve, runtime: RecordingRuntime) -> None:
    with serve() as local:
        number = local.droplet()["id"]
        local.do.droplet_actions.post(number, body={"type": "power_off"})
        local.settle()
    with serve() as local:
        local.settle()
        assert local.do.droplets.get(number)["droplet"]["status"] == "off"
    assert runtime.running == set()


def test_waiting_is_scaled_and_a_completed_action_never_comes_before_the_machine(
    serve: Serve, runtime: RecordingRuntime
) -> None:
    runtime.held["reboot"] = threading.Event()
    with serve() as local:
        number = local.droplet()["id"]
        action = local.do.droplet_actions.post(number, body={"type": "reboot"})["action"]
        assert local.do.actions.get(action["id"])["action"]["status"] == "in-progress"
        runtime.held["reboot"].set()
        local.settle()
        assert local.do.actions.get(action["id"])["action"]["status"] == "completed"
