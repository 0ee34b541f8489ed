"""The index of the owner's pages serves for the owner alone too."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("items", "0008_owner_old_link"),
    ]

    operations = [
        migrations.RunSQL(
            sql="drop index concurrently if exists item_owner_id_7d618be3",
            reverse_sql="create index concurrently if not exists item_owner_id_7d618be3 on item (owner_id)",
        ),
    ]
