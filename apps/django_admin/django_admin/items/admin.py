"""Items in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest

from django_admin.changes import NotesTime
from django_admin.items.models import Item


@admin.register(Item)
class ItemAdmin(NotesTime):
    """Find, make and change items."""

    account_field = "owner"
    list_display = ("title", "owner", "version", "created_at", "updated_at")
    list_filter = ("created_at", "updated_at", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("title__anycase",)
    search_help_text = "A piece of the title, an owner's address, or the id of an item or owner."
    ordering = ("-created_at", "-id")
    autocomplete_fields = ("owner",)
    readonly_fields = ("id", "version", "created_at", "updated_at")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save; a change makes the next version, so that the API refuses an edit of an older one."""
        if change:
            obj.version = F("version") + 1
        super().save_model(request, obj, form, change)
