"""Asks a name server about the site."""

from __future__ import annotations

import socket

from dnslib import DNSRecord
from dnslib.dns import QTYPE

from verification.errors import NoAnswer

TIMEOUT_S = 5


def addresses_of(name: str, server: str | None) -> set[str]:
    """Return the A records of a name, from `server` or, without one, from the system's resolver.

    Raises NoAnswer when nobody answers.
    """
    try:
        if server is None:
            return {str(info[4][0]) for info in socket.getaddrinfo(name, 443, socket.AF_INET, socket.SOCK_STREAM)}
        answer = DNSRecord.parse(DNSRecord.question(name, "A").send(server, 53, timeout=TIMEOUT_S))
    except OSError as error:
        asked = "the system's resolver" if server is None else server
        raise NoAnswer(f"{asked} says nothing about {name}: {error or type(error).__name__}") from error
    return {str(record.rdata) for record in answer.rr if QTYPE[record.rtype] == "A"}
