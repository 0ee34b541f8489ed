"""The API posts mails; of what is posted it reads nothing but the id that it is answered."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_email_outbox"),
    ]

    operations = [
        migrations.RunSQL(
            sql="grant insert, select (id) on table email_outbox to slipway_api",
            reverse_sql="revoke insert, select (id) on table email_outbox from slipway_api",
        ),
    ]
