"""What the edge is told: typed, and checked whole before anything is rendered."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from traefik.errors import InvalidEdgeSettings, InvalidUsersFile

STAGING_ACME_HOST = "acme-staging-v02.api.letsencrypt.org"
MIN_HSTS_MAX_AGE_S = 31_536_000
_HOST_NAME = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_URL = re.compile(r"https://[A-Za-z0-9.:-]+(?:/[A-Za-z0-9._~/-]*)?")
_BCRYPT_USER = re.compile(r"[^\s:#]+:\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_MIN_BCRYPT_COST = 10


class GuardedHost(StrEnum):
    """A host behind the allow-list and the login; its value is the label before the domain."""

    ADMIN = "admin"
    TRAEFIK = "traefik"
    FLOWER = "flower"
    PGADMIN = "pgadmin"
    MAIL = "mail"


@dataclass(frozen=True)
class EdgeSettings:
    """Everything the templates need.

    `acme_ca` says that the ACME endpoint's own certificate comes from the private CA in `edge/ca/acme.pem`;
    without it only Let's Encrypt's staging directory is accepted. `has_users` says that the htpasswd file of
    the guarded hosts is delivered and has passed `check_users_file`.
    """

    domain: str
    acme_directory: str
    acme_email: str
    acme_ca: bool = False
    rate_limit_rpm: int = 300
    hsts_max_age_s: int = MIN_HSTS_MAX_AGE_S
    guarded: frozenset[GuardedHost] = frozenset()
    allow_list: tuple[str, ...] = ()
    has_users: bool = False

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise InvalidEdgeSettings(problems)

    @property
    def disabled_hosts(self) -> frozenset[str]:
        """Return the full names of the guarded hosts that must not appear anywhere."""
        return frozenset(f"{host}.{self.domain}" for host in GuardedHost if host not in self.guarded)

    @property
    def rate_limit_burst(self) -> int:
        """Return how many requests may come at once: ten seconds' worth, at least one."""
        return max(1, self.rate_limit_rpm // 6)


def check_users_file(text: str) -> None:
    """Refuse an htpasswd text without a single user, or with anything but bcrypt of cost 10 or more."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise InvalidUsersFile(
            "The guarded hosts' users file names no user, and Traefik would never accept a configuration again: "
            "add a line made by `htpasswd -nbB -C 10 NAME PASSWORD`, or enable no guarded host."
        )
    for number, line in enumerate(lines, start=1):
        match = _BCRYPT_USER.fullmatch(line)
        if match is None or int(match[1]) < _MIN_BCRYPT_COST:
            raise InvalidUsersFile(
                f"User {number} of the guarded hosts' users file is not NAME:bcrypt-hash of cost {_MIN_BCRYPT_COST} "
                "or more: make the line with `htpasswd -nbB -C 10 NAME PASSWORD`."
            )


def _problems(settings: EdgeSettings) -> Iterator[str]:
    if not _HOST_NAME.fullmatch(settings.domain):
        yield f"domain {settings.domain!r} is not a lower-case host name such as staging.example.com"
    if not _EMAIL.fullmatch(settings.acme_email):
        yield f"acme_email {settings.acme_email!r} is not an e-mail address: the ACME account needs one"
    yield from _acme_problems(settings)
    if settings.rate_limit_rpm < 1:
        yield f"rate_limit_rpm is {settings.rate_limit_rpm}: 0 switches the limit off; give 1 or more requests a minute"
    if settings.hsts_max_age_s < MIN_HSTS_MAX_AGE_S:
        yield f"hsts_max_age_s is {settings.hsts_max_age_s}: give a year ({MIN_HSTS_MAX_AGE_S}) or more"
    yield from _guard_problems(settings)


def _acme_problems(settings: EdgeSettings) -> Iterator[str]:
    directory = settings.acme_directory
    if not directory:
        yield (
            "acme_directory is missing, and Traefik's default is Let's Encrypt's production directory: "
            f"give https://{STAGING_ACME_HOST}/directory"
        )
    elif not _URL.fullmatch(directory):
        yield f"acme_directory {directory!r} is not a plain https URL"
    else:
        host = (urlsplit(directory).hostname or "").lower()
        is_public_ca = host == "letsencrypt.org" or host.endswith(".letsencrypt.org") or not settings.acme_ca
        if is_public_ca and host != STAGING_ACME_HOST:
            yield (
                f"acme_directory {directory} is a production directory or an unknown one: certificates come from "
                f"https://{STAGING_ACME_HOST}/directory, or from an ACME server behind a private CA (acme_ca)"
            )


def _guard_problems(settings: EdgeSettings) -> Iterator[str]:
    for network in settings.allow_list:
        try:
            everyone = ipaddress.ip_network(network).prefixlen == 0
        except ValueError:
            yield f"allow_list has {network!r}, which is no network such as 203.0.113.7/32"
        else:
            if everyone:
                yield f"allow_list has {network}, which is everyone: name the operators' networks"
    if settings.guarded and not settings.allow_list:
        yield f"{_names(settings.guarded)} enabled without an allow_list: name the operators' networks"
    if settings.guarded and not settings.has_users:
        yield f"{_names(settings.guarded)} enabled without a user: Traefik would freeze; give admin_users"


def _names(guarded: frozenset[GuardedHost]) -> str:
    names = sorted(guarded)
    return f"guarded {'hosts' if len(names) > 1 else 'host'} {', '.join(names)}"
