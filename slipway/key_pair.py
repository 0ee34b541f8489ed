"""Secrets that live in files of their owner's alone."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


def secret_file(path: Path, content: str) -> bool:
    """Write a file that nobody else reads, unless it is there already; returns whether it was written."""
    if path.is_file():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(content)
    return True


def make_key_pair(path: Path) -> bool:
    """Make the operators' SSH key pair, unless it is there already; returns whether it was made."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    if not secret_file(path, private):
        return False
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    path.with_suffix(".pub").write_text(f"{public} slipway-operator\n")
    return True
