"""The API signs people up and in, and changes what they tell of themselves."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_oauth_account"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant select, insert, update, delete on table account to slipway_api",
            reverse_sql="revoke select, insert, update, delete on table account from slipway_api",
        ),
        migrations.RunSQL(
            sql="grant select, insert, update on table profile to slipway_api",
            reverse_sql="revoke select, insert, update on table profile from slipway_api",
        ),
        migrations.RunSQL(
            sql="grant select, insert on table oauth_account to slipway_api",
            reverse_sql="revoke select, insert on table oauth_account from slipway_api",
        ),
    ]
