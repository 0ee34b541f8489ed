"""Shapes of sessions."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field


class Session(BaseModel):
    """One place where the account is signed in."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str = Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"])
    ip: str | None = Field(examples=["203.0.113.7"])
    current: bool = Field(description="Whether this request belongs to it")


class SessionList(BaseModel):
    """Every session that is neither revoked nor expired, the latest used first."""

    sessions: list[Session]
