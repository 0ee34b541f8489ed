"""The API's settings: secrets from files, the rest from the environment, read once and checked whole."""

import os
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from api.errors import SettingsInvalid

SECRETS_DIR = Path("/run/secrets")
SECRET_FIELDS = frozenset(
    {"database_url", "redis_url", "verification_token", "jwt_signing_key", "google_client_secret"}
)
# Only Traefik and this release's containers reach the API, all of them on private addresses.
PRIVATE_NETWORKS = "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"


class EnvironmentWithoutSecrets(EnvSettingsSource):
    """Read the environment, but never a secret: those show in `docker inspect` and reach every child process."""

    def __call__(self) -> dict[str, Any]:
        """Return the variables that are settings and no secrets."""
        return {key: value for key, value in super().__call__().items() if key not in SECRET_FIELDS}


class Settings(BaseSettings):
    """Everything that differs between deployments."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr
    redis_url: SecretStr
    verification_token: SecretStr = Field(min_length=16)
    jwt_signing_key: SecretStr = Field(min_length=32)
    google_client_secret: SecretStr | None = None

    release: str = Field(min_length=1)
    domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)
    google_client_id: str | None = Field(default=None, min_length=1)
    google_issuer: str = Field(default="https://accounts.google.com", pattern="^https?://")
    api_host: str = "0.0.0.0"  # noqa: S104 -- inside the container's own network
    api_port: int = Field(default=5001, ge=1, le=65535)
    metrics_port: int = Field(default=5002, ge=1, le=65535)
    api_workers: int = Field(default=1, ge=1, le=16)
    api_log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    api_trusted_proxies: str = PRIVATE_NETWORKS
    database_pool_size: int = Field(default=10, ge=1, le=100)
    database_connect_timeout_s: float = Field(default=2.0, gt=0)
    database_statement_timeout_s: float = Field(default=5.0, gt=0)
    redis_timeout_s: float = Field(default=1.0, gt=0)
    health_timeout_s: float = Field(default=1.0, gt=0)
    shutdown_notice_s: float = Field(default=2.0, ge=0)
    shutdown_timeout_s: int = Field(default=60, ge=1)

    rate_limit_api_rpm: int = Field(default=600, ge=1)
    rate_limit_login_rpm: int = Field(default=5, ge=1)
    rate_limit_register_rpm: int = Field(default=5, ge=1)
    rate_limit_mail_per_15_min: int = Field(default=5, ge=1)
    lockout_failures: int = Field(default=5, ge=1)

    @field_validator("database_url")
    @classmethod
    def is_postgres(cls, value: SecretStr) -> SecretStr:
        """Catch a URL of another kind now and not at the first request."""
        if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must be a postgresql:// URL")
        return value

    @field_validator("redis_url")
    @classmethod
    def is_redis(cls, value: SecretStr) -> SecretStr:
        """Catch a URL of another kind now and not at the first request."""
        if not value.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("must be a redis:// URL")
        return value

    @model_validator(mode="after")
    def has_both_halves_of_google(self) -> Self:
        """Catch a Google client without its secret now and not when somebody signs in."""
        if self.google_client_id and not self.google_client_secret:
            raise ValueError("GOOGLE_CLIENT_ID is set, so the secret file google_client_secret must be there too")
        return self

    @property
    def origin(self) -> str:
        """Return the site's origin, which is also the issuer of its tokens."""
        return f"https://{self.domain}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let secrets come from their files only."""
        return init_settings, file_secret_settings, EnvironmentWithoutSecrets(settings_cls)


def load_settings() -> Settings:
    """Read the settings from `/run/secrets` (or `SECRETS_DIR`, for tests) and the environment.

    Raises `SettingsInvalid` with every fault at once.
    """
    secrets_dir = Path(os.environ.get("SECRETS_DIR", SECRETS_DIR))
    if not secrets_dir.is_dir():
        raise SettingsInvalid([f"the secrets directory {secrets_dir} does not exist; mount the secrets there"])
    try:
        return Settings(_secrets_dir=secrets_dir)  # type: ignore[call-arg]  # known to pydantic at run time only
    except ValidationError as error:
        faults = [describe(".".join(map(str, fault["loc"])), fault["msg"], secrets_dir) for fault in error.errors()]
        raise SettingsInvalid(faults) from None


def describe(field: str, fault: str, secrets_dir: Path) -> str:
    """Name the file or the variable that `field` comes from, and what is wrong with it."""
    if not field:
        return fault
    origin = f"secret file {secrets_dir / field}" if field in SECRET_FIELDS else f"environment variable {field.upper()}"
    return f"{origin}: {fault}"
