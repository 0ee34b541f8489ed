"""Signing up, in and out, and what comes by mail."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.auth import passwords_by_mail, registering, signing_in, verifying
from api.auth.errors import CredentialsWrong, HashingBusy, PasswordRefused, TokenInvalid
from api.auth.models import (
    Credentials,
    EmailProof,
    ForgottenPassword,
    NewPasswordByToken,
    Registered,
    Registration,
    TokenAnswer,
)
from api.callers import CallerDep
from api.errors import DatabaseUnavailable, LimitsUnavailable, SignInNeeded
from api.idempotency.errors import KeyReused
from api.idempotency.keys import KeyHeader
from api.problems import answers
from api.resources import ResourcesDep
from api.sessions import service as sessions
from api.sessions.actor import SignedIn
from api.sessions.cookies import CSRF_COOKIE, REFRESH_COOKIE, clear_cookies, refresh_cookie
from api.sessions.errors import CsrfRefused, RefreshRefused

router = APIRouter(prefix="/auth", tags=["auth"], responses=answers(DatabaseUnavailable, LimitsUnavailable))
COOKIES: dict[str, Any] = {
    "Set-Cookie": {
        "description": f"`{REFRESH_COOKIE}` (HttpOnly) and `{CSRF_COOKIE}`, both Secure and SameSite=Strict",
        "schema": {"type": "string"},
    }
}
RefreshToken = Annotated[str, Depends(refresh_cookie)]


@router.post(
    "/register", status_code=201, response_model=Registered, responses=answers(PasswordRefused, KeyReused, HashingBusy)
)
async def register(wanted: Registration, opened: ResourcesDep, caller: CallerDep, key: KeyHeader = None) -> Response:
    """Make an account; a mail says how to go on, and the answer never tells whether there was one already."""
    return await registering.register(opened, caller, wanted, key)


@router.post("/login", responses={200: {"headers": COOKIES}, **answers(CredentialsWrong, HashingBusy)})
async def login(given: Credentials, opened: ResourcesDep, caller: CallerDep, response: Response) -> TokenAnswer:
    """Sign in; five failures lock the account for 15 minutes, which looks the same from outside."""
    return await signing_in.sign_in(opened, caller, given, response)


@router.post("/refresh", responses={200: {"headers": COOKIES}, **answers(RefreshRefused, CsrfRefused)})
async def refresh_session(
    token: RefreshToken, opened: ResourcesDep, caller: CallerDep, response: Response
) -> TokenAnswer:
    """Go on with a session; the refresh token is replaced, and one that comes twice ends the whole session."""
    return await signing_in.refresh(opened, caller, token, response)


@router.post("/logout", status_code=204, responses=answers(RefreshRefused, CsrfRefused))
async def logout(token: RefreshToken, opened: ResourcesDep, caller: CallerDep, response: Response) -> None:
    """End this session."""
    await sessions.end(opened, caller, token)
    clear_cookies(response)


@router.post("/verify-email", status_code=204, responses=answers(TokenInvalid))
async def verify_email(proof: EmailProof, opened: ResourcesDep, caller: CallerDep) -> None:
    """Prove an address, a new one of an account too; the same link may be followed twice."""
    await verifying.verify(opened, caller, proof.token)


@router.post("/resend-verification", status_code=202, responses=answers(SignInNeeded))
async def resend_verification(opened: ResourcesDep, actor: SignedIn, caller: CallerDep) -> None:
    """Send the mail again that proves the account's address; nothing is sent once it is proved."""
    await verifying.resend(opened, actor, caller)


@router.post("/forgot-password", status_code=202)
async def forgot_password(asked: ForgottenPassword, opened: ResourcesDep, caller: CallerDep) -> None:
    """Send a mail by which a new password can be set; the answer is the same for an unknown address."""
    await passwords_by_mail.ask(opened, caller, asked.email)


@router.post("/reset-password", status_code=204, responses=answers(TokenInvalid, PasswordRefused, HashingBusy))
async def reset_password(wanted: NewPasswordByToken, opened: ResourcesDep, caller: CallerDep) -> None:
    """Set a new password by the token of a mail, and sign out everywhere."""
    await passwords_by_mail.reset(opened, caller, wanted)
