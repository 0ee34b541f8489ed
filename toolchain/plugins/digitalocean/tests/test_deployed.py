from __future__ import annotations

from toolchain.plugins.digitalocean.tests.cloud import LocalCloud
from toolchain.plugins.digitalocean.tests.programs import WHOLE
from toolchain.plugins.digitalocean.tests.stack import Stack


def test_every_resource_is_made_unchanged_afterwards_and_removed(stack: Stack, cloud: LocalCloud) -> None:
    stack.program(WHOLE)
    preview = stack.preview().ok()
    assert "[unknown]" in preview.text
    stack.up().ok()
    stack.unchanged()
    stack.up("--expect-no-changes").ok()
    stack.destroy().ok()
    for collection in ("droplets", "volumes", "firewalls", "domains", "reserved_ips", "account/keys"):
        key = {"account/keys": "ssh_keys"}.get(collection, collection)
        assert cloud.call("GET", f"/v2/{collection}")[key] == []
    assert [tag["name"] for tag in cloud.call("GET", "/v2/tags")["tags"]] == [
        "Web"
    ]  # the droplet made it, nobody owns it
