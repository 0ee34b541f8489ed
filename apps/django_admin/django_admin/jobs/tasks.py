"""The jobs as tasks. The API queues a row and sends the task; `sweep_jobs` finds the rows whose message was lost."""

from django_admin.accounts.deletion import delete_account
from django_admin.audit.recording import record
from django_admin.celery import task
from django_admin.jobs import export, running
from django_admin.jobs.models import Job
from django_admin.mail import outbox


@task(Job.Kind.EXPORT_ACCOUNT.value, ignore_result=True)
def export_account(job_id: str) -> None:
    """Make a user's copy of their data and tell them by mail."""
    running.run(job_id, export.export)


@task(Job.Kind.DELETE_ACCOUNT.value, ignore_result=True)
def delete_account_of_job(job_id: str) -> None:
    """Delete an account and say goodbye by mail."""
    running.run(job_id, delete)


@task("sweep_jobs", ignore_result=True, soft_time_limit=20, time_limit=30)
def sweep_jobs() -> None:
    """Send for jobs that are due: those whose message was lost, waiting ones, abandoned ones."""
    running.sweep()


def delete(job: Job) -> None:
    """Delete the account of a job; if it is gone already, that is what was asked for."""
    if job.account is None:
        return
    account_id, email = job.account.pk, job.account.email
    delete_account(account_id)
    record("account_deleted", detail={"account_id": str(account_id), "job_id": str(job.pk)})
    outbox.post("account_deleted", email)
