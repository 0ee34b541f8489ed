"""The authority that signs the ACME server's own TLS certificate; clients of the ACME server are given it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from localcloud.machines.place import ACME_HOST, Place

LIFE = timedelta(days=3650)
BACKDATED = timedelta(days=1)


def ensure_endpoint_certificate(place: Place) -> None:
    """Make authority, key and certificate once; they stay for the instance's life."""
    folder = place.acme_home / "server"
    if place.endpoint_authority.exists() and (folder / "endpoint.pem").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key, f"Local cloud {place.name}, ACME endpoint")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _endpoint(key.public_key(), authority, authority_key, place.acme_address)
    key_file = folder / "endpoint-key.pem"
    key_file.touch(mode=0o600)
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    place.endpoint_authority.write_bytes(authority.public_bytes(pem))
    (folder / "endpoint.pem").write_bytes(certificate.public_bytes(pem))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - BACKDATED).not_valid_after(now + LIFE)


def _authority(key: ec.EllipticCurvePrivateKey, title: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    signs = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(name, name, key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(signs, critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return builder.sign(key, hashes.SHA256())


def _endpoint(
    key: ec.EllipticCurvePublicKey, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey, address: str
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ACME_HOST)])
    names = x509.SubjectAlternativeName([x509.DNSName(ACME_HOST), x509.IPAddress(ip_address(address))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    builder = _builder(name, authority.subject, key)
    builder = builder.add_extension(names, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.add_extension(issuer, critical=False).sign(authority_key, hashes.SHA256())
