"""Items in the admin."""

from django.contrib import admin

from django_admin.changes import NotesTime
from django_admin.items.models import Item


@admin.register(Item)
class ItemAdmin(NotesTime):
    """Find, make and change items."""

    list_display = ("title", "owner", "created_at", "updated_at")
    list_filter = ("created_at", "updated_at", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("title", "description", "owner__email")
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    autocomplete_fields = ("owner",)
    readonly_fields = ("id", "created_at", "updated_at")
    list_per_page = 50
