"""The statements on sessions, one typed function each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.callers import Caller
from api.database import Connection
from api.statements import statement

ACTOR = statement("sessions", "actor")
OPEN_SESSION = statement("sessions", "open_session")
ADD_REFRESH_TOKEN = statement("sessions", "add_refresh_token")
LOCK_REFRESH_TOKEN = statement("sessions", "lock_refresh_token")
USE_REFRESH_TOKEN = statement("sessions", "use_refresh_token")
TOUCH_SESSION = statement("sessions", "touch_session")
REVOKE_SESSION = statement("sessions", "revoke_session")
REVOKE_SESSIONS = statement("sessions", "revoke_sessions")
SESSIONS_OF = statement("sessions", "sessions_of")


@dataclass(frozen=True)
class Actor:
    """An account that is signed in."""

    account_id: UUID
    session_id: UUID
    is_staff: bool


@dataclass(frozen=True)
class PresentedToken:
    """A refresh token that a client presented, with the state of its family."""

    id: UUID
    session_id: UUID
    account_id: UUID
    is_used: bool
    is_open: bool


async def actor(connection: Connection, *, session_id: UUID, account_id: UUID) -> Actor | None:
    """Return who asks, or None if the session is over or the account switched off."""
    row = await connection.fetchrow(ACTOR, session_id, account_id)
    return Actor(**row) if row else None


async def open_session(connection: Connection, *, account_id: UUID, lifetime: timedelta, caller: Caller) -> UUID:
    """Begin a family of refresh tokens and return its id."""
    session_id: UUID = await connection.fetchval(OPEN_SESSION, account_id, lifetime, caller.user_agent, caller.ip)
    return session_id


async def add_refresh_token(
    connection: Connection, *, session_id: UUID, token_hash: bytes, lifetime: timedelta
) -> None:
    """Add the family's next token."""
    await connection.execute(ADD_REFRESH_TOKEN, session_id, token_hash, lifetime)


async def lock_refresh_token(connection: Connection, *, token_hash: bytes) -> PresentedToken | None:
    """Return a token and lock it with its family until the transaction ends."""
    row = await connection.fetchrow(LOCK_REFRESH_TOKEN, token_hash)
    return PresentedToken(**row) if row else None


async def use_refresh_token(connection: Connection, *, token_id: UUID) -> None:
    """Note that a token was used; it is good for nothing any more."""
    await connection.execute(USE_REFRESH_TOKEN, token_id)


async def touch_session(connection: Connection, *, session_id: UUID, lifetime: timedelta, caller: Caller) -> None:
    """Note where a session was used last, and let it live on from now."""
    await connection.execute(TOUCH_SESSION, session_id, lifetime, caller.user_agent, caller.ip)


async def revoke_session(connection: Connection, *, session_id: UUID, account_id: UUID, reason: str) -> bool:
    """End a session; tell whether there was one to end."""
    return await connection.fetchval(REVOKE_SESSION, session_id, account_id, reason) is not None


async def revoke_sessions(connection: Connection, *, account_id: UUID, reason: str, spared: UUID | None = None) -> int:
    """End every session of an account, but for `spared`; return how many."""
    return len(await connection.fetch(REVOKE_SESSIONS, account_id, reason, spared))


async def sessions_of(connection: Connection, *, account_id: UUID) -> list[Mapping[str, Any]]:
    """Return the open sessions of an account, the latest used first."""
    return list(await connection.fetch(SESSIONS_OF, account_id))
