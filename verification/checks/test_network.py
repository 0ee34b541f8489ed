"""The way in: nothing but Traefik answers, and the names lead here."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from verification.deployment import Deployment
from verification.dns import addresses_of
from verification.droplet import Droplet
from verification.errors import NoAnswer
from verification.expect import Expect


@pytest.mark.to_do("Remove `ports:` from that service, or end the container: `slipway exec -- docker rm -f NAME`.")
def test_only_traefik_publishes_ports(droplet: Droplet, expect: Expect) -> None:
    """A port published by accident would bypass Traefik's limits and TLS."""
    published = {
        (container["Config"]["Labels"].get("com.docker.compose.service", container["Name"]), binding["HostPort"])
        for container in droplet.containers
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or ()
    }
    expect.equal("published ports", published, {("traefik", "80"), ("traefik", "443")})


@pytest.mark.to_do(
    "Find what listens (`slipway exec -- ss -ltnp`) and close it; only 80 and 443 may be open to the world."
)
def test_only_web_and_ssh_ports_answer(port_scan: Future[list[int]], deployment: Deployment, expect: Expect) -> None:
    """A full scan from here; SSH may answer because this machine may be an operator's."""
    answering = set(port_scan.result())
    expect.all_of("web ports of the 65,535", answering, [80, 443])
    expect.nothing("other open ports", answering - {80, 443, deployment.ssh_port})
    expect.note(f"open: {', '.join(map(str, sorted(answering))) or 'none'}")


@pytest.mark.to_do(
    "Run `pulumi up` again, or at a registrar point the name servers at DigitalOcean; old answers last for a TTL."
)
def test_dns_points_at_the_deployment(deployment: Deployment, expect: Expect) -> None:
    """Visitors come by name, operators too."""
    for name in sorted(deployment.names):
        try:
            found: set[str] | str = addresses_of(name, deployment.dns_server)
        except NoAnswer as error:
            found = str(error)
        expect.equal(name, found, {deployment.address})
