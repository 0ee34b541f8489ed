"""Remembered requests in the admin."""

from django.contrib import admin

from django_admin.changes import Unwritten
from django_admin.idempotency.models import IdempotentRequest


@admin.register(IdempotentRequest)
class IdempotentRequestAdmin(Unwritten):
    """Answers that are kept; deleting one lets the same key have an effect again."""

    list_display = ("route", "scope", "key", "status", "created_at")
    list_filter = ("status", "created_at")
    search_fields = ("=scope", "=key", "route__anycase")
    search_help_text = "The whole scope (an account's id) or key, or a piece of the route."
    ordering = ("-created_at", "-id")
    exclude = ("body",)  # the API's answer holds what only its reader should see
    account_field = ""
