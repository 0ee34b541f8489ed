"""The outbox in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from django_admin.changes import Unwritten
from django_admin.mail import outbox
from django_admin.mail.errors import MailUnrenderable
from django_admin.mail.models import OutboxEmail
from django_admin.mail.rendering import render

Status = OutboxEmail.Status
# What a sent mail's context no longer holds.
HIDDEN = {"new_email": "…", "job_id": "…"}


@admin.register(OutboxEmail)
class OutboxEmailAdmin(Unwritten):
    """What was and is to be sent; the context is not shown, since it may hold a token that still opens a door."""

    list_display = ("recipient", "template", "status", "attempts", "next_attempt_at", "sent_at", "created_at")
    list_filter = ("status", "template", "created_at", "sent_at")
    search_fields = ("recipient__anycase", "last_error")
    search_help_text = "A piece of the recipient's address or of an error, or the id of a mail or account."
    ordering = ("-created_at", "-id")
    exclude = ("context",)
    readonly_fields = ("message_id", "preview")
    actions = (
        "try_again",
        "cancel",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[OutboxEmail], search_term: str
    ) -> tuple[QuerySet[OutboxEmail], bool]:
        """Find an address among the recipients: mails outlive accounts."""
        if "@" in search_term:
            return queryset.filter(recipient__anycase=search_term.strip()), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="text")
    def preview(self, email: OutboxEmail) -> str:
        """Return the mail's text, with its token left out."""
        try:
            return render(email.template, {**HIDDEN, **email.context, "token": "…"}).text
        except MailUnrenderable as error:
            return str(error)

    @admin.action(description="Try again now", permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxEmail]) -> None:
        """Send what waits or has failed; what was sent is not sent twice."""
        chosen = queryset.filter(status__in=[Status.PENDING, Status.FAILED])
        ids = list(chosen.values_list("pk", flat=True))
        chosen.update(status=Status.PENDING, next_attempt_at=Now(), attempts=0)
        outbox.enqueue_after_commit(ids)
        self.message_user(request, f"{len(ids)} on their way.", messages.SUCCESS if ids else messages.WARNING)

    @admin.action(description="Cancel", permissions=["delete"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[OutboxEmail]) -> None:
        """Give up what waits."""
        count = queryset.filter(status=Status.PENDING).update(
            status=Status.FAILED, context={}, last_error="cancelled by staff"
        )
        self.message_user(request, f"{count} cancelled.", messages.SUCCESS if count else messages.WARNING)
