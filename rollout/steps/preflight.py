"""Can this machine take the release? Every reason against it is named at once."""

from pathlib import Path

from rollout.bundle import Limits
from rollout.context import Context
from rollout.docker import PROJECT_LABEL
from rollout.environment import read_env
from rollout.errors import CommandFailed, DiskFull, PortTaken, PreflightFaults, RolloutError
from rollout.steps.base import Step


class Preflight(Step):
    """Looks at the machine and changes nothing."""

    name = "preflight"

    def do(self, ctx: Context) -> str:
        """Raise PreflightFaults naming all that is missing."""
        if not ctx.host.is_root():
            raise RolloutError("rollout must run as root", todo="log in as root, or use sudo")
        engine = self._engine(ctx)
        limits = ctx.bundle.limits if ctx.bundle else ctx.manifest().limits
        disk_faults, disk = self._disk(ctx, limits, engine)
        faults = disk_faults + self._memory(ctx, limits) + self._ports(ctx)
        if faults:
            raise PreflightFaults(faults)
        return f"{disk} MB disk and {ctx.host.free_memory_mb()} MB memory free"

    def _engine(self, ctx: Context) -> Path:
        try:
            root = ctx.docker("info", "--format", "{{.DockerRootDir}}").out.strip()
        except CommandFailed as fault:
            raise RolloutError(
                "the Docker engine does not answer", todo="systemctl status docker", tail=fault.tail
            ) from fault
        try:
            ctx.docker("compose", "version")
        except CommandFailed as fault:
            raise RolloutError(
                "docker has no compose plugin", todo="apt-get install docker-compose", tail=fault.tail
            ) from fault
        return Path(root)

    def _disk(self, ctx: Context, limits: Limits, engine: Path) -> tuple[list[RolloutError], int]:
        free: dict[int, tuple[int, Path]] = {}
        for path in (engine, ctx.layout.root):
            device, available = ctx.host.free_disk(path)
            free.setdefault(device, (available, path))
        faults: list[RolloutError] = [
            DiskFull(
                f"disk full: {limits.min_free_disk_mb} MB needed, {available} MB available",
                where=f"the file system of {path}",
                todo="remove what isn't needed there, or resize the droplet's disk",
            )
            for available, path in free.values()
            if available < limits.min_free_disk_mb
        ]
        return faults, min(available for available, _ in free.values())

    def _memory(self, ctx: Context, limits: Limits) -> list[RolloutError]:
        available = ctx.host.free_memory_mb()
        if available >= limits.min_free_memory_mb:
            return []
        what = f"too little memory: {limits.min_free_memory_mb} MB needed, {available} MB available"
        return [
            RolloutError(what, where="this machine", todo="stop what isn't needed, or choose a larger droplet size")
        ]

    def _ports(self, ctx: Context) -> list[RolloutError]:
        faults = [self._port(ctx, port) for port in _edge_ports(ctx)]
        return [fault for fault in faults if fault]

    def _port(self, ctx: Context, port: int) -> PortTaken | None:
        ours = ctx.layout.project("edge")
        shown = ctx.docker(
            "ps", "--filter", f"publish={port}", "--format", f'{{{{.Names}}}} {{{{.Label "{PROJECT_LABEL}"}}}}'
        )
        holders = [line.split(" ") for line in shown.out.splitlines()]
        if any(row[-1] == ours for row in holders):
            return None
        named = [f"container {row[0]}" for row in holders]
        named += [f"process {listener.pid} ({listener.name})" for listener in ctx.host.listeners(port)]
        if not named:
            return None
        return PortTaken(
            f"port {port} is held by {', '.join(named)}", where="this machine", todo="stop it, then deploy again"
        )


def _edge_ports(ctx: Context) -> tuple[int, int]:
    variables = ctx.bundle.environment if ctx.bundle else read_env(ctx.folder / "env")
    return int(variables.get("HTTP_PORT", "80")), int(variables.get("HTTPS_PORT", "443"))
