"""Registers the app."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    """The app `signin`."""

    name = "django_admin.signin"
    verbose_name = "Sign-in"
