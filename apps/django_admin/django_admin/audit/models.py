"""The audit event."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Value

from django_admin import columns
from django_admin.accounts.models import User


class AuditEvent(models.Model):
    """One thing that happened to an account's security; written once, and never changed by anybody."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    account: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="audit_events",
        null=True,
        blank=True,
        db_constraint=False,  # made in a migration, with ON DELETE SET NULL
        db_index=False,
    )
    action: columns.Text = models.TextField()
    ip: columns.OptionalAddress = models.GenericIPAddressField(null=True, blank=True)
    user_agent: columns.Text = models.TextField(blank=True, db_default="")
    request_id: columns.Text = models.TextField(blank=True, db_default="")
    detail: models.JSONField[Any, Any] = models.JSONField(
        blank=True, default=dict, db_default=Value({}, models.JSONField())
    )
    created_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules, order."""

        db_table = "audit_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(action=""), name="audit_event_action_not_empty")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("account_id"), F("created_at").desc(), name="audit_event_of_account"),
            models.Index(fields=["created_at"], name="audit_event_time"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.pk})"
