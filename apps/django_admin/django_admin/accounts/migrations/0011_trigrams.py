"""Lets an index answer what contains a piece of text; a trusted extension, which the owner may make."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_staff_rights_old_links"),
    ]

    operations = [
        migrations.RunSQL(
            sql="create extension if not exists pg_trgm",
            reverse_sql="drop extension if exists pg_trgm",
        ),
    ]
