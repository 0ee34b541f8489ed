"""The data volume on real block devices: what is on them is never lost."""

import subprocess
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rollout.bundle import Volume
from rollout.errors import DataAtRisk
from rollout.host import Completed, Host
from rollout.volume import mount_volume

pytestmark = pytest.mark.docker


class PlainHost(Host):
    """This machine without its service manager, which a test must leave alone."""

    def has_systemd(self) -> bool:
        """Say no."""
        return False


class RefusingHost(PlainHost):
    """A machine inside another one, whose kernel lets no mounted file system grow."""

    def run(self, argv: Sequence[str], **options: Any) -> Completed:
        """Refuse that alone."""
        refused = Completed(tuple(argv), 1, "", "resize2fs 1.47.2\nresize2fs: Permission denied to resize filesystem\n")
        return refused if argv[0] == "resize2fs" else super().run(argv, **options)


def run(*argv: str) -> str:
    """Run a command."""
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Volume]:
    """A blank block device of 32 MB."""
    file = tmp_path / "volume"
    with file.open("wb") as stream:
        stream.truncate(32 << 20)
    device = run("losetup", "--find", "--show", str(file))
    mount = tmp_path / f"data-{uuid.uuid4().hex[:6]}"
    yield Volume(device, str(mount))
    if mount.is_mount():
        run("umount", str(mount))
    run("losetup", "--detach", device)


def test_a_blank_device_becomes_a_file_system_once(volume: Volume) -> None:
    host = PlainHost()
    assert mount_volume(host, volume) == "data volume mounted, made a file system"
    (Path(volume.mount) / "kept").write_text("data")
    assert mount_volume(host, volume) == "data volume mounted"
    run("umount", volume.mount)
    assert mount_volume(host, volume) == "data volume mounted"
    assert (Path(volume.mount) / "kept").read_text() == "data"


def test_a_file_system_that_can_not_grow_is_told_and_used_as_it_is(volume: Volume) -> None:
    run("mkfs.ext4", "-q", volume.device)
    said = mount_volume(RefusingHost(), volume)
    assert said == "data volume mounted, which did NOT GROW: resize2fs: Permission denied to resize filesystem"
    assert Path(volume.mount).is_mount()


def test_an_unknown_signature_is_never_formatted(volume: Volume) -> None:
    run("mkswap", volume.device)
    with pytest.raises(DataAtRisk, match="holds swap"):
        mount_volume(PlainHost(), volume)
    assert run("blkid", "--probe", "--match-tag", "TYPE", "--output", "value", volume.device) == "swap"


def test_data_without_a_signature_is_never_formatted(volume: Volume) -> None:
    with Path(volume.device).open("r+b") as stream:
        stream.seek(70_000)
        stream.write(b"somebody's raw data")
    with pytest.raises(DataAtRisk, match="data that blkid can't name"):
        mount_volume(PlainHost(), volume)


def test_another_file_system_at_the_mount_point_is_told(volume: Volume) -> None:
    host = PlainHost()
    run("mkfs.ext4", "-q", volume.device)
    Path(volume.mount).mkdir()
    run("mount", "-t", "tmpfs", "tmpfs", volume.mount)
    with pytest.raises(DataAtRisk, match="is mounted where the data volume belongs"):
        mount_volume(host, volume)
