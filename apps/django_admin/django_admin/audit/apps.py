"""Registers the app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app `audit`."""

    name = "django_admin.audit"
    verbose_name = "Audit"
