"""Validated apart from being added, so that nobody waits for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_staff_rights_cascade"),
    ]

    operations = [
        migrations.RunSQL(
            sql="alter table account_groups validate constraint account_groups_user_fk",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql="alter table account_user_permissions validate constraint account_user_permissions_user_fk",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql="alter table django_admin_log validate constraint django_admin_log_user_fk",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
