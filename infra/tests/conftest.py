"""What the program's tests share: a good configuration, and a run of the components on Pulumi's mocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from infra.settings import LETS_ENCRYPT_STAGING


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    key = Ed25519PrivateKey.generate()
    path = tmp_path / "operator"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    return path


@pytest.fixture
def good_config(key_file: Path) -> dict[str, str]:
    return {
        "slipway:domain": "example.com",
        "slipway:operatorNetworks": '["203.0.113.7/32"]',
        "slipway:acmeEmail": "ops@example.com",
        "slipway:acmeDirectory": LETS_ENCRYPT_STAGING,
        "slipway:rootSecret": "a-root-secret-of-more-than-32-characters",
        "slipway:sshKeyFile": str(key_file),
        "digitalocean:token": "token",
    }
