"""Where the API's time goes: py-spy's samples of the serving thread at peak load, counted by part."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.api.containers import LOAD_CORE, Container

RATE = 200
THREAD = "MainThread"
# The first that fits, from the innermost frame outward; frames of the standard library belong to whoever called them.
PARTS: tuple[tuple[str, str], ...] = (
    ("access log", r"structlog/|api/logs\.py|RequestScope\._record "),
    ("metrics", r"prometheus_client/|api/metrics/"),
    ("limits", r"api/limits/"),
    ("access token", r"\bjwt/|api/sessions/access_tokens"),
    ("JSON of answers", r"api/json_answers"),
    ("body: JSON and validation", r"pydantic/|PlainRequest\.json "),
    ("pool of connections", r"asyncpg/pool|api/database|asyncio/(timeouts|tasks|queues)"),
    ("driver of the database", r"asyncpg/"),
    ("HTTP server", r"uvicorn/|httptools/"),
    ("FastAPI and Starlette", r"fastapi/|starlette/"),
    ("request id, headers, shortcuts", r"api/(middleware|shortcuts)"),
    ("handlers and queries", r"\(api/"),
    ("event loop, sockets, the protocol of Postgres in C", r"uvloop/|asyncio/"),
)


def sample(server: Container, room: Path, seconds: int) -> Callable[[], Counter[str]]:
    """Start to sample a container's worker, and return what waits for the counts."""
    output = room / "samples.raw"
    spy = [str(Path(sys.executable).with_name("py-spy")), "record", "--format", "raw", "--threads", "--nonblocking"]
    options = ["--pid", str(server.busiest()), "--rate", str(RATE), "--duration", str(seconds), "--output", str(output)]
    command = ["taskset", "--cpu-list", LOAD_CORE, *spy, *options]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait() -> Counter[str]:
        said, _ = running.communicate(timeout=seconds + 60)
        if running.returncode:
            raise RuntimeError(f"py-spy ended with {running.returncode}: {said}")
        return count(output.read_text("utf-8").splitlines())

    return wait


def count(lines: Iterable[str]) -> Counter[str]:
    """Count samples, one stack and its number a line, by the part that they were in."""
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, number = line.rpartition(" ")
        frames = stack.split(";")
        if any(THREAD in frame for frame in frames):
            counts[part_of(frames)] += int(number)
    return counts


def part_of(frames: list[str]) -> str:
    """Return the part that a stack, outermost frame first, was in."""
    for frame in reversed(frames):
        for name, pattern in PARTS:
            if re.search(pattern, frame):
                return name
    return "other"
