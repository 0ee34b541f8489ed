"""Disks: sparse files behind loop devices, so that a disk can be full inside a droplet and never on the host."""

import json
import os
import time
from pathlib import Path

from localcloud.errors import RuntimeFailure
from localcloud.machines.commands import attempt, run

MOUNT_OPTIONS = "noinit_itable,discard"
"""Without these a sparse image grows: the kernel zeroes inode tables in the background and keeps deleted blocks."""
GIB = 1024**3
FSCK_REPAIRED = 1
DETACH_TIMEOUT_S, DETACH_POLL_S = 10, 0.05


def create_image(path: Path, size_gb: int, filesystem_type: str, label: str = "") -> None:
    """Make a sparse image, formatted if a file system type is given; an image that exists is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    os.truncate(draft, size_gb * GIB)
    if filesystem_type:
        format_image(draft, filesystem_type, label)
    draft.replace(path)


def format_image(path: Path, filesystem_type: str, label: str) -> None:
    """Make a file system in the image without touching more blocks than it needs."""
    labelled = ["-L", label] if label else []
    match filesystem_type:
        case "ext4":
            lazy = "lazy_itable_init=1,lazy_journal_init=1,nodiscard"
            run(["mkfs.ext4", "-q", "-F", "-m", "1", "-E", lazy, *labelled, str(path)])
        case "xfs":
            run(["mkfs.xfs", "-q", "-f", *labelled, str(path)])
        case other:
            raise RuntimeFailure(f"cannot format a disk as {other}: use ext4 or xfs, or leave it unformatted")


def grow_image(path: Path, size_gb: int) -> None:
    """Make the image larger; a disk never shrinks."""
    if path.stat().st_size > size_gb * GIB:
        raise RuntimeFailure(f"{path} is larger than {size_gb} GB already, and a disk cannot shrink")
    os.truncate(path, size_gb * GIB)
    device = find_loop(path)
    if device is not None:
        run(["losetup", "--set-capacity", device])


def grow_filesystem(path: Path) -> None:
    """Let an unmounted image's ext4 fill it; growing a mounted one needs a right that containers rarely have."""
    checked = attempt(["e2fsck", "-f", "-p", str(path)])
    if checked.returncode > FSCK_REPAIRED:
        raise RuntimeFailure(f"the file system of {path} is damaged: {checked.stdout.strip()}{checked.stderr.strip()}")
    run(["resize2fs", str(path)])


def find_loop(path: Path) -> str | None:
    """Return the loop device of the image, None when it has none."""
    return next(iter(run(["losetup", "--noheadings", "--output", "NAME", "--associated", str(path)]).split()), None)


def ensure_loop(path: Path) -> str:
    """Return the image's loop device, attaching one if need be: two for one file would corrupt it."""
    _await_detached(path)
    device = find_loop(path)
    if device is not None:
        return device
    done = attempt(["losetup", "--find", "--show", "--nooverlap", str(path)])
    if done.returncode != 0:
        raise RuntimeFailure(
            f"no loop device for {path}: {done.stderr.strip()}. Free one (`losetup --list` shows them), or run where "
            "/dev/loop-control may be used"
        )
    return done.stdout.strip()


def _await_detached(path: Path) -> None:
    """Let the kernel finish detaching a device that was given back while in use; at a mount it would be gone."""
    deadline = time.monotonic() + DETACH_TIMEOUT_S
    leaving = ["losetup", "--noheadings", "--output", "AUTOCLEAR", "--associated", str(path)]
    while "1" in run(leaving).split() and time.monotonic() < deadline:
        time.sleep(DETACH_POLL_S)


def release_loop(path: Path) -> None:
    """Detach the image's loop device; if something still uses it the kernel detaches it after the last user."""
    device = find_loop(path)
    if device is not None:
        run(["losetup", "--detach", device])


def loops_under(folder: Path) -> list[str]:
    """Return the loop devices whose images lie in the folder, deleted images too."""
    listing = run(["losetup", "--list", "--json", "--output", "NAME,BACK-FILE"])
    devices = json.loads(listing)["loopdevices"] if listing else []
    return [device["name"] for device in devices if str(device["back-file"]).startswith(f"{folder}/")]


def mounts_under(folder: Path) -> list[Path]:
    """Return the mount points in the folder, innermost first."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [line.split()[4].replace("\\040", " ") for line in lines]
    return sorted((Path(point) for point in points if point.startswith(f"{folder}/")), reverse=True)


def mount(image: Path, point: Path) -> None:
    """Mount the image on the host, if it is not."""
    point.mkdir(parents=True, exist_ok=True)
    if not point.is_mount():
        run(["mount", "-o", MOUNT_OPTIONS, ensure_loop(image), str(point)])


def unmount(image: Path, point: Path) -> None:
    """Unmount the image and give its loop device back."""
    if point.is_mount():
        run(["umount", str(point)])
    if image.exists():
        release_loop(image)
