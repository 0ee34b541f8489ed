"""The item."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from django_admin import columns
from django_admin.accounts.models import User

TITLE_MAX = 200
DESCRIPTION_MAX = 10_000


class Item(models.Model):
    """Something that a user keeps; without an owner it belongs to the deployment itself."""

    id: columns.Key = columns.key()
    owner: models.ForeignKey[User | None, User | None] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="items",
        null=True,
        blank=True,
        db_constraint=False,  # made in a migration, with ON DELETE CASCADE
        db_index=False,
    )
    title: models.CharField[str, str] = models.CharField(max_length=TITLE_MAX)
    description: models.TextField[str, str] = models.TextField(blank=True, max_length=DESCRIPTION_MAX, db_default="")
    version: models.IntegerField[int | Combinable, int] = models.IntegerField(
        default=1, db_default=1, editable=False, help_text="Goes up by one with each change; the API's ETag."
    )
    created_at: columns.Moment = columns.moment()
    updated_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules, order."""

        db_table = "item"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(title=""), name="item_title_not_empty"),
            columns.at_most("item_description_not_too_long", "description", DESCRIPTION_MAX),
        ]
        # Pages go by (created_at, id), newest first.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(F("created_at").desc(), F("id").desc(), name="item_newest"),
            models.Index(F("owner_id"), F("created_at").desc(), F("id").desc(), name="item_newest_of_owner"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="item_title_search"),
        ]

    def __str__(self) -> str:
        return self.title
