"""SSH keys: the operators' own, and the droplet's host key derived so that it can be pinned before it boots."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

from infra.errors import InfraError

_ED25519 = b"ssh-ed25519"


class OperatorKeyError(InfraError):
    """The operators' private key can't be read."""


@dataclass(frozen=True)
class OperatorKey:
    """The key pair that reaches the droplet: OpenSSH texts, and the file it came from, if it came from one."""

    private: str = field(repr=False)
    public: str
    file: Path | None = None

    @classmethod
    def from_file(cls, path: Path) -> OperatorKey:
        """Read the private key at `path`; raises OperatorKeyError when it is absent, encrypted or no key."""
        try:
            text = path.read_text()
        except OSError as error:
            raise OperatorKeyError(f"{path} can't be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise OperatorKeyError(f"{path} is no OpenSSH private key") from error
        return cls(text, _public_of(text, str(path)), path)

    @classmethod
    def from_text(cls, text: str) -> OperatorKey:
        """Take the private key itself; raises OperatorKeyError when it is encrypted or no key."""
        text = text.strip() + "\n"
        return cls(text, _public_of(text, "the given text"))


def _public_of(private: str, source: str) -> str:
    try:
        key = load_ssh_private_key(private.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise OperatorKeyError(f"{source} is no unencrypted OpenSSH private key ({error})") from error
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + " slipway-operator"


@dataclass(frozen=True)
class HostKey:
    """The droplet's SSH identity, OpenSSH texts."""

    private: str = field(repr=False)
    public: str


def host_key(seed: bytes) -> HostKey:
    """Make the ed25519 host key that a 32-byte seed determines.

    The private part is written in the openssh-key-v1 form (PROTOCOL.key in OpenSSH's source). Its check
    number, random elsewhere, comes from the seed, so that the same seed gives the same text and no false diff.
    """
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    blob = _string(_ED25519) + _string(public)
    check = hashlib.sha256(b"check" + seed).digest()[:4]
    body = check + check + blob + _string(seed + public) + _string(b"slipway-host")
    body += bytes(range(1, (-len(body)) % 8 + 1))
    none = _string(b"none")
    raw = b"openssh-key-v1\0" + none + none + _string(b"") + struct.pack(">I", 1) + _string(blob) + _string(body)
    encoded = base64.b64encode(raw).decode()
    lines = [encoded[i : i + 70] for i in range(0, len(encoded), 70)]
    private = "\n".join(["-----BEGIN OPENSSH PRIVATE KEY-----", *lines, "-----END OPENSSH PRIVATE KEY-----", ""])
    return HostKey(private, f"{_ED25519.decode()} {base64.b64encode(blob).decode()}")


def _string(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data
