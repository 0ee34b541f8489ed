"""Registers the app."""

from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """The app `idempotency`."""

    name = "django_admin.idempotency"
    verbose_name = "Idempotency"
