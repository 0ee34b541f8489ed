"""The data volume: mounted now and at every boot, formatted only when it is blank."""

import shlex
from pathlib import Path

from rollout.bundle import Volume
from rollout.errors import DataAtRisk
from rollout.host import Host

_NOTHING_FOUND = 2  # blkid's exit code
_LOOKED_AT = 1 << 20
_UNITS = Path("/etc/systemd/system")


def mount_volume(host: Host, volume: Volume, prefix: str = "") -> str:
    """Have the volume's file system at its mount point; raises DataAtRisk rather than overwrite anything."""
    kind = _file_system(host, volume.device)
    made = ""
    if kind is None:
        host.run(["mkfs.ext4", "-q", "-m", "1", volume.device], timeout_s=300)
        made = ", made a file system"
    elif kind not in {"ext4", "xfs"}:
        raise DataAtRisk(
            f"the data volume holds {kind}, not a file system of ours",
            where=volume.device,
            todo="save what is on it, then wipe it by hand (wipefs), or name another volume",
        )
    host.folder(Path(volume.mount), mode=0o711)
    if not _is_mounted(host, volume):
        host.run(["mount", "-o", "noatime", volume.device, volume.mount])
    grown = _grow(host, volume) if kind == "ext4" else ""
    if host.has_systemd():
        _mount_at_boot(host, volume, prefix)
    return f"data volume mounted{made}{grown}"


def _grow(host: Host, volume: Volume) -> str:
    """Let the file system fill a volume that was made larger; one that stays smaller is told, and as good as before."""
    done = host.run(["resize2fs", volume.device], timeout_s=300, check=False)
    if done.code == 0:
        return ""
    said = [line for line in (done.out + done.err).splitlines() if line.strip()]
    return f", which did NOT GROW: {said[-1] if said else f'resize2fs ended with code {done.code}'}"


def _file_system(host: Host, device: str) -> str | None:
    """Return what lies on the device, or None when it is blank."""
    probe = host.run(["blkid", "--probe", "--output", "export", device], check=False)
    if probe.code == 0:
        found = dict(line.split("=", 1) for line in probe.out.splitlines() if "=" in line)
        return found.get("TYPE") or found.get("PTTYPE") or "something unnamed"
    with Path(device).open("rb") as stream:
        start = stream.read(_LOOKED_AT)
    return None if probe.code == _NOTHING_FOUND and not any(start) else "data that blkid can't name"


def _is_mounted(host: Host, volume: Volume) -> bool:
    shown = host.run(["findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", volume.mount], check=False)
    source = shown.out.strip()
    if not source:
        return False
    if Path(source).resolve() != Path(volume.device).resolve():
        raise DataAtRisk(
            f"{source} is mounted where the data volume belongs", where=volume.mount, todo=f"umount {volume.mount}"
        )
    return True


def _mount_at_boot(host: Host, volume: Volume, prefix: str) -> None:
    """Install a service rather than a mount unit: it also waits for devices that udev never tells systemd about."""
    name = f"{prefix}slipway-data.service"
    unit, order = _UNITS / name, _UNITS / "docker.service.d" / f"{prefix}slipway-data.conf"
    wait = f"until [ -b {shlex.quote(volume.device)} ]; do sleep 0.2; done"
    device, place = shlex.quote(volume.device), shlex.quote(volume.mount)
    mount = f"mountpoint -q {place} || mount -o noatime {device} {place}"
    text = (
        "[Unit]\nDescription=Mount Slipway's data volume\nBefore=docker.service\nDefaultDependencies=no\n"
        "After=local-fs.target\nConflicts=umount.target\n\n"
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nTimeoutStartSec=120\n"
        f'ExecStart=/bin/sh -c "{wait}; {mount}"\n\n[Install]\nWantedBy=multi-user.target\n'
    )
    # Without its data volume Docker would start Postgres on an empty directory of the root disk.
    requires = f"[Unit]\nRequires={name}\nAfter={name}\n"
    if unit.exists() and order.exists() and unit.read_text() == text and order.read_text() == requires:
        return
    host.folder(order.parent)
    host.write(unit, text)
    host.write(order, requires)
    host.run(["systemctl", "daemon-reload"])
    host.run(["systemctl", "enable", "--now", name], timeout_s=150)
