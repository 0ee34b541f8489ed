"""Who asks: the account behind an access token, looked up at each request so that a revoked session ends at once."""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.errors import SignInNeeded, StaffNeeded
from api.resources import Resources, ResourcesDep
from api.sessions import queries
from api.sessions.access_tokens import Claims
from api.sessions.queries import Actor

BEARER = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="JWT",
    description="The access token of `POST /auth/login` or `POST /auth/refresh`; it lives for 10 minutes.",
    auto_error=False,
)
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]


async def claims(opened: ResourcesDep, credentials: Bearer) -> Claims:
    """Return what the access token says, without asking whether its session still is; raise `SignInNeeded`."""
    if credentials is None:
        raise SignInNeeded
    return opened.access_tokens.read(credentials.credentials)


ClaimsDep = Annotated[Claims, Depends(claims)]


async def find(opened: Resources, said: Claims) -> Actor:
    """Look up whom a token speaks for; raise `SignInNeeded` if the session is over or the account switched off."""
    async with opened.database.connection() as connection:
        actor = await queries.actor(connection, session_id=said.session_id, account_id=said.account_id)
    if actor is None:
        raise SignInNeeded
    return actor


async def signed_in(opened: ResourcesDep, said: ClaimsDep) -> Actor:
    """Return who asks; raise `SignInNeeded` if nobody who may."""
    return await find(opened, said)


async def signed_in_as(opened: Resources, credentials: HTTPAuthorizationCredentials | None) -> Actor:
    """Return whom credentials speak for; raise `SignInNeeded` if nobody."""
    return await find(opened, await claims(opened, credentials))


SignedIn = Annotated[Actor, Depends(signed_in)]


async def staff(actor: SignedIn) -> Actor:
    """Return who asks; raise `StaffNeeded` if that is not one of the staff."""
    if not actor.is_staff:
        raise StaffNeeded
    return actor


Staff = Annotated[Actor, Depends(staff)]
