from __future__ import annotations

import socket

from verification.scan import open_ports

LOOPBACK = "127.0.0.1"


def test_a_listening_port_is_found_and_a_closed_one_is_not() -> None:
    with socket.create_server((LOOPBACK, 0)) as listening, socket.create_server((LOOPBACK, 0)) as other:
        wanted, closed = listening.getsockname()[1], other.getsockname()[1]
        other.close()
        assert open_ports(LOOPBACK, [wanted, closed], wait_s=2.0) == [wanted]
