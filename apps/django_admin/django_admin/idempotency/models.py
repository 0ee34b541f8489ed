"""The remembered request."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Value

from django_admin import columns

KEY_MAX = 255


class IdempotentRequest(models.Model):
    """A request that named a key, and the answer it got: the same key again gets the same answer."""

    id: columns.Key = columns.key()
    scope: columns.Text = models.TextField(help_text="An account's id, or anonymous:<address>.")
    key: columns.Text = models.TextField()
    route: columns.Text = models.TextField()
    request_hash: models.BinaryField[bytes, bytes] = models.BinaryField()
    status: models.SmallIntegerField[int | None, int | None] = models.SmallIntegerField(null=True, blank=True)
    body: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    headers: models.JSONField[Any, Any] = models.JSONField(
        blank=True, default=dict, db_default=Value({}, models.JSONField())
    )
    created_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules, order."""

        db_table = "idempotent_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "route", "key"], name="idempotent_request_unique"),
            columns.at_most("idempotent_request_key_not_too_long", "key", KEY_MAX),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["created_at"], name="idempotent_request_time")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
