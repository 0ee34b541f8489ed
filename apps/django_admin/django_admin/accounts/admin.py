"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm

from django_admin.accounts.models import User
from django_admin.changes import NotesTime


class UserCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Asks for an email where the stock form asks for a user name."""

    class Meta:
        """The form's model and fields."""

        model = User
        fields = ("email", "display_name")


@admin.register(User)
class UserAdmin(NotesTime, StockUserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Find, make and change users."""

    add_form = UserCreationForm
    list_display = ("email", "display_name", "is_active", "is_staff", "last_login", "created_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "created_at")
    search_fields = ("email", "display_name", "id")
    ordering = ("-created_at", "-id")
    date_hierarchy = "created_at"
    readonly_fields = ("id", "last_login", "created_at", "updated_at")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "display_name")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("History", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "display_name", "password1", "password2")}),)
    list_per_page = 50
