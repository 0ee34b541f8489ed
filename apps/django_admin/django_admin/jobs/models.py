"""The job."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from django_admin import columns
from django_admin.accounts.models import User


class Job(models.Model):
    """Work that a user asked for and a task does; the user looks here how far it has come."""

    class Kind(models.TextChoices):
        """What is to be done; also the name of the task that does it."""

        EXPORT_ACCOUNT = "export_account"
        DELETE_ACCOUNT = "delete_account"

    class Status(models.TextChoices):
        """How far it has come."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    id: columns.Key = columns.key()
    account: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="jobs",
        null=True,
        blank=True,
        db_constraint=False,  # made in a migration, with ON DELETE SET NULL
        db_index=False,
    )
    kind: columns.Text = models.TextField(choices=Kind)
    status: columns.Text = models.TextField(choices=Status, default=Status.QUEUED, db_default="queued")
    attempts: columns.Count = models.SmallIntegerField(default=0, db_default=0)
    result: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    error: columns.Text = models.TextField(blank=True, db_default="")
    next_attempt_at: columns.Moment = columns.moment()
    created_at: columns.Moment = columns.moment()
    started_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    finished_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)
    expires_at: columns.OptionalMoment = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Table, rules, order."""

        db_table = "job"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(kind__in=["export_account", "delete_account"]), name="job_kind_known"),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "failed"]), name="job_status_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("account_id"), F("created_at").desc(), name="job_of_account"),
            models.Index(fields=["next_attempt_at"], condition=Q(status__in=["queued", "running"]), name="job_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
