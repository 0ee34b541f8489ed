"""The statement that posts mails."""

import json
from typing import Literal
from uuid import UUID

from api.database import Connection
from api.statements import statement

ADD_MAIL = statement("mail", "add_mail")

Template = Literal[
    "account_deleted",
    "already_registered",
    "change_email",
    "email_changed",
    "password_changed",
    "reset_password",
    "verify_email",
]


async def add_mail(
    connection: Connection, *, account_id: UUID | None, recipient: str, template: Template, **context: str
) -> UUID:
    """Post a mail in the transaction of what it tells of, and return its id for the worker."""
    mail_id: UUID = await connection.fetchval(ADD_MAIL, account_id, recipient, template, json.dumps(context))
    return mail_id
