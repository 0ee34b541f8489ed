"""Staff look for users by a piece of their address or name."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0011_trigrams"),
    ]

    operations = [
        migrations.RunSQL(
            sql="drop index concurrently if exists account_search",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            sql="""
                create index concurrently if not exists account_search
                on account using gin (email gin_trgm_ops, display_name gin_trgm_ops)
            """,
            reverse_sql="drop index concurrently if exists account_search",
            state_operations=[
                migrations.AddIndex(
                    model_name="user",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["email", "display_name"],
                        name="account_search",
                        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
                    ),
                )
            ],
        ),
    ]
