"""What runs here, for people and for programs."""

import json
from typing import Any

from rollout.deeds import Slipway
from rollout.docker import Container
from rollout.errors import UsageFault
from rollout.layout import STANDING
from rollout.lock import current_owner


def read_status(slipway: Slipway) -> dict[str, Any]:
    """Return release, previous, services, lock owner, disk and memory."""
    serving = slipway.releases.serving()
    _, disk_mb = slipway.host.free_disk(slipway.layout.root)
    return {
        "release": serving,
        "previous": slipway.releases.before(),
        "services": [_service(container) for container in _containers(slipway)],
        "down": slipway.down(serving) if serving else [],
        "locked_by": current_owner(slipway.layout),
        "unfinished": getattr(slipway.journal.unfinished(), "verb", None),
        "disk_free_mb": disk_mb,
        "memory_free_mb": slipway.host.free_memory_mb(),
    }


def read_releases(slipway: Slipway) -> list[dict[str, Any]]:
    """Return every release on this droplet, newest first."""
    serving, before = slipway.releases.serving(), slipway.releases.before()
    rows = []
    for name in slipway.releases.ids():
        manifest = slipway.releases.manifest(name)
        state = "serving" if name == serving else "previous" if name == before else "kept"
        facts = {"revision": manifest.revision, "created": manifest.created, "digest": manifest.digest}
        rows.append({"id": name, "state": state, **facts})
    return rows


def read_logs(slipway: Slipway, service: str, lines: int) -> list[str]:
    """Return the end of a service's log, without secrets."""
    slipway.learn_secrets()
    containers = _containers(slipway)
    found = [c for c in containers if c.service == service]
    if not found:
        known = ", ".join(sorted({c.service for c in containers}))
        raise UsageFault(f"there is no service {service}", todo=f"choose one of: {known or 'none runs'}")
    return [slipway.redact(line) for container in found for line in slipway.docker.logs(container, lines)]


def read_facts(slipway: Slipway) -> dict[str, Any]:
    """Return what verification looks at: containers, ports, compose files as run, Traefik's files; no secrets."""
    slipway.learn_secrets()
    layout, serving = slipway.layout, slipway.releases.serving()
    shown = slipway.docker("ps", "--all", "--format", "{{.Names}}\t{{.Status}}\t{{.Ports}}").out
    ours = {container.name for container in _containers(slipway)}
    files = {"traefik_static": layout.edge / "traefik.yml", "traefik_dynamic": layout.dynamic}
    facts: dict[str, Any] = {name: path.read_text() if path.exists() else None for name, path in files.items()}
    facts["compose_ps"] = [line for line in shown.splitlines() if line.split("\t")[0] in ours]
    facts["compose_config"] = _configs(slipway, serving) if serving else {}
    cleaned: dict[str, Any] = json.loads(
        slipway.redact(json.dumps(facts | {"status": read_status(slipway)}, ensure_ascii=False))
    )
    return cleaned


def _configs(slipway: Slipway, serving: str) -> dict[str, str]:
    layout, docker = slipway.layout, slipway.docker
    read = {"app": docker.compose(layout.app(serving), layout.release(serving), "app.yml", "config").out}
    for name in STANDING:
        home = layout.root / "base" / name
        if (home / "env").exists():
            read[name] = docker.compose(layout.project(name), home, f"{name}.yml", "config").out
    return read


def _containers(slipway: Slipway) -> list[Container]:
    serving = slipway.releases.serving()
    projects = [slipway.layout.project(name) for name in STANDING] + ([slipway.layout.app(serving)] if serving else [])
    return [container for container in slipway.docker.containers(*projects) if not container.is_one_off]


def _service(container: Container) -> dict[str, str]:
    return {
        "name": container.service,
        "project": container.project,
        "state": container.state,
        "health": container.health,
    }
