"""Accounts with providers who vouch for a user."""

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_profile_of_each_account"),
    ]

    operations = [
        migrations.CreateModel(
            name="OAuthAccount",
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
                        related_name="oauth_accounts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("provider", models.TextField()),
                ("subject", models.TextField()),
                ("email", models.TextField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "OAuth account",
                "db_table": "oauth_account",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject"), name="oauth_account_subject_unique"),
                    models.UniqueConstraint(fields=("account", "provider"), name="oauth_account_provider_unique"),
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table oauth_account
                add constraint oauth_account_account_fk foreign key (account_id)
                references account (id) on delete cascade
            """,
            reverse_sql="alter table oauth_account drop constraint oauth_account_account_fk",
        ),
    ]
