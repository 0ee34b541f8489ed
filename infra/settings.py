"""The stack's configuration, typed and validated whole before any resource is declared."""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel

from infra.mail import USUAL_PORTS, MailServer, SmtpSecurity, catcher
from traefik.settings import GuardedHost

NAMESPACE = "slipway:"
LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
GUARDED_HOSTS = tuple(host.value for host in GuardedHost)

_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SENDER = re.compile(r"(?:[^<>@\"'\r\n]+<)?(?P<address>[^<>\"']+?)>?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
# Of an image's name, see https://distribution.github.io/distribution/spec/api/#overview
_PATH = re.compile(r"([a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*)?")
_WIDEST_V4, _WIDEST_V6 = 8, 16


def _from_json(value: object) -> object:
    """Pulumi hands every value over as text; objects, lists, numbers and booleans are JSON in it."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _domain(value: str) -> str:
    labels = value.split(".")
    if len(value) > 200 or len(labels) < 2 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError(f"'{value}' is no domain name: give lower-case labels with dots, like example.com")
    return value


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError(f"'{value}' is no DigitalOcean slug, like fra1 or s-1vcpu-2gb")
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError(f"'{value}' is no e-mail address")
    return value


def _sender(value: str) -> str:
    match = _SENDER.fullmatch(value)
    if match is None or not _EMAIL.fullmatch(match["address"]) or ("<" in value) != value.endswith(">"):
        raise ValueError(f"'{value}' is no sender, like shop@example.com or Shop <shop@example.com>")
    return value


def _host(value: str) -> str:
    if len(value) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in value.split(".")):
        raise ValueError(f"'{value}' is no host name or address, like smtp.example.com")
    return value


def _registry(value: str) -> str:
    host, _, path = value.partition("/")
    name, _, port = host.partition(":")
    is_host = all(_HOST_LABEL.fullmatch(label) for label in name.split(".")) and (not port or port.isdecimal())
    # Without a dot or a port, Docker takes the first part for a user's name on its own hub.
    is_told = "." in name or bool(port) or name == "localhost"
    if value.endswith("/") or not (is_host and is_told and _PATH.fullmatch(path)):
        raise ValueError(f"'{value}' is no registry: give host and path without a tag, like registry.example.com/shop")
    return value


def _operator_network(value: str) -> str:
    network = ipaddress.ip_network(value, strict=True)
    widest = _WIDEST_V4 if network.version == 4 else _WIDEST_V6
    if network.prefixlen < widest:
        raise ValueError(f"{value} opens SSH to the world; name the networks of your operators (/{widest} or narrower)")
    return str(network)


def _acme_directory(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError(f"'{value}' is no https URL of an ACME directory")
    if parts.hostname.endswith("letsencrypt.org") and value != LETS_ENCRYPT_STAGING:
        raise ValueError(f"{value} is a production directory; this resolver is for staging certificates only")
    return value


Domain = Annotated[str, AfterValidator(_domain)]
Slug = Annotated[str, AfterValidator(_slug)]
Network = Annotated[str, AfterValidator(_operator_network)]
Structured = BeforeValidator(_from_json)


class Settings(BaseModel):
    """Everything that a stack may set, as `pulumi config set slipway:<camelCaseName>`; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    domain: Domain = Field(description="the site's domain; it is served here and at www.", examples=["example.com"])
    operator_networks: Annotated[tuple[Network, ...], Structured] = Field(
        description="networks that may reach SSH; none (`[]`) only beside deployWindow", examples=['["203.0.113.7/32"]']
    )
    acme_email: Annotated[str, AfterValidator(_email)] = Field(
        description="where the certificate authority may write", examples=["ops@example.com"]
    )
    deploy_window: Annotated[bool, Structured] = Field(
        default=False,
        description="whether `slipway deploy` opens port 22 for the address that it comes from, while it runs",
    )
    root_secret: SecretStr = Field(
        min_length=32,
        description="every password and key is derived from it",
        examples=['"$(openssl rand -base64 48)"'],
    )
    ssh_key_file: Path | None = Field(default=None, description="the operators' private key, as a path")
    ssh_private_key: SecretStr | None = Field(default=None, description="the operators' private key itself")
    region: Slug = Field(default="fra1", description="where droplet, volume and address are")
    size: Slug = Field(default="s-1vcpu-2gb", description="the droplet's size")
    image: Slug = Field(default="debian-13-x64", description="the droplet's image; user data expects Debian 13")
    volume_size_gb: Annotated[int, Structured, Field(ge=1, le=16384)] = Field(
        default=10, description="size of the data volume in GB; it can grow, never shrink"
    )
    acme_directory: Annotated[str, AfterValidator(_acme_directory)] = Field(
        default=LETS_ENCRYPT_STAGING, description="the certificate authority: staging, or a private one with a CA file"
    )
    acme_ca_file: Path | None = Field(default=None, description="CA of a private ACME server's own TLS certificate")
    site_ca_file: Path | None = Field(
        default=None, description="CA bundle that clients need for the site's certificate"
    )
    dns_server: str | None = Field(default=None, description="name server to ask about the domain; none: the system's")
    manage_domain: Annotated[bool, Structured] = Field(
        default=True, description="whether the zone is made too; `false` when it is in the account already"
    )
    rate_limit_api_rpm: Annotated[int, Structured, Field(ge=1, le=1_000_000)] = Field(
        default=300, description="requests a minute that one client address may send to the API"
    )
    keep_releases: Annotated[int, Structured, Field(ge=2, le=50)] = Field(
        default=5, description="how many releases stay on the droplet to roll back to"
    )
    registry: Annotated[str, AfterValidator(_registry)] | None = Field(
        default=None,
        description="registry that images go through; none: the droplet's own, over SSH",
        examples=["registry.example.com/shop"],
    )
    registry_user: str | None = Field(
        default=None,
        pattern=r"^[^\s:]+$",
        description="who signs in to it, here to push, on the droplet to pull",
    )
    registry_password: SecretStr | None = Field(default=None, min_length=1, description="the password of registryUser")
    seed_demo: Annotated[bool, Structured] = Field(default=False, description="whether an empty table gets demo items")
    protect_data: Annotated[bool, Structured] = Field(
        default=False, description="whether Pulumi refuses to delete the data volume"
    )
    guarded_hosts: Annotated[tuple[str, ...], Structured] = Field(
        default=(),
        description="which of admin, traefik, flower, pgadmin and mail (a catcher of all outgoing mail) answer, behind "
        "allow-list and password",
    )
    guard_users: SecretStr | None = Field(default=None, description="htpasswd lines for the guarded hosts")
    smtp_host: Annotated[str, AfterValidator(_host)] | None = Field(
        default=None,
        description="server that takes outgoing mail; none: the guarded host `mail` catches it, else it waits",
    )
    smtp_port: Annotated[int, Structured, Field(ge=1, le=65535)] | None = Field(
        default=None, description="its port; none: 25, with starttls 587, with tls 465"
    )
    smtp_security: SmtpSecurity = Field(default="starttls", description="none, starttls or tls")
    smtp_user: str | None = Field(
        default=None, pattern=r"^[^\s'\"]+$", description="who signs in to it", examples=["shop@example.com"]
    )
    smtp_password: SecretStr | None = Field(default=None, min_length=8, description="the password of smtpUser")
    mail_from: Annotated[str, AfterValidator(_sender)] | None = Field(
        default=None, description="sender of the site's mail; none: Slipway, no-reply@ the domain"
    )
    google_client_id: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="OAuth client of Google sign-in; none: there is no such button",
    )
    google_client_secret: SecretStr | None = Field(default=None, min_length=8, description="its secret")

    @property
    def site(self) -> str:
        """The address that a browser opens."""
        return f"https://{self.domain}"

    @property
    def mail(self) -> MailServer:
        """Where mail goes: to the server that is named, else to the catcher if that is on, else nowhere yet."""
        sender = self.mail_from or f"Slipway <no-reply@{self.domain}>"
        if self.smtp_host is None and GuardedHost.MAIL in self.guarded_hosts:
            return catcher(sender)
        port = self.smtp_port or USUAL_PORTS[self.smtp_security]
        return MailServer(self.smtp_host or "", port, self.smtp_security, self.smtp_user or "", sender)

    @property
    def tools(self) -> tuple[str, ...]:
        """The guarded hosts behind which a service of compose/ops.yml runs."""
        return tuple(sorted(set(self.guarded_hosts) & {GuardedHost.FLOWER, GuardedHost.PGADMIN, GuardedHost.MAIL}))
