"""One instance from start to reset, through the command line and the API."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from localcloud import daemon
from localcloud.lifecycle import Wishes, existing_settings
from localcloud.machines import disks, docker
from localcloud.machines.commands import run
from localcloud.machines.place import Place
from localcloud.settings import load_settings
from localcloud.tests.machines.conftest import await_value

pytestmark = pytest.mark.docker

SUBNET = "198.18.40.0/21"
API_PORT = 8182
ROOT = Path(__file__).parents[3]


def localcloud(*words: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "localcloud", *words]
    return subprocess.run(argv, capture_output=True, text=True, cwd=ROOT, timeout=600, check=False)


def start(home: Path) -> dict[str, Any]:
    words = ("--name", "rt-cli", "--subnet", SUBNET, "--api-port", str(API_PORT), "--time-scale", "0")
    started = localcloud("start", "--home", str(home), *words)
    assert started.returncode == 0, started.stderr
    facts: dict[str, Any] = json.loads(localcloud("status", "--json", "--home", str(home)).stdout)
    return facts


def traces(place: Place) -> dict[str, list[str]]:
    """Return everything on this machine that belongs to the instance, by kind."""
    rules = run(["iptables", "-w", "-S", "FORWARD"]).splitlines()
    bridges = [f"-i {link} " for link in _links() if link.startswith("lcv-")]
    settings = existing_settings(Wishes(place.home))
    return {
        "containers": docker.containers(place.label),
        "networks": docker.networks(place.label),
        "links": [link for link in _links() if link in (place.public_bridge, place.interface("v", _vpc(place)))],
        "rules": [rule for rule in rules if any(bridge in rule for bridge in bridges) and _is_ours(rule, place)],
        "loops": disks.loops_under(place.home),
        "mounts": [str(point) for point in disks.mounts_under(place.home)],
        "processes": [str(pid) for pid in daemon.find_processes(settings)] if settings else [],
    }


def _links() -> list[str]:
    return [link["ifname"] for link in json.loads(run(["ip", "-json", "link", "show"]))]


def _vpc(place: Place) -> str:
    return next((path.stem for path in place.vpcs.glob("*.json")), "none")


def _is_ours(rule: str, place: Place) -> bool:
    return place.interface("v", _vpc(place)) in rule


def test_an_instance_lives_stops_returns_and_vanishes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    facts = start(home)
    place = Place.of(load_settings(home))
    try:
        assert facts["running"] is True
        assert facts["api_url"] == f"http://127.0.0.1:{API_PORT}"
        assert Path(facts["ca_file"]).read_text(encoding="utf-8").count("BEGIN CERTIFICATE") == 1
        api = httpx.Client(base_url=facts["api_url"], headers={"Authorization": f"Bearer {facts['token']}"}, timeout=30)
        with api:
            wanted = {"name": "web", "region": "fra1", "size": "s-1vcpu-1gb", "image": "debian-13-x64"}
            made = api.post("/v2/droplets", json=wanted)
            assert made.status_code == 202, made.text
            container = place.droplet_container(made.json()["droplet"]["id"])
            await_value(lambda: "on" if docker.is_running(container) else None, "the droplet's boot")
            assert daemon.find_server(home) is not None
            used = {kind for kind, found in traces(place).items() if found}
            assert used == {"containers", "networks", "links", "rules", "loops", "mounts", "processes"}

            stopped = localcloud("stop", "--home", str(home))
            assert stopped.returncode == 0, stopped.stderr
            assert not any(traces(place).values())
            assert localcloud("status", "--home", str(home)).returncode == 1

            again = start(home)
            assert again["token"] == facts["token"]
            assert Path(facts["ca_file"]).read_text(encoding="utf-8").count("BEGIN CERTIFICATE") == 2
            await_value(lambda: "on" if docker.is_running(container) else None, "the droplet's return")
            server = daemon.find_server(home)
            assert start(home)["running"] is True
            assert daemon.find_server(home) == server
    finally:
        vpc = _vpc(place)
        done = localcloud("reset", "--home", str(home))
    assert done.returncode == 0, done.stderr
    assert not any(traces(place).values())
    assert place.interface("v", vpc) not in " ".join([*_links(), run(["iptables", "-w", "-S", "FORWARD"])])
    assert not home.exists()
