"""What is commonly written: FastAPI, SQLAlchemy's ORM on asyncpg, pydantic models for what goes in and out.

Four endpoints of the API by the manuals of both, with the same checks of the access token and of the session and the
same audit event, but without what surrounds the API's: limits, access log, metrics, request ids, idempotency.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.competitors.tables import Account, AuditEvent, AuthSession, Item, OneTimeToken

ENGINE = create_async_engine(
    os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=int(os.environ["DATABASE_POOL_SIZE"]),
    max_overflow=0,
)
SESSIONS = async_sessionmaker(ENGINE, expire_on_commit=False)
KEY, ISSUER = os.environ["JWT_SIGNING_KEY"], f"https://{os.environ['DOMAIN']}"

app = FastAPI()


class NewItem(BaseModel):
    """An item to make."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=10_000)


class ItemAnswer(BaseModel):
    """One item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    owner_id: UUID | None
    title: str
    description: str
    version: int
    created_at: datetime
    updated_at: datetime


class ItemPage(BaseModel):
    """One page, newest first."""

    model_config = ConfigDict(from_attributes=True)

    items: list[ItemAnswer]
    next_cursor: str | None


class Me(BaseModel):
    """One's own account."""

    id: UUID
    email: str
    email_verified: bool
    pending_email: str | None
    display_name: str
    bio: str
    avatar_url: str | None
    is_staff: bool
    has_password: bool
    created_at: datetime


async def database() -> AsyncIterator[AsyncSession]:
    """Lend a session for one request."""
    async with SESSIONS() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database)]


async def signed_in(
    credentials: Annotated[HTTPAuthorizationCredentials, Security(HTTPBearer())], session: Database
) -> Account:
    """Return who asks; answer 401 if nobody who may."""
    try:
        claims = jwt.decode(credentials.credentials, KEY, algorithms=["HS256"], audience="slipway-api", issuer=ISSUER)
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    account: Account | None = await session.scalar(
        select(Account)
        .join(AuthSession)
        .where(
            AuthSession.id == UUID(claims["sid"]),
            Account.id == UUID(claims["sub"]),
            AuthSession.revoked_at.is_(None),
            AuthSession.expires_at > datetime.now(UTC),
            Account.is_active,
        )
    )
    if account is None:
        raise HTTPException(401)
    return account


SignedIn = Annotated[Account, Depends(signed_in)]


@app.get("/items")
async def list_items(session: Database, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> ItemPage:
    """List items, newest first."""
    newest = select(Item).order_by(Item.created_at.desc(), Item.id.desc()).limit(limit + 1)
    rows = (await session.scalars(newest)).all()
    items, cursor = [ItemAnswer.model_validate(row) for row in rows[:limit]], None
    if len(rows) > limit:
        last = items[-1]
        cursor = urlsafe_b64encode(f"{last.created_at.isoformat()} {last.id}".encode()).decode()
    return ItemPage(items=items, next_cursor=cursor)


@app.get("/items/{item_id}", response_model=ItemAnswer)
async def read_item(item_id: UUID, session: Database, response: Response) -> Item:
    """Return one item."""
    item: Item | None = await session.get(Item, item_id)
    if item is None:
        raise HTTPException(404)
    response.headers["ETag"] = f'"{item.version}"'
    return item


@app.post("/items", status_code=201, response_model=ItemAnswer)
async def create_item(
    wanted: NewItem, session: Database, account: SignedIn, request: Request, response: Response
) -> Item:
    """Make an item of one's own."""
    item = Item(owner_id=account.id, **wanted.model_dump())
    session.add(item)
    await session.flush()
    session.add(
        AuditEvent(
            account_id=account.id,
            action="item_created",
            user_agent=request.headers.get("user-agent", ""),
            request_id=request.headers.get("x-request-id", ""),
            detail={"item": str(item.id)},
        )
    )
    await session.commit()
    response.headers["ETag"] = f'"{item.version}"'
    response.headers["Location"] = f"/api/items/{item.id}"
    return item


@app.get("/users/me")
async def read_me(session: Database, account: SignedIn) -> Me:
    """Return one's own account."""
    pending_email = await session.scalar(
        select(OneTimeToken.email)
        .where(
            OneTimeToken.account_id == account.id,
            OneTimeToken.purpose == "change_email",
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > datetime.now(UTC),
        )
        .order_by(OneTimeToken.created_at.desc())
        .limit(1)
    )
    return Me(
        id=account.id,
        email=account.email,
        email_verified=account.email_verified_at is not None,
        pending_email=pending_email,
        display_name=account.display_name,
        bio=account.profile.bio if account.profile else "",
        avatar_url=account.profile.avatar_url if account.profile else None,
        is_staff=account.is_staff,
        has_password=account.password.startswith("argon2$"),
        created_at=account.created_at,
    )
