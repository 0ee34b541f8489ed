"""The API writes those columns of an account that its statements name: it makes nobody staff and switches nobody on."""

from django.db import migrations

ADDED = "email, password, display_name, email_verified_at"
CHANGED = f"{ADDED}, failed_logins, locked_until, last_login, updated_at"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_account_search"),
    ]

    operations = [
        # Taking rights to a table takes those to its columns along, so this comes first.
        migrations.RunSQL(
            "revoke insert, update on table account from slipway_api",
            "grant insert, update on table account to slipway_api",
        ),
        migrations.RunSQL(
            f"grant insert ({ADDED}), update ({CHANGED}) on table account to slipway_api",
            f"revoke insert ({ADDED}), update ({CHANGED}) on table account from slipway_api",
        ),
    ]
