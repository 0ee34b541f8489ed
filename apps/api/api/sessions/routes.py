"""`GET /auth/sessions`, `POST /auth/sessions/revoke-others`, `DELETE /auth/sessions/{session_id}`."""

from uuid import UUID

from fastapi import APIRouter

from api.callers import CallerDep
from api.errors import DatabaseUnavailable, SignInNeeded
from api.openapi import links
from api.problems import answers
from api.resources import ResourcesDep
from api.sessions import service
from api.sessions.actor import SignedIn
from api.sessions.errors import SessionUnknown
from api.sessions.models import SessionList

router = APIRouter(prefix="/auth/sessions", tags=["sessions"], responses=answers(SignInNeeded, DatabaseUnavailable))


@router.get("", responses={200: {"links": links("session_id", "revokeSession", member="sessions/0/id")}})
async def list_sessions(opened: ResourcesDep, actor: SignedIn) -> SessionList:
    """List where one is signed in."""
    return await service.sessions_of(opened, actor)


@router.post("/revoke-others", status_code=204)
async def revoke_other_sessions(opened: ResourcesDep, actor: SignedIn, caller: CallerDep) -> None:
    """Sign out everywhere but here."""
    await service.revoke_others(opened, actor, caller)


# The convertor keeps `revoke-others` from being taken for an id.
@router.delete("/{session_id:uuid}", status_code=204, responses=answers(SessionUnknown))
async def revoke_session(session_id: UUID, opened: ResourcesDep, actor: SignedIn, caller: CallerDep) -> None:
    """Sign out in one place."""
    await service.revoke(opened, actor, caller, session_id)
