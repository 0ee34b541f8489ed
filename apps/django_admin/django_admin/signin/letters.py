"""Mails with a one-time token, as the API posts them, for staff who help somebody."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from django_admin.accounts.models import User
from django_admin.mail import outbox
from django_admin.signin.models import OneTimeToken
from django_admin.signin.tokens import hash_of, new_token

Purpose = OneTimeToken.Purpose
LIFETIMES = {Purpose.VERIFY_EMAIL: timedelta(hours=48), Purpose.RESET_PASSWORD: timedelta(hours=1)}


def send_verification(user: User) -> None:
    """Mail a link that proves the address."""
    send(user, Purpose.VERIFY_EMAIL)


def send_reset(user: User) -> None:
    """Mail a link by which a new password can be set."""
    send(user, Purpose.RESET_PASSWORD)


def send(user: User, purpose: OneTimeToken.Purpose) -> None:
    """Make a token, which replaces an earlier one for the same purpose, and post the mail of that name."""
    token = new_token()
    with transaction.atomic():
        OneTimeToken.objects.filter(account=user, purpose=purpose, used_at=None).update(used_at=Now())
        OneTimeToken.objects.create(
            account=user,
            purpose=purpose,
            token_hash=hash_of(token),
            email=user.email,
            expires_at=Now() + LIFETIMES[purpose],
        )
        outbox.post(purpose.value, user.email, user, token=token)
