"""Users, their profiles and their accounts with providers in the admin."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from django_admin.accounts.backends import is_locked, unlock
from django_admin.accounts.deletion import delete_account
from django_admin.accounts.models import OAuthAccount, Profile, User
from django_admin.audit.recording import record
from django_admin.changes import NotesTime, Unwritten
from django_admin.signin.letters import send_reset, send_verification
from django_admin.signin.revoking import revoke

# What is of a user, as the admin's name of its list, and how one says it.
RELATED = (
    ("signin_authsession", "sessions"),
    ("items_item", "items"),
    ("audit_auditevent", "audit events"),
    ("mail_outboxemail", "mails"),
    ("jobs_job", "jobs"),
)


class UserCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Asks for an email where the stock form asks for a user name."""

    class Meta:
        """The form's model and fields."""

        model = User
        fields = ("email", "display_name")


class LockedFilter(admin.SimpleListFilter):
    """Accounts that nobody can sign in to for now."""

    title = "lock"
    parameter_name = "lock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("locked", "Locked"), ("open", "Not locked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Apply the choice."""
        if self.value() == "locked":
            return queryset.filter(is_locked())
        return queryset.exclude(is_locked()) if self.value() == "open" else queryset


class ProfileInline(admin.StackedInline):  # type: ignore[type-arg]  # not subscriptable at run time
    """The profile on the user's page."""

    model = Profile
    can_delete = False
    fields = ("bio", "avatar_url")


@admin.register(User)
class UserAdmin(NotesTime, StockUserAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Find, make and change users."""

    account_field = ""
    add_form = UserCreationForm
    list_display = ("email", "display_name", "is_verified", "is_active", "is_staff", "last_login", "created_at")
    list_filter = (
        "is_active",
        "is_staff",
        "is_superuser",
        ("email_verified_at", admin.EmptyFieldListFilter),
        LockedFilter,
        "created_at",
    )
    search_fields = ("email__anycase", "display_name__anycase")
    search_help_text = "A piece of the address or the name, or an account's id."
    ordering = ("-created_at", "-id")
    readonly_fields = ("id", "last_login", "created_at", "updated_at", "failed_logins", "locked_until", "related")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("id", "email", "password", "display_name", "related")}),
        ("Sign-in", {"fields": ("is_active", "email_verified_at", "failed_logins", "locked_until")}),
        ("Rights", {"fields": ("is_staff", "is_superuser", "groups", "user_permissions")}),
        ("History", {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "display_name", "password1", "password2")}),)
    actions = (
        "unlock_accounts",
        "revoke_sessions",
        "deactivate",
        "activate",
        "send_verification_mail",
        "send_reset_mail",
    )

    @admin.display(boolean=True, description="verified", ordering="email_verified_at")
    def is_verified(self, user: User) -> bool:
        """Tell whether the address was proved to be the user's."""
        return user.email_verified_at is not None

    @admin.display(description="look at")
    def related(self, user: User) -> SafeString:
        """Link to what is of this user."""
        lists = [(f"{reverse(f'admin:{name}_changelist')}?q={user.pk}", label) for name, label in RELATED]
        return format_html_join(" · ", '<a href="{}">{}</a>', lists)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        """Show the profile of a user who exists."""
        return [ProfileInline] if obj else []

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; a new user gets the profile that each has, and one who may no longer sign in is signed out."""
        super().save_model(request, obj, form, change)
        if not change:
            Profile.objects.create(account=obj)
        elif "is_active" in form.changed_data and not obj.is_active:
            revoke(User.objects.filter(pk=obj.pk), "deactivated")

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Say what goes without reading each row of it; the database deletes, by its foreign keys."""
        users = list(objs)
        lines = [f"{user.email} with profile, sessions, tokens and {user.items.count()} items" for user in users]
        is_allowed = self.has_delete_permission(request)
        return lines, {"users": len(users)}, set() if is_allowed else {"user"}, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete one."""
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete some, each with an audit event."""
        for account_id in list(queryset.values_list("pk", flat=True)):
            delete_account(account_id)
            record("account_deleted", request=request, detail={"account_id": str(account_id), **by(request)})

    @admin.action(description="Unlock", permissions=["change"])
    def unlock_accounts(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people try their password again at once."""
        locked = list(queryset.filter(is_locked()))
        unlock(queryset)
        self.tell(request, "account_unlocked", locked, "unlocked")

    @admin.action(description="Revoke every session", permissions=["change"])
    def revoke_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sign people out everywhere."""
        revoke(queryset, "revoked by staff")
        self.tell(request, "sessions_revoked", list(queryset), "signed out everywhere")

    @admin.action(description="Deactivate and sign out", permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let nobody in by these accounts."""
        chosen = list(queryset.filter(is_active=True).exclude(pk=request.user.pk))
        users = User.objects.filter(pk__in=[user.pk for user in chosen])
        users.update(is_active=False, updated_at=Now())
        revoke(users, "deactivated")
        self.tell(request, "account_deactivated", chosen, "deactivated")

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Let people in again."""
        chosen = list(queryset.filter(is_active=False))
        queryset.filter(is_active=False).update(is_active=True, updated_at=Now())
        self.tell(request, "account_activated", chosen, "activated")

    @admin.action(description="Send the verification mail again", permissions=["change"])
    def send_verification_mail(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail those who have not verified their address."""
        chosen = list(queryset.filter(email_verified_at=None, is_active=True))
        for user in chosen:
            send_verification(user)
        self.tell(request, "verification_resent", chosen, "sent a verification mail")

    @admin.action(description="Send a mail to reset the password", permissions=["change"])
    def send_reset_mail(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Mail a link by which a new password can be set."""
        chosen = list(queryset.filter(is_active=True))
        for user in chosen:
            send_reset(user)
        self.tell(request, "password_reset_requested", chosen, "sent a reset mail")

    def tell(self, request: HttpRequest, action: str, users: list[User], done: str) -> None:
        """Note an action in the audit log for each user and say how many there were."""
        for user in users:
            record(action, user, request, by(request))
        self.message_user(request, f"{len(users)} {done}.", messages.SUCCESS if users else messages.WARNING)


def by(request: HttpRequest) -> dict[str, str]:
    """Return who of the staff did it, for an audit event."""
    return {"by": str(request.user.pk)}


@admin.register(Profile)
class ProfileAdmin(NotesTime):
    """What users tell of themselves."""

    list_display = ("account", "avatar_url", "updated_at")
    list_filter = ("updated_at", ("avatar_url", admin.EmptyFieldListFilter))
    list_select_related = ("account",)
    search_fields = ("bio__anycase",)
    search_help_text = "A piece of the bio, an address, or an account's id."
    autocomplete_fields = ("account",)
    readonly_fields = ("updated_at",)
    ordering = ("-updated_at",)


@admin.register(OAuthAccount)
class OAuthAccountAdmin(Unwritten):
    """Accounts with providers; deleting one takes that way in away."""

    list_display = ("account", "provider", "email", "created_at")
    list_filter = ("provider", "created_at")
    list_select_related = ("account",)
    search_fields = ("subject", "email__anycase")
    search_help_text = "The provider's id of the user, an address, or an account's id."
    ordering = ("-created_at", "-id")
