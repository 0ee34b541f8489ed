"""Sending what is in the outbox.

The API posts a row and sends `send_outbox_email` with its id. Nothing rests on that message: `sweep_outbox` finds every
row that is due, so neither a lost message nor a killed worker loses a mail, and two messages for a row send one mail.
"""

import logging
from functools import cache
from uuid import UUID

from django_admin.celery import task
from django_admin.claiming import summary
from django_admin.mail import outbox
from django_admin.mail.errors import MailDelayed, MailRefused, MailServerUnavailable, MailUnrenderable
from django_admin.mail.sending import deliver, is_configured, message_of

log = logging.getLogger(__name__)


@task(outbox.SEND, ignore_result=True, soft_time_limit=40, time_limit=50)
def send_outbox_email(outbox_id: str) -> None:
    """Send one mail if it is due and nobody else does."""
    if not is_configured():
        return say_unconfigured()
    email = outbox.WAITING.claim(UUID(outbox_id))
    if email is None:
        return log.info("mail %s is not due, or another worker has it", outbox_id)
    try:
        deliver(message_of(email))
    except (MailUnrenderable, MailRefused) as error:
        outbox.note_failed(email, error)
        return log.error("mail %s cannot be sent: %s", outbox_id, summary(error))
    except (MailDelayed, MailServerUnavailable) as error:
        outbox.note_delayed(email, error)
        if isinstance(error, MailServerUnavailable):
            outbox.pause()
        return log.warning("mail %s waits after attempt %d: %s", outbox_id, email.attempts, summary(error))
    outbox.note_sent(email)
    return log.info("mail %s (%s) sent at attempt %d", outbox_id, email.template, email.attempts)


@task("sweep_outbox", ignore_result=True, soft_time_limit=20, time_limit=30)
def sweep_outbox() -> None:
    """Send for every row that is due: fresh ones whose message was lost, waiting ones, abandoned ones."""
    if not is_configured():
        return say_unconfigured()
    outbox.WAITING.give_up_abandoned(status=outbox.Status.FAILED, last_error="each attempt ended with its worker")
    return outbox.enqueue(email.pk for email in outbox.WAITING.due().only("pk"))


@cache
def say_unconfigured() -> None:
    """Say, once in each process, why no mail leaves."""
    log.warning("SMTP_HOST is not set: mails stay in the outbox until it is")
