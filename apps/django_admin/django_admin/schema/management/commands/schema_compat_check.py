"""`manage.py schema_compat_check`."""

import json
import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from django_admin.errors import StatementsUnreadable
from django_admin.schema.drift import find_drift, report
from django_admin.schema.statements import Asked, read_asked


class Command(BaseCommand):
    """Check that migrations, models and SQL statements all fit the live schema; exit 1 if anything does not."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []  # noqa: RUF012 -- Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--statements",
            action="append",
            default=[],
            metavar="FILE",
            help="the SQL statements of a program, as JSON; - is stdin; may be given again for another",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Check and tell."""
        try:
            asked = sum(map(read, options["statements"]), Asked())
            problems = find_drift(asked)
        except (StatementsUnreadable, OSError, Error, psycopg.Error) as error:
            raise CommandError(f"schema check could not run: {error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(report(asked, problems), indent=1))
        else:
            self.stdout.writelines(f"{problem}\n" for problem in problems)
            self.stdout.write(f"schema check: {len(asked.statements)} statements checked, {len(problems)} problems")
        if problems:
            sys.exit(1)


def read(source: str) -> Asked:
    """Read one list of statements from a file or, for `-`, from stdin."""
    text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    return read_asked("stdin" if source == "-" else source, text)
