"""Tokens that come by mail."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("signin", "0002_refresh_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="OneTimeToken",
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
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="one_time_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        choices=[
                            ("verify_email", "Verify Email"),
                            ("reset_password", "Reset Password"),
                            ("change_email", "Change Email"),
                        ]
                    ),
                ),
                ("token_hash", models.BinaryField()),
                ("email", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "one_time_token",
                "indexes": [
                    models.Index(fields=["account", "purpose"], name="one_time_token_of_account"),
                    models.Index(fields=["expires_at"], name="one_time_token_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("token_hash",), name="one_time_token_hash_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__length", 32)), name="one_time_token_hash_is_sha256"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["verify_email", "reset_password", "change_email"])),
                        name="one_time_token_purpose_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table one_time_token
                add constraint one_time_token_account_fk foreign key (account_id)
                references account (id) on delete cascade
            """,
            reverse_sql="alter table one_time_token drop constraint one_time_token_account_fk",
        ),
    ]
