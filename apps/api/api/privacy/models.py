"""Shapes of jobs."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

Kind = Literal["export_account", "delete_account"]


class Job(BaseModel):
    """Work that a worker does in the background."""

    id: UUID
    kind: Kind
    status: Literal["queued", "running", "done", "failed"]
    created_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None = Field(description="Of an export: everything that is kept of the account")
    error: str | None = Field(examples=[None])
