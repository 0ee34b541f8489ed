"""The API remembers its answers; forgetting them is Django's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("idempotency", "0001_idempotent_request"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant select, insert, update on table idempotent_request to slipway_api",
            reverse_sql="revoke select, insert, update on table idempotent_request from slipway_api",
        ),
    ]
