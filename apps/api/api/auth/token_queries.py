"""The statements on one-time tokens, one typed function each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from api.database import Connection
from api.statements import statement

ADD_TOKEN = statement("one_time_tokens", "add_token")
FIND_TOKEN = statement("one_time_tokens", "find_token")
FIND_USED_TOKEN = statement("one_time_tokens", "find_used_token")
USE_TOKEN = statement("one_time_tokens", "use_token")
RETIRE_TOKENS = statement("one_time_tokens", "retire_tokens")

Purpose = Literal["verify_email", "reset_password", "change_email"]


@dataclass(frozen=True)
class Proof:
    """What a one-time token proves: that somebody reads the mails of `email`, for one purpose."""

    account_id: UUID
    purpose: Purpose
    email: str


async def add_token(
    connection: Connection, *, account_id: UUID, purpose: Purpose, token_hash: bytes, email: str, lifetime: timedelta
) -> None:
    """Keep a token's hash."""
    await connection.execute(ADD_TOKEN, account_id, purpose, token_hash, email, lifetime)


async def find_token(connection: Connection, *, token_hash: bytes, purpose: Purpose) -> Proof | None:
    """Return what a token would prove, without using it."""
    row = await connection.fetchrow(FIND_TOKEN, token_hash, purpose)
    return Proof(**row) if row else None


async def find_used_token(connection: Connection, *, token_hash: bytes, purposes: Sequence[Purpose]) -> Proof | None:
    """Return what a token proved that was used and has not expired yet."""
    row = await connection.fetchrow(FIND_USED_TOKEN, token_hash, purposes)
    return Proof(**row) if row else None


async def use_token(connection: Connection, *, token_hash: bytes, purposes: Sequence[Purpose]) -> Proof | None:
    """Use a token up and return what it proves."""
    row = await connection.fetchrow(USE_TOKEN, token_hash, purposes)
    return Proof(**row) if row else None


async def retire_tokens(connection: Connection, *, account_id: UUID, purposes: Sequence[Purpose]) -> None:
    """Make an account's unused tokens of these purposes worthless."""
    await connection.execute(RETIRE_TOKENS, account_id, purposes)
