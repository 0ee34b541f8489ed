"""The API lists items; it gets no right that its statements do not use."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("items", "0001_item")]

    operations = [
        migrations.RunSQL("grant select on table item to slipway_api", "revoke select on table item from slipway_api"),
    ]
