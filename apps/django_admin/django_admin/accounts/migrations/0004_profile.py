"""What users tell of themselves."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_lockout"),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("bio", models.TextField(blank=True, db_default="", max_length=2000)),
                ("avatar_url", models.TextField(blank=True, null=True)),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "profile",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("bio__length__lte", 2000)), name="profile_bio_not_too_long"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("avatar_url__length__lte", 500)), name="profile_avatar_url_not_too_long"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("avatar_url__startswith", "https://")), name="profile_avatar_url_https"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table profile
                add constraint profile_account_fk foreign key (account_id) references account (id) on delete cascade
            """,
            reverse_sql="alter table profile drop constraint profile_account_fk",
        ),
    ]
