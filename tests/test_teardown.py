"""The end of the deployment: nothing in the cloud, nothing on the machine. Sorted behind the other files here."""

from __future__ import annotations

import pytest

from tests.checkout import Checkout
from tests.traces import Traces

pytestmark = pytest.mark.deployed


def test_destroy_leaves_the_cloud_empty(deployed: Checkout) -> None:
    ended = deployed.pulumi("destroy", "-s", "local", "--yes", "--skip-preview")
    assert ended.code == 0, ended.said
    assert "warning" not in ended.said.lower(), ended.said
    with deployed.api() as api:
        for kind in ("droplets", "volumes", "firewalls", "domains", "reserved_ips", "tags"):
            assert api.get(f"/v2/{kind}").json()[kind] == [], kind
        assert api.get("/v2/account/keys").json()["ssh_keys"] == []
        assert [p["name"] for p in api.get("/v2/projects").json()["projects"] if not p["is_default"]] == []


def test_make_down_leaves_nothing(deployed: Checkout, traces_before: Traces) -> None:
    deployed.must("make", "down", timeout_s=300)
    deployed.is_up = False
    assert Traces.left(deployed.root, traces_before) == {}
    assert not (deployed.root / "Pulumi.local.yaml").exists()
