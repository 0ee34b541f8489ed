"""The API deletes accounts by SQL, so the database takes Django's own rows of a user along."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_api_writes_accounts"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                alter table account_groups
                add constraint account_groups_user_fk foreign key (user_id)
                references account (id) on delete cascade not valid
            """,
            reverse_sql="alter table account_groups drop constraint account_groups_user_fk",
        ),
        migrations.RunSQL(
            sql="""
                alter table account_user_permissions
                add constraint account_user_permissions_user_fk foreign key (user_id)
                references account (id) on delete cascade not valid
            """,
            reverse_sql="alter table account_user_permissions drop constraint account_user_permissions_user_fk",
        ),
        migrations.RunSQL(
            sql="""
                alter table django_admin_log
                add constraint django_admin_log_user_fk foreign key (user_id)
                references account (id) on delete cascade not valid
            """,
            reverse_sql="alter table django_admin_log drop constraint django_admin_log_user_fk",
        ),
    ]
