"""One request at a time to this machine's own ports."""

import http.client
import socket
import ssl
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Answer:
    """What came back; `status` 0 means that nothing did, and `error` says why."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str = ""

    def header(self, name: str) -> str:
        """Return a header's value, or an empty text."""
        return self.headers.get(name.lower(), "")


def get_https(port: int, server_name: str, path: str, *, address: str = "127.0.0.1", timeout_s: float = 5) -> Answer:
    """Ask over TLS with SNI and Host set to `server_name`, on a connection of its own."""
    context = _trusting()
    connection = http.client.HTTPConnection(address, port, timeout=timeout_s)
    try:
        plain = socket.create_connection((address, port), timeout_s)
        connection.sock = context.wrap_socket(plain, server_hostname=server_name)
        return _ask(connection, path, {"Host": server_name, "Connection": "close", "User-Agent": "slipway-rollout"})
    except (OSError, http.client.HTTPException) as fault:
        return Answer(0, error=f"{type(fault).__name__}: {fault}")
    finally:
        connection.close()


def read_certificate(port: int, server_name: str, *, address: str = "127.0.0.1", timeout_s: float = 5) -> bytes | None:
    """Return the certificate that visitors of `server_name` are shown, in DER; None when nothing speaks TLS there."""
    try:
        with (
            socket.create_connection((address, port), timeout_s) as plain,
            _trusting().wrap_socket(plain, server_hostname=server_name) as secured,
        ):
            return secured.getpeercert(binary_form=True)
    except OSError:
        return None


def _trusting() -> ssl.SSLContext:
    """The question is which release answers, or which certificate is shown; verification/ judges the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def ask_http(
    address: str, port: int, path: str, *, accept: str = "*/*", method: str = "GET", timeout_s: float = 5
) -> Answer:
    """Ask in plain HTTP."""
    connection = http.client.HTTPConnection(address, port, timeout=timeout_s)
    try:
        return _ask(connection, path, {"Accept": accept}, method)
    except (OSError, http.client.HTTPException) as fault:
        return Answer(0, error=f"{type(fault).__name__}: {fault}")
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, path: str, headers: dict[str, str], method: str = "GET") -> Answer:
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
