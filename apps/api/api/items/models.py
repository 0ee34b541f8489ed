"""Shapes of items as clients see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.texts import NO_NUL, NOT_BLANK, Change

TITLE_MAX = 200
DESCRIPTION_MAX = 10_000

Title = Annotated[
    str, StringConstraints(min_length=1, max_length=TITLE_MAX, pattern=NOT_BLANK), Field(examples=["A small boat"])
]
Description = Annotated[
    str, StringConstraints(max_length=DESCRIPTION_MAX, pattern=NO_NUL), Field(examples=["Blue, with a red sail."])
]


class Item(BaseModel):
    """One item."""

    id: UUID
    owner_id: UUID | None = Field(description="null if it belongs to the deployment itself")
    title: str = Field(examples=["A small boat"])
    description: str = Field(examples=["Blue, with a red sail."])
    version: int = Field(description="Counts the changes; the ETag is this number in quotes", examples=[1])
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None = Field(examples=[None])


class NewItem(BaseModel):
    """An item to make."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    description: Description = ""


class ItemChange(Change):
    """What to change; a field that is left out stays as it is."""

    title: Title = ""
    description: Description = ""
