"""The outbox."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, Value

from django_admin import columns
from django_admin.accounts.models import User


class OutboxEmail(models.Model):
    """One mail, written in the transaction of what it tells about and sent after it."""

    class Status(models.TextChoices):
        """How far it has come."""

        PENDING = "pending"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    id: columns.Key = columns.key()
    account: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="emails",
        null=True,
        blank=True,
        db_constraint=False,  # made in a migration, with ON DELETE SET NULL
    )
    recipient: columns.Text = models.TextField()
    template: columns.Text = models.TextField()
    context: models.JSONField[Any, Any] = models.JSONField(
        blank=True, default=dict, db_default=Value({}, models.JSONField())
    )
    status: columns.Text = models.TextField(choices=Status, default=Status.PENDING, db_default="pending")
    attempts: columns.Count = models.SmallIntegerField(default=0, db_default=0)
    next_attempt_at: columns.Moment = columns.moment()
    claimed_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    sent_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    last_error: columns.Text = models.TextField(blank=True, db_default="")
    created_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules, order."""

        db_table = "email_outbox"
        verbose_name = "email"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=["pending", "sending", "sent", "failed"]), name="email_outbox_status_known"
            ),
            models.CheckConstraint(condition=~Q(recipient=""), name="email_outbox_recipient_not_empty"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status__in=["pending", "sending"]), name="email_outbox_due"
            ),
            models.Index(fields=["created_at"], name="email_outbox_time"),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.recipient}"

    @property
    def message_id(self) -> str:
        """Return the Message-ID, the same at each attempt."""
        return f"<{self.pk}@{settings.DOMAIN}>"
