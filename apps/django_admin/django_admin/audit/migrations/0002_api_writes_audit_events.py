"""The API adds to the record and can neither read nor change it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_audit_event"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant insert on table audit_event to slipway_api",
            reverse_sql="revoke insert on table audit_event from slipway_api",
        ),
    ]
