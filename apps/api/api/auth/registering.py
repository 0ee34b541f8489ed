"""Signing up."""

from uuid import UUID

from starlette.responses import Response

from api.audit.queries import record
from api.auth import queries
from api.auth.models import Registration
from api.auth.password_rules import check_password
from api.auth.tokens_by_mail import send_token
from api.callers import Caller
from api.database import Connection
from api.idempotency import requests
from api.json_answers import JsonAnswer
from api.limits.clients import client_key
from api.mail.queries import add_mail
from api.resources import Resources

ROUTE = "POST /auth/register"
CREATED = 201


async def register(opened: Resources, caller: Caller, wanted: Registration, key: str | None) -> Response:
    """Make an account, or tell the owner of the one that there is; the same work and answer for both."""
    await opened.attempts.sign_up(caller.ip, wanted.email)
    check_password(wanted.password, wanted.email)
    password = await opened.passwords.hash(wanted.password)
    content = {"email": wanted.email}
    claimed = requests.Claim(None, None)
    async with opened.database.transaction() as connection:
        if key:
            scope = f"anonymous:{client_key(caller.ip)}"
            claimed = await requests.claim(connection, requests.keyed(opened, scope, key, ROUTE, wanted))
            if claimed.earlier:
                return claimed.earlier
        mail_id = await add_or_tell(connection, caller, wanted, password)
        await requests.keep(connection, claimed, CREATED, content, {})
    opened.queue.send_soon("send_outbox_email", str(mail_id))
    return JsonAnswer(content, CREATED)


async def add_or_tell(connection: Connection, caller: Caller, wanted: Registration, password: str) -> UUID:
    """Make the account, or post a mail to whoever has it; return the mail's id."""
    account_id = await queries.add_account(
        connection, email=wanted.email, password=password, display_name=wanted.display_name, is_verified=False
    )
    if account_id:
        await queries.add_profile(connection, account_id=account_id)
        await record(connection, action="account_registered", caller=caller, account_id=account_id)
        return await send_token(connection, account_id, "verify_email", wanted.email)
    account = await queries.by_email(connection, email=wanted.email)
    owner = account.id if account else None
    await record(connection, action="registration_repeated", caller=caller, account_id=owner)
    return await add_mail(connection, account_id=owner, recipient=wanted.email, template="already_registered")
