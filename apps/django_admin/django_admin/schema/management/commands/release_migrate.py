"""`manage.py release_migrate`."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from django_admin.errors import MigrationBlocked, MigrationLocked, MigrationRoleWrong
from django_admin.schema.migrating import migrate, unapplied


class Command(BaseCommand):
    """Migrate the database for this release, as its owner, alone and with time limits."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own declaration

    def handle(self, *_: Any, **__: Any) -> None:
        """Migrate, then add the demo items where SEED_DEMO asks for them; the last line tells how it went."""
        try:
            names = migrate(self.stdout.write)
            if settings.SEED_DEMO:
                call_command("seed_demo", if_empty=True, stdout=self.stdout)
        except (MigrationBlocked, MigrationLocked, MigrationRoleWrong) as error:
            raise CommandError(f"migrate failed: {error}") from error
        except Error as error:
            raise CommandError(f"migrate failed{self.where()}: {' '.join(str(error).split())}") from error
        for name in names:
            self.stdout.write(f"applied {name}")
        self.stdout.write(f"migrated: {len(names)} applied, none left")

    def where(self) -> str:
        """Name the migration that could not be applied, if the database still answers."""
        try:
            left = unapplied()
        except Error:
            return ""
        return f" at {left[0]}" if left else ""
