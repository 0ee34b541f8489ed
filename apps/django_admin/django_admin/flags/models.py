"""The feature flag."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from django_admin import columns


class FeatureFlag(models.Model):
    """A named switch that the API and the front end ask for."""

    name: columns.Text = models.TextField(primary_key=True)
    enabled: models.BooleanField[bool, bool] = models.BooleanField(default=False, db_default=False)
    description: columns.Text = models.TextField(blank=True, default="", db_default="")
    updated_at: columns.Moment = columns.moment()

    class Meta:
        """Table, rules, order."""

        db_table = "feature_flag"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[a-z][a-z0-9_]{0,62}$"), name="feature_flag_name_plain"
            )
        ]

    def __str__(self) -> str:
        return self.name
