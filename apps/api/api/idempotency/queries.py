"""The statements on remembered requests, one typed function each."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.database import Connection
from api.statements import statement

CLAIM = statement("idempotency", "claim")
ANSWER_OF = statement("idempotency", "answer_of")
KEEP_ANSWER = statement("idempotency", "keep_answer")


@dataclass(frozen=True)
class Remembered:
    """A request that was answered before."""

    request_hash: bytes
    status: int
    body: Any
    headers: dict[str, str]


async def claim(connection: Connection, *, scope: str, key: str, route: str, request_hash: bytes) -> UUID | None:
    """Take a key for the transaction's request; None if it was taken before."""
    claimed: UUID | None = await connection.fetchval(CLAIM, scope, key, route, request_hash)
    return claimed


async def answer_of(connection: Connection, *, scope: str, key: str, route: str) -> Remembered | None:
    """Return what was answered to the request that took a key."""
    row = await connection.fetchrow(ANSWER_OF, scope, key, route)
    if row is None or row["status"] is None:
        return None
    return Remembered(bytes(row["request_hash"]), row["status"], json.loads(row["body"]), json.loads(row["headers"]))


async def keep_answer(
    connection: Connection, *, claim_id: UUID, status: int, body: str, headers: dict[str, str]
) -> None:
    """Keep the answer beside the key; `body` is JSON."""
    await connection.execute(KEEP_ANSWER, claim_id, status, body, json.dumps(headers))
