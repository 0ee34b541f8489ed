"""A droplet's directory, network and projects on this machine's engine, under names and ports of their own."""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import yaml

REPOSITORY = Path(__file__).parents[2]
COMPOSE = REPOSITORY / "compose"
DOMAIN = "slipway.test"
HELPER_IMAGE = "debian:trixie-slim"
BASE_IMAGES = {"TRAEFIK_IMAGE": "traefik:v3.6.12", "POSTGRES_IMAGE": "postgres:17", "REDIS_IMAGE": "redis:8"}


def docker(*words: str, timeout_s: int = 300) -> str:
    """Run docker; what it said is part of the failure."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=timeout_s, check=False)
    assert done.returncode == 0, f"docker {' '.join(words)}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stage:
    """Where a test plays: `name` goes before each project's and the network's name."""

    root: Path
    name: str
    variables: dict[str, str] = field(default_factory=dict)
    projects: list[tuple[str, str]] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)

    @property
    def network(self) -> str:
        return f"{self.name}-slipway"

    def set_up(self) -> None:
        docker("network", "create", self.network)
        self.variables |= BASE_IMAGES | {
            "SLIPWAY_ROOT": str(self.root),
            "SLIPWAY_NETWORK": self.network,
            "HTTP_PORT": f"127.0.0.1:{self.http_port}",
            "HTTPS_PORT": f"127.0.0.1:{self.https_port}",
            "DOMAIN": DOMAIN,
            "RATE_LIMIT_API_RPM": "600",
        }

    def tear_down(self) -> None:
        if self.containers:
            docker("rm", "--force", "--volumes", *self.containers)
        for project, file in reversed(self.projects):
            self.compose(project, file, "--profile", "*", "down", "--volumes", "--timeout", "2")
        docker("network", "rm", self.network)
        # What containers wrote belongs to their users.
        docker("run", "--rm", "-v", f"{self.root}:/stage", HELPER_IMAGE, "sh", "-c", "rm -rf /stage/*")

    def write(self, path: str, content: str) -> Path:
        """Write a file as a rollout does: beside its place, then renamed over it."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        spare = self.root / f".spare-{target.name}"
        spare.write_text(content, "utf-8")
        return spare.rename(target)

    def own(self, owner: str, mode: str, *paths: str) -> None:
        """Give paths to a container's user, which takes root: a container has it everywhere."""
        inside = " ".join(f"/stage/{path}" for path in paths)
        script = f"chown {owner} {inside} && chmod {mode} {inside}"
        docker("run", "--rm", "-v", f"{self.root}:/stage", HELPER_IMAGE, "sh", "-c", script)

    def compose(self, project: str, file: str, *words: str, timeout_s: int = 300) -> str:
        """Run compose on one of the project's files, changed only in how often health is asked."""
        environment = self.root / f"{project}.env"
        environment.write_text("".join(f"{key}={value}\n" for key, value in self.variables.items()), "utf-8")
        override = self.root / f"{file}.override.yml"
        override.write_text(quick_health(file), "utf-8")
        files = ["-f", str(COMPOSE / f"{file}.yml"), "-f", str(override)]
        name = ["-p", f"{self.name}-{project}"]
        return docker("compose", *name, "--env-file", str(environment), *files, *words, timeout_s=timeout_s)

    def run(self, name: str, *words: str) -> None:
        """Start a container that is no project's."""
        container = f"{self.name}-{name}"
        self.containers.append(container)
        docker("run", "--detach", "--init", "--network", self.network, "--name", container, *words)

    def up(self, project: str, file: str) -> None:
        """Start a project and wait until each of its containers is healthy."""
        self.projects.append((project, file))
        self.compose(project, file, "up", "--detach", "--wait", "--wait-timeout", "150")

    def container(self, project: str, service: str) -> str:
        """Return the name of a service's container."""
        return f"{self.name}-{project}-{service}-1"

    def make_edge_files(self) -> None:
        """Write what Traefik needs beside the rendered configuration."""
        tls = self.root / "edge" / "tls"
        tls.mkdir(parents=True)
        (self.root / "data" / "acme").mkdir(parents=True)
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        files = ["-keyout", str(tls / "default.key"), "-out", str(tls / "default.crt")]
        command = ["openssl", "req", "-x509", *curve, "-subj", "/CN=default.invalid", *files]
        subprocess.run(command, capture_output=True, check=True, timeout=30)
        (self.root / "edge" / "ca").mkdir()
        shutil.copy(tls / "default.crt", self.root / "edge" / "ca" / "acme.pem")
        os.chmod(self.root / "edge", 0o755)  # noqa: S103, PTH101 -- read by Traefik's user
        self.own("65532:65532", "0700", "data/acme")
        self.own("65532:65532", "0400", "edge/tls/default.key")

    def ask(
        self, path: str, host: str = DOMAIN, method: str = "GET", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Ask over TLS; the certificate is the edge's default one here, so it is not verified."""
        with httpx.Client(verify=False, timeout=10) as client:  # noqa: S501
            request = client.build_request(
                method,
                f"https://127.0.0.1:{self.https_port}{path}",
                headers={"Host": host} | (headers or {}),
                extensions={"sni_hostname": host},
            )
            return client.send(request)

    def ask_plain(self, path: str, method: str = "GET") -> httpx.Response:
        """Ask port 80."""
        url = f"http://127.0.0.1:{self.http_port}{path}"
        return httpx.request(method, url, headers={"Host": DOMAIN}, timeout=10)


def quick_health(file: str) -> str:
    """Return an override that asks each container's health every 3 s; engines before 25 know no start_interval."""
    services = yaml.safe_load((COMPOSE / f"{file}.yml").read_text("utf-8"))["services"]
    lines = ["services:"]
    for name, service in services.items():
        if "healthcheck" in service:
            lines.append(f"  {name}: {{healthcheck: {{start_interval: !reset null, interval: 3s}}}}")
    return "\n".join(lines) + "\n"
