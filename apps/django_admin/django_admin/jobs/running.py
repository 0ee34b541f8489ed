"""Taking a job, doing it once, and noting how it ended."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from django_admin.celery import send
from django_admin.claiming import Waiting, summary
from django_admin.jobs.errors import JobImpossible
from django_admin.jobs.models import Job

log = logging.getLogger(__name__)
Status = Job.Status
SORRY = "Something went wrong on our side. Please ask again."

WAITING: Waiting[Job] = Waiting(
    Job,
    waiting=Status.QUEUED,
    working=Status.RUNNING,
    claimed_at="started_at",
    back_off=[timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30)],
)


def run(job_id: str, work: Callable[[Job], None]) -> None:
    """Do a job if it is due; the work and the note that it is done are one transaction, so it has one effect.

    `work` raises `JobImpossible` with words for the user. A failure of the database lets the job wait for another
    attempt; any other one is a fault of ours and gets to the worker's log, and the job is tried again when its claim
    has lapsed.
    """
    job = WAITING.claim(UUID(job_id))
    if job is None:
        log.info("job %s is not due, or another worker has it", job_id)
        return
    try:
        with transaction.atomic():
            if WAITING.settle(job, status=Status.DONE, finished_at=Now(), error=""):
                work(job)
    except JobImpossible as error:
        WAITING.settle(job, status=Status.FAILED, finished_at=Now(), error=str(error))
        log.warning("job %s (%s) cannot be done: %s", job_id, job.kind, error)
    except DatabaseError as error:
        put_back(job, error)
    else:
        log.info("job %s (%s) done at attempt %d", job_id, job.kind, job.attempts)


def put_back(job: Job, error: Exception) -> None:
    """Let a job wait for its next attempt, or give it up after the last."""
    log.warning("job %s (%s) failed at attempt %d: %s", job.pk, job.kind, job.attempts, summary(error))
    if WAITING.is_last_attempt(job):
        WAITING.settle(job, status=Status.FAILED, finished_at=Now(), error=SORRY)
    else:
        WAITING.put_back(job)


def sweep() -> None:
    """Send for every job that is due, and give up those that killed a worker each time."""
    WAITING.give_up_abandoned(status=Status.FAILED, finished_at=Now(), error=SORRY)
    enqueue(WAITING.due().only("pk", "kind"))


def enqueue(jobs: Iterable[Job]) -> None:
    """Ask a worker to do these."""
    for job in jobs:
        send(job.kind, str(job.pk))
