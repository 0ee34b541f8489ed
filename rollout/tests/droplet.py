"""A root folder, its ports and its names on this machine's engine: what a droplet is to the rollout."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rollout.layout import Layout
from rollout.web import get_https

HERE = Path(__file__).parent
DOMAIN = "app.test"
TOKEN, OWNER, SUPER = "token-of-the-tests-7c1", "owner-password-9f2", "super-password-3ab"
COMPOSE = {
    "compose/app.yml": "app.yml",
    "compose/data.yml": "data.yml",
    "compose/edge.yml": "edge.yml",
    "compose/data/roles.sql": "roles.sql",
    "edge/traefik.yml": "traefik.yml",
    "dynamic.yml": "dynamic.yml",
}


def docker(*words: str) -> str:
    """Run docker on this machine's engine."""
    return subprocess.run(["docker", *words], check=True, capture_output=True, text=True).stdout.strip()


def free_port() -> int:
    """Return a port that nobody holds."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class Outcome:
    """What one call of the program left."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """The last line."""
        read: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return read

    @property
    def text(self) -> str:
        """All that was printed."""
        return self.out + self.err


@dataclass
class Droplet:
    """One root with its own names and ports."""

    program: Path
    root: Path
    namespace: str
    images: dict[str, str]  # variant → image id
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    address: str = "127.0.0.1"
    made: int = 0

    @property
    def _layout(self) -> Layout:
        return Layout(self.root, self.namespace)

    def docker(self, *words: str) -> str:
        """Run docker on the droplet's engine."""
        return docker(*words)

    def files(self) -> dict[str, str]:
        """Return the files of a release."""
        return {name: (HERE / "compose" / source).read_text() for name, source in COMPOSE.items()}

    def bundle(self, variant: str = "good", django: str = "django-1", **more: Any) -> dict[str, Any]:
        """Return a bundle that no other equals."""
        self.made += 1
        images = {
            "api": self._image(variant, "API_IMAGE"),
            "django": self._image(django, "DJANGO_IMAGE"),
            "postgres": self._image("postgres", "POSTGRES_IMAGE"),
            "traefik": self._image("traefik", "TRAEFIK_IMAGE"),
        }
        url = f"postgresql://slipway_owner:{OWNER}@postgres:5432/slipway"
        bundle = {
            "version": 1,
            "revision": "abc1234",
            "domain": DOMAIN,
            "files": self.files(),
            "environment": {
                "HTTP_PORT": str(self.http_port),
                "HTTPS_PORT": str(self.https_port),
                "EDITION": str(self.made),
            },
            "secrets": [
                {"service": "api", "name": "verification_token", "uid": 10001, "value": TOKEN},
                {"service": "api", "name": "database_url", "uid": 10001, "value": url},
                {"service": "django", "name": "migration_database_url", "uid": 10001, "value": url},
                {"service": "postgres", "name": "owner_password", "uid": 999, "value": OWNER},
                {"service": "postgres", "name": "postgres_password", "uid": 999, "value": SUPER},
            ],
            "images": images,
            "volume": None,
            "probe": {"routes": [{"url_host": DOMAIN, "path": "/"}, {"url_host": DOMAIN, "path": "/api/health"}]},
            "keep_releases": 3,
            "limits": {
                "min_free_disk_mb": 200,
                "probe_timeout_s": 10,
                "healthy_timeout_s": 240,
                "proven_after_s": 1,
                "watch_s": 0,
            },
        } | more
        return bundle | {"digest": hashlib.sha256(json.dumps(bundle).encode()).hexdigest()}

    def _image(self, variant: str, variable: str) -> dict[str, str]:
        ref = f"{self.namespace or 'chaos'}/{variant}:test"
        return {"ref": ref, "id": self.images[variant], "pull": "", "variable": variable}

    def argv(self, program: list[str], verb: str, *words: str) -> list[str]:
        """Return the command that runs a verb of the program."""
        return [sys.executable, *program, verb, "--root", str(self.root), "--namespace", self.namespace, *words]

    def start(self, verb: str, *words: str, program: list[str] | None = None) -> subprocess.Popen[str]:
        """Start the program, or another that takes its place."""
        return subprocess.Popen(
            self.argv(program or [str(self.program)], verb, *words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(self.program)},
        )

    def place(self, program: Path) -> Path:
        """Have a program of the tests where the droplet can run it."""
        return program

    def mark(self) -> str:
        """Make a file that a program waits for; returns its path."""
        path = self.root.parent / f"mark-{uuid.uuid4().hex[:8]}"
        path.touch()
        return str(path)

    def unmark(self, mark: str) -> None:
        """Take it away."""
        Path(mark).unlink(missing_ok=True)

    def call(self, verb: str, *words: str, bundle: dict[str, Any] | None = None) -> Outcome:
        """Run the program to its end."""
        process = self.start(verb, *words)
        out, err = process.communicate(json.dumps(bundle) if bundle else "", timeout=240)
        return Outcome(process.returncode, out, err)

    def apply(self, variant: str = "good", django: str = "django-1", **more: Any) -> Outcome:
        """Roll a new release out."""
        return self.call("apply", bundle=self.bundle(variant, django, **more))

    def apply_again(self) -> Outcome:
        """Roll out what serves already."""
        digest = json.loads((self.root / "current" / "manifest.json").read_text())["digest"]
        return self.call("apply", bundle=self.bundle() | {"digest": digest})

    def answering(self, path: str = "/") -> str:
        """Return the release that answers."""
        answer = get_https(self.https_port, DOMAIN, path, address=self.address)
        return answer.header("x-release") if answer.status == 200 else f"status {answer.status} {answer.error}"

    def projects(self) -> set[str]:
        """Return the compose projects that have containers, without the namespace."""
        label, prefix = "com.docker.compose.project", self._layout.prefix
        shown = self.docker("ps", "--all", "--filter", f"label={label}", "--format", f'{{{{.Label "{label}"}}}}')
        return {name.removeprefix(prefix) for name in shown.split() if name.startswith(prefix)}

    def beats(self) -> list[str]:
        """Return the containers that run what may run only once."""
        named = ("--filter", "label=com.docker.compose.service=beat", "--filter", f"network={self._layout.network}")
        return self.docker("ps", "--format", "{{.Names}}", *named).split()

    def folders(self) -> list[str]:
        """Return the folders of releases, failed and half-made ones too."""
        return [path.name for path in self._layout.releases.iterdir()]

    def written(self) -> dict[str, int]:
        """Return how often the database has each thing that was written."""
        server = f"{self._layout.project('data')}-postgres-1"
        ask = ("psql", "--username", "postgres", "--dbname", "slipway", "--tuples-only", "--no-align", "--command")
        rows = self.docker("exec", server, *ask, "select id, count(*) from written group by id").split()
        return {name: int(times) for name, times in (row.split("|") for row in rows)}

    def clean(self) -> None:
        """Remove every trace."""
        label = "com.docker.compose.project"
        for project in self.projects():
            ids = docker("ps", "--all", "--quiet", "--filter", f"label={label}={self.namespace}-{project}").split()
            if ids:
                docker("rm", "--force", "--volumes", *ids)
        if docker("network", "ls", "--quiet", "--filter", f"name=^{self.namespace}-slipway$"):
            docker("network", "rm", f"{self.namespace}-slipway")
        tags = docker("images", "--format", "{{.Repository}}:{{.Tag}}", f"{self.namespace}/*").split()
        if tags:
            docker("rmi", *tags)


class Visitors:
    """Ask without pause until told to stop, and count what was not a 200."""

    def __init__(self, droplet: Droplet, paths: tuple[str, ...] = ("/", "/api/health", "/")) -> None:
        self.droplet, self.paths = droplet, paths
        self.answers, self.failures, self.seen = 0, list[str](), set[str]()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(path,)) for path in paths]

    def _ask(self, path: str) -> None:
        while not self._stop.is_set():
            self._stop.wait(0.01)
            answer = get_https(self.droplet.https_port, DOMAIN, path)
            self.answers += 1
            self.seen.add(answer.header("x-release"))
            if answer.status != 200:
                self.failures.append(f"{path}: {answer.status} {answer.error}")

    def __enter__(self) -> "Visitors":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
