"""Registers the app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "django_admin.audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        """Listen to who signs in; only now are there models to write to."""
        from django_admin.audit.signals import connect  # noqa: PLC0415 -- not before the models are loaded

        connect()
