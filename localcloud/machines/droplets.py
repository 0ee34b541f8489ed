"""Droplets: containers that boot systemd from a disk of their own.

A container lives from one boot to the next power-off; everything that has to last is on the droplet's disk, a file
system image under HOME that holds what differs from the droplet image. So a droplet survives the loss of its container,
of the Docker network and of the machine's boot, and a resize is nothing but other options at the next boot.
"""

import errno
import os
import shutil
import time
from importlib import resources
from pathlib import Path

from localcloud.errors import RuntimeFailure
from localcloud.machines import addresses, devices, disks, docker, firewall, seed, vpc
from localcloud.machines.place import DROPLET_LABEL, INSTANCE_LABEL, Place
from localcloud.machines.records import DropletRecord, Shelf

CAPABILITIES = ("SYS_ADMIN", "SYS_BOOT", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYSLOG", "DAC_READ_SEARCH")
"""What systemd and a nested Docker need; SYS_BOOT makes a reboot tell itself from a power-off by the exit code."""
HALT = "SIGRTMIN+3"
REBOOTED = 129
"""Exit code of an init that asked the kernel for a reboot (killed by SIGHUP)."""
READY_TIMEOUT_S = 30
POLL_S = 0.02
CGROUP_V1 = (
    "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1 systemd.legacy_systemd_cgroup_controller=1"
)
"""Debian 13's systemd wants cgroup v2 unless told; no argument is needed on a v2 host (that path is untested)."""


def init_arguments() -> str:
    """Return init's arguments for this host's kind of control groups."""
    return "" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else CGROUP_V1


class Disk:
    """The droplet's own disk: an image file and the folder it is mounted on."""

    def __init__(self, place: Place, droplet_id: int) -> None:
        self.folder = place.droplets / str(droplet_id)
        self.image = self.folder / "disk.img"
        self.root = self.folder / "disk"
        self.gate = self.root / "ready"

    def create(self, place: Place, record: DropletRecord) -> None:
        """Make and fill the disk, leaving it mounted."""
        disks.create_image(self.image, record.spec.disk_gb, "ext4")
        self.mount()
        for name in ("upper", "work", "root", "plain"):
            (self.root / name).mkdir(exist_ok=True)
        if not self.gate.exists():
            os.mkfifo(self.gate, 0o600)
        seed.plant(place, record.spec, self.root / "upper")

    def mount(self) -> None:
        """Mount the disk on the host, where the droplet's container finds it."""
        disks.mount(self.image, self.root)

    def unmount(self) -> None:
        """Unmount the disk; the droplet must be off."""
        disks.unmount(self.image, self.root)

    def grow(self, size_gb: int) -> None:
        """Make the disk and its file system larger; the droplet must be off."""
        self.unmount()
        disks.grow_image(self.image, size_gb)
        disks.grow_filesystem(self.image)

    def open_gate(self) -> None:
        """Let the waiting container go on to its init."""
        deadline = time.monotonic() + READY_TIMEOUT_S
        while True:
            try:
                gate = os.open(self.gate, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO or time.monotonic() > deadline:
                    raise RuntimeFailure(f"the droplet's container does not wait at {self.gate}: {error}") from error
                time.sleep(POLL_S)
                continue
            try:
                os.write(gate, f"{init_arguments()}\n".encode())
            finally:
                os.close(gate)
            return


class Droplets:
    """Boots and halts the droplets of one instance."""

    def __init__(self, place: Place, shelf: Shelf) -> None:
        self._place = place
        self._shelf = shelf

    def container(self, droplet_id: int) -> str:
        """Name the droplet's container."""
        return self._place.droplet_container(droplet_id)

    def is_running(self, droplet_id: int) -> bool:
        """Tell whether the droplet runs."""
        return docker.is_running(self.container(droplet_id))

    def create(self, record: DropletRecord) -> None:
        """Make the droplet's disk and boot it; what a failure leaves is removed."""
        try:
            Disk(self._place, record.spec.id).create(self._place, record)
            self._shelf.save_droplet(record)
            self.boot(record)
        except RuntimeFailure:
            self.destroy(record.spec.id)
            raise

    def boot(self, record: DropletRecord) -> None:
        """Boot the droplet from its disk; network, firewall and volumes are there before its init starts."""
        name = self.container(record.spec.id)
        docker.remove(name)
        if docker.inspect("image", record.image_id) is None:
            raise RuntimeFailure(
                f"the image {record.image_id[:19]} that droplet {record.spec.name} was made from is gone: destroy it "
                "and create it anew"
            )
        disk = Disk(self._place, record.spec.id)
        disk.mount()
        try:
            self._run_container(name, record, disk)
            self._equip(record, docker.process_id(name))
            disk.open_gate()
        except RuntimeFailure as failure:
            said = docker.logs(name)
            docker.remove(name)
            vpc.unplug(self._place, record.spec.id)
            disk.unmount()
            raise RuntimeFailure(f"droplet {record.spec.name} did not boot: {failure} {said}".strip()) from failure

    def halt(self, droplet_id: int, timeout_s: int) -> None:
        """Have the droplet's init power off, pull the plug after the timeout, and put its disk away."""
        docker.stop(self.container(droplet_id), timeout_s)
        self.clear(droplet_id)

    def clear(self, droplet_id: int) -> None:
        """Remove what a droplet that is off leaves outside its disk."""
        docker.remove(self.container(droplet_id))
        vpc.unplug(self._place, droplet_id)
        Disk(self._place, droplet_id).unmount()

    def destroy(self, droplet_id: int) -> None:
        """Remove the droplet with its disk."""
        self.clear(droplet_id)
        folder = Disk(self._place, droplet_id).folder
        if folder.exists():
            shutil.rmtree(folder)

    def exit_code(self, droplet_id: int) -> int | None:
        """Return the exit code of a container that has ended, None while it runs or when there is none."""
        found = docker.inspect("container", self.container(droplet_id))
        return None if found is None or found["State"]["Running"] else int(found["State"]["ExitCode"])

    def process_id(self, droplet_id: int) -> int | None:
        """Return the host's id of the droplet's init, None when the droplet is off."""
        return docker.process_id(self.container(droplet_id)) if self.is_running(droplet_id) else None

    def _run_container(self, name: str, record: DropletRecord, disk: Disk) -> None:
        spec, options = record.spec, [f"--cap-add={capability}" for capability in CAPABILITIES]
        options += [f"--security-opt={part}" for part in ("seccomp=unconfined", "apparmor=unconfined")]
        options += ["--security-opt=systempaths=unconfined", "--cgroupns=private", "--device-cgroup-rule=a *:* rwm"]
        options += [
            f"--memory={spec.memory_mb}m",
            f"--memory-swap={spec.memory_mb}m",
            f"--cpus={self._cpus(spec.vcpus)}",
        ]
        options += [f"--shm-size={spec.memory_mb // 2}m", f"--stop-signal={HALT}", "--env=container=docker"]
        options += [f"--network={self._place.public_network}", f"--ip={spec.public_ip}", f"--hostname={spec.hostname}"]
        options += [f"--volume={disk.root}:/mnt"]
        script = resources.files("localcloud.machines").joinpath("boot.sh").read_text(encoding="utf-8")
        labels = {INSTANCE_LABEL: self._place.name, DROPLET_LABEL: str(spec.id)}
        docker.run_container(name, record.image_id, options, ["/bin/sh", "-c", script], labels)

    @staticmethod
    def _cpus(vcpus: int) -> int:
        """Docker refuses more processors than the machine has."""
        return min(vcpus, os.cpu_count() or 1)

    def _equip(self, record: DropletRecord, pid: int) -> None:
        firewall.apply(pid, record.firewall)
        if record.spec.private_ip:
            vpc.plug(self._place, record, self._shelf.vpc(record.spec.vpc_id), pid)
        for ip in record.reserved_ips:
            addresses.assign(pid, ip)
        for link in record.volumes:
            devices.show(pid, link, disks.ensure_loop(self._place.volumes / f"{link.volume_id}.img"))
