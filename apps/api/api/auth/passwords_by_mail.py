"""A forgotten password: a mail with a token, and the token for a new password."""

from uuid import UUID

from api.audit.queries import record
from api.auth import queries, token_queries
from api.auth.errors import TokenInvalid
from api.auth.models import NewPasswordByToken
from api.auth.password_rules import check_password
from api.auth.queries import Account
from api.auth.token_queries import Proof
from api.auth.tokens_by_mail import send_token
from api.callers import Caller
from api.database import Connection
from api.mail.queries import add_mail
from api.resources import Resources
from api.secret_tokens import token_hash
from api.sessions.queries import revoke_sessions


async def ask(opened: Resources, caller: Caller, email: str) -> None:
    """Send a mail if the address has an account; nothing of that is done before the answer, which so tells nothing."""
    await opened.attempts.forgot(caller.ip, email)
    async with opened.database.connection() as connection:
        account = await queries.by_email(connection, email=email)
    if account and account.is_active:
        opened.background.start(send_reset(opened, caller, account))


async def send_reset(opened: Resources, caller: Caller, account: Account) -> None:
    """Post the mail by which a new password can be set."""
    async with opened.database.transaction() as connection:
        mail_id = await send_token(connection, account.id, "reset_password", account.email)
        await record(connection, action="password_reset_requested", caller=caller, account_id=account.id)
    opened.queue.send_soon("send_outbox_email", str(mail_id))


async def reset(opened: Resources, caller: Caller, wanted: NewPasswordByToken) -> None:
    """Set a password and end every session; raise `TokenInvalid` before a hash is spent on a token that is none."""
    await opened.attempts.token(caller.ip)
    hashed = token_hash(wanted.token)
    async with opened.database.connection() as connection:
        proof = await token_queries.find_token(connection, token_hash=hashed, purpose="reset_password")
    if proof is None:
        raise TokenInvalid
    check_password(wanted.password, proof.email)
    password = await opened.passwords.hash(wanted.password)
    async with opened.database.transaction() as connection:
        used = await token_queries.use_token(connection, token_hash=hashed, purposes=["reset_password"])
        if used is None:
            raise TokenInvalid
        mail_id = await set_and_tell(connection, caller, used, password)
    opened.queue.send_soon("send_outbox_email", str(mail_id))


async def set_and_tell(connection: Connection, caller: Caller, proof: Proof, password: str) -> UUID:
    """Set the password, and post the mail that says so; return that mail's id."""
    await queries.set_password(connection, account_id=proof.account_id, password=password)
    # Whoever reads the mail has proved the address with it.
    await queries.verify_email(connection, account_id=proof.account_id, email=proof.email)
    await token_queries.retire_tokens(connection, account_id=proof.account_id, purposes=["reset_password"])
    count = await revoke_sessions(connection, account_id=proof.account_id, reason="password reset")
    await record(connection, action="password_reset", caller=caller, account_id=proof.account_id, sessions=count)
    return await add_mail(connection, account_id=proof.account_id, recipient=proof.email, template="password_changed")
