"""`GET /auth/google/start` and `GET /auth/google/callback`."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from api.callers import CallerDep
from api.errors import DatabaseUnavailable, LimitsUnavailable
from api.google import signing_in
from api.google.errors import GoogleOff, GoogleRefused, GoogleUnavailable
from api.problems import answers
from api.resources import ResourcesDep

router = APIRouter(
    prefix="/auth/google",
    tags=["auth"],
    responses=answers(GoogleOff, GoogleUnavailable, DatabaseUnavailable, LimitsUnavailable),
)
LOCATION: dict[str, Any] = {
    "Location": {"description": "Where to go on", "schema": {"type": "string", "format": "uri"}}
}
Text = Annotated[str | None, Query(max_length=2048)]


@router.get(
    "/start",
    status_code=307,
    response_class=RedirectResponse,
    responses={307: {"description": "To Google", "headers": LOCATION}},
)
async def start_google_sign_in(opened: ResourcesDep) -> RedirectResponse:
    """Send the browser to Google."""
    return await signing_in.start(opened)


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses={303: {"description": "To the dashboard, signed in", "headers": LOCATION}, **answers(GoogleRefused)},
)
async def finish_google_sign_in(
    request: Request, opened: ResourcesDep, caller: CallerDep, code: Text = None, state: Text = None, error: Text = None
) -> RedirectResponse:
    """Take the browser back from Google, signed in."""
    return await signing_in.finish(opened, caller, request, code, state, error)
