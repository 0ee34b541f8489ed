"""Answers that are kept so that a request sent twice has one effect."""

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignore = ("prefer-bigint-over-smallint",)  # an HTTP status
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("scope", models.TextField(help_text="An account's id, or anonymous:<address>.")),
                ("key", models.TextField()),
                ("route", models.TextField()),
                ("request_hash", models.BinaryField()),
                ("status", models.SmallIntegerField(blank=True, null=True)),
                ("body", models.JSONField(blank=True, null=True)),
                (
                    "headers",
                    models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "idempotent_request",
                "indexes": [models.Index(fields=["created_at"], name="idempotent_request_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "route", "key"), name="idempotent_request_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("key__length__lte", 255)), name="idempotent_request_key_not_too_long"
                    ),
                ],
            },
        ),
    ]
