"""Device nodes of volumes inside a running droplet, made from outside as its kernel would.

Everything runs in the droplet's mount namespace: from the host's, a link in the droplet could lead to the host's files.
"""

import os
from pathlib import Path

from localcloud.machines.commands import run
from localcloud.machines.records import VolumeLink

BY_ID = "/dev/disk/by-id"
SHOW = 'mkdir -p "$1"; rm -f "$3"; mknod -m 660 "$3" b "$4" "$5"; ln -sfn "../../${3#/dev/}" "$1/$2"'
HIDE = 'rm -f "$1/$2" "$3"'


def _enter(pid: int, command: list[str]) -> None:
    """Run a command among the droplet's files and processes; umount reads its own entry in the droplet's /proc."""
    run(["nsenter", "--target", str(pid), "--mount", "--pid", *command])


def _in_droplet(pid: int, script: str, link: VolumeLink, *more: str) -> None:
    arguments = [BY_ID, f"scsi-0DO_Volume_{link.name}", f"/dev/sd{link.letter}", *more]
    _enter(pid, ["/bin/sh", "-euc", script, "volume", *arguments])


def _device_number(loop: str) -> tuple[str, str]:
    number = Path(loop).stat().st_rdev
    return str(os.major(number)), str(os.minor(number))


def show(pid: int, link: VolumeLink, loop: str) -> None:
    """Make the node and its by-id link in the droplet's /dev."""
    _in_droplet(pid, SHOW, link, *_device_number(loop))


def hide(pid: int, link: VolumeLink, loop: str | None) -> None:
    """Take the node away; what is still mounted from it is unmounted lazily, as after a hot unplug."""
    for point in mount_points(pid, loop) if loop else []:
        _enter(pid, ["umount", "--lazy", point])
    _in_droplet(pid, HIDE, link)


def mount_points(pid: int, loop: str) -> list[str]:
    """Return where the droplet has the device mounted, innermost first."""
    wanted = ":".join(_device_number(loop))
    lines = Path(f"/proc/{pid}/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [fields[4].replace("\\040", " ") for line in lines if (fields := line.split())[2] == wanted]
    return sorted(points, key=len, reverse=True)
