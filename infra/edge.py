"""What the stack's settings mean for the edge."""

from __future__ import annotations

from infra.settings import Settings
from traefik.settings import EdgeSettings, GuardedHost


def edge_settings(settings: Settings) -> EdgeSettings:
    """Translate the stack's settings into what the edge's templates take."""
    return EdgeSettings(
        domain=settings.domain,
        acme_directory=settings.acme_directory,
        acme_email=settings.acme_email,
        acme_ca=settings.acme_ca_file is not None,
        rate_limit_rpm=settings.rate_limit_api_rpm,
        guarded=frozenset(GuardedHost(host) for host in settings.guarded_hosts),
        allow_list=settings.operator_networks if settings.guarded_hosts else (),
        has_users=settings.guard_users is not None,
    )
