from __future__ import annotations

import json
from pathlib import Path

import pytest

from verification.deployment import find_deployment
from verification.errors import UnknownDeployment

FACTS = {
    "stack": "local",
    "domain": "slipway.test",
    "address": "198.18.1.1",
    "ssh": {"user": "root", "port": 22, "key": ".slipway/keys/operator", "known_hosts": ".slipway/x.known_hosts"},
    "ca_file": ".slipway/roots.pem",
    "dns_server": "198.18.0.1",
    "rate_limit_api_rpm": 120,
    "release": "20260101-000000-abc1234",
}


def write_facts(root: Path) -> None:
    folder = root / ".slipway" / "deployments"
    folder.mkdir(parents=True)
    (folder / "local.json").write_text(json.dumps(FACTS))


def test_the_address_alone_finds_the_rest(tmp_path: Path) -> None:
    write_facts(tmp_path)
    found = find_deployment(tmp_path, "198.18.1.1", {})
    assert found.domain == "slipway.test"
    assert found.ssh_key == tmp_path / ".slipway/keys/operator"
    assert found.rate_limit_api_rpm == 120


def test_options_win_over_the_facts(tmp_path: Path) -> None:
    write_facts(tmp_path)
    assert find_deployment(tmp_path, "198.18.1.1", {"site": "other.test"}).domain == "other.test"


def test_an_unknown_address_is_refused_with_what_to_say(tmp_path: Path) -> None:
    write_facts(tmp_path)
    with pytest.raises(UnknownDeployment, match="--site=DOMAIN"):
        find_deployment(tmp_path, "198.18.1.2", {})
