"""Shapes of items as clients see them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class Item(BaseModel):
    """One item."""

    id: UUID
    owner_id: UUID | None
    title: str
    description: str
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None
