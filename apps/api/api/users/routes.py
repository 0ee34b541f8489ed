"""One's own account, and the list for staff."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.auth.errors import HashingBusy, PasswordRefused, PasswordWrong
from api.callers import CallerDep
from api.errors import CursorInvalid, DatabaseUnavailable, LimitsUnavailable, SignInNeeded, StaffNeeded
from api.pages import CursorText, Limit
from api.problems import answers
from api.resources import ResourcesDep
from api.sessions.actor import ClaimsDep, SignedIn, Staff
from api.sessions.cookies import clear_cookies
from api.texts import Search
from api.users import listing, own
from api.users.models import Me, MeChange, PasswordChange, PasswordProof, UserPage

router = APIRouter(prefix="/users", tags=["users"], responses=answers(SignInNeeded, DatabaseUnavailable))


@router.get("/me", response_model=Me)
async def read_me(opened: ResourcesDep, said: ClaimsDep) -> Response:
    """Return one's own account."""
    return await own.read(opened, said)


@router.patch("/me", responses=answers(LimitsUnavailable))
async def change_me(change: MeChange, opened: ResourcesDep, actor: SignedIn, caller: CallerDep) -> Me:
    """Change one's own account; a new email takes effect when the link in the mail to it is followed."""
    return await own.change(opened, actor, caller, change)


@router.post(
    "/me/password",
    status_code=204,
    responses=answers(PasswordWrong, PasswordRefused, LimitsUnavailable, HashingBusy),
)
async def change_password(wanted: PasswordChange, opened: ResourcesDep, actor: SignedIn, caller: CallerDep) -> None:
    """Set a new password and sign out everywhere else."""
    await own.change_password(opened, actor, caller, wanted)


@router.delete("/me", status_code=204, responses=answers(PasswordWrong, LimitsUnavailable, HashingBusy))
async def delete_me(
    proof: PasswordProof, opened: ResourcesDep, actor: SignedIn, caller: CallerDep, response: Response
) -> None:
    """Delete one's own account and everything that belongs to it, at once."""
    await own.delete(opened, actor, caller, proof)
    clear_cookies(response)


@router.get("", responses=answers(StaffNeeded, CursorInvalid))
async def list_users(
    opened: ResourcesDep,
    _: Staff,
    q: Annotated[Search | None, Query(description="Part of the email or the name, in any case")] = None,
    cursor: CursorText = None,
    limit: Limit = 20,
) -> UserPage:
    """List accounts, newest first."""
    return await listing.page(opened, q, cursor, limit)
