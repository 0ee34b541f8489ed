"""Revoking sessions: the API asks at each refresh, and takes no revoked one."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from django_admin.accounts.models import User
from django_admin.signin.models import AuthSession


def revoke(users: QuerySet[User], reason: str) -> int:
    """End every session of some users and return how many there were."""
    return revoke_sessions(AuthSession.objects.filter(account__in=users), reason)


def revoke_sessions(sessions: QuerySet[AuthSession], reason: str) -> int:
    """End some sessions and return how many were still going."""
    return sessions.filter(revoked_at=None).update(revoked_at=Now(), revoked_reason=reason)
