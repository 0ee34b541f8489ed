"""Proving an address: the one that an account was made with, or a new one."""

from uuid import UUID

import asyncpg

from api.audit.queries import record
from api.auth import queries, token_queries
from api.auth.errors import TokenInvalid
from api.auth.token_queries import Proof, Purpose
from api.auth.tokens_by_mail import send_token
from api.callers import Caller
from api.database import Connection
from api.mail.queries import add_mail
from api.resources import Resources
from api.secret_tokens import token_hash
from api.sessions.queries import Actor

PURPOSES: list[Purpose] = ["verify_email", "change_email"]


async def verify(opened: Resources, caller: Caller, token: str) -> None:
    """Take a token for what it proves; raise `TokenInvalid` if that is nothing."""
    await opened.attempts.token(caller.ip)
    hashed = token_hash(token)
    mail_id = None
    try:
        async with opened.database.transaction() as connection:
            proof = await token_queries.use_token(connection, token_hash=hashed, purposes=PURPOSES)
            if proof is None:
                await accept_again(connection, hashed)
            elif proof.purpose == "verify_email":
                await prove(connection, caller, proof)
            else:
                mail_id = await move(connection, caller, proof)
    except asyncpg.UniqueViolationError:  # the address got another account since the mail was sent
        raise TokenInvalid from None
    if mail_id:
        opened.queue.send_soon("send_outbox_email", str(mail_id))


async def accept_again(connection: Connection, hashed: bytes) -> None:
    """Let a link be followed twice, as mail programs do, while what it proved still holds."""
    proof = await token_queries.find_used_token(connection, token_hash=hashed, purposes=PURPOSES)
    if proof is None or not await queries.is_email_verified(connection, account_id=proof.account_id, email=proof.email):
        raise TokenInvalid


async def prove(connection: Connection, caller: Caller, proof: Proof) -> None:
    """Note that the account's address is proved; raise `TokenInvalid` if it has another by now."""
    if not await queries.verify_email(connection, account_id=proof.account_id, email=proof.email):
        raise TokenInvalid
    await record(connection, action="email_verified", caller=caller, account_id=proof.account_id)


async def move(connection: Connection, caller: Caller, proof: Proof) -> UUID:
    """Give the account its new address, and tell the old one; return that mail's id."""
    account = await queries.lock_by_id(connection, account_id=proof.account_id)
    if account is None:
        raise TokenInvalid
    await queries.change_email(connection, account_id=account.id, email=proof.email)
    # Whoever reads the old address must not be able to set the password by a mail sent there before.
    await token_queries.retire_tokens(
        connection, account_id=account.id, purposes=["reset_password", "verify_email", "change_email"]
    )
    await record(connection, action="email_changed", caller=caller, account_id=account.id)
    return await add_mail(
        connection,
        account_id=account.id,
        recipient=account.email,
        template="email_changed",
        new_email=proof.email,
    )


async def resend(opened: Resources, actor: Actor, caller: Caller) -> None:
    """Send the mail again that proves the account's address, unless it is proved."""
    await opened.attempts.mail(actor.account_id)
    async with opened.database.transaction() as connection:
        account = await queries.lock_by_id(connection, account_id=actor.account_id)
        if account is None or account.is_verified:
            return
        mail_id = await send_token(connection, account.id, "verify_email", account.email)
        await record(connection, action="verification_resent", caller=caller, account_id=account.id)
    opened.queue.send_soon("send_outbox_email", str(mail_id))
