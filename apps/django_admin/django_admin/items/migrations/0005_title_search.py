"""Items are found by a piece of their title."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0011_trigrams"),
        ("items", "0004_owner_pages"),
    ]

    operations = [
        migrations.RunSQL(
            sql="drop index concurrently if exists item_title_search",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql="create index concurrently if not exists item_title_search on item using gin (title gin_trgm_ops)",
            reverse_sql="drop index concurrently if exists item_title_search",
            state_operations=[
                migrations.AddIndex(
                    model_name="item",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["title"], name="item_title_search", opclasses=["gin_trgm_ops"]
                    ),
                )
            ],
        ),
    ]
