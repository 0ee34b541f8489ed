"""The item."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Length, Now

from django_admin.accounts.models import User

TITLE_MAX = 200
DESCRIPTION_MAX = 10_000

models.TextField.register_lookup(Length)


class Item(models.Model):
    """Something that a user keeps; without an owner it belongs to the deployment itself."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    owner: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="items", null=True, blank=True
    )
    title: models.CharField[str, str] = models.CharField(max_length=TITLE_MAX)
    description: models.TextField[str, str] = models.TextField(blank=True, max_length=DESCRIPTION_MAX, db_default="")
    created_at: models.DateTimeField[datetime | Combinable, datetime] = models.DateTimeField(
        db_default=Now(), editable=False
    )
    updated_at: models.DateTimeField[datetime | Combinable, datetime] = models.DateTimeField(
        db_default=Now(), editable=False
    )

    class Meta:
        """Table, rules, order."""

        db_table = "item"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="item_title_not_empty"),
            models.CheckConstraint(
                condition=Q(description__length__lte=DESCRIPTION_MAX), name="item_description_not_too_long"
            ),
        ]
        # Pages go by (created_at, id), newest first.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("created_at").desc(), F("id").desc(), name="item_newest")
        ]

    def __str__(self) -> str:
        return self.title
