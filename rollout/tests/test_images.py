"""Images come from a registry on the loopback, by digest, and only the layers that are missing."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout.bundle import Image
from rollout.docker import Docker
from rollout.host import Host
from rollout.layout import Layout
from rollout.steps.images import fetch
from rollout.tests.droplet import docker, free_port

pytestmark = pytest.mark.docker


@pytest.fixture
def registry() -> Iterator[str]:
    """An empty registry; returns its address."""
    port = free_port()
    name = f"rollout-test-registry-{uuid.uuid4().hex[:8]}"
    docker("run", "--detach", "--rm", "--name", name, "--publish", f"127.0.0.1:{port}:5000", "registry:2")
    yield f"127.0.0.1:{port}"
    docker("rm", "--force", "--volumes", name)


@pytest.fixture
def sent(registry: str, tmp_path: Path) -> Iterator[Image]:
    """An image that is in the registry and, but for its first layers, not here."""
    (tmp_path / "Dockerfile").write_text("FROM python:3.13-slim-trixie\nCOPY noise /noise\n")
    (tmp_path / "noise").write_bytes(uuid.uuid4().bytes * 20_000)
    ref = f"{registry}/slipway/noise:{uuid.uuid4().hex[:8]}"
    docker("build", "--quiet", "--tag", ref, str(tmp_path))
    host = Host()
    host.await_true(
        lambda: host.http(registry.split(":")[0], int(registry.split(":")[1]), "/v2/").status == 200, 30, "no answer"
    )
    docker("push", "--quiet", ref)
    image_id, digest = docker("image", "inspect", "--format", "{{.Id}} {{index .RepoDigests 0}}", ref).split()
    docker("rmi", "--force", image_id)
    image = Image("noise", f"slipway-rollout-test/noise:{image_id[7:19]}", image_id, digest, "NOISE_IMAGE")
    yield image
    docker("rmi", "--force", image_id)


def test_a_missing_image_is_fetched_by_its_digest_and_named(sent: Image, tmp_path: Path) -> None:
    engine = Docker(Host(), Layout(tmp_path))
    told = fetch(engine, [sent], timeout_s=120)
    assert told.startswith("0 present, 1 fetched (")
    assert engine.image_ids([sent.ref, sent.pull, sent.id]) == {sent.ref: sent.id, sent.pull: sent.id, sent.id: sent.id}
    assert fetch(engine, [sent], timeout_s=120) == "1 present"
