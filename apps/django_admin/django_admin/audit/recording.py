"""Writing audit events."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest

from django_admin.accounts.models import User
from django_admin.audit.models import AuditEvent
from django_admin.columns import USER_AGENT_MAX


def record(
    action: str,
    account: User | None = None,
    request: HttpRequest | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Note that something happened to an account; with a request, also who asked for it and from where."""
    return AuditEvent.objects.create(
        action=action, account=account, detail=dict(detail or {}), **(origin_of(request) if request else {})
    )


def origin_of(request: HttpRequest) -> dict[str, Any]:
    """Return where a request came from."""
    return {
        "ip": address_of(request),
        "user_agent": request.headers.get("User-Agent", "")[:USER_AGENT_MAX],
        "request_id": request.headers.get("X-Request-Id", "")[:100],
    }


def address_of(request: HttpRequest) -> str | None:
    """Return the client's address as the edge tells it; None if nobody tells one."""
    try:
        return str(ip_address(request.headers.get("X-Real-Ip") or request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
