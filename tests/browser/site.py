"""The deployed site: its names, the one key that its certificate may have, and how operators sign in."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verification.deployment import Deployment, find_deployment

# Attempts are counted for minutes, and the journeys sign in more often than any one person.
FORGET_ATTEMPTS = """
docker exec "$(docker ps --quiet --filter label=com.docker.compose.service=redis)" sh -c '
  export REDISCLI_AUTH="$(cat /run/secrets/redis_password)"
  redis-cli --scan --pattern "slipway-limits*" | while read -r key; do redis-cli unlink "$key"; done'
"""


@dataclass(frozen=True)
class Operator:
    """Who passes the guards, and who is staff behind them."""

    user: str
    password: str
    staff_email: str


@dataclass(frozen=True)
class Site:
    """One deployment of a checkout."""

    root: Path
    deployment: Deployment
    operator: Operator

    @classmethod
    def of(cls, root: Path) -> Site:
        """Ask the checkout's own command line."""
        status = json.loads(_slipway(root, "status", "-s", "local", "--json"))
        found: dict[str, Any] = status["sign_in"]
        password = Path(found["password_file"]).read_text().strip()
        operator = Operator(found["user"], password, found["staff_email"])
        return cls(root, find_deployment(root, status["address"], {}), operator)

    def url(self, path: str = "/", label: str = "") -> str:
        """Return an address of the site, or of one of its guarded hosts."""
        return f"https://{label}{'.' if label else ''}{self.deployment.domain}{path}"

    def key_hash(self) -> str:
        """Return the hash of the key in the site's certificate, having verified that by the deployment's own CA."""
        context = ssl.create_default_context(cafile=str(self.deployment.ca_file))
        domain = self.deployment.domain
        with (
            socket.create_connection((self.deployment.address, 443), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname=domain) as secured,
        ):
            binary = secured.getpeercert(binary_form=True)
        assert binary is not None
        key = x509.load_der_x509_certificate(binary).public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(spki).digest()).decode()

    def slipway(self, *arguments: str) -> str:
        """Run the checkout's own command line."""
        return _slipway(self.root, *arguments)

    def forget_attempts(self) -> None:
        """Let the API forget who tried what how often."""
        self.slipway("exec", "-s", "local", "--", FORGET_ATTEMPTS)


def _slipway(root: Path, *arguments: str) -> str:
    argv = [str(root / ".venv" / "bin" / "slipway"), *arguments]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
