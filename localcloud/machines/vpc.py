"""Private networks: one bridge each that the host has no address on.

They are plain bridges, not Docker networks, because Docker refuses the same range twice on one machine while two
instances, or two VPCs of different regions, may well use it.
"""

import json

from localcloud.machines.commands import attempt, run
from localcloud.machines.netns import in_netns
from localcloud.machines.place import Place
from localcloud.machines.records import DropletRecord, VpcRecord

PRIVATE_INTERFACE = "eth1"


def _bridge(place: Place, vpc_id: str) -> str:
    return place.interface("v", vpc_id)


def _forward_rule(bridge: str) -> list[str]:
    """The rule that lets a VPC's frames pass where bridged traffic runs through iptables, as it does beside Docker."""
    return ["FORWARD", "-i", bridge, "-o", bridge, "-m", "comment", "--comment", "localcloud vpc", "-j", "ACCEPT"]


def ensure_bridge(place: Place, vpc_id: str) -> str:
    """Make the private network's bridge unless it is there, and return its name."""
    bridge = _bridge(place, vpc_id)
    if attempt(["ip", "link", "show", bridge]).returncode != 0:
        run(["ip", "link", "add", bridge, "type", "bridge"])
    run(["ip", "link", "set", bridge, "alias", f"localcloud {place.name} vpc", "up"])
    if attempt(["iptables", "-w", "-C", *_forward_rule(bridge)]).returncode != 0:
        run(["iptables", "-w", "-I", *_forward_rule(bridge)])
    return bridge


def remove_bridge(place: Place, vpc_id: str) -> None:
    """Remove the private network's bridge and rule."""
    _remove(_bridge(place, vpc_id))


def remove_all_bridges(place: Place) -> None:
    """Remove every bridge of this instance, known by its alias: records may be lost."""
    for link in json.loads(run(["ip", "-json", "link", "show", "type", "bridge"]) or "[]"):
        if link.get("ifalias") == f"localcloud {place.name} vpc":
            _remove(link["ifname"])


def _remove(bridge: str) -> None:
    if attempt(["iptables", "-w", "-C", *_forward_rule(bridge)]).returncode == 0:
        run(["iptables", "-w", "-D", *_forward_rule(bridge)])
    if attempt(["ip", "link", "show", bridge]).returncode == 0:
        for plugged in json.loads(run(["ip", "-json", "link", "show", "master", bridge]) or "[]"):
            _delete_link(plugged["ifname"])
        _delete_link(bridge)


def _outer(place: Place, droplet_id: int) -> str:
    return place.interface("d", str(droplet_id))


def unplug(place: Place, droplet_id: int) -> None:
    """Take the droplet's private interface away, both ends of it.

    The kernel does so with the network namespace, but that was seen to outlive its container by minutes.
    """
    _delete_link(_outer(place, droplet_id))


def _delete_link(name: str) -> None:
    """Delete an interface that may be absent, or that the kernel may be deleting at this moment."""
    attempt(["ip", "link", "delete", name])
    if attempt(["ip", "link", "show", name]).returncode == 0:
        run(["ip", "link", "delete", name])


def plug(place: Place, record: DropletRecord, vpc: VpcRecord, pid: int) -> None:
    """Give the droplet its private interface."""
    outer = _outer(place, record.spec.id)
    unplug(place, record.spec.id)
    run(["ip", "link", "add", outer, "type", "veth", "peer", "name", PRIVATE_INTERFACE, "netns", str(pid)])
    alias = f"localcloud {place.name} droplet"
    run(["ip", "link", "set", outer, "alias", alias, "master", ensure_bridge(place, vpc.vpc_id), "up"])
    address = f"{record.spec.private_ip}/{vpc.cidr.prefixlen}"
    in_netns(pid, ["ip", "address", "add", address, "dev", PRIVATE_INTERFACE])
    in_netns(pid, ["ip", "link", "set", PRIVATE_INTERFACE, "up"])
