"""Accounts from before profiles get an empty one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_profile"),
    ]

    operations = [
        migrations.RunSQL(
            sql="insert into profile (account_id) select id from account on conflict do nothing",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
