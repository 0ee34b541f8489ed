"""The deployment under test: its facts, its droplet by SSH, and its site as a visitor reaches it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from verification.errors import UnknownDeployment

REQUEST_TIMEOUT_S = 15.0
GUARDED = frozenset({"admin", "traefik", "flower", "pgadmin", "mail"})


@dataclass(frozen=True)
class Deployment:
    """What `pulumi up` left behind about itself; paths are absolute."""

    stack: str
    domain: str
    address: str
    ssh_user: str
    ssh_port: int
    ssh_key: Path | None
    known_hosts: Path | None
    ca_file: Path | None
    dns_server: str | None
    rate_limit_api_rpm: int
    release: str | None
    guarded_hosts: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Every name that leads here and stands in the certificate."""
        return frozenset({self.domain, *(f"{label}.{self.domain}" for label in ("www", *self.guarded_hosts))})

    def ssh_options(self) -> list[str]:
        """Return the options that pin the host key and never ask."""
        options = ["BatchMode=yes", "ConnectTimeout=10", "IdentitiesOnly=yes", "LogLevel=ERROR"]
        if self.known_hosts is not None:
            options += [f"UserKnownHostsFile={self.known_hosts}", "StrictHostKeyChecking=yes"]
        return [part for option in options for part in ("-o", option)]

    def trust(self) -> ssl.SSLContext:
        """Return whom a visitor's browser would trust."""
        return ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))

    def client(self, *, check_certificate: bool = True) -> httpx.Client:
        """Return a client that trusts the site's CA; use it through `get`, which finds the address by itself."""
        context = self.trust()
        if not check_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return httpx.Client(verify=context, timeout=REQUEST_TIMEOUT_S, follow_redirects=False, trust_env=False)


def get(
    client: httpx.Client,
    deployment: Deployment,
    path: str,
    *,
    name: str | None = None,
    scheme: str = "https",
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Ask the deployment's own address as a visitor of `name` (default: the domain) would, DNS left out."""
    name = name or deployment.domain
    return client.request(
        method,
        f"{scheme}://{deployment.address}{path}",
        headers={"Host": name, **(headers or {})},
        extensions={"sni_hostname": name},
    )


def find_deployment(root: Path, address: str, overrides: Mapping[str, Any]) -> Deployment:
    """Read the facts of `address` from `.slipway/deployments`; `overrides` (set values only) win over them.

    Raises UnknownDeployment when neither names the domain.
    """
    facts = _facts_of(root, address)
    ssh = facts.get("ssh", {})
    domain = overrides.get("site") or facts.get("domain")
    if not domain:
        raise UnknownDeployment(
            f"No deployment at {address} is known in {root / '.slipway' / 'deployments'}.\n"
            f"Deploy from this checkout, or say it all: pytest verification/ --host={address} --site=DOMAIN "
            "--ssh-key=FILE [--ca-file=FILE]"
        )
    return Deployment(
        stack=facts.get("stack", "unknown"),
        domain=domain,
        address=address,
        ssh_user=ssh.get("user", "root"),
        ssh_port=ssh.get("port", 22),
        ssh_key=_path(root, overrides.get("ssh_key") or ssh.get("key")),
        known_hosts=_path(root, ssh.get("known_hosts")),
        ca_file=_path(root, overrides.get("ca_file") or facts.get("ca_file")),
        dns_server=facts.get("dns_server"),
        rate_limit_api_rpm=facts.get("rate_limit_api_rpm", 300),
        release=facts.get("release"),
        guarded_hosts=frozenset(facts.get("guarded_hosts", ())),
    )


def _facts_of(root: Path, address: str) -> dict[str, Any]:
    for file in sorted((root / ".slipway" / "deployments").glob("*.json")):
        facts: dict[str, Any] = json.loads(file.read_text())
        if facts.get("address") == address:
            return facts
    return {}


def _path(root: Path, value: str | None) -> Path | None:
    return None if not value else root / Path(value).expanduser()
