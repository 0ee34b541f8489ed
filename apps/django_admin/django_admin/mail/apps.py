"""Registers the app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """The app `mail`."""

    name = "django_admin.mail"
    verbose_name = "Mail"
