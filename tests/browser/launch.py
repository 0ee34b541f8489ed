#!/usr/bin/env python3
"""Starts Chromium in a network of its own, in which nothing ever changes; run by Playwright in Chromium's place.

Chromium drops every open request (ERR_NETWORK_CHANGED) when an address comes or goes on the machine, and each Docker
network that another test makes is one. In here there is one address, on which two sockets listen; they are handed to
the test run (tests/browser/relay.py), which carries their connections on from the machine's own network.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

EXECUTABLE = "/usr/bin/chromium"
DOOR = "SLIPWAY_BROWSER_DOOR"
ADDRESS = "192.0.2.1"  # of the range for documentation, RFC 5737
PORTS = (80, 443)
CLONE_NEWNET = 0x40000000
# An interface must be up, or pages are told that they are offline.
LINKS = (
    "link set lo up",
    "link add quiet0 type veth peer name quiet1",
    f"address add {ADDRESS}/24 dev quiet0",
    "link set quiet1 up",
    "link set quiet0 up",
)


def main() -> None:
    """Make the network, hand its sockets over, become Chromium."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "a network of the browser's own needs root")
    switch = Path("/proc/sys/net/ipv6/conf/all/disable_ipv6")
    if switch.exists():
        switch.write_text("1")  # an IPv6 address comes seconds after its interface
    for words in LINKS:
        subprocess.run(["ip", *words.split()], check=True)
    listeners = [socket.create_server((ADDRESS, port)) for port in PORTS]
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(os.environ[DOOR])
        socket.send_fds(door, [b"listeners"], [listener.fileno() for listener in listeners])
    os.execv(EXECUTABLE, [EXECUTABLE, *sys.argv[1:]])  # noqa: S606 -- the browser takes this process's place


if __name__ == "__main__":
    main()
