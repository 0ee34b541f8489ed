"""Which TCP ports of an address answer: a connect scan of all of them, bounded in sockets and time."""

from __future__ import annotations

import errno
import resource
import select
import socket
import time
from collections.abc import Iterable

ALL_PORTS = range(1, 65536)
BATCH = 16384
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.4, 2.0
# A filtered port says nothing, so the wait is set by how quickly an open one answers.
ROUND_TRIPS = 20
KNOWN_OPEN = 443


def open_ports(address: str, ports: Iterable[int] = ALL_PORTS, wait_s: float | None = None) -> list[int]:
    """Return the ports that accept a connection within `wait_s` seconds; filtered and closed ones are left out.

    Without `wait_s` the wait is twenty times what port 443 takes to accept, between 0.4 and 2 seconds.
    """
    wait_s = _fitting_wait(address) if wait_s is None else wait_s
    limit = _raise_descriptor_limit()
    batch = min(BATCH, max(64, limit // 2))
    wanted = list(ports)
    found: list[int] = []
    for start in range(0, len(wanted), batch):
        found += _scan(address, wanted[start : start + batch], wait_s)
    return sorted(found)


def _fitting_wait(address: str) -> float:
    start = time.monotonic()
    try:
        with socket.create_connection((address, KNOWN_OPEN), timeout=LONGEST_WAIT_S):
            taken = time.monotonic() - start
    except OSError:
        return LONGEST_WAIT_S
    return min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, ROUND_TRIPS * taken))


def _raise_descriptor_limit() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ceiling = 2 * BATCH if hard == resource.RLIM_INFINITY else min(hard, 2 * BATCH)
    if soft < ceiling:
        resource.setrlimit(resource.RLIMIT_NOFILE, (ceiling, hard))
    return max(soft, ceiling)


def _scan(address: str, ports: list[int], wait_s: float) -> list[int]:
    poller = select.poll()
    pending: dict[int, tuple[int, socket.socket]] = {}
    found: list[int] = []
    for port in ports:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        state = sock.connect_ex((address, port))
        if state == errno.EINPROGRESS:
            pending[sock.fileno()] = (port, sock)
            poller.register(sock, select.POLLOUT)
            continue
        if state == 0:
            found.append(port)
        sock.close()
    deadline = time.monotonic() + wait_s
    while pending and (left := deadline - time.monotonic()) > 0:
        for descriptor, _ in poller.poll(left * 1000):
            port, sock = pending.pop(descriptor)
            poller.unregister(descriptor)
            if sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                found.append(port)
            sock.close()
    for _, sock in pending.values():
        sock.close()
    return found
