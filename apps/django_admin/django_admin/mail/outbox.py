"""The rows of the outbox: posting them, and noting what became of a mail."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from django_admin.accounts.models import User
from django_admin.celery import send
from django_admin.claiming import Waiting, summary
from django_admin.mail.models import OutboxEmail

SEND = "send_outbox_email"
SERVER_PAUSE = timedelta(seconds=30)
Status = OutboxEmail.Status

WAITING: Waiting[OutboxEmail] = Waiting(
    OutboxEmail,
    waiting=Status.PENDING,
    working=Status.SENDING,
    claimed_at="claimed_at",
    back_off=[timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 60, 180, 360, 720)],
)


def post(template: str, recipient: str, account: User | None = None, **context: Any) -> OutboxEmail:
    """Put a mail into the outbox; it is sent once the transaction around this has committed."""
    email = OutboxEmail.objects.create(template=template, recipient=recipient, account=account, context=context)
    enqueue_after_commit([email.pk])
    return email


def enqueue_after_commit(ids: Iterable[UUID]) -> None:
    """Ask a worker to send these once it can see them; what is lost on the way is found by the sweep."""
    transaction.on_commit(lambda: enqueue(ids), robust=True)


def enqueue(ids: Iterable[UUID]) -> None:
    """Ask a worker to send these."""
    for outbox_id in ids:
        send(SEND, str(outbox_id))


def note_sent(email: OutboxEmail) -> bool:
    """A server has taken the mail; the token in the context has left us and is forgotten here."""
    return WAITING.settle(email, status=Status.SENT, sent_at=Now(), context={}, last_error="")


def note_failed(email: OutboxEmail, error: Exception) -> bool:
    """Nobody will take the mail."""
    return WAITING.settle(email, status=Status.FAILED, last_error=summary(error))


def note_delayed(email: OutboxEmail, error: Exception) -> bool:
    """Let the mail wait for its next attempt, or give it up after the last."""
    if WAITING.is_last_attempt(email):
        return note_failed(email, error)
    return WAITING.put_back(email, last_error=summary(error))


def pause() -> None:
    """Let everything wait a little: with the server away, each mail would only find that out again."""
    until = Now() + SERVER_PAUSE
    OutboxEmail.objects.filter(status=Status.PENDING, next_attempt_at__lt=until).update(next_attempt_at=until)
