"""One instance of the machine side for all tests of this folder, and hands to touch its droplets with."""

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import count
from pathlib import Path

import pytest

from localcloud import lifecycle
from localcloud.lifecycle import Wishes
from localcloud.machines import docker, image
from localcloud.machines.place import Place
from localcloud.machines.runtime import LocalRuntime
from localcloud.runtime import DropletSpec
from localcloud.settings import Settings

SUBNET = IPv4Network("198.18.32.0/21")
VPC = "vpc-one"
BOOT_TIMEOUT_S = 300
SSH_OPTIONS = (
    *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"),
    *("-o", "ConnectTimeout=3", "-o", "BatchMode=yes"),
)


def await_value(probe: Callable[[], str | None], what: str, timeout_s: float = BOOT_TIMEOUT_S) -> str:
    """Ask until there is an answer."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answer = probe()
        if answer is not None:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {timeout_s:g} s")


@dataclass(frozen=True)
class Machine:
    """A droplet under test."""

    cloud: "CloudUnderTest"
    spec: DropletSpec

    @property
    def container(self) -> str:
        return self.cloud.place.droplet_container(self.spec.id)

    @property
    def boot(self) -> str | None:
        """What identifies the current boot; None when the droplet is off."""
        found = docker.inspect("container", self.container)
        return str(found["Id"]) if found and found["State"]["Running"] else None

    def try_ssh(self, command: str, address: str | None = None) -> subprocess.CompletedProcess[str]:
        target = f"root@{address or self.spec.public_ip}"
        argv = ["ssh", "-i", str(self.cloud.key), *SSH_OPTIONS, target, command]
        return subprocess.run(argv, capture_output=True, text=True, timeout=900, check=False)

    def ssh(self, command: str, address: str | None = None) -> str:
        """Run a command that must succeed, waiting for sshd if need be."""

        def answer() -> str | None:
            done = self.try_ssh(command, address)
            if done.returncode not in (0, 255):
                raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
            return done.stdout.strip() if done.returncode == 0 else None

        return await_value(answer, f"ssh to {address or self.spec.public_ip}")


@dataclass(frozen=True)
class CloudUnderTest:
    """The instance with its runtime and the operator's key."""

    place: Place
    runtime: LocalRuntime
    key: Path
    numbers: "count[int]"

    def create(self, user_data: str = "", **size: int) -> Machine:
        """Create a droplet of its own for a test."""
        number = next(self.numbers)
        spec = DropletSpec(
            id=number,
            name=f"web-{number}",
            hostname=f"web-{number}",
            memory_mb=size.get("memory_mb", 1024),
            vcpus=1,
            disk_gb=size.get("disk_gb", 25),
            image_slug="debian-13-x64",
            public_ip=str(SUBNET.network_address + 256 + number),
            private_ip=f"10.77.0.{number + 1}",
            vpc_id=VPC,
            ssh_keys=(self.key.with_suffix(".pub").read_text(encoding="utf-8").strip(),),
            user_data=user_data,
        )
        self.runtime.create_droplet(spec)
        return Machine(self, spec)

    def client_reaches(self, address: str, port: int) -> bool:
        """Tell whether a second container on the public network can connect: someone who is not the operator."""
        code = f"import socket; socket.create_connection(({address!r}, {port}), 2).close()"
        argv = ["docker", "run", "--rm", "--label", self.place.label, "--network", self.place.public_network]
        done = subprocess.run([*argv, image.IMAGE, "python3", "-c", code], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise AssertionError(done.stderr)
        return done.returncode == 0


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudUnderTest]:
    home = tmp_path_factory.mktemp("home")
    image.ensure(None, print)
    settings = Settings(home=home, name="rt-test", subnet=SUBNET, api_port=8192)
    settings.save()
    key = tmp_path_factory.mktemp("operator") / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    place = Place.of(settings)
    runtime = LocalRuntime(place)
    try:
        runtime.start_network()
        runtime.create_vpc(VPC, "10.77.0.0/24")
        yield CloudUnderTest(place, runtime, key, count(1))
    finally:
        runtime.stop_network()
        lifecycle.reset(Wishes(home), print)


@pytest.fixture
def droplet(cloud: CloudUnderTest) -> Iterator[Machine]:
    machine = cloud.create()
    yield machine
    cloud.runtime.destroy_droplet(machine.spec.id)
