"""Handing one mail to the SMTP server.

The same row always makes the same Message-ID. That covers the one gap that SMTP leaves: if this process dies after the
server took the mail and before the row says so, nobody can know that it was sent, and it is sent again when the claim
has lapsed. Mail stores that drop a second copy of a Message-ID (Gmail, Exchange, Cyrus do) show one mail; others two.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone

from django_admin.mail.errors import MailDelayed, MailRefused, MailServerUnavailable, MailUnrenderable
from django_admin.mail.models import OutboxEmail
from django_admin.mail.rendering import render
from django_admin.signin.models import OneTimeToken
from django_admin.signin.tokens import hash_of

log = logging.getLogger(__name__)
PERMANENT = 500  # SMTP's codes from here on say: do not try again
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def is_configured() -> bool:
    """Tell whether this deployment has a mail server."""
    return bool(settings.EMAIL_HOST)


def message_of(email: OutboxEmail) -> EmailMultiAlternatives:
    """Write the mail of a row; raise `MailUnrenderable` if it cannot be written."""
    words = render(email.template, email.context, lifetime_of(email.context.get("token")))
    headers = {**HEADERS, "Message-ID": email.message_id}
    message = EmailMultiAlternatives(words.subject, words.text, to=[email.recipient], headers=headers)
    message.attach_alternative(words.html, "text/html")
    return message


def lifetime_of(token: str | None) -> timedelta | None:
    """Return how long a token is good for; raise `MailUnrenderable` if it is good for nothing any more."""
    known = OneTimeToken.objects.filter(token_hash=hash_of(token)).first() if token else None
    if known and (known.used_at or known.expires_at <= timezone.now()):
        raise MailUnrenderable("its link has expired or was replaced by a newer one")
    return known.expires_at - known.created_at if known else None


def deliver(message: EmailMultiAlternatives) -> None:
    """Hand a mail to the server; it has taken it when this returns.

    Raises `MailServerUnavailable`, `MailDelayed` or `MailRefused`.
    """
    with connected() as server:
        try:
            server.send_messages([message])
        except ValueError as error:  # a line break in a header, an address that is none
            raise MailRefused(str(error)) from error
        except smtplib.SMTPSenderRefused as error:  # no mail of ours would fare better
            raise MailServerUnavailable(str(error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise by_code(max(code for code, _ in error.recipients.values()), error) from error
        except smtplib.SMTPResponseException as error:
            raise by_code(error.smtp_code, error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailDelayed(str(error)) from error


def by_code(code: int, error: Exception) -> MailRefused | MailDelayed:
    """Return our error for the server's."""
    return MailRefused(str(error)) if code >= PERMANENT else MailDelayed(str(error))


@contextmanager
def connected() -> Iterator[EmailBackend]:
    """Lend a connection; parting from the server badly is no failure, since by then it has answered."""
    server = EmailBackend()
    try:
        server.open()
    except (smtplib.SMTPException, OSError) as error:
        raise MailServerUnavailable(str(error)) from error
    try:
        yield server
    finally:
        try:
            server.close()
        except (smtplib.SMTPException, OSError) as error:
            log.info("the mail server hung up: %s", error)
