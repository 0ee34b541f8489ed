"""Sessions and tokens in the admin: seen and ended, never written by hand."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from django_admin.audit.recording import record
from django_admin.changes import Unwritten
from django_admin.signin.models import AuthSession, OneTimeToken, RefreshToken
from django_admin.signin.revoking import revoke_sessions


class LiveFilter(admin.SimpleListFilter):
    """Sessions by whether they still go."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("live", "Live"), ("revoked", "Revoked"), ("expired", "Expired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuthSession]) -> QuerySet[AuthSession]:
        """Apply the choice."""
        if self.value() == "live":
            return queryset.filter(revoked_at=None, expires_at__gt=Now())
        if self.value() == "revoked":
            return queryset.exclude(revoked_at=None)
        return queryset.filter(expires_at__lte=Now()) if self.value() == "expired" else queryset


@admin.register(AuthSession)
class AuthSessionAdmin(Unwritten):
    """Who is signed in, from where, and since when."""

    list_display = ("account", "is_live", "ip", "user_agent", "created_at", "last_used_at", "revoked_reason")
    list_filter = (LiveFilter, "created_at", "last_used_at")
    list_select_related = ("account",)
    search_fields = ("user_agent__anycase", "revoked_reason")
    search_help_text = "An address, the id of an account or session, or a piece of the browser's name."
    ordering = ("-created_at", "-id")
    actions = ("revoke",)

    @admin.display(boolean=True, description="live")
    def is_live(self, session: AuthSession) -> bool:
        """Tell whether the session can be continued."""
        return session.revoked_at is None and session.expires_at > timezone.now()

    @admin.action(description="Revoke", permissions=["delete"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AuthSession]) -> None:
        """End sessions; the browser is asked to sign in again within ten minutes."""
        for session in queryset.filter(revoked_at=None).select_related("account"):
            detail = {"session_id": str(session.pk), "by": str(request.user.pk)}
            record("session_revoked", session.account, request, detail)
        count = revoke_sessions(queryset, "revoked by staff")
        self.message_user(request, f"{count} revoked.", messages.SUCCESS if count else messages.WARNING)


@admin.register(RefreshToken)
class RefreshTokenAdmin(Unwritten):
    """The links of each session's chain."""

    account_field = "session__account"
    list_display = ("id", "session", "issued_at", "expires_at", "used_at")
    list_filter = (("used_at", admin.EmptyFieldListFilter), "issued_at", "expires_at")
    list_select_related = ("session",)
    search_fields = ("session__id",)
    search_help_text = "An address, or the id of an account or token."
    ordering = ("-issued_at", "-id")


@admin.register(OneTimeToken)
class OneTimeTokenAdmin(Unwritten):
    """Tokens that went out by mail."""

    list_display = ("account", "purpose", "email", "created_at", "expires_at", "used_at")
    list_filter = ("purpose", ("used_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("account",)
    search_fields = ("email__anycase",)
    search_help_text = "An address, or the id of an account or token."
    ordering = ("-created_at", "-id")
    actions = ("invalidate",)

    @admin.action(description="Make worthless", permissions=["delete"])
    def invalidate(self, request: HttpRequest, queryset: QuerySet[OneTimeToken]) -> None:
        """Let nobody use these tokens."""
        count = queryset.filter(used_at=None, expires_at__gt=Now()).update(expires_at=Now())
        self.message_user(request, f"{count} made worthless.", messages.SUCCESS if count else messages.WARNING)
