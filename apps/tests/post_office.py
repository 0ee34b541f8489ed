"""A real SMTP server for the tests: takes mails, or does to them what a test wants to see survived."""

import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from apps.tests.stack import free_port

OK = "250 OK"


class PostOffice:
    """What the server took, and how it answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[EmailMessage] = []
        self.is_reached = threading.Event()
        self.is_over = threading.Event()
        self.may_answer = threading.Event()
        self.start_anew()

    def start_anew(self) -> None:
        """Forget what was taken, and take everything at once."""
        self.taken.clear()
        self.recipient_answer = self.data_answer = OK
        self.may_answer.set()

    def hold(self) -> None:
        """Keep the next mail waiting for its answer until `may_answer` is set."""
        for event in (self.is_reached, self.is_over, self.may_answer):
            event.clear()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        if self.recipient_answer == OK:
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer to a whole mail; once the answer is on its way, the mail is taken whether or not it is heard."""
        self.is_reached.set()
        try:
            await server.loop.run_in_executor(None, self.may_answer.wait)
            if self.data_answer == OK:
                self.taken.append(read(envelope))
            return self.data_answer
        finally:  # also when the client has hung up, which cancels this
            self.is_over.set()


def read(envelope: Envelope) -> EmailMessage:
    """Parse a mail."""
    content = envelope.content
    assert isinstance(content, bytes)
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    """Return the text or the HTML of a mail."""
    found = message.get_body(preferencelist=(kind,))
    assert found is not None
    content: Any = found.get_content()
    return str(content)


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Run the server for a while."""
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        office.may_answer.set()
        controller.stop()
