"""The stack's configuration, typed and validated whole before any resource is declared."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic.alias_generators import to_camel

from infra.errors import Fault, SettingsError
from infra.keys import OperatorKey, OperatorKeyError
from traefik.errors import InvalidUsersFile
from traefik.settings import GuardedHost, check_users_file

NAMESPACE = "slipway:"
LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
TOKEN_VARIABLES = ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN")
GUARDED_HOSTS = tuple(host.value for host in GuardedHost)

_HOST_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
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
        min_length=1, description="networks that may reach SSH", examples=['["203.0.113.7/32"]']
    )
    acme_email: Annotated[str, AfterValidator(_email)] = Field(
        description="where the certificate authority may write", examples=["ops@example.com"]
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
    seed_demo: Annotated[bool, Structured] = Field(default=False, description="whether an empty table gets demo items")
    protect_data: Annotated[bool, Structured] = Field(
        default=False, description="whether Pulumi refuses to delete the data volume"
    )
    guarded_hosts: Annotated[tuple[str, ...], Structured] = Field(
        default=(), description="which of admin, traefik, flower and pgadmin answer, behind allow-list and password"
    )
    guard_users: SecretStr | None = Field(default=None, description="htpasswd lines for the guarded hosts")

    @property
    def site(self) -> str:
        """The address that a browser opens."""
        return f"https://{self.domain}"


def load_settings(
    stack: str, config: Mapping[str, str], environment: Mapping[str, str], project_dir: Path
) -> tuple[Settings, OperatorKey]:
    """Return the validated settings and the operators' key.

    `config` is the stack's whole configuration by full key (`slipway:domain`), secrets decrypted. Relative
    paths count from `project_dir`. Raises SettingsError that names every fault.
    """
    values = {k.removeprefix(NAMESPACE): v for k, v in config.items() if k.startswith(NAMESPACE)}
    faults = _token_faults(stack, config, environment)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_fault_of(stack, detail) for detail in error.errors(include_url=False, include_input=False)]
    key, key_faults = _operator_key(stack, values, project_dir)
    faults += key_faults
    if settings is not None:
        faults += _faults_across(stack, settings, project_dir)
    if faults or settings is None or key is None:
        raise SettingsError(stack, faults)
    return settings, key


def _token_faults(stack: str, config: Mapping[str, str], environment: Mapping[str, str]) -> list[Fault]:
    if config.get("digitalocean:token") or any(environment.get(name) for name in TOKEN_VARIABLES):
        return []
    mend = f"export {TOKEN_VARIABLES[0]}=…, or: pulumi config set --secret digitalocean:token -s {stack}"
    return [Fault("digitalocean:token", "no API token is given", mend)]


def _fault_of(stack: str, detail: Mapping[str, Any]) -> Fault:
    key = str(detail["loc"][0])
    field = next((f for name, f in Settings.model_fields.items() if to_camel(name) == key), None)
    if field is None:
        close = f"pulumi config rm {NAMESPACE}{key} -s {stack}"
        return Fault(NAMESPACE + key, "no such setting", close + "   (known keys: docs/configuration.md)")
    secret = "--secret " if "Secret" in str(field.annotation) else ""
    example = field.examples[0] if field.examples else (field.get_default() or "VALUE")
    mend = f"pulumi config set {secret}{NAMESPACE}{key} {_quoted(example)} -s {stack}"
    problem = "is missing" if detail["type"] == "missing" else str(detail["msg"]).removeprefix("Value error, ")
    return Fault(NAMESPACE + key, problem, mend)


def _quoted(example: object) -> str:
    text = str(example)
    return f"'{text}'" if text.startswith(("[", "{")) else text


def _operator_key(stack: str, values: Mapping[str, str], project_dir: Path) -> tuple[OperatorKey | None, list[Fault]]:
    file, content = values.get("sshKeyFile"), values.get("sshPrivateKey")
    mend = f"pulumi config set slipway:sshKeyFile ~/.ssh/id_ed25519 -s {stack}"
    if bool(file) == bool(content):
        problem = "give sshKeyFile or sshPrivateKey, not both" if file else "no SSH key of the operators is given"
        return None, [Fault("slipway:sshKeyFile", problem, mend)]
    try:
        if file:
            return OperatorKey.from_file(project_dir / Path(file).expanduser()), []
        return OperatorKey.from_text(str(content)), []
    except OperatorKeyError as error:
        return None, [Fault("slipway:sshKeyFile" if file else "slipway:sshPrivateKey", str(error), mend)]


def _faults_across(stack: str, settings: Settings, project_dir: Path) -> list[Fault]:
    """Find faults that show only when several keys are read together."""
    faults = []
    if settings.acme_directory != LETS_ENCRYPT_STAGING and settings.acme_ca_file is None:
        problem = (
            f"{settings.acme_directory} is neither Let's Encrypt's staging directory nor a private one with a CA file"
        )
        mend = f"pulumi config set slipway:acmeDirectory {LETS_ENCRYPT_STAGING} -s {stack}"
        faults.append(Fault("slipway:acmeDirectory", problem, mend))
    for key, path in (("acmeCaFile", settings.acme_ca_file), ("siteCaFile", settings.site_ca_file)):
        if path is not None and not (project_dir / path).is_file():
            mend = f"pulumi config set slipway:{key} PATH -s {stack}"
            faults.append(Fault(NAMESPACE + key, f"{path} is no readable file", mend))
    unknown = sorted(set(settings.guarded_hosts) - set(GUARDED_HOSTS))
    if unknown:
        mend = f"pulumi config set slipway:guardedHosts '{json.dumps(GUARDED_HOSTS)}' -s {stack}"
        faults.append(Fault("slipway:guardedHosts", f"unknown: {', '.join(unknown)}", mend))
    if settings.guarded_hosts:
        faults += _guard_faults(stack, settings.guard_users)
    return faults


def _guard_faults(stack: str, users: SecretStr | None) -> list[Fault]:
    try:
        check_users_file("" if users is None else users.get_secret_value())
    except InvalidUsersFile as error:
        mend = f'pulumi config set --secret slipway:guardUsers "$(htpasswd -nBC 10 admin)" -s {stack}'
        return [Fault("slipway:guardUsers", str(error), mend)]
    return []
