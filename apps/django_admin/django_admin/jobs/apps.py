"""Registers the app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app `jobs`."""

    name = "django_admin.jobs"
    verbose_name = "Jobs"
