"""The certificate that a site serves, read without trusting it."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from slipway.errors import Unreachable

TIMEOUT_S = 5.0
HTTPS_PORT = 443


@dataclass(frozen=True)
class Certificate:
    """Who issued it, for which names, and until when it holds."""

    issuer: str
    names: tuple[str, ...]
    not_after: datetime

    def days_left(self, now: datetime) -> int:
        """Return the whole days until it expires; less than 0 when it has."""
        return (self.not_after - now).days

    def covers(self, domain: str) -> bool:
        """Tell whether a visitor of a domain is shown a certificate with its name."""
        return domain in self.names or f"*.{domain.partition('.')[2]}" in self.names

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "issuer": self.issuer,
            "names": list(self.names),
            "not_after": self.not_after.isoformat(),
            "days_left": self.days_left(datetime.now(UTC)),
        }


def read_certificate(address: str, domain: str, port: int = HTTPS_PORT) -> Certificate:
    """Ask the site for its certificate; raises Unreachable when nothing speaks TLS there."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # what is wrong with it is for the caller to say
    try:
        with (
            socket.create_connection((address, port), timeout=TIMEOUT_S) as raw,
            context.wrap_socket(raw, server_hostname=domain) as secured,
        ):
            binary = secured.getpeercert(binary_form=True)
    except OSError as error:
        raise Unreachable(f"{address}:{port} doesn't speak TLS: {error}") from error
    if binary is None:
        raise Unreachable(f"{address}:{port} sent no certificate")
    return parse(binary)


def parse(binary: bytes) -> Certificate:
    """Read a certificate in DER."""
    found = x509.load_der_x509_certificate(binary)
    common = found.issuer.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    issuer = str(common[0].value) if common else found.issuer.rfc4514_string()
    return Certificate(issuer, tuple(_names(found)), found.not_valid_after_utc)


def _names(found: x509.Certificate) -> list[str]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)
