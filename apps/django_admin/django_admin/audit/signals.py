"""Signing in to the admin leaves an audit event, as signing in to the API does."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from django_admin.accounts.models import User
from django_admin.audit.recording import record


def note_login(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody is in."""
    record("admin_login", user, request)


def note_logout(request: HttpRequest, user: User | None, **_: Any) -> None:
    """Somebody has left."""
    record("admin_logout", user, request)


def note_failure(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody could not get in; an address that nobody has is not kept."""
    email = str(credentials.get("username", "")).strip().lower()
    record("admin_login_failed", User.objects.filter(email=email).first(), request)


def connect() -> None:
    """Listen."""
    user_logged_in.connect(note_login, weak=False)
    user_logged_out.connect(note_logout, weak=False)
    user_login_failed.connect(note_failure, weak=False)
