"""What keeps a sign-in going."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0001_auth_session"),
    ]

    operations = [
        migrations.CreateModel(
            name="RefreshToken",
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
                    "session",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refresh_tokens",
                        to="signin.authsession",
                    ),
                ),
                ("token_hash", models.BinaryField()),
                (
                    "issued_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "refresh_token",
                "indexes": [
                    models.Index(fields=["session"], name="refresh_token_of_session"),
                    models.Index(fields=["expires_at"], name="refresh_token_expiry"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("token_hash",), name="refresh_token_hash_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("token_hash__length", 32)), name="refresh_token_hash_is_sha256"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table refresh_token
                add constraint refresh_token_session_fk foreign key (session_id)
                references auth_session (id) on delete cascade
            """,
            reverse_sql="alter table refresh_token drop constraint refresh_token_session_fk",
        ),
    ]
