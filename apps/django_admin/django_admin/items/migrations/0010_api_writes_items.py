"""The API makes, changes and deletes items."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0009_owner_old_index"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant insert, update, delete on table item to slipway_api",
            reverse_sql="revoke insert, update, delete on table item from slipway_api",
        ),
    ]
