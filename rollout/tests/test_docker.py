"""What the engine of this machine tells of containers."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rollout.docker import PROJECT_LABEL, Docker
from rollout.host import Host
from rollout.layout import Layout
from rollout.tests.droplet import docker

pytestmark = pytest.mark.docker

# Ends at its first start only, since the file system outlives the process.
ONCE = """
import pathlib, time
been = pathlib.Path("/been")
if not been.exists():
    been.touch()
    {end}
time.sleep(600)
"""


@pytest.fixture
def project() -> Iterator[str]:
    name = f"rollout-test-{uuid.uuid4().hex[:8]}"
    yield name
    docker("rm", "--force", name)


@pytest.mark.parametrize(("end", "trouble"), [("bytearray(200_000_000)", "out of memory"), ("raise SystemExit(3)", "")])
def test_the_memory_limit_is_told_of_a_container_that_was_started_again(
    end: str, trouble: str, project: str, tmp_path: Path
) -> None:
    engine = Docker(Host(), Layout(tmp_path))
    limits = ["--memory", "32m", "--memory-swap", "32m", "--restart", "always", "--label", f"{PROJECT_LABEL}={project}"]
    image = ["python:3.13-slim-trixie", "python", "-c", ONCE.format(end=end)]
    docker("run", "--detach", "--name", project, *limits, *image)
    engine.host.await_true(lambda: engine.containers(project)[0].restarts > 0, 60, "not started again")
    (container,) = engine.containers(project)
    assert engine.memory_trouble(replace(container, out_of_memory=False)).endswith(trouble)
    assert bool(engine.memory_trouble(container)) is bool(trouble)
