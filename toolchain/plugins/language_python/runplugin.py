"""Runs plugins that are themselves Python programs: policy packs, and providers with a PulumiPlugin.yaml."""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from toolchain.plugins.cancellation import Cancellation
from toolchain.plugins.language_python.program import end
from toolchain.plugins.language_python.venv import Environment

Chunk = tuple[str, bytes]


def command_line(kind: str, program: str, args: Sequence[str], environment: Environment) -> list[str]:
    """Build the argv: a policy pack is run by the SDK's module, anything else is a program of its own."""
    python = str(environment.python)
    if kind == "analyzer":
        return [python, "-u", "-m", "pulumi.policy", *args, program]
    return [python, "-u", program, *args]


def variables(pairs: Sequence[str], environment: Environment, environ: Mapping[str, str]) -> dict[str, str]:
    """Build the environment from ours and the engine's KEY=value list."""
    given = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    return environment.activated({**environ, **given})


def stream(argv: Sequence[str], pwd: Path, env: Mapping[str, str], cancellation: Cancellation) -> Iterator[Chunk | int]:
    """Yield what the plugin writes as it writes it, and its exit code last."""
    child = subprocess.Popen(
        argv,
        cwd=pwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None  # noqa: S101 - asked for above
    assert child.stderr is not None  # noqa: S101
    chunks: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
    pipes = {"stdout": child.stdout, "stderr": child.stderr}
    for name, pipe in pipes.items():
        threading.Thread(target=_pump, args=(name, pipe, chunks), daemon=True).start()
    with cancellation.calling(lambda: end(child)):
        open_pipes = len(pipes)
        while open_pipes:
            chunk = chunks.get()
            if chunk is None:
                open_pipes -= 1
            else:
                yield chunk
        yield child.wait()


def _pump(name: str, pipe: IO[bytes], chunks: queue.SimpleQueue[Chunk | None]) -> None:
    while data := os.read(pipe.fileno(), 1 << 16):
        chunks.put((name, data))
    pipe.close()
    chunks.put(None)
