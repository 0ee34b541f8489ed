"""Session families, their refresh tokens, and tokens that are good for one thing once.

Tokens stand here as SHA-256 hashes: who reads the table can use none.
Foreign keys to accounts and sessions are made in migrations, as the API deletes by SQL and the database must cascade.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F

from django_admin import columns
from django_admin.accounts.models import User


class AuthSession(models.Model):
    """One sign-in on one device, kept going by a chain of refresh tokens; revoked, all of them are worth nothing."""

    id: columns.Key = columns.key()
    account: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="auth_sessions",
        db_constraint=False,
        db_index=False,
    )
    created_at: columns.Moment = columns.moment()
    last_used_at: columns.Moment = columns.moment()
    expires_at: columns.Moment = models.DateTimeField()
    revoked_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    revoked_reason: columns.Text = models.TextField(blank=True, db_default="")
    user_agent: columns.Text = models.TextField(blank=True, db_default="")
    ip: columns.OptionalAddress = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        """Table, rules, order."""

        db_table = "auth_session"
        verbose_name = "session"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            columns.at_most("auth_session_user_agent_not_too_long", "user_agent", columns.USER_AGENT_MAX)
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("account_id"), F("created_at").desc(), name="auth_session_of_account"),
            models.Index(fields=["expires_at"], name="auth_session_expiry"),
        ]

    def __str__(self) -> str:
        return f"session {self.id}"


class RefreshToken(models.Model):
    """One link of a session's chain; a used one that comes again revokes the session."""

    id: columns.Key = columns.key()
    session: models.ForeignKey[AuthSession, AuthSession] = models.ForeignKey(
        AuthSession, on_delete=models.CASCADE, related_name="refresh_tokens", db_constraint=False, db_index=False
    )
    token_hash: models.BinaryField[bytes, bytes] = models.BinaryField()
    issued_at: columns.Moment = columns.moment()
    expires_at: columns.Moment = models.DateTimeField()
    used_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Table, rules, order."""

        db_table = "refresh_token"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token_hash"], name="refresh_token_hash_unique"),
            columns.is_hash("refresh_token_hash_is_sha256", "token_hash"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["session"], name="refresh_token_of_session"),
            models.Index(fields=["expires_at"], name="refresh_token_expiry"),
        ]

    def __str__(self) -> str:
        return f"refresh token {self.id}"


class OneTimeToken(models.Model):
    """Proves, once and for a while, that who shows it reads the mails of an address."""

    class Purpose(models.TextChoices):
        """What a token is good for."""

        VERIFY_EMAIL = "verify_email"
        RESET_PASSWORD = "reset_password"  # noqa: S105 -- a name, no password
        CHANGE_EMAIL = "change_email"

    id: columns.Key = columns.key()
    account: models.ForeignKey[User, User] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="one_time_tokens",
        db_constraint=False,
        db_index=False,
    )
    purpose: columns.Text = models.TextField(choices=Purpose)
    token_hash: models.BinaryField[bytes, bytes] = models.BinaryField()
    email: columns.Text = models.TextField()
    created_at: columns.Moment = columns.moment()
    expires_at: columns.Moment = models.DateTimeField()
    used_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Table, rules, order."""

        db_table = "one_time_token"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token_hash"], name="one_time_token_hash_unique"),
            columns.is_hash("one_time_token_hash_is_sha256", "token_hash"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["verify_email", "reset_password", "change_email"]),
                name="one_time_token_purpose_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "purpose"], name="one_time_token_of_account"),
            models.Index(fields=["expires_at"], name="one_time_token_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} token {self.id}"
