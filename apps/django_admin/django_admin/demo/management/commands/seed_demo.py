"""`manage.py seed_demo`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from django_admin.demo.items import seed


class Command(BaseCommand):
    """Add a dozen demo items; safe to run again."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is any item")

    def handle(self, *_: Any, **options: Any) -> None:
        """Add them and say how many."""
        self.stdout.write(f"demo items added: {seed(options['if_empty'])}")
