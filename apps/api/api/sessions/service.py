"""Opening, continuing and ending sessions."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from api.audit.queries import record
from api.callers import Caller
from api.database import Connection
from api.resources import Resources
from api.secret_tokens import new_token, token_hash
from api.sessions import queries
from api.sessions.errors import RefreshRefused, SessionUnknown
from api.sessions.models import Session, SessionList
from api.sessions.queries import Actor

LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Opened:
    """A session and the refresh token that continues it."""

    account_id: UUID
    session_id: UUID
    refresh_token: str


async def begin(connection: Connection, account_id: UUID, caller: Caller) -> Opened:
    """Open a session."""
    session_id = await queries.open_session(connection, account_id=account_id, lifetime=LIFETIME, caller=caller)
    return await with_new_token(connection, account_id, session_id)


async def with_new_token(connection: Connection, account_id: UUID, session_id: UUID) -> Opened:
    """Give a session its next refresh token."""
    token = new_token()
    await queries.add_refresh_token(connection, session_id=session_id, token_hash=token_hash(token), lifetime=LIFETIME)
    return Opened(account_id, session_id, token)


async def rotate(opened: Resources, caller: Caller, token: str) -> Opened:
    """Replace a refresh token; one that was used before ends its whole family, for one of its two users stole it.

    Raises `RefreshRefused` for a token that continues no session.
    """
    async with opened.database.transaction() as connection:
        found = await queries.lock_refresh_token(connection, token_hash=token_hash(token))
        if found and found.is_used:
            await end_stolen(connection, caller, found)
        elif found and found.is_open:
            await queries.use_refresh_token(connection, token_id=found.id)
            await queries.touch_session(connection, session_id=found.session_id, lifetime=LIFETIME, caller=caller)
            await record(
                connection,
                action="session_refreshed",
                caller=caller,
                account_id=found.account_id,
                session=str(found.session_id),
            )
            return await with_new_token(connection, found.account_id, found.session_id)
    raise RefreshRefused  # after the transaction, which keeps what was revoked


async def end_stolen(connection: Connection, caller: Caller, found: queries.PresentedToken) -> None:
    """End the family of a token that came twice."""
    was_open = await queries.revoke_session(
        connection, session_id=found.session_id, account_id=found.account_id, reason="refresh token reused"
    )
    if was_open:
        await record(
            connection,
            action="refresh_reused",
            caller=caller,
            account_id=found.account_id,
            session=str(found.session_id),
        )


async def end(opened: Resources, caller: Caller, token: str) -> None:
    """End the session of a refresh token; raise `RefreshRefused` if there is none to end."""
    async with opened.database.transaction() as connection:
        found = await queries.lock_refresh_token(connection, token_hash=token_hash(token))
        if found is None or not found.is_open:
            raise RefreshRefused
        await queries.revoke_session(
            connection, session_id=found.session_id, account_id=found.account_id, reason="signed out"
        )
        await record(
            connection, action="logout", caller=caller, account_id=found.account_id, session=str(found.session_id)
        )


async def sessions_of(opened: Resources, actor: Actor) -> SessionList:
    """List where an account is signed in."""
    async with opened.database.connection() as connection:
        rows = await queries.sessions_of(connection, account_id=actor.account_id)
    return SessionList(sessions=[Session(**row, current=row["id"] == actor.session_id) for row in rows])


async def revoke(opened: Resources, actor: Actor, caller: Caller, session_id: UUID) -> None:
    """End one session; raise `SessionUnknown` if the account has none with this id."""
    async with opened.database.transaction() as connection:
        was_open = await queries.revoke_session(
            connection, session_id=session_id, account_id=actor.account_id, reason="revoked by its owner"
        )
        if not was_open:
            raise SessionUnknown
        await record(
            connection,
            action="session_revoked",
            caller=caller,
            account_id=actor.account_id,
            session=str(session_id),
        )


async def revoke_others(opened: Resources, actor: Actor, caller: Caller) -> None:
    """End every session of an account but the one that asks."""
    async with opened.database.transaction() as connection:
        count = await queries.revoke_sessions(
            connection, account_id=actor.account_id, reason="revoked by its owner", spared=actor.session_id
        )
        await record(connection, action="sessions_revoked", caller=caller, account_id=actor.account_id, sessions=count)
