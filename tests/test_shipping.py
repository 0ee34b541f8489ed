"""Images on their way to a droplet: a transfer that is cut goes on where it was, and any registry will do."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bcrypt
import httpx
import pytest

from rollout.registry import STORAGE
from rollout.tests.droplet import docker, free_port
from tests.checkout import Checkout

pytestmark = pytest.mark.deployed

SMALL, BIG = 20_000, 200_000_000  # the big one takes seconds, so that a cut finds it on its way
PATIENCE_S = 120
USER, PASSWORD = "shop", "a password of the tests"


@dataclass(frozen=True)
class Noise:
    """An image of two layers that no droplet has."""

    ref: str
    id: str

    @property
    def repository(self) -> str:
        return self.ref.partition(":")[0]


def await_true(claim: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not claim():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def noise(tmp_path: Path, deployed: Checkout) -> Iterator[Noise]:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY small /small\nCOPY big /big\n")
    (tmp_path / "small").write_bytes(os.urandom(SMALL))
    (tmp_path / "big").write_bytes(os.urandom(BIG))
    ref = f"slipway-test/noise-{uuid.uuid4().hex[:8]}:1"
    docker("build", "--quiet", "--tag", ref, str(tmp_path))
    yield Noise(ref, docker("image", "inspect", "--format", "{{.Id}}", ref).strip())
    docker("image", "rm", "--force", ref)
    deployed.on_droplet(f"docker image ls --quiet {ref} | xargs --no-run-if-empty docker image rm --force")


def order(deployed: Checkout, noise: Noise, registry: dict[str, str] | None = None) -> str:
    deployment = deployed.deployment
    assert deployment.ssh_key is not None
    assert deployment.known_hosts is not None
    told = {
        "address": deployment.address,
        "private_key": deployment.ssh_key.read_text(),
        "host_key": deployment.known_hosts.read_text().split(maxsplit=1)[1],
        "images": [{"name": "noise", "ref": noise.ref, "id": noise.id, "variable": "NOISE_IMAGE"}],
    }
    return json.dumps(told | ({"registry": registry} if registry else {}))


def start(deployed: Checkout, text: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.shipping", "ship"],
        cwd=deployed.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(text)
    process.stdin.close()
    process.stdin = None
    return process


def shipped(deployed: Checkout, text: str) -> dict[str, str]:
    out, err = (process := start(deployed, text)).communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, err
    image: dict[str, str] = json.loads(out)["noise"]
    return image


def layers_folder(noise: Noise) -> Path:
    """Where the droplet's registry links to the layers of an image."""
    return STORAGE / noise.repository / "_layers" / "sha256"


def layers(deployed: Checkout, noise: Noise) -> list[str]:
    """The layers that the droplet's registry has of the image, with the moment at which each came."""
    folder = layers_folder(noise)
    found = deployed.on_droplet(f"if test -e {folder}; then find {folder} -name link -printf '%T@ %p\\n'; fi")
    return found.splitlines()


def test_a_cut_transfer_goes_on_and_what_had_arrived_is_not_sent_again(deployed: Checkout, noise: Noise) -> None:
    process = start(deployed, order(deployed, noise))
    # The droplet itself watches: a command to it takes as long as a layer.
    folder = layers_folder(noise)
    loop = f"until find {folder} -name link 2>/dev/null | grep --quiet .; do sleep 0.02; done"
    deployed.on_droplet(f"timeout {PATIENCE_S} sh -c '{loop}'")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE_S)
    (arrived,) = layers(deployed, noise)
    image = shipped(deployed, order(deployed, noise))
    assert arrived in layers(deployed, noise)
    deployed.on_droplet(f"docker pull --quiet {image['pull']} && docker tag {image['pull']} {noise.ref}")
    assert deployed.on_droplet(f"docker image inspect --format '{{{{.Id}}}}' {noise.ref}").strip() == noise.id


@contextmanager
def guarded_registry(folder: Path) -> Iterator[int]:
    """A registry on this machine's loopback that wants a password; yields its port."""
    port, name = free_port(), f"slipway-test-registry-{uuid.uuid4().hex[:8]}"
    digest = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(5)).decode()
    (folder / "users").write_text(f"{USER}:{digest}\n")
    settings = {"REGISTRY_AUTH": "htpasswd", "REGISTRY_AUTH_HTPASSWD_REALM": "tests"}
    settings["REGISTRY_AUTH_HTPASSWD_PATH"] = "/auth/users"
    words = [word for key, value in settings.items() for word in ("--env", f"{key}={value}")]
    published = f"127.0.0.1:{port}:5000"
    docker("run", "--detach", "--rm", "--name", name, "--publish", published, "--volume", f"{folder}:/auth:ro", *words,
           "registry:2")  # fmt: skip
    try:
        await_true(lambda: asks_for_password(port), "the registry asks for a password")
        yield port
    finally:
        docker("rm", "--force", "--volumes", name)


def asks_for_password(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/v2/", timeout=5, trust_env=False).status_code == 401
    except httpx.TransportError:
        return False


@contextmanager
def within_reach(deployed: Checkout, port: int) -> Iterator[None]:
    """Let the droplet reach a port of this machine's loopback under the same number of its own."""
    deployment = deployed.deployment
    forward = ["-N", "-o", "ExitOnForwardFailure=yes", "-R", f"127.0.0.1:{port}:127.0.0.1:{port}"]
    target = ["-i", str(deployment.ssh_key), "-p", str(deployment.ssh_port), f"root@{deployment.address}"]
    with subprocess.Popen(["ssh", *deployment.ssh_options(), *forward, *target]) as process:
        try:
            asks = f"curl --silent --show-error --include http://127.0.0.1:{port}/v2/"
            await_true(lambda: "401" in deployed.slipway("exec", "-s", "local", "--", asks).said, "it is within reach")
            yield
        finally:
            process.terminate()


def test_images_go_through_any_registry_and_its_password_stays_nowhere(
    deployed: Checkout, noise: Noise, tmp_path: Path
) -> None:
    (auth := tmp_path / "auth").mkdir()
    with guarded_registry(auth) as port, within_reach(deployed, port):
        registry = {"address": f"127.0.0.1:{port}/shop", "user": USER, "password": PASSWORD}
        wrong = start(deployed, order(deployed, noise, registry | {"password": "another"}))
        assert "unauthorized" in wrong.communicate(timeout=PATIENCE_S)[1]
        assert wrong.returncode == 1
        image = shipped(deployed, order(deployed, noise, registry))
    assert image == {"ref": noise.ref, "id": noise.id, "pull": "", "variable": "NOISE_IMAGE"}
    assert deployed.on_droplet(f"docker image inspect --format '{{{{.Id}}}}' {noise.ref}").strip() == noise.id
    assert deployed.on_droplet("test ! -e /root/.docker/config.json && ls /tmp").count("tmp.") == 0
