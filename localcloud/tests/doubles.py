"""A machine side that only remembers what it was asked."""

import threading
from dataclasses import dataclass, field

from localcloud.errors import RuntimeFailure
from localcloud.runtime import DropletSpec, FirewallSpec, Record, VolumeSpec


@dataclass
class RecordingRuntime:
    """Keeps every call in order and what would now exist; may be told to fail or to hold a call back."""

    calls: list[tuple[object, ...]] = field(default_factory=list)
    droplets: dict[int, DropletSpec] = field(default_factory=dict)
    running: set[int] = field(default_factory=set)
    volumes: dict[str, int] = field(default_factory=dict)
    attached: dict[str, int] = field(default_factory=dict)
    vpcs: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    filters: dict[int, FirewallSpec | None] = field(default_factory=dict)
    zones: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    held: dict[str, threading.Event] = field(default_factory=dict)

    def _called(self, verb: str, *arguments: object) -> None:
        self.calls.append((verb, *arguments))
        if verb in self.held:
            assert self.held[verb].wait(30)
        if verb in self.failing:
            raise RuntimeFailure(f"{verb} was told to fail")

    def verbs(self) -> list[str]:
        return [str(call[0]) for call in self.calls]

    def start_network(self) -> None:
        self._called("start_network")

    def stop_network(self) -> None:
        self._called("stop_network")

    def create_vpc(self, vpc_id: str, cidr: str) -> None:
        self._called("create_vpc", vpc_id, cidr)
        self.vpcs[vpc_id] = cidr

    def delete_vpc(self, vpc_id: str) -> None:
        self._called("delete_vpc", vpc_id)
        self.vpcs.pop(vpc_id, None)

    def create_droplet(self, spec: DropletSpec) -> None:
        self._called("create_droplet", spec.id)
        self.droplets[spec.id] = spec
        self.running.add(spec.id)

    def destroy_droplet(self, droplet_id: int) -> None:
        self._called("destroy_droplet", droplet_id)
        self.droplets.pop(droplet_id, None)
        self.running.discard(droplet_id)

    def power_on(self, droplet_id: int) -> None:
        self._called("power_on", droplet_id)
        self.running.add(droplet_id)

    def power_off(self, droplet_id: int) -> None:
        self._called("power_off", droplet_id)
        self.running.discard(droplet_id)

    def shutdown(self, droplet_id: int) -> None:
        self._called("shutdown", droplet_id)
        self.running.discard(droplet_id)

    def reboot(self, droplet_id: int) -> None:
        self._called("reboot", droplet_id)

    def resize(self, droplet_id: int, memory_mb: int, vcpus: int, disk_gb: int) -> None:
        self._called("resize", droplet_id, memory_mb, vcpus, disk_gb)

    def is_running(self, droplet_id: int) -> bool:
        return droplet_id in self.running

    def create_volume(self, spec: VolumeSpec) -> None:
        self._called("create_volume", spec.id)
        self.volumes[spec.id] = spec.size_gb

    def resize_volume(self, volume_id: str, size_gb: int) -> None:
        self._called("resize_volume", volume_id, size_gb)
        self.volumes[volume_id] = size_gb

    def delete_volume(self, volume_id: str) -> None:
        self._called("delete_volume", volume_id)
        self.volumes.pop(volume_id, None)

    def attach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        self._called("attach_volume", volume_id, name, droplet_id)
        self.attached[volume_id] = droplet_id

    def detach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        self._called("detach_volume", volume_id, name, droplet_id)
        self.attached.pop(volume_id, None)

    def assign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        self._called("assign_reserved_ip", ip, droplet_id)
        self.addresses[ip] = droplet_id

    def unassign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        self._called("unassign_reserved_ip", ip, droplet_id)
        self.addresses.pop(ip, None)

    def apply_firewall(self, droplet_id: int, firewall: FirewallSpec | None) -> None:
        self._called("apply_firewall", droplet_id, firewall)
        self.filters[droplet_id] = firewall

    def publish_zones(self, zones: dict[str, tuple[Record, ...]]) -> None:
        self._called("publish_zones")
        self.zones = zones
