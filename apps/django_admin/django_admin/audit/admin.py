"""The audit log in the admin: to read, for everybody."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry

from django_admin.audit.models import AuditEvent
from django_admin.changes import ReadOnly


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """What happened to whose account, by whom and from where."""

    list_display = ("created_at", "action", "account", "ip", "request_id")
    list_filter = ("created_at", ("account", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("action__startswith", "=request_id")
    search_help_text = "How an action begins, a request's id, an address, or an account's id."
    ordering = ("-created_at", "-id")


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """What staff changed here."""

    account_field = "user"
    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_filter = ("action_flag", "content_type", "action_time")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "=object_id")
    search_help_text = "A piece of the changed thing's name, its id, or the address of who changed it."
    ordering = ("-action_time", "-id")
