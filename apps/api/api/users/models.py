"""Shapes of users."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.texts import AvatarUrl, Bio, Change, DisplayName, Email, GivenPassword, NewPassword


class Me(BaseModel):
    """One's own account."""

    id: UUID
    email: str = Field(examples=["ada@example.org"])
    email_verified: bool
    pending_email: str | None = Field(description="The new address, until it is verified", examples=[None])
    display_name: str = Field(examples=["Ada"])
    bio: str = Field(examples=["Counts things."])
    avatar_url: str | None = Field(examples=["https://images.example.org/ada.png"])
    is_staff: bool
    has_password: bool = Field(description="False for an account that only ever signed in with Google")
    created_at: datetime


class MeChange(Change):
    """What to change; a field that is left out stays as it is."""

    display_name: DisplayName = ""
    bio: Bio = ""
    avatar_url: AvatarUrl | None = Field(default=None, description="null removes it")
    email: Email | None = Field(default=None, description="Takes effect once verified; null cancels a pending change")


class PasswordChange(BaseModel):
    """The password to set, and the one to prove who asks."""

    model_config = ConfigDict(extra="forbid")

    current_password: GivenPassword | None = Field(
        default=None, description="Left out only by an account that has no password"
    )
    new_password: NewPassword


class PasswordProof(BaseModel):
    """The password, to prove who asks."""

    model_config = ConfigDict(extra="forbid")

    password: GivenPassword | None = Field(default=None, description="Left out only by an account that has no password")


class User(BaseModel):
    """One account as staff see it."""

    id: UUID
    email: str = Field(examples=["ada@example.org"])
    display_name: str = Field(examples=["Ada"])
    is_active: bool
    is_staff: bool
    email_verified: bool
    created_at: datetime


class UserPage(BaseModel):
    """One page, newest first; `next_cursor` is null on the last."""

    users: list[User]
    next_cursor: str | None = Field(examples=[None])
