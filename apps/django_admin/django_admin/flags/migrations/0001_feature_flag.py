"""Named switches."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FeatureFlag",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("enabled", models.BooleanField(db_default=False, default=False)),
                ("description", models.TextField(blank=True, db_default="", default="")),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "db_table": "feature_flag",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[a-z][a-z0-9_]{0,62}$")), name="feature_flag_name_plain"
                    )
                ],
            },
        ),
    ]
