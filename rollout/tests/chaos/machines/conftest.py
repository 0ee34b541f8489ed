"""One droplet, booted as `pulumi up` has it booted, for all tests of this folder."""

import hashlib
import subprocess
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from infra.cloud_init import user_data
from infra.keys import host_key
from localcloud import lifecycle
from localcloud.lifecycle import Wishes
from localcloud.machines import image
from localcloud.machines.place import Place
from localcloud.machines.runtime import LocalRuntime
from localcloud.runtime import DropletSpec, VolumeSpec
from localcloud.settings import Settings
from rollout.tests.chaos import held
from rollout.tests.chaos.machines.remote import ENGINE, HELD, VOLUME, Remote, await_true

SUBNET = IPv4Network("198.18.48.0/20")  # beside those of localcloud's own tests
VPC = "vpc-chaos"
ROOT = Path("/srv/slipway")


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRuntime]:
    """A local cloud of its own, without its API: the tests are its control panel."""
    home = tmp_path_factory.mktemp("chaos")
    image.ensure(None, print)
    settings = Settings(home=home, name="chaos", subnet=SUBNET, api_port=8196)
    settings.save()
    runtime = LocalRuntime(Place.of(settings))
    try:
        runtime.start_network()
        runtime.create_vpc(VPC, "10.78.0.0/24")
        yield runtime
    finally:
        runtime.stop_network()
        lifecycle.reset(Wishes(home), print)


@pytest.fixture(scope="session")
def remote(
    cloud: LocalRuntime, program: Path, images: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Remote]:
    """A droplet with the program, the images and a release that serves."""
    key = tmp_path_factory.mktemp("operator") / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    spec = _spec(key.with_suffix(".pub").read_text().strip())
    cloud.create_volume(VolumeSpec("volume-chaos", VOLUME, 2, "", ""))
    cloud.create_droplet(spec)
    cloud.attach_volume("volume-chaos", VOLUME, spec.id)
    made = Remote(
        program=Path(ENGINE),
        root=ROOT,
        namespace="",
        images=images,
        http_port=80,
        https_port=443,
        address=spec.public_ip,
        key=key,
        number=spec.id,
        container=f"localcloud-chaos-droplet-{spec.id}",
        runtime=cloud,
    )
    await_true(lambda: made.ssh("cloud-init status --wait && docker info --format '{{.ID}}'") != "", "the boot", 300)
    shipped = f"{ROOT}/engine/rollout-{hashlib.sha256(program.read_bytes()).hexdigest()[:12]}.pyz"
    made.put(program, shipped)
    made.ssh(f"ln -sfn {shipped} {ENGINE}")
    made.put(Path(held.__file__), HELD)
    made.load_images()
    outcome = made.apply()
    assert outcome.code == 0, outcome.text
    yield made
    made.hang_up()


def _spec(key: str) -> DropletSpec:
    return DropletSpec(
        id=1,
        name="chaos",
        hostname="chaos",
        memory_mb=2048,
        vcpus=2,
        disk_gb=10,
        image_slug="debian-13-x64",
        public_ip=str(SUBNET.network_address + 257),
        private_ip="10.78.0.2",
        vpc_id=VPC,
        ssh_keys=(key,),
        user_data=user_data(host_key(hashlib.sha256(b"chaos").digest())),
    )
