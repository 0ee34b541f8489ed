"""Reserved addresses: a second address on the droplet's public interface, announced to its neighbours.

`python -m localcloud.machines.addresses INTERFACE ADDRESS` sends the announcement; it runs in the droplet's network
namespace, which a thread of a Python 3.11 process cannot enter by itself.
"""

import socket
import struct
import sys
from pathlib import Path

from localcloud.machines.commands import environment, run
from localcloud.machines.netns import attempt_in_netns, entering, in_netns

PUBLIC_INTERFACE = "eth0"
PACKAGE_ROOT = Path(__file__).parents[2]
ETHERTYPE_ARP = 0x0806
BROADCAST = b"\xff" * 6


def assign(pid: int, ip: str) -> None:
    """Give the address to the droplet and tell everybody on the network."""
    in_netns(pid, ["ip", "address", "replace", f"{ip}/32", "dev", PUBLIC_INTERFACE])
    path = {"PYTHONPATH": f"{PACKAGE_ROOT}:{environment().get('PYTHONPATH', '')}"}
    run(entering(pid, [sys.executable, "-m", "localcloud.machines.addresses", PUBLIC_INTERFACE, ip]), env=path)


def unassign(pid: int, ip: str) -> None:
    """Take the address from the droplet; one that it does not have is fine."""
    done = attempt_in_netns(pid, ["ip", "address", "show", "dev", PUBLIC_INTERFACE, "to", f"{ip}/32"])
    if done.stdout.strip():
        in_netns(pid, ["ip", "address", "delete", f"{ip}/32", "dev", PUBLIC_INTERFACE])


def announcement(mac: bytes, ip: str) -> bytes:
    """Build the gratuitous ARP request that makes neighbours forget who had the address before."""
    address = socket.inet_aton(ip)
    ethernet = BROADCAST + mac + struct.pack("!H", ETHERTYPE_ARP)
    head = struct.pack("!HHBBH", 1, 0x0800, 6, 4, 1)
    return ethernet + head + mac + address + b"\x00" * 6 + address


def announce(interface: str, ip: str) -> None:
    """Send the announcement on an interface of the current network namespace."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as raw:
        raw.bind((interface, ETHERTYPE_ARP))
        mac = raw.getsockname()[4]
        raw.send(announcement(mac, ip))


if __name__ == "__main__":
    announce(sys.argv[1], sys.argv[2])
