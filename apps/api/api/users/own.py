"""One's own account: reading, changing, a new password, its end."""

from uuid import UUID

from starlette.responses import Response

from api.audit.queries import record
from api.auth import queries as accounts
from api.auth import token_queries
from api.auth.password_rules import check_password
from api.auth.queries import Account
from api.auth.tokens_by_mail import replace_token, send_token
from api.callers import Caller
from api.database import Connection
from api.errors import SignInNeeded
from api.json_answers import JsonAnswer
from api.mail.queries import add_mail
from api.resources import Resources
from api.sessions.access_tokens import Claims
from api.sessions.queries import Actor, revoke_sessions
from api.users import queries
from api.users.models import Me, MeChange, PasswordChange, PasswordProof
from api.users.proving import prove_password


async def read(opened: Resources, said: Claims) -> Response:
    """Return one's own account: one statement finds it and whether its session is open."""
    async with opened.database.connection() as connection:
        row = await accounts.me(connection, session_id=said.session_id, account_id=said.account_id)
    if row is None:
        raise SignInNeeded
    return JsonAnswer(dict(row), headers={"Cache-Control": "no-store"})


async def change(opened: Resources, actor: Actor, caller: Caller, wanted: MeChange) -> Me:
    """Change what is given; a new email waits for its proof."""
    fields = wanted.model_dump(exclude_unset=True)
    if wanted.email:
        await opened.attempts.mail(actor.account_id)
    mail_id = None
    async with opened.database.transaction() as connection:
        account = await own_account(connection, actor)
        await change_profile(connection, account, caller, fields)
        if "email" in fields:
            mail_id = await change_email(connection, account, caller, wanted.email)
        row = await accounts.me(connection, session_id=actor.session_id, account_id=actor.account_id)
    if mail_id:
        opened.queue.send_soon("send_outbox_email", str(mail_id))
    if row is None:
        raise SignInNeeded
    return Me(**row)


async def own_account(connection: Connection, actor: Actor) -> Account:
    """Return the account and lock it; raise `SignInNeeded` if it went away this very moment."""
    account = await accounts.lock_by_id(connection, account_id=actor.account_id)
    if account is None:
        raise SignInNeeded
    return account


async def change_profile(
    connection: Connection, account: Account, caller: Caller, fields: dict[str, str | None]
) -> None:
    """Set name, bio and avatar, as far as they are given."""
    shown = {name: value for name, value in fields.items() if name != "email"}
    if not shown:
        return
    name = shown.pop("display_name", None)
    if name is not None:
        await queries.change_name(connection, account_id=account.id, display_name=name)
    if shown:
        await queries.change_profile(connection, account_id=account.id, fields=shown)
    await record(
        connection,
        action="profile_changed",
        caller=caller,
        account_id=account.id,
        fields=sorted({*fields} - {"email"}),
    )


async def change_email(connection: Connection, account: Account, caller: Caller, email: str | None) -> UUID | None:
    """Post the mail that proves a new address, or cancel what is pending; return the mail's id.

    An address that has an account gets a mail that says so, and looks pending like any other.
    """
    if email is None or email == account.email:
        await token_queries.retire_tokens(connection, account_id=account.id, purposes=["change_email"])
        await record(connection, action="email_change_cancelled", caller=caller, account_id=account.id)
        return None
    await record(connection, action="email_change_requested", caller=caller, account_id=account.id)
    owner = await accounts.by_email(connection, email=email)
    if owner is None:
        return await send_token(connection, account.id, "change_email", email)
    await replace_token(connection, account.id, "change_email", email)  # which nobody ever sees
    return await add_mail(connection, account_id=owner.id, recipient=email, template="already_registered")


async def change_password(opened: Resources, actor: Actor, caller: Caller, wanted: PasswordChange) -> None:
    """Set a new password and sign out everywhere else."""
    account = await prove_password(opened, actor, caller, wanted.current_password, "current_password")
    check_password(wanted.new_password, account.email, "new_password")
    password = await opened.passwords.hash(wanted.new_password)
    async with opened.database.transaction() as connection:
        await accounts.set_password(connection, account_id=account.id, password=password)
        await token_queries.retire_tokens(connection, account_id=account.id, purposes=["reset_password"])
        count = await revoke_sessions(
            connection, account_id=account.id, reason="password changed", spared=actor.session_id
        )
        await record(connection, action="password_changed", caller=caller, account_id=account.id, sessions=count)
        mail_id = await add_mail(
            connection, account_id=account.id, recipient=account.email, template="password_changed"
        )
    opened.queue.send_soon("send_outbox_email", str(mail_id))


async def delete(opened: Resources, actor: Actor, caller: Caller, proof: PasswordProof) -> None:
    """Delete the account and everything that belongs to it; the audit keeps its id alone."""
    account = await prove_password(opened, actor, caller, proof.password, "password")
    async with opened.database.transaction() as connection:
        await accounts.delete_account(connection, account_id=account.id)
        await record(connection, action="account_deleted", caller=caller, account_id=None, account=str(account.id))
        mail_id = await add_mail(connection, account_id=None, recipient=account.email, template="account_deleted")
    opened.queue.send_soon("send_outbox_email", str(mail_id))
