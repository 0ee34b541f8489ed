"""Load: wrk for how much there can be, vegeta for how long an answer takes at a rate that is given."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api.asking import Case
from benchmarks.api.containers import LOAD_CORE, Container
from toolchain.go_tools import VEGETA
from toolchain.settings import read_settings

CONNECTIONS = 32
PINNED = ("taskset", "--cpu-list", LOAD_CORE)


class LoadFailed(Exception):
    """Requests were refused or got no answer, so that the figure would be of something else."""


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
    script = room / "load.lua"
    script.write_text(case.wrk_script(), "utf-8")
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "10s"]
    before, ticks = sum(server.cpu_s() for server in servers), core_ticks()
    said = run([*PINNED, *command, "--duration", f"{seconds}s", "--script", str(script), base + case.paths[0]])
    used = sum(server.cpu_s() for server in servers) - before
    return read_wrk(said, used, busy_between(ticks, core_ticks()))


def read_wrk(said: str, used_s: float, busy: tuple[float, ...]) -> Peak:
    """Return the figures in the last line that our script lets wrk print."""
    figures = json.loads(said.strip().splitlines()[-1])
    if figures["refused"] or figures["broken"] or not figures["requests"]:
        raise LoadFailed(f"wrk: {figures}")
    rate = figures["requests"] / figures["duration_us"] * 1e6
    cost = used_s / figures["requests"] * 1e6
    return Peak(rate, figures["p50_us"] / 1000, figures["p99_us"] / 1000, cost, busy)


def steady(case: Case, base: str, room: Path, rate: int, seconds: int) -> Steady:
    """Ask at a rate, whether answers come or not; raise `LoadFailed` if one is no success."""
    targets, results = room / "targets.json", room / "results.bin"
    targets.write_text(case.vegeta_targets(base), "utf-8")
    vegeta = str(VEGETA.built(read_settings()))
    attack = [vegeta, "attack", "-format=json", f"-targets={targets}", f"-output={results}", "-insecure"]
    limits = [f"-rate={rate}/1s", f"-duration={seconds}s", "-http2=false", "-timeout=10s", "-max-workers=256"]
    run([*PINNED, *attack, *limits])
    return read_vegeta(run([vegeta, "report", "-type=json", str(results)]))


def read_vegeta(said: str) -> Steady:
    """Return the figures of a report."""
    figures = json.loads(said)
    if figures["success"] != 1:
        raise LoadFailed(f"vegeta: {figures['status_codes']} {figures['errors']}")
    times = figures["latencies"]
    return Steady(figures["throughput"], times["50th"] / 1e6, times["99th"] / 1e6, times["max"] / 1e6)


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
