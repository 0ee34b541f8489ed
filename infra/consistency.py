"""Faults that show only when several settings are read together."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import SecretStr

from infra.errors import Fault
from infra.settings import GUARDED_HOSTS, LETS_ENCRYPT_STAGING, NAMESPACE, Settings
from traefik.errors import InvalidUsersFile
from traefik.settings import check_users_file

# Of a slug such as s-1vcpu-2gb; one that doesn't tell its memory is taken as it is.
_MEMORY_IN_SLUG = re.compile(r"-(\d+)gb")
_SMALLEST_GB_FOR_TOOLS = 4


def faults_across(stack: str, settings: Settings, project_dir: Path) -> list[Fault]:
    """Find faults that show only when several keys are read together."""
    faults = _network_faults(stack, settings)
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
    rules = (_size_faults, _registry_faults, _mail_faults, _google_faults)
    return faults + [fault for rule in rules for fault in rule(stack, settings)]


def _network_faults(stack: str, settings: Settings) -> list[Fault]:
    """Somebody has to reach SSH; and an empty allow-list would shut everybody out of the guarded hosts."""
    if settings.operator_networks or (settings.deploy_window and not settings.guarded_hosts):
        return []
    reason = "guardedHosts let in the same networks" if settings.guarded_hosts else "or set slipway:deployWindow"
    problem = f"names no network: give those of your operators ({reason})"
    mend = f"pulumi config set slipway:operatorNetworks '{json.dumps(['203.0.113.7/32'])}' -s {stack}"
    return [Fault("slipway:operatorNetworks", problem, mend)]


def _guard_faults(stack: str, users: SecretStr | None) -> list[Fault]:
    try:
        check_users_file("" if users is None else users.get_secret_value())
    except InvalidUsersFile as error:
        mend = f'pulumi config set --secret slipway:guardUsers "$(htpasswd -nBC 10 admin)" -s {stack}'
        return [Fault("slipway:guardUsers", str(error), mend)]
    return []


def _size_faults(stack: str, settings: Settings) -> list[Fault]:
    """The limits of edge, data and two releases fill 2 GB; whatever else runs needs a larger droplet."""
    found = _MEMORY_IN_SLUG.search(settings.size)
    if not settings.tools or found is None or int(found[1]) >= _SMALLEST_GB_FOR_TOOLS:
        return []
    problem = f"{settings.size} has no memory left for {', '.join(settings.tools)} (guardedHosts)"
    return [Fault("slipway:size", problem, f"pulumi config set slipway:size s-2vcpu-4gb -s {stack}")]


def _registry_faults(stack: str, settings: Settings) -> list[Fault]:
    if settings.registry is None and (settings.registry_user or settings.registry_password):
        mend = f"pulumi config set slipway:registry registry.example.com/shop -s {stack}"
        return [Fault("slipway:registry", "is missing, while registryUser or registryPassword is given", mend)]
    if (settings.registry_user is None) == (settings.registry_password is None):
        return []
    missing = "registryPassword" if settings.registry_password is None else "registryUser"
    secret = "--secret " if missing == "registryPassword" else ""
    mend = f"pulumi config set {secret}slipway:{missing} -s {stack}"
    return [Fault(NAMESPACE + missing, "registryUser and registryPassword go together", mend)]


def _mail_faults(stack: str, settings: Settings) -> list[Fault]:
    faults = []
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        missing = "smtpPassword" if settings.smtp_password is None else "smtpUser"
        secret = "--secret " if missing == "smtpPassword" else ""
        mend = f"pulumi config set {secret}slipway:{missing} -s {stack}"
        faults.append(Fault(NAMESPACE + missing, "smtpUser and smtpPassword go together", mend))
    if settings.smtp_user is not None and settings.smtp_security == "none":
        mend = f"pulumi config set slipway:smtpSecurity starttls -s {stack}"
        faults.append(Fault("slipway:smtpSecurity", "the password would travel in the clear", mend))
    if settings.smtp_host is None and (settings.smtp_user or settings.smtp_port):
        mend = f"pulumi config set slipway:smtpHost smtp.example.com -s {stack}"
        faults.append(Fault("slipway:smtpHost", "is missing, while smtpUser or smtpPort is given", mend))
    return faults


def _google_faults(stack: str, settings: Settings) -> list[Fault]:
    if (settings.google_client_id is None) == (settings.google_client_secret is None):
        return []
    missing = "googleClientSecret" if settings.google_client_secret is None else "googleClientId"
    secret = "--secret " if missing == "googleClientSecret" else ""
    mend = f"pulumi config set {secret}slipway:{missing} -s {stack}"
    return [Fault(NAMESPACE + missing, "googleClientId and googleClientSecret go together", mend)]
