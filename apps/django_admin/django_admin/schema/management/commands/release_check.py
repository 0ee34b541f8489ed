"""`manage.py release_check`."""

import json
import sys
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from django_admin.errors import MigrationBlocked, MigrationLocked, MigrationRoleWrong, StatementsUnreadable
from django_admin.items.models import Item
from django_admin.schema.drift import find_drift, report
from django_admin.schema.management.commands.schema_compat_check import read
from django_admin.schema.migrating import migrate, unapplied
from django_admin.schema.statements import Asked
from django_admin.schema.tables import live_tables, own_needs, record

COULD_NOT_RUN, MIGRATION_FAILED = 2, 3


class Command(BaseCommand):
    """Tell what a release would change in the database; when nothing is left to migrate, check that all fits.

    The last line is one JSON document. Exit 1: something does not fit; 2: could not run; 3: a migration failed.
    """

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--statements", required=True, metavar="FILE", help="statements and models, as JSON")
        parser.add_argument("--migrate", action="store_true", help="migrate first; on a copy only (DATABASE_NAME)")

    def handle(self, *_: Any, **options: Any) -> None:
        """Ask, check and tell."""
        try:
            asked = read(options["statements"])
            if options["migrate"]:
                self.migrate_copy()
            outcome = self.outcome(asked)
        except (StatementsUnreadable, OSError, Error, psycopg.Error) as error:
            raise CommandError(f"release check could not run: {error}", returncode=COULD_NOT_RUN) from error
        self.stdout.write(json.dumps(outcome))
        if not outcome.get("ok", True):
            sys.exit(1)

    def migrate_copy(self) -> None:
        """Apply what is pending, never to the live database."""
        if not settings.IS_COPY:
            raise CommandError("--migrate is for a copy, and DATABASE_NAME is not set", returncode=COULD_NOT_RUN)
        try:
            migrate(self.stdout.write)
        except (MigrationBlocked, MigrationLocked, MigrationRoleWrong, Error) as error:
            where = f" at {left[0]}" if (left := pending()) else ""
            told = " ".join(str(error).split())
            raise CommandError(f"migrate failed{where}: {told}", returncode=MIGRATION_FAILED) from error

    def outcome(self, asked: Asked) -> dict[str, Any]:
        """Return what is pending; if nothing is, the whole report, and what this code's models need."""
        outcome = {"database": connection.settings_dict["NAME"], "pending": unapplied()}
        if outcome["pending"]:
            return outcome
        problems = find_drift(asked)
        is_demo_wanted = settings.SEED_DEMO and not problems and not Item.objects.exists()
        models = record(own_needs(), live_tables())
        return outcome | report(asked, problems) | {"models": models, "is_demo_wanted": is_demo_wanted}


def pending() -> list[str]:
    """Name what is left to migrate, if the database still answers."""
    try:
        return unapplied()
    except Error:
        return []
