"""What is left when a part of the deployment is out of reach."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from verification.artifacts import collect, sources
from verification.artifacts.collect import Collector
from verification.artifacts.folder import Folder, new_folder
from verification.artifacts.redact import Redactor
from verification.artifacts.sources import NAMES
from verification.deployment import Deployment
from verification.droplet import Droplet
from verification.errors import CommandFailed, DropletUnreachable, SiteUnreachable
from verification.site import Site
from verification.tests.world import DEPLOYMENT, SECRET, FakeDroplet, World

OF_DJANGO = json.dumps({name: {"code": 0, "out": "{}", "err": ""} for name in sources.OF_DJANGO})
SILENCE = "SSH to the droplet failed: Connection timed out"
OF_THE_SITE = {"curl-root.txt", "curl-api.txt", "curl-api-health.txt", "curl-admin-head.txt", "api-health.json"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS is asked by sockets of its own."""
    monkeypatch.setattr(collect, "served_certificate", _refused)


def _refused(deployment: Deployment) -> dict[str, Any]:
    raise SiteUnreachable(f"no answer from {deployment.address}:443: Connection refused")


def refusing() -> Site:
    """A site whose port nobody listens on."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("Connection refused", request=request)

    client = httpx.Client(transport=httpx.MockTransport(refuse), trust_env=False)
    return Site(DEPLOYMENT, client, client)


def collected(folder: Path, droplet: Droplet, site: Site) -> Folder:
    """Collect from these into a folder."""
    found = Folder(folder, Redactor({"api/key": SECRET}))
    Collector(DEPLOYMENT, droplet, site, found).collect()
    return found


def files_of(folder: Folder) -> set[str]:
    return {path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*") if path.is_file()}


def test_without_ssh_what_visitors_see_is_collected_and_the_rest_has_its_reason(tmp_path: Path) -> None:
    found = collected(tmp_path, FakeDroplet(None, silence=SILENCE), World(tmp_path).site)
    assert files_of(found) == OF_THE_SITE
    found.missing.pop("tls-cert.json")
    assert found.missing.keys() == {*NAMES, "services/"} - OF_THE_SITE - {"tls-cert.json"}
    assert set(found.missing.values()) == {SILENCE}


def test_without_traefik_what_the_droplet_tells_is_collected(tmp_path: Path) -> None:
    droplet = World(tmp_path).droplet
    droplet.said = {
        "docker ps": "x",
        "docker inspect": "x",
        "docker logs": "line",
        "cat ": "a: 1",
        "execute_from": OF_DJANGO,
    }
    droplet.said |= {"docker compose": "a: 1", "tail -n": "{}", "ps -eo": "1 root init"}
    found = collected(tmp_path, droplet, refusing())
    assert found.missing.keys() == OF_THE_SITE | {"celery-ping.json", "celery-result.json", "tls-cert.json"}
    assert "no answer from 198.18.80.1:443: Connection refused" in found.missing["curl-root.txt"]
    assert {"services/worker.log", "traefik-logs.txt", "processes.txt"} <= files_of(found)


def test_without_the_api_django_still_says_what_it_can(tmp_path: Path) -> None:
    droplet = World(tmp_path).droplet
    droplet.containers = [each for each in droplet.containers if "api" not in each["Id"]]
    droplet.said = {"true | docker exec -i id-of-django": OF_DJANGO}
    found = collected(tmp_path, droplet, refusing())
    assert {"django-migrate.txt", "django-check-deploy.txt"} <= files_of(found)
    assert found.missing["schema-compat-check.json"] == "no running container belongs to service 'api'"


def test_without_either_the_folder_is_whole_in_its_reasons(tmp_path: Path) -> None:
    found = collected(tmp_path, FakeDroplet(None, silence=SILENCE), refusing())
    assert files_of(found) == set()
    assert found.missing.keys() == {*NAMES, "services/"}
    assert all(found.missing.values())


def test_a_secret_in_an_error_message_is_hidden_from_the_reasons(tmp_path: Path) -> None:
    found = collected(tmp_path, FakeDroplet(None, silence=f"login with {SECRET} failed"), refusing())
    assert SECRET not in str(found.missing)


def test_a_secret_in_a_source_is_hidden_and_told_by_its_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path, Redactor({"api/key": SECRET}))
    folder.write("services/api.log", f"starting with {SECRET}")
    assert folder.leaks == {"services/api.log": ["api/key"]}
    assert SECRET not in folder.read("services/api.log")


class Silent:
    """A testinfra host that can't be reached; counts how often it was tried."""

    tries = 0

    def run(self, command: str) -> Any:
        """Fail as testinfra does."""
        self.tries += 1
        raise RuntimeError(SimpleNamespace(stderr="Connection timed out", rc=255))


def test_a_droplet_that_never_answered_is_not_waited_for_again() -> None:
    host = Silent()
    droplet = Droplet(host)
    for _ in range(3):
        with pytest.raises(DropletUnreachable, match=r"^SSH to the droplet failed: Connection timed out$"):
            droplet.run("true")
    assert host.tries == 1


def test_a_command_that_hangs_is_ended_and_told() -> None:
    host = SimpleNamespace(run=lambda command: SimpleNamespace(rc=124, stdout="", stderr=""))
    with pytest.raises(CommandFailed, match="`docker logs x` hasn't ended after 90 s"):
        Droplet(host).run("docker logs x")


def test_an_address_that_swallows_connections_is_waited_for_once() -> None:
    tries = []

    def swallow(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        raise httpx.ConnectTimeout("timed out", request=request)

    client = httpx.Client(transport=httpx.MockTransport(swallow), trust_env=False)
    site = Site(DEPLOYMENT, client, client)
    for _ in range(3):
        with pytest.raises(SiteUnreachable, match=r"no answer from 198\.18\.80\.1:443: timed out"):
            site.ask("/")
    assert len(tries) == 1


def test_the_folder_s_time_can_be_left_out(tmp_path: Path) -> None:
    assert new_folder(tmp_path, "198.18.0.9", timestamped=False).name == "198.18.0.9"
    assert new_folder(tmp_path, "198.18.0.9").name.startswith("198.18.0.9-20")
