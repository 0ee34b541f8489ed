"""What every admin page of ours does when somebody saves a change."""

from typing import Any

from django.contrib import admin
from django.db.models.functions import Now
from django.http import HttpRequest


class NotesTime(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Notes the time of a change by the database's clock, as every other writer does."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, with the time if it is a change."""
        if change:
            obj.updated_at = Now()
        super().save_model(request, obj, form, change)
