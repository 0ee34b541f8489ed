"""Ways to break a deployed stack, each undone in the end, whatever happens."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.checkout import Checkout
from verification.droplet import Droplet, connect

EDGE = "/srv/slipway/edge"
STRAY_PORT, PUBLISHED_PORT = 8098, 8099
PRODUCTION = "https://acme-v02.api.letsencrypt.org/directory"
LATEST = "(select max(id) from django_migrations)"
FUNCTIONS = """
set -eu
of() { docker ps --all --quiet --filter "label=com.docker.compose.service=$1"; }
sql() { docker exec "$(of postgres)" psql -qAtX -v ON_ERROR_STOP=1 -U postgres -d slipway -c "$1"; }
"""
# The log with the secret goes with its container: Docker can't read on in a log that somebody cut.
BREAK = f"""
docker run --detach --name stray --label com.docker.compose.service=stray --publish {PUBLISHED_PORT}:80 \\
  --user 0 --volume /srv/slipway/current/secrets/django:/told:ro --entrypoint sh \\
  "$(docker image ls --quiet slipway/redis | head -1)" -c 'cat /told/django_secret_key; echo; exec sleep 600'
sql "update django_migrations set name = name || '_later' where id = {LATEST}"
docker stop "$(of worker)"
"""  # noqa: S608 -- nobody else's words are in it
MEND = f"""
docker rm --force stray
sql "update django_migrations set name = replace(name, '_later', '') where id = {LATEST}"
docker start "$(of worker)"
"""  # noqa: S608 -- nor here


@contextmanager
def out_of_reach(deployed: Checkout) -> Iterator[None]:
    """Stop Traefik and take SSH away."""
    traefik = "$(docker ps --all --quiet --filter label=com.docker.compose.service=traefik)"
    is_healthy = f"docker inspect -f {{{{.State.Health.Status}}}} {traefik} | grep -qx healthy"
    deployed.on_droplet(f"docker kill {traefik}")
    with deployed.api() as api:
        firewall, rules = _firewall(api)
        rule = next(rule for rule in rules if rule["ports"] == "22")
        try:
            assert api.request("DELETE", firewall, json={"inbound_rules": [rule]}).status_code == 204
            yield
        finally:
            assert api.post(firewall, json={"inbound_rules": [rule]}).status_code == 204
            start = f"docker start {traefik} && timeout 60 sh -c 'until {is_healthy}; do sleep 0.2; done'"
            deployed.on_droplet(start)


@contextmanager
def broken(deployed: Checkout) -> Iterator[None]:
    """Break all of it at once: the breaks don't touch each other."""
    droplet = connect(deployed.deployment)
    with deployed.api() as api, ExitStack() as breaks:
        breaks.enter_context(edited(droplet, "dynamic/dynamic.yml", spoil_dynamic))
        breaks.enter_context(edited(droplet, "traefik.yml", spoil_static))
        breaks.enter_context(open_port(droplet, api))
        breaks.enter_context(led_astray(deployed.deployment.domain, api))
        breaks.enter_context(on_droplet_for_now(droplet))
        yield


def spoil_dynamic(document: dict[str, Any]) -> None:
    """Break routes, middlewares and TLS options."""
    http, tls = document["http"], document["tls"]["options"]["default"]
    http["middlewares"]["security-headers"]["headers"]["contentTypeNosniff"] = False
    http["middlewares"]["api-rate-limit"]["rateLimit"] |= {"average": 1_000_000, "burst": 1_000_000}
    http["middlewares"]["again"] = {"retry": {"attempts": 2}}
    http["services"]["stray"] = {"loadBalancer": {"servers": [{"url": "http://api:5002"}]}}
    http["routers"]["admin"]["middlewares"] = ["security-headers"]
    http["routers"]["static"]["priority"] = 196
    tls["minVersion"] = "VersionTLS10"
    tls["cipherSuites"].append("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA")


def spoil_static(document: dict[str, Any]) -> None:
    """Name the production CA; Traefik reads it at a start only, which doesn't come."""
    document["certificatesResolvers"]["le-staging"]["acme"]["caServer"] = PRODUCTION


@contextmanager
def edited(droplet: Droplet, file: str, spoil: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Change one of Traefik's files on the droplet; it reads what was renamed into place."""
    path = f"{EDGE}/{file}"
    document = yaml.safe_load(droplet.run(f"cat {path}"))
    spoil(document)
    encoded = base64.b64encode(yaml.safe_dump(document).encode()).decode()
    # Not beside it: Traefik reads every file in its folder.
    kept, spoiled = f"{EDGE}/kept", f"{EDGE}/spoiled"
    droplet.run(
        f"mkdir -p {kept} {spoiled} && cp -p {path} {kept}/ && cp -p {path} {spoiled}/new && "
        f"echo {encoded} | base64 -d > {spoiled}/new && mv {spoiled}/new {path} && rm -r {spoiled}"
    )
    try:
        yield
    finally:
        droplet.run(f"mv {kept}/{Path(file).name} {path} && rmdir --ignore-fail-on-non-empty {kept}")


def _firewall(api: httpx.Client) -> tuple[str, list[dict[str, Any]]]:
    (firewall,) = api.get("/v2/firewalls").json()["firewalls"]
    return f"/v2/firewalls/{firewall['id']}/rules", firewall["inbound_rules"]


@contextmanager
def open_port(droplet: Droplet, api: httpx.Client) -> Iterator[None]:
    """Listen on a port of the droplet, and let the world through to it."""
    path, rules = _firewall(api)
    rule = next(rule for rule in rules if rule["ports"] == "443") | {"ports": str(STRAY_PORT)}
    listen = f"import socket, time; s = socket.create_server(('', {STRAY_PORT})); time.sleep(600)"
    droplet.run(f"systemd-run --quiet --unit=stray python3 -c {shlex.quote(listen)}")
    assert api.post(path, json={"inbound_rules": [rule]}).status_code == 204
    try:
        yield
    finally:
        assert api.request("DELETE", path, json={"inbound_rules": [rule]}).status_code == 204
        droplet.run("systemctl stop stray")


@contextmanager
def led_astray(domain: str, api: httpx.Client) -> Iterator[None]:
    """Let www lead to another address."""
    records = f"/v2/domains/{domain}/records"
    record = next(each for each in api.get(records).json()["domain_records"] if each["name"] == "www")
    path = f"{records}/{record['id']}"
    assert api.patch(path, json={"type": record["type"], "data": "203.0.113.9"}).is_success
    try:
        yield
    finally:
        assert api.patch(path, json={"type": record["type"], "data": record["data"]}).is_success


@contextmanager
def on_droplet_for_now(droplet: Droplet) -> Iterator[None]:
    """Publish a port, undo a migration's record, tell a secret in a log, stop the worker."""
    try:
        droplet.run(f"{FUNCTIONS}\n{BREAK}")
        yield
    finally:
        droplet.run(f"{FUNCTIONS}\n{MEND}")
