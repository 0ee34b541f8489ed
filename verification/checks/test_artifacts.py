"""The artifacts themselves: all there, well-formed, nothing secret in them."""

from __future__ import annotations

import json

import yaml

from verification.artifacts.collect import Collector
from verification.checks.test_services import SERVICES
from verification.droplet import Droplet

EXPECTED = {
    "compose-ps.txt",
    "compose-config.yml",
    "published-ports.txt",
    "traefik-env.txt",
    "traefik-static.yml",
    "traefik-dynamic.yml",
    "traefik-logs.txt",
    "api-logs.txt",
    "django-migrate.txt",
    "django-check-deploy.txt",
    "schema-compat-check.json",
    "curl-root.txt",
    "curl-api.txt",
    "curl-api-health.txt",
    "curl-admin-head.txt",
    "api-health.json",
    "celery-ping.json",
    "celery-result.json",
    "tls-cert.json",
    *(f"services/{service}.log" for service in SERVICES),
}


def test_every_artifact_is_there(artifacts: Collector) -> None:
    """What could not be collected is named with its reason."""
    assert artifacts.missing == {}
    present = {path.relative_to(artifacts.folder).as_posix() for path in artifacts.folder.rglob("*") if path.is_file()}
    assert present >= EXPECTED


def test_structured_artifacts_are_well_formed(artifacts: Collector) -> None:
    """Other programs read them."""
    for path in artifacts.folder.rglob("*.json"):
        json.loads(path.read_text())
    for path in artifacts.folder.rglob("*.yml"):
        assert isinstance(yaml.safe_load(path.read_text()), dict), path


def test_no_artifact_holds_a_secret(artifacts: Collector, droplet: Droplet) -> None:
    """Compared with the deployment's real secrets."""
    assert droplet.secret_values
    for path in artifacts.folder.rglob("*"):
        if path.is_file():
            text = path.read_text()
            assert not any(secret in text for secret in droplet.secret_values), path.name
