"""Changes, drift, failures and interruptions under the real CLI against the local cloud."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from toolchain.plugins.digitalocean.tests.cloud import LocalCloud, local_cloud
from toolchain.plugins.digitalocean.tests.stack import Stack

pytestmark = pytest.mark.deployed

HOST = """
vpc = Made("Vpc", "vpc", region="fra1")
web = Made("Droplet", "web", region="fra1", image="debian-13-x64", size="s-1vcpu-1gb", vpcUuid=vpc.id, tags=["a", "b"])
wall = Made("Firewall", "wall", dropletIds=[web.id], inboundRules=[
    {"protocol": "tcp", "portRange": "80", "sourceAddresses": ["0.0.0.0/0"]},
    {"protocol": "tcp", "portRange": "443", "sourceAddresses": ["0.0.0.0/0"]},
])
disk = Made("Volume", "disk", region="fra1", size=10)
at = Made("VolumeAttachment", "at", dropletId=web.id, volumeId=disk.id)
zone = Made("Domain", "zone", name="example.test")
www = Made("DnsRecord", "www", domain=zone.id, type="A", name="www", value="192.0.2.1", ttl=300)
"""


def test_updates_show_where_they_change_and_leave_dependents_alone(stack: Stack, cloud: LocalCloud) -> None:
    stack.program(HOST)
    stack.up().ok()
    before = stack.resources()
    assert before["web"]["inputs"]["name"].startswith("web-")
    changed = HOST.replace('tags=["a", "b"]', 'name="renamed", tags=["b", "C"]').replace(
        '"s-1vcpu-1gb"', '"s-1vcpu-2gb"'
    )
    changed = changed.replace('"443"', '"8443"').replace("size=10", "size=20").replace("ttl=300", "ttl=600")
    stack.program(changed)
    preview = stack.preview().ok().text
    assert "5 to update" not in preview
    assert "4 to update" in preview
    assert "replace" not in preview
    for line in ('~ portRange: "443" => "8443"', "~ size: 10 => 20", "~ ttl: 300 => 600", '~ size: "s-1vcpu-1gb" =>'):
        assert line in preview
    stack.up().ok()
    stack.unchanged()
    droplet = cloud.only("droplets")
    assert (droplet["name"], droplet["size_slug"], sorted(droplet["tags"])) == ("renamed", "s-1vcpu-2gb", ["C", "b"])
    assert droplet["status"] == "active"
    assert cloud.only("volumes")["size_gigabytes"] == 20
    assert stack.resources()["web"]["id"] == before["web"]["id"]


def test_drift_is_seen_by_refresh_once_and_repaired_by_up(stack: Stack, cloud: LocalCloud) -> None:
    stack.program(HOST)
    stack.up().ok()
    wall = cloud.only("firewalls")
    cloud.call(
        "PUT", f"/v2/firewalls/{wall['id']}", {**wall, "inbound_rules": wall["inbound_rules"][:1], "tags": ["b"]}
    )
    cloud.call("DELETE", "/v2/tags/a/resources", _tagged(cloud.only("droplets")["id"]))
    record = next(
        item
        for item in cloud.call("GET", "/v2/domains/example.test/records")["domain_records"]
        if item["name"] == "www"
    )
    cloud.call("DELETE", f"/v2/domains/example.test/records/{record['id']}")
    seen = stack.refresh().ok().text
    assert "DnsRecord www deleted" in seen
    assert "~ 2 updated" in seen
    stack.refresh("--expect-no-changes").ok()
    preview = stack.preview().ok().text
    assert "+ [1]: " in preview
    assert '"443"' in preview
    assert "1 to create" in preview
    assert "2 to update" in preview
    stack.up().ok()
    stack.unchanged()
    repaired = cloud.only("firewalls")
    assert sorted(rule["ports"] for rule in repaired["inbound_rules"]) == ["443", "80"]
    assert set(cloud.only("droplets")["tags"]) == {"a", "b"}


def _tagged(droplet: int) -> dict[str, object]:
    return {"resources": [{"resource_id": str(droplet), "resource_type": "droplet"}]}


def _order(cloud: LocalCloud) -> list[str]:
    return [verb for verb in cloud.runtime.verbs() if verb in ("create_droplet", "destroy_droplet")]


def test_a_named_droplet_is_replaced_after_and_a_generated_name_before_its_removal(
    stack: Stack, cloud: LocalCloud
) -> None:
    named = (
        'Made("Droplet", "web", name="web", region="fra1", image="debian-13-x64", size="s-1vcpu-1gb", userData="#1")\n'
    )
    auto = named.replace(' name="web",', "")
    stack.program(named)
    stack.up().ok()
    stack.program(named.replace("#1", "#2"))
    stack.up().ok()
    assert _order(cloud) == ["create_droplet", "destroy_droplet", "create_droplet"]
    assert stack.resources()["web"]["inputs"]["name"] == "web"
    stack.program(auto.replace("#1", "#2"))
    stack.up().ok()  # an update: only the name changes
    stack.program(auto)
    stack.up().ok()
    assert _order(cloud)[3:] == ["create_droplet", "destroy_droplet"]
    assert "#1" not in str(stack.resources()["web"]["outputs"])


def test_what_vanished_is_removed_without_an_error(stack: Stack, cloud: LocalCloud) -> None:
    stack.program(HOST)
    stack.up().ok()
    cloud.call("DELETE", "/v2/domains/example.test")
    cloud.call("DELETE", f"/v2/firewalls/{cloud.only('firewalls')['id']}")
    cloud.call("DELETE", f"/v2/droplets/{cloud.only('droplets')['id']}")
    stack.destroy().ok()
    assert stack.resources() == {}
    assert cloud.call("GET", "/v2/volumes")["volumes"] == []


def test_an_attachment_that_failed_is_healed_by_the_next_up(stack: Stack, cloud: LocalCloud) -> None:
    cloud.runtime.failing.add("attach_volume")
    stack.program(HOST)
    failed = stack.up().failed().text
    assert "(attach_volume) ended with the status errored" in failed
    cloud.runtime.failing.clear()
    stack.up().ok()
    assert list(cloud.runtime.attached.values()) == [cloud.only("droplets")["id"]]
    stack.unchanged()


def test_a_droplet_whose_boot_failed_is_kept_and_started_by_the_next_up(stack: Stack, cloud: LocalCloud) -> None:
    cloud.runtime.failing.add("create_droplet")
    stack.program('Made("Droplet", "web", region="fra1", image="debian-13-x64", size="s-1vcpu-1gb")\n')
    assert "unexpected state 'off', wanted target 'active'" in stack.up().failed().text
    kept = stack.resources()["web"]["id"]
    assert kept == str(cloud.only("droplets")["id"])
    cloud.runtime.failing.clear()
    stack.pulumi("up", "--yes", "--skip-preview", "--replace", str(stack.resources()["web"]["urn"])).ok()
    assert cloud.only("droplets")["status"] == "active"
    stack.unchanged()


def test_a_size_that_is_refused_leaves_the_droplet_running(stack: Stack, cloud: LocalCloud) -> None:
    program = 'Made("Droplet", "web", region="fra1", image="debian-13-x64", size="{}")\n'
    stack.program(program.format("s-2vcpu-4gb"))
    stack.up().ok()
    stack.program(program.format("s-1vcpu-1gb"))
    assert "This size is not available because it has a smaller disk" in stack.up().failed().text
    droplet = cloud.only("droplets")
    assert (droplet["status"], droplet["size_slug"]) == ("active", "s-2vcpu-4gb")


def test_errors_of_the_api_reach_the_user_in_its_words(stack: Stack, cloud: LocalCloud) -> None:
    stack.program('Made("Droplet", "web", region="fra1", image="debian-13-x64", size="s-none")\n')
    text = stack.up().failed().text
    assert f"Error creating Droplet: POST {cloud.url}/v2/droplets: 422 (request" in text
    stack.extra["DIGITALOCEAN_TOKEN"] = "dop_v1_wrong"
    text = stack.up().failed().text
    assert f"Error creating Droplet: POST {cloud.url}/v2/droplets: 401" in text
    assert "pulumi config set --secret digitalocean:token" in text
    assert cloud.call("GET", "/v2/droplets")["droplets"] == []


def test_what_is_not_covered_is_refused_by_name_in_the_preview(stack: Stack) -> None:
    stack.program('Made("Droplet", "web", image="debian-13-x64", size="s-1vcpu-1gb", gpuPartitionMode="X")')
    assert "gpuPartitionMode" in stack.preview().failed().text
    stack.program('Made("Cdn", "cdn", origin="x")')
    assert "digitalocean:index/cdn:Cdn" in stack.preview().failed().text


def test_a_token_in_the_configuration_or_program_is_nowhere_in_the_clear(stack: Stack, cloud: LocalCloud) -> None:
    token = stack.env()["DIGITALOCEAN_TOKEN"]
    stack.extra["DIGITALOCEAN_TOKEN"] = ""
    stack.pulumi("config", "set", "--secret", "digitalocean:token", token).ok()
    stack.program(f"""
class Cloud(pulumi.ProviderResource):
    def __init__(self):
        options = pulumi.ResourceOptions(version="4.84.1")
        super().__init__("digitalocean", "explicit", {{"token": {token!r}}}, options)


Made("Tag", "by-default", name="one")
Made("Tag", "by-explicit", pulumi.ResourceOptions(provider=Cloud()), name="two")
""")
    up = stack.up().ok()
    assert {tag["name"] for tag in cloud.call("GET", "/v2/tags")["tags"]} == {"one", "two"}
    stack.unchanged()
    for text in (up.text, stack.files(), str(stack.resources())):
        assert token not in text


def test_invokes_answer_in_the_program(stack: Stack) -> None:
    stack.program(
        """
sizes = do.get_sizes(filters=[{"key": "slug", "values": ["s-1vcpu-1gb"]}])
pulumi.export("memory", sizes.sizes[0].memory)
pulumi.export("regions", [r.slug for r in do.get_regions(sorts=[{"key": "slug", "direction": "asc"}]).regions])
pulumi.export("region", do.get_region(slug="fra1").name)
pulumi.export("image", do.get_image(slug="debian-13-x64").slug)
pulumi.export("status", do.get_account().status)
pulumi.export("project", do.get_project().is_default)
pulumi.export("vpc", do.get_vpc(id=do.Vpc("vpc", region="fra1", name="net").id).name)
""",
        head="import pulumi\nimport pulumi_digitalocean as do\n",
    )
    stack.program_folder.joinpath("__main__.py").write_text(
        stack.program_folder.joinpath("__main__.py").read_text().replace("do.get_vpc(id=", "do.get_vpc_output(id=")
    )
    text = stack.up().ok().text
    for line in ("memory : 1024", 'image  : "debian-13-x64"', 'status : "active"', "project: true", 'vpc    : "net"'):
        assert line in text, text


def test_ctrl_c_in_a_slow_create_ends_at_once_and_the_next_up_goes_on(stack: Stack, cloud: LocalCloud) -> None:
    boot = cloud.runtime.held["create_droplet"] = threading.Event()
    stack.program('Made("Droplet", "web", region="fra1", image="debian-13-x64", size="s-1vcpu-1gb")\n')
    process = stack.popen("up", "--yes", "--skip-preview")
    try:
        _until(lambda: "create_droplet" in cloud.runtime.verbs())
        process.send_signal(signal.SIGINT)
        text, _ = process.communicate(timeout=20)  # well before the boot is let go
    finally:
        boot.set()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 1, text
    assert "exited prematurely" not in text
    assert stack.resources()["web"]["id"] == str(cloud.only("droplets")["id"])
    stack.up().ok()
    assert cloud.only("droplets")["status"] == "active"
    stack.unchanged()


def _until(holds: Callable[[], bool], limit_s: float = 60) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        threading.Event().wait(0.02)


def test_custom_timeouts_end_a_wait(new_stack: Callable[[str], Stack], tmp_path: Path) -> None:
    with local_cloud(tmp_path / "slow") as cloud:
        boot = cloud.runtime.held["create_droplet"] = threading.Event()
        stack = new_stack(cloud.url)
        stack.program("""
options = pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="1s"))
Made("Droplet", "web", options, region="fra1", image="debian-13-x64", size="s-1vcpu-1gb")
""")
        try:
            assert "to become active took longer than 1 s" in stack.up().failed().text
        finally:
            boot.set()
