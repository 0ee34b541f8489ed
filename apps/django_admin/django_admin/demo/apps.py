"""Registers the app, for its commands."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The app `demo`."""

    name = "django_admin.demo"
