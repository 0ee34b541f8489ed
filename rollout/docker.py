"""The Docker engine and compose, as this room uses them."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rollout.bundle import Image
from rollout.errors import StillThere
from rollout.host import Completed, Host
from rollout.layout import Layout

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
_ID_AND_PROJECT = f'{{{{.ID}}}} {{{{.Label "{PROJECT_LABEL}"}}}}'
_IMAGE = "{{.ID}}\t{{.Repository}}:{{.Tag}}\t{{.Repository}}@{{.Digest}}"
_LOOKS = 5  # what a killed compose had asked the engine for may still appear after the first look
ONE_OFF_LABEL = "com.docker.compose.oneoff"


@dataclass(frozen=True)
class Container:
    """A container of one of our projects."""

    id: str
    name: str
    project: str
    service: str
    state: str
    health: str  # healthy, unhealthy, starting; none when it has no check
    exit_code: int
    restarts: int
    is_one_off: bool
    pid: int
    started: float  # seconds since 1970; 0 when it never was
    stop_timeout_s: int
    last_check: str
    out_of_memory: bool

    @property
    def is_well(self) -> bool:
        """Running, and healthy if it can say so."""
        return self.state == "running" and self.health in {"healthy", "none"}

    @property
    def is_lost(self) -> bool:
        """Waiting won't help."""
        return self.state in {"exited", "dead", "restarting"} or self.health == "unhealthy"


class Docker:
    """Runs `docker`; every call has a time limit."""

    def __init__(self, host: Host, layout: Layout) -> None:
        self.host, self.layout = host, layout

    def __call__(self, *words: str, timeout_s: float = 60, check: bool = True) -> Completed:
        """Run one docker command."""
        return self.host.run(["docker", *words], timeout_s=timeout_s, check=check)

    def compose(
        self, project: str, folder: Path, file: str, *words: str, profiles: Iterable[str] = (), timeout_s: float = 300
    ) -> Completed:
        """Run compose on a file of a folder, with the `env` file beside it."""
        chosen = [word for profile in profiles for word in ("--profile", profile)]
        options = ["--ansi", "never", "--progress", "plain", "--project-name", project]
        files = ["--env-file", str(folder / "env"), "--file", str(folder / "compose" / file)]
        return self("compose", *options, *files, *chosen, *words, timeout_s=timeout_s)

    def containers(self, *projects: str) -> list[Container]:
        """Return all containers of the projects, stopped ones too."""
        ids = [container for container, project in self._all() if project in projects]
        if not ids:
            return []
        # One that goes away between the two calls makes inspect fail, but it still prints the others.
        shown = self("inspect", "--type", "container", *ids, check=False)
        return sorted(map(_container, json.loads(shown.out or "[]")), key=lambda c: (c.project, c.service))

    def app_projects(self) -> set[str]:
        """Return the project of every release that has a container."""
        return {project for _, project in self._all() if project.startswith(self.layout.app(""))}

    def _all(self) -> list[tuple[str, str]]:
        shown = self("ps", "--all", "--no-trunc", "--filter", f"label={PROJECT_LABEL}", "--format", _ID_AND_PROJECT)
        rows = (line.split(" ", 1) for line in shown.out.splitlines())
        return [(row[0], row[1]) for row in rows]

    def stop(self, containers: Sequence[Container]) -> None:
        """Ask containers to end and wait as long as each one's grace period allows."""
        running = [c for c in containers if c.state not in {"exited", "created", "dead"}]
        if running:
            grace_s = max(c.stop_timeout_s for c in running)
            self("stop", *(c.id for c in running), timeout_s=grace_s + 30, check=False)

    def remove_project(self, project: str) -> int:
        """Stop and remove every container and network of a project; safe when there is none."""
        removed = 0
        for _ in range(_LOOKS):
            containers = self.containers(project)
            if not containers:
                break
            self.stop(containers)
            self("rm", "--force", "--volumes", *(c.id for c in containers), check=False)
            removed += len(containers)
        else:
            raise StillThere(
                f"containers of {project} keep coming back", todo=f"docker ps --all, then remove {project} by hand"
            )
        networks = self("network", "ls", "--quiet", "--filter", f"label={PROJECT_LABEL}={project}").out.split()
        if networks:
            self("network", "rm", *networks)
        return removed

    def image_ids(self, names: Iterable[str]) -> dict[str, str]:
        """Return the ids of those images (named by ref or id) that are here."""
        known: dict[str, str] = {}
        for line in self("images", "--digests", "--no-trunc", "--format", _IMAGE).out.splitlines():
            image_id, tag, digest = line.split("\t")
            known |= {image_id: image_id, tag: image_id, digest: image_id}
        return {name: known[name] for name in names if name in known}

    def pin(self, images: Iterable[Image]) -> None:
        """Make each ref name this release's image; one like postgres:17 names another in another release."""
        wanted = list(images)
        here = self.image_ids(image.ref for image in wanted)
        for image in wanted:
            if here.get(image.ref) != image.id:
                self("tag", image.id, image.ref)

    def memory_trouble(self, container: Container) -> str:
        """Say in words whether its memory limit ended it lately; empty when it did not.

        With control groups of version 1 the engine may miss that and, of a container that it started again, keeps
        nothing but the event of its end: a signal 9 that nobody here has sent is the kernel's.
        """
        which = ("--filter", "event=oom", "--filter", "event=die", "--filter", f"container={container.id}")
        shown = ("--format", "{{.Action}} {{.Actor.Attributes.exitCode}}")
        now = (
            f"{self.host.now().timestamp():.6f}"  # of "0s" Docker makes a whole second, and leaves out what came in it
        )
        events = self("events", "--since", "10m", "--until", now, *which, *shown, check=False).out
        if container.out_of_memory or re.search(r"^oom\b", events, re.MULTILINE):
            return "out of memory"
        return "killed, most likely out of memory" if re.search(r"^die 137$", events, re.MULTILINE) else ""

    def logs(self, container: Container, lines: int = 30) -> list[str]:
        """Return the last lines that a container wrote."""
        shown = self("logs", "--tail", str(lines), container.id, check=False)
        return [line for line in (shown.out + shown.err).splitlines() if line.strip()][-lines:]


def _container(raw: dict[str, Any]) -> Container:
    state, labels = raw["State"], raw["Config"]["Labels"]
    health = state.get("Health") or {"Status": "none", "Log": []}
    checks = health.get("Log") or []
    return Container(
        id=raw["Id"],
        name=raw["Name"].lstrip("/"),
        project=labels[PROJECT_LABEL],
        service=labels.get(SERVICE_LABEL, ""),
        state=state["Status"],
        health=health["Status"],
        exit_code=state["ExitCode"],
        restarts=raw["RestartCount"],
        is_one_off=labels.get(ONE_OFF_LABEL) == "True",
        pid=state["Pid"],
        started=_instant(state.get("StartedAt", "")),
        stop_timeout_s=raw["Config"].get("StopTimeout") or 10,
        last_check=checks[-1]["Output"].strip()[-300:] if checks else "",
        out_of_memory=state["OOMKilled"],
    )


def _instant(text: str) -> float:
    """Read Docker's time, whose nanoseconds are more digits than Python takes."""
    whole = re.fullmatch(r"(\d{4}-\S{14})(?:\.\d+)?Z", text)
    moment = datetime.fromisoformat(whole[1]).replace(tzinfo=UTC).timestamp() if whole else 0
    return max(0, moment)
