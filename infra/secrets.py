"""Every password and key of a deployment, derived from the stack's one root secret."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

API_UID = DJANGO_UID = 10001
POSTGRES_UID = REDIS_UID = 999
TRAEFIK_UID = 65532
FLOWER_UID = 1000
PGADMIN_UID = 5050
# `check --deploy` wants at least 50 characters (security.W009).
DJANGO_KEY_BYTES = 48
# HS256 wants a key of at least the hash's size, 32 bytes (RFC 7518, section 3.2).
JWT_KEY_BYTES = 48


@dataclass(frozen=True)
class SecretFile:
    """A secret as one service reads it: `/run/secrets/<name>`, owned by the service's uid."""

    service: str
    name: str
    uid: int
    value: str


@dataclass(frozen=True)
class GivenSecrets:
    """What nobody can derive: operators give it, or leave it out."""

    guard_users: str | None = field(default=None, repr=False)
    smtp_password: str | None = field(default=None, repr=False)
    google_client_secret: str | None = field(default=None, repr=False)


def derive(root_secret: str, purpose: str, length: int = 32) -> bytes:
    """Return `length` bytes that belong to `purpose` alone (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), length, salt=b"slipway", info=purpose.encode()).derive(root_secret.encode())


def password(root_secret: str, purpose: str, length: int = 32) -> str:
    """Return `derive` as text that is safe in URLs, SQL literals and configuration files."""
    return base64.urlsafe_b64encode(derive(root_secret, purpose, length)).decode().rstrip("=")


def service_secrets(root_secret: str, given: GivenSecrets, tools: Collection[str] = ()) -> list[SecretFile]:
    """List the secret files of every service; a service gets copies of its own, of nothing it doesn't use.

    `tools` are the guarded hosts that are enabled: flower and pgadmin have secrets too.
    """
    database = {role: password(root_secret, f"postgres/{role}") for role in ("superuser", "owner", "django", "api")}
    redis = password(root_secret, "redis")
    redis_url = f"redis://:{redis}@redis:6379/0"
    files = [
        SecretFile("api", "database_url", API_UID, _dsn("slipway_api", database["api"])),
        SecretFile("api", "redis_url", API_UID, redis_url),
        SecretFile("api", "verification_token", API_UID, password(root_secret, "api/verification-token")),
        SecretFile("api", "jwt_signing_key", API_UID, password(root_secret, "api/jwt-signing-key", JWT_KEY_BYTES)),
        SecretFile("django", "database_url", DJANGO_UID, _dsn("slipway_django", database["django"])),
        SecretFile("django", "migration_database_url", DJANGO_UID, _dsn("slipway_owner", database["owner"])),
        SecretFile("django", "redis_url", DJANGO_UID, redis_url),
        SecretFile(
            "django", "django_secret_key", DJANGO_UID, password(root_secret, "django/secret-key", DJANGO_KEY_BYTES)
        ),
        SecretFile("postgres", "postgres_password", POSTGRES_UID, database["superuser"]),
        *(SecretFile("postgres", f"{r}_password", POSTGRES_UID, database[r]) for r in ("owner", "django", "api")),
        SecretFile("redis", "redis_password", REDIS_UID, redis),
    ]
    return files + _given(given) + _of_tools(root_secret, redis_url, tools)


def _given(given: GivenSecrets) -> list[SecretFile]:
    files = []
    if given.guard_users:
        files.append(SecretFile("traefik", "admin_users", TRAEFIK_UID, given.guard_users.strip() + "\n"))
    if given.smtp_password:
        files.append(SecretFile("django", "smtp_password", DJANGO_UID, given.smtp_password))
    if given.google_client_secret:
        files.append(SecretFile("api", "google_client_secret", API_UID, given.google_client_secret))
    return files


def _of_tools(root_secret: str, redis_url: str, tools: Collection[str]) -> list[SecretFile]:
    files = []
    if "flower" in tools:
        # A module of Celery's settings; the same address is broker and result store.
        config = f'broker_url = result_backend = "{redis_url}"\n'
        files.append(SecretFile("flower", "flower_config", FLOWER_UID, config))
    if "pgadmin" in tools:
        files.append(SecretFile("pgadmin", "pgadmin_password", PGADMIN_UID, password(root_secret, "pgadmin")))
    return files


def _dsn(role: str, secret: str) -> str:
    return f"postgresql://{role}:{secret}@postgres:5432/slipway"
