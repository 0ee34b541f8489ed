"""Feature flags in the admin: switched right in the list."""

from django.contrib import admin
from django.http import HttpRequest

from django_admin.changes import NotesTime
from django_admin.flags.models import FeatureFlag


@admin.register(FeatureFlag)
class FeatureFlagAdmin(NotesTime):
    """Switch features on and off; the API tells clients within its cache's time."""

    list_display = ("name", "enabled", "description", "updated_at")
    list_editable = ("enabled",)
    list_filter = ("enabled",)
    search_fields = ("name__anycase", "description__anycase")
    ordering = ("name",)
    readonly_fields = ("updated_at",)
    account_field = ""

    def get_readonly_fields(self, request: HttpRequest, obj: FeatureFlag | None = None) -> tuple[str, ...]:
        """A flag keeps its name: programs ask for it."""
        return (*self.readonly_fields, "name") if obj else self.readonly_fields
