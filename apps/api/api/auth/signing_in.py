"""Signing in by password, and going on with a session."""

from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from api.audit.queries import record
from api.auth import queries
from api.auth.errors import CredentialsWrong
from api.auth.models import Credentials, TokenAnswer
from api.auth.passwords import is_password
from api.auth.queries import Account
from api.callers import Caller
from api.database import Connection
from api.resources import Resources
from api.secret_tokens import new_token
from api.sessions import service as sessions
from api.sessions.access_tokens import LIFETIME
from api.sessions.cookies import set_cookies
from api.sessions.errors import RefreshRefused
from api.users.models import Me

LOCK = timedelta(minutes=15)


async def sign_in(opened: Resources, caller: Caller, given: Credentials, response: Response) -> TokenAnswer:
    """Open a session; raise `CredentialsWrong`, after the same work, whatever the reason is."""
    await opened.attempts.sign_in(caller.ip)
    async with opened.database.connection() as connection:
        account = await queries.by_email(connection, email=given.email)
    is_right = await opened.passwords.verify(account.password if account else None, given.password)
    session = await open_if(opened, caller, account, is_right)
    if session is None:
        await note_failure(opened, caller, account)
        raise CredentialsWrong
    return await answer(opened, session, response)


async def open_if(opened: Resources, caller: Caller, account: Account | None, is_right: bool) -> sessions.Opened | None:
    """Open a session for an account that may be signed in to, which is asked again: it may have been locked since."""
    if account is None or not is_right or not account.is_active or account.is_locked:
        return None
    async with opened.database.transaction() as connection:
        if not await queries.note_login(connection, account_id=account.id):
            return None
        session = await sessions.begin(connection, account.id, caller)
        await record(connection, action="login", caller=caller, account_id=account.id, session=str(session.session_id))
        return session


async def note_failure(opened: Resources, caller: Caller, account: Account | None) -> None:
    """Count and record a failure; for no account it takes the same statements."""
    account_id = account.id if account else None
    counted = account_id if account and account.is_active and is_password(account.password) else None
    async with opened.database.transaction() as connection:
        is_locked = await queries.note_failed_login(
            connection, account_id=counted, limit=opened.settings.lockout_failures, lock=LOCK
        )
        await record(connection, action="login_failed", caller=caller, account_id=account_id)
        if is_locked:
            await record(connection, action="account_locked", caller=caller, account_id=account_id)


async def refresh(opened: Resources, caller: Caller, token: str, response: Response) -> TokenAnswer:
    """Go on with a session; raise `RefreshRefused` if there is none."""
    return await answer(opened, await sessions.rotate(opened, caller, token), response)


async def answer(opened: Resources, session: sessions.Opened, response: Response) -> TokenAnswer:
    """Give the browser its cookies and the page its access token."""
    async with opened.database.connection() as connection:
        me = await me_of(connection, session.session_id, session.account_id)
    set_cookies(response, session.refresh_token, new_token(), int(sessions.LIFETIME.total_seconds()))
    response.headers["Cache-Control"] = "no-store"
    return TokenAnswer(
        access_token=opened.access_tokens.issue(session.account_id, session.session_id),
        expires_in=int(LIFETIME.total_seconds()),
        user=me,
    )


async def me_of(connection: Connection, session_id: UUID, account_id: UUID) -> Me:
    """Return the account of a session; raise `RefreshRefused` if it ended this very moment."""
    row = await queries.me(connection, session_id=session_id, account_id=account_id)
    if row is None:
        raise RefreshRefused
    return Me(**row)
