"""The runtime of the local cloud: droplets, disks and networks of one instance on this machine."""

import threading
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

from localcloud.errors import RuntimeFailure
from localcloud.machines import acme, addresses, devices, disks, docker, public_network, vpc
from localcloud.machines import firewall as packet_filter
from localcloud.machines.dns import NameServer
from localcloud.machines.droplets import REBOOTED, Disk, Droplets
from localcloud.machines.place import Place
from localcloud.machines.records import DropletRecord, Shelf, VolumeLink, VolumeRecord, VpcRecord, write
from localcloud.machines.watcher import Watcher
from localcloud.runtime import DropletSpec, FirewallSpec, Record, VolumeSpec

POWER_OFF_TIMEOUT_S = 10
SHUTDOWN_TIMEOUT_S = 90


class LocalRuntime:
    """Implements `localcloud.runtime.Runtime` with containers, loop devices and packet filters."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._shelf = Shelf(place)
        self._droplets = Droplets(place, self._shelf)
        self._names = NameServer(place.gateway, place.acme_address)
        self._watcher = Watcher(place, self._container_ended)
        self._locks: defaultdict[int, threading.RLock] = defaultdict(threading.RLock)

    def start_network(self) -> None:
        """Bring up networks, name server and ACME server, and watch for droplets that end by themselves."""
        public_network.ensure(self._place)
        for record in self._shelf.vpcs():
            vpc.ensure_bridge(self._place, record.vpc_id)
        self._names.start()
        acme.ensure(self._place)
        self._watcher.start()

    def stop_network(self) -> None:
        """Stop the threads of this process; containers and networks stay."""
        self._watcher.stop()
        self._names.stop()

    def create_vpc(self, vpc_id: str, cidr: str) -> None:
        """Make a private network."""
        record = VpcRecord.model_validate({"vpc_id": vpc_id, "cidr": cidr})
        vpc.ensure_bridge(self._place, vpc_id)
        write(self._shelf.vpc_path(vpc_id), record)

    def delete_vpc(self, vpc_id: str) -> None:
        """Remove a private network."""
        vpc.remove_bridge(self._place, vpc_id)
        self._shelf.vpc_path(vpc_id).unlink(missing_ok=True)

    def create_droplet(self, spec: DropletSpec) -> None:
        """Create the droplet and start its boot."""
        with self._locks[spec.id]:
            if self._shelf.find_droplet(spec.id) is not None:
                self.power_on(spec.id)
                return
            image_id = docker.image_id(f"localcloud/{spec.image_slug}")
            if image_id is None:
                raise RuntimeFailure(
                    f"there is no image for {spec.image_slug} on this machine: run `python -m localcloud image`"
                )
            self._droplets.create(DropletRecord(spec=spec, image_id=image_id))

    def destroy_droplet(self, droplet_id: int) -> None:
        """Remove the droplet with its disk; volumes stay."""
        with self._locks[droplet_id]:
            record = self._shelf.find_droplet(droplet_id)
            self._droplets.destroy(droplet_id)
            for link in record.volumes if record else ():
                disks.release_loop(self._volume_image(link.volume_id))

    def power_on(self, droplet_id: int) -> None:
        """Boot the droplet if it is off."""
        with self._locks[droplet_id]:
            record = self._update(droplet_id, is_on=True)
            if not self._droplets.is_running(droplet_id):
                self._droplets.boot(record)

    def power_off(self, droplet_id: int) -> None:
        """Stop the droplet, by force if it does not end soon."""
        self._halt(droplet_id, POWER_OFF_TIMEOUT_S)

    def shutdown(self, droplet_id: int) -> None:
        """Ask the droplet's init to power off and wait for it."""
        self._halt(droplet_id, SHUTDOWN_TIMEOUT_S)

    def reboot(self, droplet_id: int) -> None:
        """Restart the droplet in an orderly way; one that is off is booted."""
        with self._locks[droplet_id]:
            record = self._update(droplet_id, is_on=True)
            self._droplets.halt(droplet_id, SHUTDOWN_TIMEOUT_S)
            self._droplets.boot(record)

    def resize(self, droplet_id: int, memory_mb: int, vcpus: int, disk_gb: int) -> None:
        """Give the droplet, which is off, another size."""
        with self._locks[droplet_id]:
            record = self._shelf.droplet(droplet_id)
            if self._droplets.is_running(droplet_id):
                raise RuntimeFailure(f"droplet {record.spec.name} is on: power it off before a resize")
            if disk_gb > record.spec.disk_gb:
                Disk(self._place, droplet_id).grow(disk_gb)
            disk_gb = max(disk_gb, record.spec.disk_gb)
            spec = replace(record.spec, memory_mb=memory_mb, vcpus=vcpus, disk_gb=disk_gb)
            self._update(droplet_id, spec=spec)

    def is_running(self, droplet_id: int) -> bool:
        """Tell whether the droplet runs."""
        return self._droplets.is_running(droplet_id)

    def create_volume(self, spec: VolumeSpec) -> None:
        """Make the volume and format it if a file system type is given."""
        disks.create_image(self._volume_image(spec.id), spec.size_gb, spec.filesystem_type, spec.filesystem_label)
        write(self._shelf.volume_path(spec.id), VolumeRecord(spec=spec))

    def resize_volume(self, volume_id: str, size_gb: int) -> None:
        """Grow the volume; the file system on it is the user's to grow."""
        record = self._shelf.volume(volume_id)
        disks.grow_image(self._volume_image(volume_id), size_gb)
        write(self._shelf.volume_path(volume_id), VolumeRecord(spec=replace(record.spec, size_gb=size_gb)))

    def delete_volume(self, volume_id: str) -> None:
        """Remove the volume and its data."""
        image = self._volume_image(volume_id)
        if image.exists():
            disks.release_loop(image)
        image.unlink(missing_ok=True)
        self._shelf.volume_path(volume_id).unlink(missing_ok=True)

    def attach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        """Show the volume to the droplet, now and at its later boots."""
        with self._locks[droplet_id]:
            record, image = self._shelf.droplet(droplet_id), self._volume_image(self._shelf.volume(volume_id).spec.id)
            link = next((one for one in record.volumes if one.volume_id == volume_id), None)
            if link is None:
                letter = next(one for one in ascii_lowercase if one not in {used.letter for used in record.volumes})
                link = VolumeLink(volume_id=volume_id, name=name, letter=letter)
                self._update(droplet_id, volumes=(*record.volumes, link))
            pid = self._droplets.process_id(droplet_id)
            if pid is not None:
                devices.show(pid, link, disks.ensure_loop(image))

    def detach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        """Take the volume from the droplet; what has it mounted there loses it."""
        with self._locks[droplet_id]:
            record, image = self._shelf.find_droplet(droplet_id), self._volume_image(volume_id)
            link = next((one for one in record.volumes if one.volume_id == volume_id), None) if record else None
            if record is None or link is None:
                return
            pid = self._droplets.process_id(droplet_id)
            if pid is not None:
                devices.hide(pid, link, disks.find_loop(image))
            self._update(droplet_id, volumes=tuple(one for one in record.volumes if one != link))
            disks.release_loop(image)

    def assign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        """Route the reserved address to the droplet, now and at its later boots."""
        with self._locks[droplet_id]:
            record = self._shelf.droplet(droplet_id)
            self._update(droplet_id, reserved_ips=tuple(dict.fromkeys((*record.reserved_ips, ip))))
            pid = self._droplets.process_id(droplet_id)
            if pid is not None:
                addresses.assign(pid, ip)

    def unassign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        """Stop routing the reserved address to the droplet."""
        with self._locks[droplet_id]:
            record = self._shelf.find_droplet(droplet_id)
            if record is None:
                return
            self._update(droplet_id, reserved_ips=tuple(one for one in record.reserved_ips if one != ip))
            pid = self._droplets.process_id(droplet_id)
            if pid is not None:
                addresses.unassign(pid, ip)

    def apply_firewall(self, droplet_id: int, firewall: FirewallSpec | None) -> None:
        """Replace the droplet's packet filter as a whole, now and at its later boots."""
        with self._locks[droplet_id]:
            self._update(droplet_id, firewall=firewall)
            pid = self._droplets.process_id(droplet_id)
            if pid is not None:
                packet_filter.apply(pid, firewall)

    def publish_zones(self, zones: dict[str, tuple[Record, ...]]) -> None:
        """Replace everything the name server answers for."""
        self._names.publish(zones)

    def _volume_image(self, volume_id: str) -> Path:
        return self._place.volumes / f"{volume_id}.img"

    def _update(self, droplet_id: int, **changes: object) -> DropletRecord:
        record = self._shelf.droplet(droplet_id).model_copy(update=changes)
        self._shelf.save_droplet(record)
        return record

    def _halt(self, droplet_id: int, timeout_s: int) -> None:
        with self._locks[droplet_id]:
            self._update(droplet_id, is_on=False)
            self._droplets.halt(droplet_id, timeout_s)

    def _container_ended(self, droplet_id: int) -> None:
        """Boot a droplet that rebooted from inside, and put away one that powered itself off."""
        with self._locks[droplet_id]:
            record, code = self._shelf.find_droplet(droplet_id), self._droplets.exit_code(droplet_id)
            if record is None or code is None:
                return
            if code == REBOOTED and record.is_on:
                self._droplets.boot(record)
            else:
                self._update(droplet_id, is_on=False)
                self._droplets.clear(droplet_id)
