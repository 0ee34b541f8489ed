"""Inside the droplet: every service healthy and hardened, and no secret where others could read it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from verification.artifacts.redact import Redactor
from verification.deployment import Deployment
from verification.droplet import Droplet
from verification.expect import Expect

SERVICES = {"traefik", "postgres", "redis", "api", "frontend", "django", "static", "worker", "beat"}
# Behind guarded hosts of the same names.
TOOLS = {"flower", "pgadmin", "mail"}
# The official image's entrypoint writes its configuration beside the program.
WRITES_BESIDE_ITSELF = {"pgadmin"}
ALLOWED_CAPABILITIES = {"NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"}
ASK_METRICS = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:5002/metrics', timeout=5).read().decode())"
# Tells the code of the server's answer, or that no server is named.
ASK_MAIL = """
import os, smtplib
host, port, security = (os.environ[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
kind = smtplib.SMTP_SSL if security == "tls" else smtplib.SMTP
print(kind(host, int(port), timeout=10).noop()[0] if host else "none is named")
"""


def _name(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"].get("com.docker.compose.service", container["Name"].lstrip("/")))


@pytest.mark.to_do("Look why: `slipway logs SERVICE`; `slipway rollback` goes back to the release before.")
def test_every_service_runs_and_is_healthy(droplet: Droplet, deployment: Deployment, expect: Expect) -> None:
    """Each service has a health check, and each says healthy."""
    wanted = SERVICES | (TOOLS & deployment.guarded_hosts)
    states = {_name(c): c["State"].get("Health", {}).get("Status", "no health check") for c in droplet.containers}
    ours = {name: state for name, state in states.items() if name in SERVICES | TOOLS}
    expect.equal("services", ours, dict.fromkeys(wanted, "healthy"))
    expect.note(f"{list(ours.values()).count('healthy')} healthy")


@pytest.mark.to_do("Everything that runs comes from compose/; end what doesn't: `slipway exec -- docker rm -f NAME`.")
def test_nothing_else_runs(droplet: Droplet, expect: Expect) -> None:
    """A container that nobody declared is not updated, not watched and not hardened."""
    expect.nothing("other containers", {_name(each) for each in droplet.containers} - SERVICES - TOOLS)


@pytest.mark.to_do("The hardening of each service is in compose/; release it again.")
def test_containers_are_hardened(droplet: Droplet, expect: Expect) -> None:
    """Non-root, read-only, no capabilities, no new privileges, limits, no Docker socket."""
    ours = [each for each in droplet.containers if _name(each) in SERVICES | TOOLS]
    for container in ours:
        expect.nothing(f"openings of {_name(container)}", openings(container, _name(container)))


def openings(container: dict[str, Any], name: str) -> list[str]:
    """Say what a container's isolation lacks, from what `docker inspect` tells of it."""
    config = container["HostConfig"]
    capabilities = set(config["CapAdd"] or ()) - ALLOWED_CAPABILITIES
    faults = {
        "runs as root": container["Config"]["User"].partition(":")[0] in {"", "0", "root"},
        "has a writable root": not config["ReadonlyRootfs"] and name not in WRITES_BESIDE_ITSELF,
        "keeps capabilities": config["CapDrop"] != ["ALL"] or bool(capabilities) or config.get("Privileged", False),
        "may gain privileges": "no-new-privileges:true" not in (config["SecurityOpt"] or ()),
        "has no memory limit": not config["Memory"],
        "has no limit of processes": not config["PidsLimit"],
        "holds the Docker socket": any("docker.sock" in mount.get("Source", "") for mount in container["Mounts"]),
    }
    return [fault for fault, is_so in faults.items() if is_so]


@pytest.mark.to_do(
    "A secret reaches a container as a file (compose `secrets`); then make it anew: it has been readable."
)
def test_no_secret_is_an_argument_or_in_an_environment(droplet: Droplet, expect: Expect) -> None:
    """Both are shown by `docker inspect` and /proc to who may look, and land in crash reports."""
    known = Redactor(droplet.secrets)
    for container in droplet.containers:
        told = [*(container["Config"]["Env"] or ()), container["Path"], *container["Args"]]
        expect.nothing(f"secrets in {_name(container)}", known.known_in("\n".join(told)))


@pytest.mark.to_do("Look why: `slipway logs api`.")
def test_the_api_counts_its_requests_on_a_port_of_its_own(droplet: Droplet, expect: Expect) -> None:
    """Prometheus asks there, from inside."""
    said = droplet.inside("api", f"python -c {shlex.quote(ASK_METRICS)}")
    expect.at_least("metrics", said.count("# HELP "), 1)


@pytest.mark.to_do(
    "Look at slipway:smtpHost and its neighbours (docs/configuration.md); mail waits in the outbox until then."
)
def test_the_worker_reaches_the_mail_server_that_it_is_told_of(droplet: Droplet, expect: Expect) -> None:
    """Without one, mail waits in the outbox; a name that nobody answers to would hold it there unnoticed."""
    named = droplet.inside("worker", 'printf %s "$SMTP_HOST"').strip()
    said = droplet.inside("worker", f"python -c {shlex.quote(ASK_MAIL)}").strip()
    expect.equal("answer of the mail server", said, "250" if named else "none is named")
