from __future__ import annotations

import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.errors import Fault
from slipway.certificate import Certificate
from slipway.doctor import stack as looks
from slipway.doctor.finding import Finding
from slipway.doctor.stack import PulumiState
from slipway.project import Project

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADDRESS = "203.0.113.10"
WELL: dict[str, Any] = {
    "release": "r1",
    "services": [{"name": "api", "state": "running", "health": "healthy"}],
    "down": [],
    "locked_by": None,
    "unfinished": None,
}


def states(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(finding.name, finding.state) for finding in findings]


def test_each_fault_of_the_settings_has_its_own_mend() -> None:
    faults = [Fault("slipway:domain", "is missing", "mend one"), Fault("slipway:size", "is wrong", "mend two")]
    found = list(looks.settings(faults, None))
    assert [(f.said, f.mend) for f in found] == [
        ("slipway:domain is missing", "mend one"),
        ("slipway:size is wrong", "mend two"),
    ]
    assert states(looks.settings([], None)) == [("settings", "well")]
    (unread,) = looks.settings([], "can't be read\nFirst: pulumi login")
    assert (unread.state, unread.mend) == ("fault", "First: pulumi login")


def test_a_secret_in_plain_text_is_a_fault(tmp_path: Path) -> None:
    project, file = Project(tmp_path), tmp_path / "Pulumi.staging.yaml"
    assert looks.secrets(project, "staging").state == "skipped"
    file.write_text("config:\n  slipway:rootSecret: {secure: v1:abc}\n  slipway:domain: example.com\n")
    assert looks.secrets(project, "staging").said == "1 are encrypted in Pulumi.staging.yaml"
    file.write_text("config:\n  slipway:rootSecret: for-all-to-read\n")
    found = looks.secrets(project, "staging")
    assert (found.state, found.mend) == ("fault", "pulumi config set --secret slipway:rootSecret -s staging")
    assert "for-all-to-read" not in found.said


def test_a_state_that_was_left_half_written_is_told() -> None:
    operation = {"type": "creating", "resource": {"urn": "urn:pulumi:s::p::digitalocean:index:Droplet::web"}}
    pending = looks.read_state({}, {"deployment": {"pending_operations": [operation]}})
    (found,) = looks.state("staging", pending)
    assert (found.state, found.mend) == ("fault", "pulumi refresh -s staging")
    assert "creating web" in found.said
    busy = looks.read_state({"updateInProgress": True}, {"deployment": {}})
    assert states(looks.state("staging", busy)) == [("state", "warning")]
    assert states(looks.state("staging", looks.read_state({}, {}))) == [("state", "well")]
    assert states(looks.state("staging", PulumiState(is_known=False, why="no"))) == [("state", "skipped")]


def test_a_window_that_was_left_open_is_told() -> None:
    found = looks.window("staging", [ADDRESS], is_wanted=True)
    assert (found.state, found.mend) == ("warning", "slipway close-window -s staging")
    assert looks.window("staging", [], is_wanted=True).state == "well"


@pytest.mark.parametrize(
    ("known", "state"),
    [(None, "fault"), ("203.0.113.100 ssh-ed25519 A\n", "fault"), (f"{ADDRESS} ssh-ed25519 A\n", "well")],
)
def test_the_host_key_has_to_be_known(known: str | None, state: str) -> None:
    assert looks.host_key("staging", ADDRESS, known).state == state


def nobody() -> None:
    raise AssertionError("nobody needs to know")


def test_ssh_that_lets_nobody_in_is_told_with_the_network_to_add(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        assert "sshd is down" in looks.ssh("staging", "127.0.0.1", port, [], nobody).said
        listener.listen()
        assert looks.ssh("staging", "127.0.0.1", port, [], nobody).state == "well"

    def silent(address: tuple[str, int], timeout: float) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr("socket.create_connection", silent)
    found = looks.ssh("staging", ADDRESS, 22, ["192.0.2.0/24"], lambda: "198.51.100.7")
    assert found.state == "fault"
    assert '\'["192.0.2.0/24", "198.51.100.7/32"]\' -s staging' in (found.mend or "")
    assert looks.ssh("staging", ADDRESS, 22, [], nobody, has_window=True).state == "skipped"


def test_the_name_has_to_lead_to_the_address() -> None:
    assert looks.dns("staging", "example.com", ADDRESS, [ADDRESS], None).state == "well"
    assert "leads to 192.0.2.1, not to" in looks.dns("staging", "example.com", ADDRESS, ["192.0.2.1"], None).said
    assert "ns1.digitalocean.com" in (looks.dns("staging", "example.com", ADDRESS, [], None).mend or "")


@pytest.mark.parametrize(
    ("names", "days", "state"),
    [
        (("example.com",), 80, "well"),
        (("example.com",), 5, "warning"),
        (("example.com",), -3, "fault"),
        (("TRAEFIK DEFAULT CERT",), 80, "fault"),
    ],
)
def test_the_certificate_has_to_hold(names: tuple[str, ...], days: int, state: str) -> None:
    found = looks.certificate("staging", "example.com", Certificate("A CA", names, NOW + timedelta(days=days)), NOW)
    assert found.state == state
    assert (found.mend is None) == (state == "well")


def test_a_site_without_tls_is_a_fault() -> None:
    assert looks.certificate("staging", "example.com", None).mend == "slipway logs traefik -s staging"


@pytest.mark.parametrize(
    ("changed", "name", "state", "mend"),
    [
        ({"locked_by": {"who": "ada", "since": "noon"}}, "lock", "warning", "slipway unlock"),
        ({"unfinished": "apply"}, "release", "fault", "slipway unlock"),
        ({"release": None}, "services", "fault", "slipway deploy"),
        ({"down": ["routes"]}, "services", "fault", "slipway deploy"),
        ({"services": [{"name": "api", "state": "exited", "health": "none"}]}, "services", "fault", "slipway deploy"),
    ],
)
def test_what_is_wrong_on_the_droplet_is_told(changed: dict[str, Any], name: str, state: str, mend: str) -> None:
    assert states(looks.rollout("staging", WELL)) == [("lock", "well"), ("services", "well")]
    (found,) = [f for f in looks.rollout("staging", WELL | changed) if f.state != "well"]
    assert (found.name, found.state) == (name, state)
    assert mend in (found.mend or "")
