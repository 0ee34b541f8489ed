"""Failed sign-ins are counted, and too many lock the account for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):
    squawk_ignore = ("prefer-bigint-over-smallint",)  # the lock stops the count
    dependencies = [
        ("accounts", "0002_email_verified_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="failed_logins",
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="user",
            name="locked_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
