"""A disk that is mounted again while the kernel still takes its device away."""

import subprocess
import threading
from pathlib import Path

import pytest

from localcloud.machines import disks
from localcloud.machines.commands import run

pytestmark = pytest.mark.docker


def test_a_disk_given_back_while_in_use_gets_a_device_of_its_own_again(tmp_path: Path) -> None:
    image, point = tmp_path / "disk.img", tmp_path / "disk"
    disks.create_image(image, 1, "ext4")
    disks.mount(image, point)
    holder = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", "echo holds; read end"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"holds\n"
    disks.unmount(image, point)
    leaving = disks.find_loop(image)
    assert leaving is not None, "another namespace has it mounted"
    ending = threading.Timer(0.5, holder.communicate)
    ending.start()
    try:
        disks.mount(image, point)
        shown = run(["losetup", "--noheadings", "--output", "AUTOCLEAR", "--associated", str(image)])
        assert shown.split() == ["0"]
    finally:
        ending.join()
        disks.unmount(image, point)
    assert disks.find_loop(image) is None
