"""Signing in to the admin: the API's lock holds here too, so that no door is the weaker one."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Now
from django.http import HttpRequest

from django_admin.accounts.models import User


def is_locked() -> Q:
    """Return the condition of accounts that nobody may sign in to for now."""
    return Q(locked_until__gt=Now())


def note_failure(email: str) -> None:
    """Count a failed sign-in; the last one that is allowed locks the account and starts the count anew."""
    is_last = Q(failed_logins__gte=settings.LOCK_AFTER_FAILURES - 1)
    until = Now() + timedelta(minutes=settings.LOCK_MINUTES)
    User.objects.filter(email=email).exclude(is_locked()).update(
        failed_logins=Case(When(is_last, then=0), default=F("failed_logins") + 1),
        locked_until=Case(When(is_last, then=until), default=F("locked_until")),
    )


def unlock(users: QuerySet[User]) -> int:
    """Forget the failures of some accounts and return how many had any."""
    return users.filter(Q(failed_logins__gt=0) | Q(locked_until__isnull=False)).update(
        failed_logins=0, locked_until=None
    )


class LockingBackend(ModelBackend):
    """Checks passwords, and counts the wrong ones."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """Return the user whose password this is; the answer for a locked account is that of a wrong password."""
        email = (username or kwargs.get(User.USERNAME_FIELD) or "").strip().lower()
        if User.objects.filter(is_locked(), email=email).exists():
            make_password(password)  # takes as long as checking it
            return None
        user = super().authenticate(request, username=email, password=password)
        if not isinstance(user, User):
            note_failure(email)
            return None
        unlock(User.objects.filter(pk=user.pk))
        return user
