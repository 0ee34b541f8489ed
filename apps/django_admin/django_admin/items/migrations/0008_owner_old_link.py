"""The link that did not cascade goes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignore = ("ban-drop-constraint",)  # the one that cascades guarantees the same
    dependencies = [
        ("items", "0007_owner_validated"),
    ]

    operations = [
        migrations.RunSQL(
            sql="alter table item drop constraint item_owner_id_7d618be3_fk_account_id",
            reverse_sql="""
                alter table item
                add constraint item_owner_id_7d618be3_fk_account_id foreign key (owner_id)
                references account (id) deferrable initially deferred not valid
            """,
            state_operations=[
                migrations.AlterField(
                    model_name="item",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        ),
    ]
