"""`manage.py seed`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from django_admin.demo import bulk, items
from django_admin.demo.world import World

ANALYZED = ("account", "profile", "item")


class Command(BaseCommand):
    """Fill every table with a believable harbour, and with very many rows if asked; safe to run again."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--items", type=int, default=0, metavar="N", help="add items until there are N")
        parser.add_argument("--users", type=int, default=0, metavar="N", help="add N accounts to own those items")
        parser.add_argument(
            "--password", help="lets everybody of the harbour in by it; without one nobody can sign in as them"
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Add what is missing and say how much that was."""
        added = items.seed(is_only_if_empty=False) + World(options["password"]).build()
        self.stdout.write(f"harbour: {added} rows added")
        if options["users"] or options["items"]:
            wanted = options["users"] or bulk.OWNERS
            self.stdout.write(f"accounts: {bulk.ensure_accounts(wanted, options['password'])} added")
        if options["items"]:
            count = bulk.ensure_items(options["items"], lambda total: self.stdout.write(f"items: {total}"))
            self.stdout.write(f"items: {count} added")
        self.analyze()

    def analyze(self) -> None:
        """Tell the planner, if this role may; otherwise autovacuum will within a minute."""
        with connection.cursor() as cursor:
            cursor.execute("select current_user = tableowner from pg_tables where tablename = 'item'")
            if cursor.fetchone() == (True,):
                cursor.execute(f"analyze {', '.join(ANALYZED)}")
