"""Doing a request once: key, effect and answer are kept in one transaction."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_json

from api.database import Connection
from api.idempotency import queries
from api.idempotency.errors import KeyReused
from api.json_answers import JsonAnswer
from api.resources import Resources

REPLAYED = {"Idempotent-Replayed": "true"}


@dataclass(frozen=True)
class KeyedRequest:
    """A request that named a key; `scope` is whose key it is."""

    scope: str
    key: str
    route: str
    request_hash: bytes


@dataclass(frozen=True)
class Claim:
    """Either the right to do the request, or the answer that it got before."""

    id: UUID | None
    earlier: JsonAnswer | None


def keyed(opened: Resources, scope: str, key: str, route: str, body: BaseModel) -> KeyedRequest:
    """Describe a request; the hash is keyed, for the body may hold a password."""
    secret = opened.settings.jwt_signing_key.get_secret_value().encode()
    return KeyedRequest(scope, key, route, hmac.digest(secret, body.model_dump_json().encode(), hashlib.sha256))


async def claim(connection: Connection, request: KeyedRequest) -> Claim:
    """Take the key, or find what it answered before; raise `KeyReused` if that was another request."""
    claimed = await queries.claim(
        connection, scope=request.scope, key=request.key, route=request.route, request_hash=request.request_hash
    )
    if claimed:
        return Claim(claimed, None)
    earlier = await queries.answer_of(connection, scope=request.scope, key=request.key, route=request.route)
    if earlier is None or not hmac.compare_digest(earlier.request_hash, request.request_hash):
        raise KeyReused
    return Claim(None, JsonAnswer(earlier.body, earlier.status, {**earlier.headers, **REPLAYED}))


async def keep(
    connection: Connection, claimed: Claim, status: int, content: Mapping[str, Any], headers: dict[str, str]
) -> None:
    """Keep the answer to the request that took the key."""
    if claimed.id:
        await queries.keep_answer(
            connection, claim_id=claimed.id, status=status, body=to_json(content).decode(), headers=headers
        )
