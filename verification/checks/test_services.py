"""Inside the droplet: every service healthy and hardened, the schema right, Celery at work."""

from __future__ import annotations

import json
import shlex
from typing import Any

from verification.artifacts.collect import Collector
from verification.deployment import Deployment
from verification.droplet import Droplet

SERVICES = {"traefik", "postgres", "redis", "api", "frontend", "django", "static", "worker", "beat"}


# Behind guarded hosts of the same names.
TOOLS = {"flower", "pgadmin", "mail"}
# The official image's entrypoint writes its configuration beside the program.
WRITES_BESIDE_ITSELF = {"pgadmin"}
ASK_METRICS = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:5002/metrics', timeout=5).read().decode())"
# Tells the code of the server's answer, or that no server is named.
ASK_MAIL = """
import os, smtplib
host, port, security = (os.environ[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
kind = smtplib.SMTP_SSL if security == "tls" else smtplib.SMTP
print(kind(host, int(port), timeout=10).noop()[0] if host else "none is named")
"""


def _name(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"].get("com.docker.compose.service"))


def test_every_service_runs_and_is_healthy(droplet: Droplet, deployment: Deployment) -> None:
    """Each service has a health check, and each says healthy."""
    expected = SERVICES | (TOOLS & deployment.guarded_hosts)
    health = {_name(c): c["State"].get("Health", {}).get("Status", "no health check") for c in droplet.containers}
    assert health == dict.fromkeys(expected, "healthy")


def test_containers_are_hardened(droplet: Droplet) -> None:
    """Non-root, read-only, no capabilities, no new privileges, limits, no Docker socket."""
    for container in droplet.containers:
        name, config = _name(container), container["HostConfig"]
        assert container["Config"]["User"] not in {"", "0", "root"}, name
        assert config["ReadonlyRootfs"] or name in WRITES_BESIDE_ITSELF, name
        assert config["CapDrop"] == ["ALL"], name
        assert not set(config["CapAdd"] or ()) - {"NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE"}, name
        assert "no-new-privileges:true" in config["SecurityOpt"], name
        assert config["Memory"] > 0, name
        assert config["PidsLimit"], name
        assert not any("docker.sock" in mount["Source"] for mount in container["Mounts"]), name


def test_migrations_are_applied(artifacts: Collector) -> None:
    """An unapplied migration stands as `[ ]`."""
    plan = (artifacts.folder / "django-migrate.txt").read_text()
    assert "[X]" in plan
    assert "[ ]" not in plan


def test_every_api_statement_fits_the_schema(artifacts: Collector) -> None:
    """Each statement was described on the live schema: what it takes and gives is what the API was made for."""
    report = json.loads((artifacts.folder / "schema-compat-check.json").read_text())
    assert report["ok"] is True, report
    assert report["statements_checked"] > 0, report


def test_django_is_ready_for_deployment(artifacts: Collector) -> None:
    """`check --deploy --fail-level WARNING` is clean."""
    assert "no issues" in (artifacts.folder / "django-check-deploy.txt").read_text()


def test_celery_answers_through_the_api(artifacts: Collector) -> None:
    """A task goes from the API over Redis to the worker, and its result comes back."""
    assert json.loads((artifacts.folder / "celery-ping.json").read_text())["task_id"]
    result = json.loads((artifacts.folder / "celery-result.json").read_text())
    assert result["state"] == "SUCCESS", result


def test_the_api_counts_its_requests_on_a_port_of_its_own(droplet: Droplet) -> None:
    """Prometheus asks there, from inside."""
    said = droplet.inside("api", f"python -c {shlex.quote(ASK_METRICS)}")
    assert "# HELP " in said


def test_the_worker_reaches_the_mail_server_that_it_is_told_of(droplet: Droplet) -> None:
    """Without one, mail waits in the outbox; a name that nobody answers to would hold it there unnoticed."""
    named = droplet.inside("worker", 'printf %s "$SMTP_HOST"').strip()
    said = droplet.inside("worker", f"python -c {shlex.quote(ASK_MAIL)}").strip()
    assert said == ("250" if named else "none is named")
