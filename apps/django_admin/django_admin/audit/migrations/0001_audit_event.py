"""The record of what touched anybody's security; it outlives the account."""

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
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="audit_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("action", models.TextField()),
                ("ip", models.GenericIPAddressField(blank=True, null=True)),
                ("user_agent", models.TextField(blank=True, db_default="")),
                ("request_id", models.TextField(blank=True, db_default="")),
                ("detail", models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "audit_event",
                "indexes": [
                    models.Index(
                        models.F("account_id"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        name="audit_event_of_account",
                    ),
                    models.Index(fields=["created_at"], name="audit_event_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action", ""), _negated=True), name="audit_event_action_not_empty"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            sql="""
                alter table audit_event
                add constraint audit_event_account_fk foreign key (account_id)
                references account (id) on delete set null
            """,
            reverse_sql="alter table audit_event drop constraint audit_event_account_fk",
        ),
    ]
