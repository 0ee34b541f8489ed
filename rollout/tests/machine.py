"""A fake machine with a root folder: builds bundles for it and runs the verbs in this process."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rollout.deeds import Slipway
from rollout.journal import Journal
from rollout.layout import Layout
from rollout.redact import Redactor
from rollout.tests.world import FakeHost, World

SECRET = "super-secret-value"
APP = "# service api API_IMAGE\n# service frontend API_IMAGE\n# service beat API_IMAGE\n"
FILES = {
    "compose/app.yml": APP,
    "compose/data.yml": "# service postgres POSTGRES_IMAGE\n",
    "compose/data/roles.sql": "select 1;\n",
    "compose/edge.yml": "# service traefik TRAEFIK_IMAGE\n",
    "compose/ops.yml": "# service mail POSTGRES_IMAGE in mail\n# service flower POSTGRES_IMAGE in flower\n",
    "edge/traefik.yml": "ping: {}\n",
    "dynamic.yml": "http: {services: {api-@RELEASE@ : {}}}\n",
}


def image_id(name: str) -> str:
    """Make up an image's id."""
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def make_bundle(version: str = "one", **more: Any) -> dict[str, Any]:
    """Return a well-formed bundle whose API is of that version."""
    names = {"api": (f"slipway/api:{version}", "API_IMAGE"), "postgres": ("postgres:17", "POSTGRES_IMAGE")}
    names["traefik"] = ("traefik:v3", "TRAEFIK_IMAGE")
    images = {
        name: {"ref": ref, "id": image_id(ref), "pull": f"127.0.0.1:5000/{name}", "variable": variable}
        for name, (ref, variable) in names.items()
    }
    bundle = {
        "version": 1,
        "revision": "abc1234",
        "domain": "app.test",
        "files": dict(FILES),
        "environment": {"COLOUR": "blue"},
        "secrets": [
            {"service": "api", "name": "token", "uid": 10001, "value": SECRET},
            {"service": "postgres", "name": "owner_password", "uid": 999, "value": "owner-password"},
        ],
        "images": images,
        "volume": None,
        "probe": {"routes": [{"url_host": "app.test", "path": "/"}]},
        "keep_releases": 2,
        "limits": {},
    } | more
    return bundle | {"digest": hashlib.sha256(json.dumps(bundle).encode()).hexdigest()}


@dataclass
class Machine:
    """The world, the root, and what was printed."""

    layout: Layout
    world: World = field(default_factory=World)
    said: list[str] = field(default_factory=list)

    def process(self, kill_at: int | None = None) -> Slipway:
        """Start a process on this machine; it may be killed at an outside call."""
        host = FakeHost(self.world, kill_at)
        host.dynamic = self.layout.dynamic
        redact = Redactor()
        return Slipway(host, self.layout, redact, lambda line: self.said.append(redact(line)))

    def apply(self, version: str = "one", kill_at: int | None = None, **more: Any) -> dict[str, Any]:
        """Roll a version out."""
        bundle = make_bundle(version, **more)
        for row in bundle["images"].values():
            self.world.registry[row["pull"]] = row["id"]
        return self.process(kill_at).apply(json.dumps(bundle), 0)

    @property
    def serving(self) -> str:
        """The release that the routes name."""
        text = self.layout.dynamic.read_text() if self.layout.dynamic.exists() else ""
        return text.partition("api-")[2].partition(" ")[0]

    @property
    def journal(self) -> Journal:
        """The journal."""
        return Journal(self.layout.journal)

    def running(self, release: str) -> set[str]:
        """The services of a release that run."""
        return set(self.world.run_containers(f"app-{release}"))


def make_machine(root: Path) -> Machine:
    """Return a machine on which nothing was ever deployed."""
    return Machine(Layout(root))
