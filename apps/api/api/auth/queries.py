"""The statements on accounts, one typed function each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.database import Connection
from api.statements import statement

BY_EMAIL = statement("accounts", "by_email")
BY_ID = statement("accounts", "by_id")
LOCK_BY_ID = statement("accounts", "lock_by_id")
ADD_ACCOUNT = statement("accounts", "add_account")
ADD_PROFILE = statement("accounts", "add_profile")
NOTE_FAILED_LOGIN = statement("accounts", "note_failed_login")
NOTE_LOGIN = statement("accounts", "note_login")
SET_PASSWORD = statement("accounts", "set_password")
VERIFY_EMAIL = statement("accounts", "verify_email")
CHANGE_EMAIL = statement("accounts", "change_email")
IS_EMAIL_VERIFIED = statement("accounts", "is_email_verified")
DELETE_ACCOUNT = statement("accounts", "delete_account")
ME = statement("accounts", "me")


@dataclass(frozen=True)
class Account:
    """What signing in needs to know of an account; `password` is as Django writes it."""

    id: UUID
    email: str
    password: str
    is_active: bool
    is_verified: bool
    is_locked: bool


async def by_email(connection: Connection, *, email: str) -> Account | None:
    """Return the account of an address."""
    row = await connection.fetchrow(BY_EMAIL, email)
    return Account(**row) if row else None


async def by_id(connection: Connection, *, account_id: UUID) -> Account | None:
    """Return an account."""
    row = await connection.fetchrow(BY_ID, account_id)
    return Account(**row) if row else None


async def lock_by_id(connection: Connection, *, account_id: UUID) -> Account | None:
    """Return an account and lock it until the transaction ends."""
    row = await connection.fetchrow(LOCK_BY_ID, account_id)
    return Account(**row) if row else None


async def add_account(
    connection: Connection, *, email: str, password: str, display_name: str, is_verified: bool
) -> UUID | None:
    """Make an account and return its id, or None if the address has one."""
    account_id: UUID | None = await connection.fetchval(ADD_ACCOUNT, email, password, display_name, is_verified)
    return account_id


async def add_profile(connection: Connection, *, account_id: UUID, avatar_url: str | None = None) -> None:
    """Make an account's profile, unless it has one."""
    await connection.execute(ADD_PROFILE, account_id, avatar_url)


async def note_failed_login(connection: Connection, *, account_id: UUID | None, limit: int, lock: timedelta) -> bool:
    """Count a failure; tell whether it was the one that locks the account."""
    return await connection.fetchval(NOTE_FAILED_LOGIN, account_id, limit, lock) is True


async def note_login(connection: Connection, *, account_id: UUID) -> bool:
    """Note a success; tell whether the account may still be signed in to."""
    return await connection.fetchval(NOTE_LOGIN, account_id) is not None


async def set_password(connection: Connection, *, account_id: UUID, password: str) -> None:
    """Set an account's password, given in Django's form, and unlock it."""
    await connection.execute(SET_PASSWORD, account_id, password)


async def verify_email(connection: Connection, *, account_id: UUID, email: str) -> bool:
    """Note that an account's address is proved; tell whether that is still its address."""
    return await connection.fetchval(VERIFY_EMAIL, account_id, email) is not None


async def change_email(connection: Connection, *, account_id: UUID, email: str) -> None:
    """Give an account another address, which is proved; raises asyncpg's unique violation if it is taken."""
    await connection.execute(CHANGE_EMAIL, account_id, email)


async def is_email_verified(connection: Connection, *, account_id: UUID, email: str) -> bool:
    """Tell whether this is the account's address, and proved."""
    return bool(await connection.fetchval(IS_EMAIL_VERIFIED, account_id, email))


async def delete_account(connection: Connection, *, account_id: UUID) -> None:
    """Delete an account and what belongs to it."""
    await connection.execute(DELETE_ACCOUNT, account_id)


async def me(connection: Connection, *, session_id: UUID, account_id: UUID) -> Mapping[str, Any] | None:
    """Return one's own account as clients see it, or None if the session is over."""
    return await connection.fetchrow(ME, session_id, account_id)
