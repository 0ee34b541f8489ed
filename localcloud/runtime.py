"""The seam between DigitalOcean's API and the machine that plays the cloud.

The wire side (the API and its state) decides *what* exists: names, addresses, sizes, rules. The machine side makes it
so. The wire side never looks at containers; the machine side never looks at HTTP or SQLite.

What every implementation of `Runtime` promises:

- calls block until the thing is done and may take minutes; they come from worker threads, at most one at a time for the
  same droplet, any number at once for different ones;
- calls are idempotent: creating what exists or removing what is gone succeeds, so that the wire side may repeat a call
  after a crash;
- a failure is `RuntimeFailure` with a message that says what went wrong, where and what to do; nothing half made is
  left behind that would make the same call fail the next time;
- what was made (droplets, volumes, VPCs) outlives the API server's process.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class DropletSpec:
    """A machine to boot, with everything that its image's first boot reads."""

    id: int
    name: str
    hostname: str
    memory_mb: int
    vcpus: int
    disk_gb: int
    image_slug: str
    public_ip: str
    private_ip: str
    vpc_id: str
    ssh_keys: tuple[str, ...]
    """Public keys in authorized_keys form, for root."""
    user_data: str
    """Cloud-init user data exactly as given to the API; empty when there was none."""


@dataclass(frozen=True)
class VolumeSpec:
    """A block device that outlives the droplets it is attached to."""

    id: str
    name: str
    size_gb: int
    filesystem_type: str
    """`ext4`, `xfs` or empty: an empty one is left unformatted."""
    filesystem_label: str


@dataclass(frozen=True)
class Rule:
    """Traffic that a firewall lets pass; what no rule names is dropped."""

    protocol: str
    """`tcp`, `udp` or `icmp`."""
    ports: str
    """`all`, one port (`22`) or a range (`8000-9000`); `all` for icmp."""
    cidrs: tuple[str, ...]
    """Peers in CIDR form, IPv4 and IPv6: sources of an inbound rule, destinations of an outbound one."""


@dataclass(frozen=True)
class FirewallSpec:
    """The union of all firewalls of one droplet, already resolved to addresses."""

    inbound: tuple[Rule, ...]
    outbound: tuple[Rule, ...]


@dataclass(frozen=True)
class Record:
    """One DNS record of a zone."""

    name: str
    """Relative to the zone, `@` for its apex; `*` may be the first label."""
    type: str
    """`A`, `AAAA`, `CNAME`, `MX`, `TXT`, `NS`, `SRV`, `CAA` or `SOA`."""
    data: str
    """An address, a text, or an absolute host name without its final dot (`@` is already resolved); for SOA the
    serial as digits."""
    ttl: int
    priority: int = 0
    weight: int = 0
    port: int = 0
    flags: int = 0
    tag: str = ""


class Runtime(Protocol):
    """What plays the droplets, disks, networks and name servers."""

    def start_network(self) -> None:
        """Bring up the public network and what answers on it (name server, ACME server). Called once at start."""

    def stop_network(self) -> None:
        """Stop what `start_network` started in this process; droplets and their networks stay."""

    def create_vpc(self, vpc_id: str, cidr: str) -> None:
        """Make a private network; another instance on this machine may use the same range."""

    def delete_vpc(self, vpc_id: str) -> None:
        """Remove a private network that has no droplet left."""

    def create_droplet(self, spec: DropletSpec) -> None:
        """Create the droplet and start its boot; return as soon as it runs, without waiting for cloud-init."""

    def destroy_droplet(self, droplet_id: int) -> None:
        """Remove the droplet with its disk; attached volumes are kept."""

    def power_on(self, droplet_id: int) -> None:
        """Boot the droplet if it is off, with its volumes, reserved address and firewall as they were."""

    def power_off(self, droplet_id: int) -> None:
        """Pull the plug."""

    def shutdown(self, droplet_id: int) -> None:
        """Ask the droplet's init to power off and wait for it; RuntimeFailure when it does not."""

    def reboot(self, droplet_id: int) -> None:
        """Restart the droplet in an orderly way and return once it runs again."""

    def resize(self, droplet_id: int, memory_mb: int, vcpus: int, disk_gb: int) -> None:
        """Give the droplet, which is off, another size."""

    def is_running(self, droplet_id: int) -> bool:
        """Tell whether the droplet runs; False also when there is no such droplet."""
        ...

    def create_volume(self, spec: VolumeSpec) -> None:
        """Make the volume and format it if a file system type is given."""

    def resize_volume(self, volume_id: str, size_gb: int) -> None:
        """Grow the volume, attached or not; the file system on it is the user's to grow."""

    def delete_volume(self, volume_id: str) -> None:
        """Remove the volume and its data."""

    def attach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        """Show the volume to the droplet as `/dev/disk/by-id/scsi-0DO_Volume_<name>`, also after a reboot."""

    def detach_volume(self, volume_id: str, name: str, droplet_id: int) -> None:
        """Take the volume from the droplet."""

    def assign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        """Route the reserved address to the droplet."""

    def unassign_reserved_ip(self, ip: str, droplet_id: int) -> None:
        """Stop routing the reserved address to the droplet."""

    def apply_firewall(self, droplet_id: int, firewall: FirewallSpec | None) -> None:
        """Replace the droplet's packet filter as a whole, also for its later boots; None means unfiltered.

        Answers to allowed connections always pass; addresses of both the public and the private interface count.
        """

    def publish_zones(self, zones: dict[str, tuple[Record, ...]]) -> None:
        """Replace everything the name server answers for; a zone that is not named is no longer ours."""
