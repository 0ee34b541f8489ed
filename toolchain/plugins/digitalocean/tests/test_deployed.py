"""The provider under the real CLI against the project's own local cloud."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from toolchain.plugins.digitalocean.tests.cloud import TOKEN, LocalCloud
from toolchain.plugins.digitalocean.tests.programs import WHOLE
from toolchain.plugins.digitalocean.tests.stack import SDK, Stack

pytestmark = pytest.mark.deployed

IMPORTED_BY = {
    "digitalocean:index/dnsRecord:DnsRecord": "{domain},{id}",
    "digitalocean:index/reservedIpAssignment:ReservedIpAssignment": "{ipAddress},{dropletId}",
    "digitalocean:index/volumeAttachment:VolumeAttachment": "{dropletId},{volumeId}",
}


def test_every_resource_is_made_imported_and_removed(stack: Stack, cloud: LocalCloud, pulumi_home: Path) -> None:
    stack.program(WHOLE, head=SDK)
    assert "[unknown]" in stack.preview().ok().text
    up = stack.up().ok()
    stack.unchanged()
    made = stack.resources()
    for text in (stack.files(), up.text, json.dumps(made)):
        assert "planted-in-user-data" not in text
        assert TOKEN not in text
    assert "#cloud-config # planted-in-user-data" in next(iter(cloud.runtime.droplets.values())).user_data

    _import_into(Stack(stack.folder.parent / "other", pulumi_home, cloud.url), made)

    stack.destroy().ok()
    for collection in ("droplets", "volumes", "firewalls", "domains", "reserved_ips", "account/keys"):
        key = {"account/keys": "ssh_keys"}.get(collection, collection)
        assert cloud.call("GET", f"/v2/{collection}")[key] == []
    assert [tag["name"] for tag in cloud.call("GET", "/v2/tags")["tags"]] == [
        "Web"
    ]  # the droplet made it, nobody owns it


def _import_into(stack: Stack, made: dict[str, dict[str, object]]) -> None:
    wanted = []
    for name, item in made.items():
        kind = str(item["type"])
        if item.get("custom") and not kind.startswith("pulumi:"):
            inputs = item["inputs"]
            assert isinstance(inputs, dict)
            form = IMPORTED_BY.get(kind, "{id}")
            wanted.append({"type": kind, "name": name, "id": form.format(**{**inputs, "id": item["id"]})})
    listed = stack.folder / "import.json"
    listed.write_text(json.dumps({"resources": wanted}))
    stack.program(WHOLE, head=SDK)
    stack.pulumi(
        "import", "--yes", "--skip-preview", "--generate-code=false", "--protect=false", "--file", str(listed)
    ).ok()
    stack.preview("--expect-no-changes").ok()
    stack.refresh("--expect-no-changes").ok()
    stack.up("--expect-no-changes").ok()
