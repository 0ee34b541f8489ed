"""Fill the two templates: Traefik's static configuration, and the dynamic file that a release switch replaces."""

import json
import re
from importlib import resources
from typing import Any

import yaml

from traefik.errors import UnknownHole
from traefik.settings import EdgeSettings, GuardedHost

RELEASE_HOLE = "@RELEASE@"
_HOLE = re.compile(r"@([A-Z_]+)@")
_HOST_IN_RULE = re.compile(r"Host\(`([^`]+)`\)")


def render_static(settings: EdgeSettings) -> str:
    """Return `traefik.yml`; a change of it takes a restart of Traefik."""
    holes = {
        "DOMAIN": settings.domain,
        "ACME_DIRECTORY": settings.acme_directory,
        "ACME_EMAIL": settings.acme_email,
    }
    document = _load("static.yml", holes)
    document["api"]["dashboard"] = GuardedHost.TRAEFIK in settings.guarded
    names = document["entryPoints"]["websecure"]["http"]["tls"]["domains"][0]
    names["sans"] = [name for name in names["sans"] if name not in settings.disabled_hosts]
    if not settings.acme_ca:
        del document["certificatesResolvers"]["le-staging"]["acme"]["caCertificates"]
    return _dump(document)


def render_dynamic(settings: EdgeSettings, release: str = RELEASE_HOLE) -> str:
    """Return `dynamic.yml` for `release`; by default the release stays a hole that the rollout fills on the droplet."""
    holes = {
        "DOMAIN": settings.domain,
        "RELEASE": release,
        "RATE_LIMIT_RPM": str(settings.rate_limit_rpm),
        "RATE_LIMIT_BURST": str(settings.rate_limit_burst),
        "HSTS_MAX_AGE_S": str(settings.hsts_max_age_s),
        "ALLOW_LIST": json.dumps(settings.allow_list),
    }
    document = _load("dynamic.yml", holes)
    http = document["http"]
    http["routers"] = {
        name: router
        for name, router in http["routers"].items()
        if settings.disabled_hosts.isdisjoint(_HOST_IN_RULE.findall(router["rule"]))
    }
    routers = http["routers"].values()
    _keep(http["middlewares"], {name for router in routers for name in router["middlewares"]})
    _keep(http["services"], {router["service"] for router in routers})
    return _dump(document)


def _load(template: str, holes: dict[str, str]) -> dict[str, Any]:
    def fill(match: re.Match[str]) -> str:
        if match[1] not in holes:
            raise UnknownHole(template, match[1])
        return holes[match[1]]

    text = resources.files("traefik").joinpath("templates", template).read_text("utf-8")
    document: dict[str, Any] = yaml.safe_load(_HOLE.sub(fill, _without_comment_lines(text)))
    return document


def _without_comment_lines(text: str) -> str:
    """Drop whole-line comments, which may name holes that belong to the reader."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _keep(entries: dict[str, Any], names: set[str]) -> None:
    for name in entries.keys() - names:
        del entries[name]


class _Dumper(yaml.SafeDumper):
    """Writes repeated parts out, so that the file on the droplet reads without anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _dump(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120)
