"""The statements on jobs, one typed function each."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from api.database import Connection
from api.privacy.models import Job, Kind
from api.statements import statement

UNFINISHED = statement("jobs", "unfinished")
ADD = statement("jobs", "add")
ONE = statement("jobs", "one")


async def unfinished(connection: Connection, *, account_id: UUID, kind: Kind) -> Job | None:
    """Return the account's job of this kind that has not ended."""
    row = await connection.fetchrow(UNFINISHED, account_id, kind)
    return job_of(row) if row else None


async def add(connection: Connection, *, account_id: UUID, kind: Kind) -> Job:
    """Post a job."""
    row = await connection.fetchrow(ADD, account_id, kind)
    return job_of(row or {})


async def one(connection: Connection, *, job_id: UUID, account_id: UUID) -> Job | None:
    """Return a job of an account."""
    row = await connection.fetchrow(ONE, job_id, account_id)
    return job_of(row) if row else None


def job_of(row: Mapping[str, Any]) -> Job:
    """Make a job of its row, which has the result as text, and no error as an empty one."""
    result = None if row["result"] is None else json.loads(row["result"])
    return Job(**{**row, "result": result, "error": row["error"] or None})
