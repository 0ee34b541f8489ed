"""Validated apart from being added, so that nobody waits for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0006_owner_cascades"),
    ]

    operations = [
        migrations.RunSQL(
            sql="alter table item validate constraint item_owner_fk",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
