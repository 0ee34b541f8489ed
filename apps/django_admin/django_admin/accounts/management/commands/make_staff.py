"""`manage.py make_staff EMAIL`."""

import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from django_admin.accounts.models import User


class Command(BaseCommand):
    """Let an account do everything in the admin and set its password, read from stdin; without one it is made."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the argument."""
        parser.add_argument("email", help="whose account")

    def handle(self, *_: Any, **options: Any) -> None:
        """Check the address and the password, then write both in one transaction."""
        email, password = options["email"].strip().lower(), sys.stdin.readline().rstrip("\n")
        try:
            validate_email(email)
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            user = User.objects.filter(email=email).first() or User.objects.create_user(email)
            user.is_active = user.is_staff = user.is_superuser = True
            # Whoever may run this vouches for the address.
            user.email_verified_at = user.email_verified_at or timezone.now()
            user.locked_until, user.failed_logins = None, 0
            user.set_password(password)
            user.save()
        self.stdout.write(f"{email} may do everything")
