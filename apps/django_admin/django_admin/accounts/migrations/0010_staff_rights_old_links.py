"""The links that did not cascade go."""

from django.db import migrations


class Migration(migrations.Migration):
    squawk_ignore = ("ban-drop-constraint",)  # the ones that cascade guarantee the same
    dependencies = [
        ("accounts", "0009_staff_rights_validated"),
    ]

    operations = [
        migrations.RunSQL(
            sql="alter table account_groups drop constraint account_groups_user_id_394fa457_fk_account_id",
            reverse_sql="""
                alter table account_groups
                add constraint account_groups_user_id_394fa457_fk_account_id foreign key (user_id)
                references account (id) deferrable initially deferred not valid
            """,
        ),
        migrations.RunSQL(
            sql="""
                alter table account_user_permissions
                drop constraint account_user_permissions_user_id_fb062072_fk_account_id
            """,
            reverse_sql="""
                alter table account_user_permissions
                add constraint account_user_permissions_user_id_fb062072_fk_account_id foreign key (user_id)
                references account (id) deferrable initially deferred not valid
            """,
        ),
        migrations.RunSQL(
            sql="alter table django_admin_log drop constraint django_admin_log_user_id_c564eba6_fk_account_id",
            reverse_sql="""
                alter table django_admin_log
                add constraint django_admin_log_user_id_c564eba6_fk_account_id foreign key (user_id)
                references account (id) deferrable initially deferred not valid
            """,
        ),
    ]
