"""The tables as SQLAlchemy has them: the columns that the four endpoints use."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The registry of the models; every time is one with a zone."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


class Account(Base):
    """One account."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_verified_at: Mapped[datetime | None]
    password: Mapped[str]
    display_name: Mapped[str]
    is_active: Mapped[bool]
    is_staff: Mapped[bool]
    created_at: Mapped[datetime]
    profile: Mapped["Profile | None"] = relationship(lazy="joined")


class Profile(Base):
    """What an account tells of itself."""

    __tablename__ = "profile"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    bio: Mapped[str]
    avatar_url: Mapped[str | None]


class AuthSession(Base):
    """One sign-in on one device."""

    __tablename__ = "auth_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class OneTimeToken(Base):
    """A token that is good for one thing once."""

    __tablename__ = "one_time_token"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Item(Base):
    """One item."""

    __tablename__ = "item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    title: Mapped[str]
    description: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditEvent(Base):
    """What happened to an account."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    action: Mapped[str]
    user_agent: Mapped[str]
    request_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
