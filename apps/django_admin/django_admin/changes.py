"""What the admin pages of ours share."""

from typing import Any

from django.contrib import admin
from django.db.models.functions import Now
from django.http import HttpRequest

from django_admin.searching import EstimatingPaginator, FindsRows


class Page(FindsRows, admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """A list that stays quick when the table is large."""

    list_per_page = 50
    paginator = EstimatingPaginator
    show_full_result_count = False


class NotesTime(Page):
    """Notes the time of a change by the database's clock, as every other writer does."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, with the time if it is a change."""
        if change:
            obj.updated_at = Now()
        super().save_model(request, obj, form, change)


class Unwritten(Page):
    """Rows that programs write: people look at them, may delete them and run actions, but type nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds any."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes any by hand."""
        return False


class ReadOnly(Unwritten):
    """Rows that nobody may touch."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes any."""
        return False
