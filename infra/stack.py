"""The one place that reads the outside: the stack's name, configuration and environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pulumi
from pulumi.runtime.config import CONFIG, get_config_env
from pydantic import SecretStr

from infra.edge import edge_settings
from infra.errors import SettingsError
from infra.keys import OperatorKey
from infra.loading import PUBLIC_API_URL, load_settings
from infra.secrets import GivenSecrets
from infra.settings import Settings
from traefik.errors import InvalidEdgeSettings

PRODUCTION_NAMES = ("production", "prod")


@dataclass(frozen=True)
class Stack:
    """A stack as the program needs it."""

    name: str
    project_dir: Path
    settings: Settings
    operator_key: OperatorKey
    api_url: str

    @property
    def prefix(self) -> str:
        """The name that every resource of the stack begins with in the account."""
        return f"slipway-{self.name}"

    @property
    def environment(self) -> str:
        """DigitalOcean's word for what a project is for."""
        return "Production" if self.name in PRODUCTION_NAMES else "Staging"

    @property
    def given_secrets(self) -> GivenSecrets:
        """What operators gave, without what nothing that is switched on would read."""
        settings = self.settings
        return GivenSecrets(
            guard_users=_revealed(settings.guard_users) if settings.guarded_hosts else None,
            smtp_password=_revealed(settings.smtp_password),
            google_client_secret=_revealed(settings.google_client_secret),
        )


def _revealed(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def read_stack() -> Stack:
    """Read and validate everything the program depends on; raises pulumi.RunError with all faults at once."""
    name = pulumi.get_stack()
    project_dir = Path(__file__).resolve().parent.parent
    config = get_config_env() | CONFIG.get()
    try:
        settings, key = load_settings(name, config, os.environ, project_dir)
        edge_settings(settings)
    except (SettingsError, InvalidEdgeSettings) as error:
        raise pulumi.RunError(str(error)) from error
    url = config.get("digitalocean:apiEndpoint") or os.environ.get("DIGITALOCEAN_API_URL") or PUBLIC_API_URL
    return Stack(name, project_dir, settings, key, url)
