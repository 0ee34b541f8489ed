"""Mails that carry a one-time token: only its hash is kept beside the mail that holds it until it is sent."""

from datetime import timedelta
from uuid import UUID

from api.auth.token_queries import Purpose, add_token, retire_tokens
from api.database import Connection
from api.mail.queries import add_mail
from api.secret_tokens import new_token, token_hash

LIFETIMES: dict[Purpose, timedelta] = {
    "verify_email": timedelta(hours=48),
    "change_email": timedelta(hours=24),
    "reset_password": timedelta(hours=1),
}


async def send_token(connection: Connection, account_id: UUID, purpose: Purpose, email: str) -> UUID:
    """Post a mail with a new token, which replaces those sent before; return the mail's id."""
    token = await replace_token(connection, account_id, purpose, email)
    return await add_mail(connection, account_id=account_id, recipient=email, template=purpose, token=token)


async def replace_token(connection: Connection, account_id: UUID, purpose: Purpose, email: str) -> str:
    """Make a new token, and those sent before worthless."""
    token = new_token()
    await retire_tokens(connection, account_id=account_id, purposes=[purpose])
    await add_token(
        connection,
        account_id=account_id,
        purpose=purpose,
        token_hash=token_hash(token),
        email=email,
        lifetime=LIFETIMES[purpose],
    )
    return token
