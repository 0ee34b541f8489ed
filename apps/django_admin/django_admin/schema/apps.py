"""Registers the app."""

from django.apps import AppConfig


class SchemaConfig(AppConfig):
    """The app `schema`."""

    name = "django_admin.schema"
