"""What is wrong with a certificate, and what it says of itself."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from verification.errors import SiteUnreachable

SHORTEST_LEFT = timedelta(days=7)
SMALLEST_RSA, SMALLEST_EC = 2048, 256
STAGING_ISSUERS = ("STAGING", "Pebble")
TIMEOUT_S = 5


def described(chain: Sequence[x509.Certificate]) -> dict[str, Any]:
    """Return the names, issuer and dates of the first certificate, and whom the others belong to."""
    leaf = chain[0]
    return {
        "subject_alternative_names": names_of(leaf),
        "issuer": leaf.issuer.rfc4514_string(),
        "not_before": leaf.not_valid_before_utc.isoformat(),
        "not_after": leaf.not_valid_after_utc.isoformat(),
        "serial": f"{leaf.serial_number:x}",
        "key": _key(leaf),
        "chain": [each.subject.rfc4514_string() for each in chain],
    }


def names_of(certificate: x509.Certificate) -> list[str]:
    """Return the DNS names that a certificate is for."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)


def date_faults(certificate: x509.Certificate, now: datetime) -> list[str]:
    """Say what is wrong with the time that a certificate holds for."""
    if now < certificate.not_valid_before_utc:
        return [f"holds from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC on only"]
    left = certificate.not_valid_after_utc - now
    if left <= timedelta(0):
        return [f"expired on {certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"]
    return [f"expires in {left.total_seconds() / 3600:.0f} hours"] if left < SHORTEST_LEFT else []


def chain_faults(chain: Sequence[x509.Certificate]) -> list[str]:
    """Say where the chain breaks: each certificate must be signed by the next, and the site's own not by itself."""
    if len(chain) < 2:
        return ["the intermediate certificate isn't sent"]
    found = []
    for certificate, issuer in pairwise(chain):
        try:
            certificate.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            found.append(f"{certificate.subject.rfc4514_string()} isn't signed by {issuer.subject.rfc4514_string()}")
    return found


def key_faults(certificate: x509.Certificate) -> list[str]:
    """Say what is too weak about a certificate's key and signature."""
    key, digest = certificate.public_key(), certificate.signature_hash_algorithm
    small = (isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_RSA) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < SMALLEST_EC
    )
    found = [f"a key of {_key(certificate)}"] if small else []
    return [*found, f"signed with {digest.name}"] if digest is not None and digest.name in {"md5", "sha1"} else found


def is_of_staging(certificate: x509.Certificate) -> bool:
    """Tell whether Let's Encrypt's staging CA, or the local one in its place, issued a certificate."""
    return any(word in certificate.issuer.rfc4514_string() for word in STAGING_ISSUERS)


def distrusted_names(address: str, names: Collection[str], context: ssl.SSLContext, port: int = 443) -> dict[str, str]:
    """Return the names for which a browser with these CAs would warn, each with the reason."""
    found = {}
    for name in sorted(names):
        try:
            with (
                socket.create_connection((address, port), timeout=TIMEOUT_S) as raw,
                context.wrap_socket(raw, server_hostname=name),
            ):
                pass
        except ssl.SSLError as error:
            found[name] = getattr(error, "verify_message", "") or str(error.reason)
        except OSError as error:
            raise SiteUnreachable(f"no answer from {address}:{port}: {error}") from error
    return found


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return f"EC {key.key_size}" if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__
