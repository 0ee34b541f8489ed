from collections.abc import Iterator

import pytest

from localcloud.machines import disks
from localcloud.runtime import VolumeSpec
from localcloud.tests.machines.conftest import CloudUnderTest, Machine

pytestmark = pytest.mark.docker

DEVICE = "/dev/disk/by-id/scsi-0DO_Volume_data"


@pytest.fixture
def volume(cloud: CloudUnderTest) -> Iterator[VolumeSpec]:
    spec = VolumeSpec("volume-one", "data", 1, "ext4", "data")
    cloud.runtime.create_volume(spec)
    yield spec
    cloud.runtime.delete_volume(spec.id)
    assert not list(cloud.place.volumes.glob("volume-one*"))


def test_a_volume_survives_reboot_detach_and_another_droplet(
    cloud: CloudUnderTest, droplet: Machine, volume: VolumeSpec
) -> None:
    runtime = cloud.runtime
    runtime.attach_volume(volume.id, volume.name, droplet.spec.id)
    droplet.ssh(f"mkdir -p /data && mount {DEVICE} /data && echo precious > /data/file && sync")
    assert droplet.ssh("blkid -s LABEL -o value /dev/sda") == "data"
    runtime.reboot(droplet.spec.id)
    assert droplet.ssh(f"mount {DEVICE} /data && cat /data/file") == "precious"
    runtime.detach_volume(volume.id, volume.name, droplet.spec.id)
    assert droplet.ssh(f"test -e {DEVICE} || grep -c ' /data ' /proc/mounts; true") == "0"
    other = cloud.create()
    try:
        runtime.attach_volume(volume.id, volume.name, other.spec.id)
        assert other.ssh(f"mount {DEVICE} /mnt && cat /mnt/file") == "precious"
        runtime.detach_volume(volume.id, volume.name, other.spec.id)
    finally:
        runtime.destroy_droplet(other.spec.id)


def test_a_volume_grows_while_attached(cloud: CloudUnderTest, droplet: Machine, volume: VolumeSpec) -> None:
    cloud.runtime.attach_volume(volume.id, volume.name, droplet.spec.id)
    cloud.runtime.resize_volume(volume.id, 3)
    assert droplet.ssh(f"blockdev --getsize64 {DEVICE}") == str(3 * disks.GIB)
    cloud.runtime.detach_volume(volume.id, volume.name, droplet.spec.id)
    assert disks.find_loop(cloud.place.volumes / f"{volume.id}.img") is None


def test_volumes_outlive_their_droplet(cloud: CloudUnderTest, volume: VolumeSpec) -> None:
    machine = cloud.create()
    cloud.runtime.attach_volume(volume.id, volume.name, machine.spec.id)
    machine.ssh(f"mount {DEVICE} /mnt && echo kept > /mnt/file && umount /mnt")
    cloud.runtime.destroy_droplet(machine.spec.id)
    after = cloud.create()
    try:
        cloud.runtime.attach_volume(volume.id, volume.name, after.spec.id)
        assert after.ssh(f"mount {DEVICE} /mnt && cat /mnt/file && umount /mnt") == "kept"
    finally:
        cloud.runtime.destroy_droplet(after.spec.id)
