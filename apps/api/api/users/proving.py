"""Proving by password that it is still the account's owner who holds the access token."""

from api.audit.queries import record
from api.auth import queries as accounts
from api.auth.errors import PasswordWrong
from api.auth.passwords import is_password
from api.auth.queries import Account
from api.callers import Caller
from api.errors import SignInNeeded
from api.resources import Resources
from api.sessions.queries import Actor


async def prove_password(opened: Resources, actor: Actor, caller: Caller, given: str | None, field: str) -> Account:
    """Return the account if `given` is its password, or if it has none; raise `PasswordWrong` if not."""
    await opened.attempts.password(actor.account_id)
    async with opened.database.connection() as connection:
        account = await accounts.by_id(connection, account_id=actor.account_id)
    if account is None:
        raise SignInNeeded
    if not is_password(account.password):
        return account
    if given is None or not await opened.passwords.verify(account.password, given):
        async with opened.database.connection() as connection:
            await record(connection, action="password_check_failed", caller=caller, account_id=account.id)
        raise PasswordWrong(field)
    return account
