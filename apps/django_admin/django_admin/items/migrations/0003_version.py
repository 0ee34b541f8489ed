"""Each change has a number, by which the API tells a client that it edits an old text."""

from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignore = ("prefer-bigint-over-int",)  # one change a second for 68 years
    dependencies = [
        ("items", "0002_api_reads_items"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="version",
            field=models.IntegerField(
                db_default=1, default=1, editable=False, help_text="Goes up by one with each change; the API's ETag."
            ),
        ),
    ]
