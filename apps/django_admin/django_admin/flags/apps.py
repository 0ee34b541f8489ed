"""Registers the app."""

from django.apps import AppConfig


class FlagsConfig(AppConfig):
    """The app `flags`."""

    name = "django_admin.flags"
    verbose_name = "Feature flags"
