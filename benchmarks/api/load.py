"""Load by wrk: how much there can be, and how long an answer takes when there is less to do.

wrk leaves the database most of the core that they share. What keeps to a rate whether answers come or not (vegeta was
tried) took so much of it that a bare application's p99 was 9 to 190 times its median.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api.asking import CONNECTIONS, Case
from benchmarks.api.containers import LOAD_CORE, Container

PINNED = ("taskset", "--cpu-list", LOAD_CORE)


class LoadFailed(Exception):
    """Requests were refused or got no answer, so that the figure would be of something else."""


@dataclass(frozen=True)
class Answered:
    """What wrk counted."""

    requests: int
    requests_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class Peak:
    """What was served with every connection always busy."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    server_us: float  # of the processor, for each request, by the contestant and the edge before it
    busy: tuple[float, ...]  # of each core, by anything at all


@dataclass(frozen=True)
class Steady:
    """How long answers took at a steady rate."""

    requests_per_s: float
    p50_ms: float
    p99_ms: float
    max_ms: float


def peak(case: Case, base: str, servers: Sequence[Container], room: Path, seconds: int) -> Peak:
    """Ask as fast as answers come; raise `LoadFailed` if one is no success."""
    before, ticks = sum(server.cpu_s() for server in servers), core_ticks()
    figures = ask(case.wrk_script(), base + case.paths[0], room, seconds)
    used = sum(server.cpu_s() for server in servers) - before
    cost = used / figures.requests * 1e6
    busy = busy_between(ticks, core_ticks())
    return Peak(figures.requests_per_s, figures.p50_ms, figures.p99_ms, cost, busy)


def steady(case: Case, base: str, room: Path, rate: int, seconds: int) -> Steady:
    """Ask about `rate` times a second, connections out of step; raise `LoadFailed` if one is no success."""
    pause_ms = max(1, round(CONNECTIONS / rate * 1000))
    figures = ask(case.wrk_script(pause_ms), base + case.paths[0], room, seconds)
    return Steady(figures.requests_per_s, figures.p50_ms, figures.p99_ms, figures.max_ms)


def ask(lua: str, url: str, room: Path, seconds: int) -> Answered:
    """Let wrk run a script."""
    script = room / "load.lua"
    script.write_text(lua, "utf-8")
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "10s"]
    return read_wrk(run([*PINNED, *command, "--duration", f"{seconds}s", "--script", str(script), url]))


def read_wrk(said: str) -> Answered:
    """Return the figures in the last line that our script lets wrk print."""
    figures = json.loads(said.strip().splitlines()[-1])
    if figures["refused"] or figures["broken"] or not figures["requests"]:
        raise LoadFailed(f"wrk: {figures}")
    rate = figures["requests"] / figures["duration_us"] * 1e6
    times = (figures[name] / 1000 for name in ("p50_us", "p99_us", "max_us"))
    return Answered(figures["requests"], rate, *times)


def run(command: list[str]) -> str:
    """Run a tool and return its output; raise `LoadFailed` if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise LoadFailed(f"{command[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def core_ticks() -> list[tuple[float, float]]:
    """Return for each core how many ticks it was busy, and how many there were."""
    lines = [line.split() for line in Path("/proc/stat").read_text().splitlines() if line.startswith("cpu")]
    ticks = [[float(field) for field in line[1:9]] for line in lines[1:]]
    return [(sum(line) - line[3] - line[4], sum(line)) for line in ticks]


def busy_between(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> tuple[float, ...]:
    """Return the part of the time for which each core was busy."""
    pairs = zip(before, after, strict=True)
    return tuple((late[0] - early[0]) / max(late[1] - early[1], 1) for early, late in pairs)
