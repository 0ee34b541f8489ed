"""Pages of one owner's items."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("items", "0003_version"),
    ]

    operations = [
        migrations.RunSQL(
            sql="drop index concurrently if exists item_newest_of_owner",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql="""
                create index concurrently if not exists item_newest_of_owner
                on item (owner_id, created_at desc, id desc)
            """,
            reverse_sql="drop index concurrently if exists item_newest_of_owner",
            state_operations=[
                migrations.AddIndex(
                    model_name="item",
                    index=models.Index(
                        models.F("owner_id"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        models.OrderBy(models.F("id"), descending=True),
                        name="item_newest_of_owner",
                    ),
                )
            ],
        ),
    ]
