"""The API opens, continues and revokes sessions; deleting what has expired is Django's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0003_one_time_token"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant select, insert, update on table auth_session to slipway_api",
            reverse_sql="revoke select, insert, update on table auth_session from slipway_api",
        ),
        migrations.RunSQL(
            sql="grant select, insert, update on table refresh_token to slipway_api",
            reverse_sql="revoke select, insert, update on table refresh_token from slipway_api",
        ),
        migrations.RunSQL(
            sql="grant select, insert, update on table one_time_token to slipway_api",
            reverse_sql="revoke select, insert, update on table one_time_token from slipway_api",
        ),
    ]
