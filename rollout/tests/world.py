"""An engine that exists only in memory: enough of docker for the steps, and a way to be killed at any call."""

import json
import re
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from rollout.docker import ONE_OFF_LABEL, PROJECT_LABEL, SERVICE_LABEL
from rollout.errors import CommandFailed
from rollout.host import Completed, Host
from rollout.sockets import Listener
from rollout.tests.fake_database import FakeDatabase
from rollout.web import Answer

STAND_IN = b"stand-in"


class Killed(BaseException):
    """What kill -9 is to a process: nothing in it runs after."""


class World:
    """The machine: it goes on when a process is killed."""

    def __init__(self) -> None:
        self.images: dict[str, str] = {}  # ref or id → id
        self.registry: dict[str, str] = {}  # what can be pulled → id
        self.networks: set[str] = set()
        self.containers: dict[str, dict[str, Any]] = {}
        self.sick: dict[str, str] = {}  # image ref → log of a service that never gets well
        self.made = 0
        self.database = FakeDatabase()
        self.failing: dict[str, str] = {}  # words of a command → what it says while it fails
        self.time_s = 0.0
        self.free_disk_mb = 10_000
        self.holders: dict[int, list[Listener]] = {}
        self.deaf_routes: set[str] = set()
        self.beats_at_once = 0
        self.orders_failing = 0  # how many orders of a certificate fail; the first comes with the routes
        self.traefik: Callable[[list[str]], tuple[int, str, str]] | None = None  # answers inside the edge's namespace

    def run_containers(self, project: str) -> dict[str, dict[str, Any]]:
        """Return a project's running containers by service."""
        own = (c for c in self.containers.values() if c["project"] == project and c["state"] == "running")
        return {container["service"]: container for container in own}

    def projects(self) -> set[str]:
        """Return the projects that have containers."""
        return {container["project"] for container in self.containers.values()}

    def add(self, project: str, service: str, image: str) -> None:
        """Start a container, or leave it when it runs."""
        for container in self.containers.values():
            if (container["project"], container["service"]) == (project, service):
                container["state"] = "running"
                break
        else:
            self.made += 1
            new = {"id": f"c{self.made}", "project": project, "service": service, "image": image, "state": "running"}
            self.containers[new["id"]] = new
        running = [c for c in self.containers.values() if c["service"] == "beat" and c["state"] == "running"]
        self.beats_at_once = max(self.beats_at_once, len(running))


class FakeHost(Host):
    """A process on that machine. It dies before the outside call that `kill_at` counts."""

    def __init__(self, world: World, kill_at: int | None = None) -> None:
        super().__init__()
        self.world, self.kill_at, self.calls = world, kill_at, 0

    def _tick(self) -> None:
        if self.calls == self.kill_at:
            raise Killed
        self.calls += 1

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout_s: float = 60,
        stdin_from: Path | None = None,
        stdout_to: Path | None = None,
        check: bool = True,
    ) -> Completed:
        """Play a command."""
        self._tick()
        code, out, err = self._play(list(argv))
        if stdout_to:
            stdout_to.write_text(out)
        if check and code:
            raise CommandFailed(argv, code, err, out)
        return Completed(tuple(argv), code, out, err)

    def rename(self, old: Path, new: Path) -> None:
        """Count it; routes that change make Traefik order."""
        self._tick()
        if new.parent == self.dynamic.parent:
            self.world.orders_failing = max(0, self.world.orders_failing - 1)
        super().rename(old, new)

    def remove(self, path: Path) -> None:
        """Count it."""
        self._tick()
        super().remove(path)

    def chown(self, path: Path, uid: int, gid: int) -> None:
        """Leave the owner: tests may run as anybody."""

    def is_root(self) -> bool:
        """Pretend."""
        return True

    def has_systemd(self) -> bool:
        """Pretend not."""
        return False

    def free_disk(self, path: Path) -> tuple[int, int]:
        """Tell the world's disk."""
        return 1, self.world.free_disk_mb

    def free_memory_mb(self) -> int:
        """Tell enough."""
        return 4000

    def listeners(self, port: int) -> list[Listener]:
        """Tell the world's listeners."""
        return self.world.holders.get(port, [])

    def kill_children_of(self, run_id: str) -> int:
        """There are none."""
        return 0

    def now(self) -> datetime:
        """Tell the world's time."""
        self.world.time_s += 1
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=int(self.world.time_s))

    def monotonic(self) -> float:
        """Tell the world's time."""
        return self.world.time_s

    def pause(self, seconds: float) -> None:
        """Let the world's time pass."""
        self.world.time_s += seconds

    def https(self, port: int, server_name: str, path: str) -> Answer:
        """Answer as Traefik would by the dynamic file, if the release's containers run."""
        self._tick()
        dynamic = self.dynamic.read_text() if self.dynamic.exists() else ""
        named = re.search(r"api-(\S+)", dynamic)
        if not named or path in self.world.deaf_routes or "api" not in self.world.run_containers(f"app-{named[1]}"):
            return Answer(502)
        return Answer(200, {"x-release": named[1]})

    def certificate(self, port: int, server_name: str) -> bytes:
        """Show what Traefik has: its stand-in until an order succeeds."""
        return STAND_IN if self.world.orders_failing else b"issued"

    dynamic = Path("/nowhere")

    def _play(self, argv: list[str]) -> tuple[int, str, str]:
        line = " ".join(argv)
        for words, said in self.world.failing.items():
            if words in line:
                return 1, "", said
        if argv[0] == "openssl":
            Path(argv[argv.index("-keyout") + 1]).write_text("key")
            Path(argv[argv.index("-out") + 1]).write_text(ssl.DER_cert_to_PEM_cert(STAND_IN))
            return 0, "", ""
        if argv[0] == "nsenter" and self.world.traefik:
            return self.world.traefik(argv)
        if argv[0] != "docker":
            return 1, "", f"{argv[0]}: not here"
        played: tuple[int, str, str] = getattr(self, f"_{argv[1]}")(argv[2:])
        return played

    def _info(self, words: list[str]) -> tuple[int, str, str]:
        return 0, "/var/lib/docker\n", ""

    def _ps(self, words: list[str]) -> tuple[int, str, str]:
        if any("publish=" in word for word in words):
            return 0, "", ""
        return 0, "".join(f"{c['id']} {c['project']}\n" for c in self.world.containers.values()), ""

    def _inspect(self, words: list[str]) -> tuple[int, str, str]:
        shown = [_inspected(self.world, self.world.containers[word]) for word in words if word in self.world.containers]
        return 0, json.dumps(shown), ""

    def _network(self, words: list[str]) -> tuple[int, str, str]:
        if words[0] == "create":
            self.world.networks.add(words[-1])
        return int(words[0] == "inspect" and words[1] not in self.world.networks), "", ""

    def _images(self, words: list[str]) -> tuple[int, str, str]:
        rows = (f"{there}\t{name}\t{name}@<none>\n" for name, there in self.world.images.items())
        return 0, "".join(rows), ""

    def _tag(self, words: list[str]) -> tuple[int, str, str]:
        self.world.images[words[1]] = self.world.images[words[0]]
        return 0, "", ""

    def _pull(self, words: list[str]) -> tuple[int, str, str]:
        came = self.world.registry.get(words[0])
        if not came:
            return 1, "", "manifest unknown"
        self.world.images |= {came: came, words[0]: came}
        return 0, "", ""

    def _rmi(self, words: list[str]) -> tuple[int, str, str]:
        for word in words:
            image_id = self.world.images.pop(word)
            if image_id not in [there for ref, there in self.world.images.items() if ref != there]:
                self.world.images.pop(image_id, None)
        return 0, "", ""

    def _run(self, words: list[str]) -> tuple[int, str, str]:
        return 0, json.dumps({"statements": [{"name": "n", "file": "f.sql", "line": 1, "text": "select 1"}]}), ""

    def _create(self, words: list[str]) -> tuple[int, str, str]:
        project = next(word.partition("=")[2] for word in words if word.startswith(f"{PROJECT_LABEL}="))
        self.world.add(project, "", words[-1])
        made = next(c for c in self.world.containers.values() if (c["project"], c["service"]) == (project, ""))
        made["state"] = "created"
        return 0, made["id"], ""

    def _cp(self, words: list[str]) -> tuple[int, str, str]:
        Path(words[1]).write_text(self._run([])[1])
        return 0, "", ""

    def _stop(self, words: list[str]) -> tuple[int, str, str]:
        for word in words:
            self.world.containers[word]["state"] = "exited"
        return 0, "", ""

    def _restart(self, words: list[str]) -> tuple[int, str, str]:
        return 0, "", ""

    def _rm(self, words: list[str]) -> tuple[int, str, str]:
        for word in words:
            self.world.containers.pop(word, None)
        return 0, "", ""

    def _events(self, words: list[str]) -> tuple[int, str, str]:
        return 0, "", ""

    def _logs(self, words: list[str]) -> tuple[int, str, str]:
        return 0, self.world.sick.get(self.world.containers[words[-1]]["image"], ""), ""

    def _exec(self, words: list[str]) -> tuple[int, str, str]:
        return self.world.database.run(" ".join(words))

    def _compose(self, words: list[str]) -> tuple[int, str, str]:
        if words == ["version"]:
            return 0, "v2", ""
        project = words[words.index("--project-name") + 1]
        file = Path(words[words.index("--file") + 1])
        named = re.findall(r"^# service (\S+) (\S+)(?: in (\S+))?$", file.read_text(), re.MULTILINE)
        profiles = {after for word, after in pairwise(words) if word == "--profile"}
        services = [(name, variable) for name, variable, profile in named if not profile or profile in profiles]
        verb = next(word for word in words if word in {"config", "up", "run"})
        after = words[words.index(verb) + 1 :]
        if verb == "config":
            return 0, "\n".join(name for name, _ in services), ""
        if verb == "run":
            return self.world.database.one_shot(after)
        variables = dict(re.findall(r"^(\w+)='(.*)'$", (file.parent.parent / "env").read_text(), re.MULTILINE))
        chosen = [word for word in after if not word.startswith("--") and word != "never"]
        for name, variable in services:
            if not chosen or name in chosen:
                self.world.add(project, name, variables[variable])
        return 0, "", ""


def _inspected(world: World, container: dict[str, Any]) -> dict[str, Any]:
    is_sick = container["image"] in world.sick and container["state"] == "running"
    labels = {PROJECT_LABEL: container["project"], SERVICE_LABEL: container["service"], ONE_OFF_LABEL: "False"}
    checks = [{"Output": "connection refused"}] if is_sick else []
    health = {"Status": "unhealthy" if is_sick else "healthy", "Log": checks}
    state = {
        "Status": container["state"],
        "Health": health,
        "ExitCode": 0,
        "Pid": int(world.traefik is not None),
        "OOMKilled": False,
    }
    config = {"Labels": labels, "StopTimeout": 5}
    return {"Id": container["id"], "Name": f"/{container['id']}", "State": state, "RestartCount": 0, "Config": config}
