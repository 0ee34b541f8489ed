"""The API deletes accounts by SQL, so the database takes their items along."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("items", "0005_title_search"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                alter table item
                add constraint item_owner_fk foreign key (owner_id) references account (id) on delete cascade not valid
            """,
            reverse_sql="alter table item drop constraint item_owner_fk",
        ),
    ]
