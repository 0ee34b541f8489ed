"""`manage.py migrations_sql`."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from django_admin.schema.sql import all_sql


class Command(BaseCommand):
    """Print the SQL of every migration of ours as one JSON document; needs no database."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own declaration

    def handle(self, *_: Any, **__: Any) -> None:
        """Print them."""
        self.stdout.write(json.dumps([asdict(migration) for migration in all_sql()], indent=1))
