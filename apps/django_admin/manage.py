#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from django_admin.errors import EnvironmentInvalid


def main() -> int:
    """Run one command; answer 2 if the environment is not usable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_admin.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvironmentInvalid as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
