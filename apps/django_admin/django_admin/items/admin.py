"""Items in the admin."""

from django.contrib import admin
from django.db.models.functions import Now
from django.forms import ModelForm
from django.http import HttpRequest

from django_admin.items.models import Item


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
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

    def save_model(self, request: HttpRequest, obj: Item, form: "ModelForm[Item]", change: bool) -> None:
        """Note the time of the change by the database's clock, as every other writer does."""
        if change:
            obj.updated_at = Now()
        super().save_model(request, obj, form, change)
