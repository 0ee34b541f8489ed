"""What goes wrong ends in one clear message and the right exit code, and what served goes on serving."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from slipway.errors import FAILED, UNVERIFIED, USAGE
from tests.checkout import Checkout, Ended

pytestmark = pytest.mark.deployed

API = "apps/api/api/__init__.py"


@contextmanager
def still_serving(checkout: Checkout) -> Iterator[None]:
    """Whatever happens inside, the same release answers afterwards."""
    before = checkout.serving()
    yield
    assert checkout.serving() == before


@contextmanager
def appended(checkout: Checkout, file: str, text: str) -> Iterator[None]:
    """Add text to a file for the time of the block."""
    path = checkout.root / file
    original = path.read_text()
    path.write_text(original + text)
    try:
        yield
    finally:
        path.write_text(original)


def deploy(checkout: Checkout, **environment: str) -> Ended:
    argv = (str(checkout.root / ".venv/bin/slipway"), "deploy", "-s", "local", "--skip-verify")
    return checkout.run(*argv, environment=environment)


def one_message(ended: Ended) -> str:
    """Return the error message; there is exactly one, and no traceback."""
    assert "Traceback" not in ended.said
    assert ended.said.count("\nerror: ") == 1, ended.said
    return ended.said.partition("\nerror: ")[2]


def test_a_wrong_token_changes_nothing(deployed: Checkout) -> None:
    with still_serving(deployed):
        ended = deployed.pulumi("config", "set", "--secret", "digitalocean:token", "wrong-token", "-s", "local")
        assert ended.code == 0, ended.said
        try:
            ended = deploy(deployed)
        finally:
            deployed.pulumi("config", "rm", "digitalocean:token", "-s", "local")
    assert ended.code == USAGE
    assert "refuses the API token (401); nothing was changed" in one_message(ended)
    assert "wrong-token" not in ended.said


def test_invalid_settings_are_all_named(deployed: Checkout) -> None:
    for key, value in (("size", "HUGE"), ("keepReleases", "0")):
        assert deployed.pulumi("config", "set", f"slipway:{key}", value, "-s", "local").code == 0
    try:
        with still_serving(deployed):
            ended = deploy(deployed)
            plain = deployed.pulumi("preview", "-s", "local")
    finally:
        for key in ("size", "keepReleases"):
            deployed.pulumi("config", "rm", f"slipway:{key}", "-s", "local")
    assert ended.code == USAGE
    message = one_message(ended)
    assert "2 faults" in message
    assert "slipway:size" in message
    assert "slipway:keepReleases" in message
    assert plain.code != 0
    assert "2 faults" in plain.said


def test_an_image_that_never_gets_healthy_is_not_switched_to(deployed: Checkout) -> None:
    crash = "\nraise SystemExit('the planted crash')\n"
    with still_serving(deployed), appended(deployed, API, crash):
        ended = deploy(deployed)
    assert ended.code == FAILED
    message = one_message(ended)
    assert "api" in message
    assert "the planted crash" in message


def test_a_full_disk_is_told_before_anything_is_started(deployed: Checkout) -> None:
    deployed.on_droplet("fallocate -l $(df --output=avail -B1 /srv | tail -1 | awk '{print $1 - 200000000}') /srv/fill")
    try:
        with still_serving(deployed), appended(deployed, API, "\nFULL = True\n"):
            ended = deploy(deployed)
    finally:
        deployed.on_droplet("rm -f /srv/fill")
    assert ended.code == FAILED
    message = one_message(ended)
    assert "MB needed" in message
    assert "MB available" in message


def test_blocked_ssh_is_told_with_what_to_check(deployed: Checkout) -> None:
    with deployed.api() as api:
        (firewall,) = api.get("/v2/firewalls").json()["firewalls"]
        rule = next(rule for rule in firewall["inbound_rules"] if rule["ports"] == "22")
        path = f"/v2/firewalls/{firewall['id']}/rules"
        assert api.request("DELETE", path, json={"inbound_rules": [rule]}).status_code == 204
        try:
            with still_serving(deployed), appended(deployed, API, "\nBLOCKED = True\n"):
                ended = deploy(deployed)
                looked = deployed.slipway("status", "-s", "local")
        finally:
            assert api.post(path, json={"inbound_rules": [rule]}).status_code == 204
    assert ended.code == FAILED
    message = one_message(ended)
    assert "SSH to root@" in message
    assert "slipway:operatorNetworks" in message
    assert looked.code == FAILED
    assert f"{deployed.serving()}, as visitors are told" in looked.said
    assert "SSH to root@" in one_message(looked)


def test_a_release_that_fails_its_verification_gives_way_to_the_one_before(deployed: Checkout) -> None:
    image = "$(docker image ls --quiet slipway/redis | head -1)"
    deployed.on_droplet(f"docker run --detach --name stray --publish 8099:8099 {image} sleep 300")
    try:
        with still_serving(deployed), appended(deployed, API, "\nUNVERIFIED = True\n"):
            served = deployed.serving()
            ended = deployed.slipway("deploy", "-s", "local")
    finally:
        deployed.on_droplet("docker rm --force stray")
    assert ended.code == UNVERIFIED
    assert "test_only_traefik_publishes_ports" in ended.said
    assert "was deployed, but its verification failed" in one_message(ended)
    assert f"Release {served} serves again" in one_message(ended)


@contextmanager
def domain_led_astray(deployed: Checkout) -> Iterator[None]:
    """Let the site's name lead to an address that nobody has: as on the day before its name servers are set."""
    domain = deployed.deployment.domain
    with deployed.api() as api:
        records = api.get(f"/v2/domains/{domain}/records").json()["domain_records"]
        (record,) = (row for row in records if (row["type"], row["name"]) == ("A", "@"))
        path = f"/v2/domains/{domain}/records/{record['id']}"
        assert api.put(path, json={"type": "A", "data": "192.0.2.1"}).status_code == 200
        try:
            yield
        finally:
            assert api.put(path, json={"type": "A", "data": record["data"]}).status_code == 200


def test_a_certificate_that_was_refused_comes_once_the_cause_is_gone(deployed: Checkout) -> None:
    served = deployed.serving()
    with domain_led_astray(deployed):
        deployed.on_droplet("rm /srv/slipway/data/acme/acme.json && docker restart edge-traefik-1")
        refused = "docker logs edge-traefik-1 2>&1 | grep --quiet 'Unable to obtain ACME certificate'"
        deployed.on_droplet(f'timeout 120 sh -c "until {refused}; do sleep 0.1; done"')
        with pytest.raises(httpx.ConnectError, match="self-signed"):
            deployed.serving()
    ended = deployed.slipway("rollback", served, "-s", "local")
    assert ended.code == 0, ended.said
    assert "serves already; mended: certificate" in ended.said
    assert deployed.serving() == served


def test_after_all_failures_the_next_deploy_is_right(deployed: Checkout) -> None:
    ended = deployed.slipway("deploy", "-s", "local")
    assert ended.code == 0, ended.said
