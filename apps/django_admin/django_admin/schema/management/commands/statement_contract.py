"""`manage.py statement_contract`."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from django_admin.schema.describing import describe
from django_admin.schema.management.commands.schema_compat_check import read


class Command(BaseCommand):
    """Print what each statement of a program takes and gives on this schema, as one JSON document."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--statements", required=True, metavar="FILE", help="the statements, as JSON; - is stdin")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print them."""
        rows = [
            {"file": found.file, "name": found.name, **asdict(describe(found.text))}
            for found in read(options["statements"]).statements
        ]
        self.stdout.write(json.dumps({"contracts": rows}))
