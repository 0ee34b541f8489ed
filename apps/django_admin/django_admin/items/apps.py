"""Registers the app."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    """The app `items`."""

    name = "django_admin.items"
