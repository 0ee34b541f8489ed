"""The API tells which switches are on."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("flags", "0001_feature_flag"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant select on table feature_flag to slipway_api",
            reverse_sql="revoke select on table feature_flag from slipway_api",
        ),
    ]
