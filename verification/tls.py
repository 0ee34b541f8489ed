"""What the site's TLS offers, asked by hand-made greetings.

A greeting of our own can offer what this machine's OpenSSL refuses to speak; else an old version that the site takes
would look as if the site refused it. Up to TLS 1.2 the certificates travel in the clear, so the answer holds them too.
"""

from __future__ import annotations

import os
import socket
import ssl
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from verification.certificates import described
from verification.deployment import Deployment
from verification.errors import SiteUnreachable
from verification.suites import GOOD, KNOWN

TIMEOUT_S = 5
VERSIONS = {"TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303}
# Measured with Traefik and Pebble: 0.4 to 8 s, more on a busy machine or with refused nonces.
ISSUING_TIMEOUT_S = 60.0
_HANDSHAKE = 22
_SERVER_HELLO, _CERTIFICATE, _SERVER_HELLO_DONE = 2, 11, 14
_GROUPS = (29, 23, 24)
_SIGNATURES = (0x0403, 0x0503, 0x0804, 0x0805, 0x0401, 0x0501, 0x0203, 0x0201)


@dataclass(frozen=True)
class Greeting:
    """The server's answer to a greeting: what it chose, and its certificates, the site's own first."""

    version: int
    suite: int
    chain: tuple[bytes, ...]


def offered_versions(address: str, name: str, port: int = 443) -> list[str]:
    """Return the versions that the site speaks, oldest first."""
    found = [label for label, number in VERSIONS.items() if greet(address, name, number, list(KNOWN), port)]
    return [*found, "TLS 1.3"] if _speaks_1_3(address, name, port) else found


def offered_suites(address: str, name: str, port: int = 443) -> set[str]:
    """Return the cipher suites that the site takes in TLS 1.2, found by offering ever fewer."""
    left, found = list(KNOWN), set[str]()
    while left and (answer := greet(address, name, VERSIONS["TLS 1.2"], left, port)):
        if answer.suite not in left:
            break  # it took what wasn't offered; asking on would never end
        left.remove(answer.suite)
        found.add(KNOWN[answer.suite])
    return found


def served_chain(address: str, name: str, port: int = 443) -> list[x509.Certificate]:
    """Return the certificates that the site sends for a name."""
    answer = greet(address, name, VERSIONS["TLS 1.2"], list(GOOD), port)
    if answer is None:
        raise SiteUnreachable(f"{address}:{port} refuses TLS 1.2 for {name}")
    if not answer.chain:
        raise SiteUnreachable(f"{address}:{port} sends no certificate for {name}")
    return [x509.load_der_x509_certificate(der) for der in answer.chain]


def served_certificate(deployment: Deployment) -> dict[str, Any]:
    """Return the names, issuer and dates of the certificate that the site serves."""
    return described(served_chain(deployment.address, deployment.domain))


def greet(address: str, name: str, version: int, suites: Sequence[int], port: int = 443) -> Greeting | None:
    """Offer one version and some suites; None when the server refuses. Raises SiteUnreachable without a connection."""
    try:
        connection = socket.create_connection((address, port), timeout=TIMEOUT_S)
    except OSError as error:
        raise SiteUnreachable(f"no answer from {address}:{port}: {error}") from error
    with connection:
        try:
            connection.sendall(_client_hello(name, version, suites))
            return _answer(connection)
        except (ConnectionError, EOFError):
            return None  # it hung up instead of saying no
        except TimeoutError as error:
            raise SiteUnreachable(f"{address}:{port} doesn't answer a TLS greeting in {TIMEOUT_S} s") from error


def await_certificate(deployment: Deployment, timeout_s: float = ISSUING_TIMEOUT_S) -> None:
    """Wait until the site's certificate is one for the site; a first deployment ends before ACME does.

    Without one after `timeout_s` seconds this returns all the same: the checks say what is wrong.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        try:
            if deployment.domain in served_certificate(deployment)["subject_alternative_names"]:
                return
        except SiteUnreachable:
            return
        time.sleep(0.2)


def _speaks_1_3(address: str, name: str, port: int) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        with (
            socket.create_connection((address, port), timeout=TIMEOUT_S) as raw,
            context.wrap_socket(raw, server_hostname=name) as secured,
        ):
            return secured.version() == "TLSv1.3"
    except (ssl.SSLError, ConnectionError):
        return False
    except OSError as error:
        raise SiteUnreachable(f"no answer from {address}:{port}: {error}") from error


def _client_hello(name: str, version: int, suites: Sequence[int]) -> bytes:
    host = name.encode("idna")
    extensions = _extension(0, _sized(b"\0" + _sized(host, 2), 2))
    extensions += _extension(10, _numbers(_GROUPS)) + _extension(11, b"\x01\x00")
    if version >= VERSIONS["TLS 1.2"]:
        extensions += _extension(13, _numbers(_SIGNATURES))
    body = struct.pack("!H", version) + os.urandom(32) + b"\0"
    # The last suite promises safe renegotiation, without which strict servers hang up.
    body += _numbers([*suites, 0x00FF]) + b"\x01\x00" + _sized(extensions, 2)
    handshake = b"\x01" + _sized(body, 3)
    return b"\x16\x03\x01" + _sized(handshake, 2)


def _answer(connection: socket.socket) -> Greeting | None:
    version = suite = 0
    for kind, body in _messages(connection):
        if kind == _SERVER_HELLO:
            version, suite_at = struct.unpack_from("!H", body)[0], 35 + body[34]
            suite = struct.unpack_from("!H", body, suite_at)[0]
        if kind == _CERTIFICATE:
            return Greeting(version, suite, tuple(_certificates(body)))
        if kind == _SERVER_HELLO_DONE:
            return Greeting(version, suite, ())
    return None


def _messages(connection: socket.socket) -> Iterator[tuple[int, bytes]]:
    """Yield handshake messages until the server stops or refuses."""
    pending = b""
    while True:
        kind, _, length = struct.unpack("!BHH", _exactly(connection, 5))
        record = _exactly(connection, length)
        if kind != _HANDSHAKE:
            return  # an alert: no
        pending += record
        while len(pending) >= 4 and len(pending) >= (end := 4 + int.from_bytes(pending[1:4], "big")):
            yield pending[0], pending[4:end]
            pending = pending[end:]


def _certificates(body: bytes) -> Iterator[bytes]:
    at = 3
    while at < len(body):
        length = int.from_bytes(body[at : at + 3], "big")
        yield body[at + 3 : at + 3 + length]
        at += 3 + length


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def _extension(number: int, data: bytes) -> bytes:
    return struct.pack("!H", number) + _sized(data, 2)


def _numbers(values: Sequence[int]) -> bytes:
    return _sized(b"".join(struct.pack("!H", value) for value in values), 2)


def _sized(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data
