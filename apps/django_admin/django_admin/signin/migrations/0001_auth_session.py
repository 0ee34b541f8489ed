"""Sign-ins."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuthSession",
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
                        related_name="auth_sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.TextField(blank=True, db_default="")),
                ("user_agent", models.TextField(blank=True, db_default="")),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "session",
                "db_table": "auth_session",
                "indexes": [
                    models.Index(
                        models.F("account_id"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        name="auth_session_of_account",
                    ),
                    models.Index(fields=["expires_at"], name="auth_session_expiry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("user_agent__length__lte", 400)),
                        name="auth_session_user_agent_not_too_long",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table auth_session
                add constraint auth_session_account_fk foreign key (account_id)
                references account (id) on delete cascade
            """,
            reverse_sql="alter table auth_session drop constraint auth_session_account_fk",
        ),
    ]
