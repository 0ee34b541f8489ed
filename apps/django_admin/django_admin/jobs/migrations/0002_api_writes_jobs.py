"""The API takes jobs and tells how far they are; doing them is Django's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_job"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant select, insert on table job to slipway_api",
            reverse_sql="revoke select, insert on table job from slipway_api",
        ),
    ]
