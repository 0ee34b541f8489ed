"""Jobs in the admin."""

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from django_admin.changes import Unwritten
from django_admin.jobs.models import Job
from django_admin.jobs.running import enqueue

Status = Job.Status


@admin.register(Job)
class JobAdmin(Unwritten):
    """What users asked for; the result is not shown, since it is their data."""

    list_display = ("kind", "account", "status", "attempts", "created_at", "finished_at", "error")
    list_filter = ("kind", "status", "created_at")
    list_select_related = ("account",)
    search_fields = ("error",)
    search_help_text = "An address, the id of an account or job, or a piece of an error."
    ordering = ("-created_at", "-id")
    exclude = ("result",)
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        """Leave the results where they are: each may have megabytes."""
        return super().get_queryset(request).defer("result")

    @admin.action(description="Try again now", permissions=["delete"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Do what waits or has failed."""
        chosen = Job.objects.filter(pk__in=queryset.values("pk"), status__in=[Status.QUEUED, Status.FAILED])
        jobs = list(chosen.only("pk", "kind"))
        chosen.update(status=Status.QUEUED, next_attempt_at=Now(), attempts=0, error="", finished_at=None)
        transaction.on_commit(lambda: enqueue(jobs), robust=True)
        self.message_user(request, f"{len(jobs)} on their way.", messages.SUCCESS if jobs else messages.WARNING)
