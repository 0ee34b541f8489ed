"""Signing in with Google: there and back."""

import re
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse

from api.audit.queries import record
from api.auth import queries as accounts
from api.auth.passwords import unusable_password
from api.callers import Caller
from api.database import Connection
from api.google import flow as flows
from api.google import queries
from api.google.errors import GoogleOff, GoogleRefused
from api.google.provider import Identity, Provider
from api.resources import Resources
from api.secret_tokens import new_token
from api.sessions import service as sessions
from api.sessions.cookies import set_cookies
from api.sessions.queries import revoke_sessions
from api.texts import EMAIL, HTTPS_URL

DASHBOARD = "/dashboard"
NAME_MAX, URL_MAX, EMAIL_MAX = 80, 500, 254


def provider_of(opened: Resources) -> Provider:
    """Return Google; raise `GoogleOff` if this deployment has no client there."""
    if opened.google is None:
        raise GoogleOff
    return opened.google


async def start(opened: Resources) -> RedirectResponse:
    """Send the browser to Google, with what it must bring back."""
    flow = flows.new_flow()
    url = await provider_of(opened).authorization_url(flow.state, flow.nonce, flow.verifier)
    response = RedirectResponse(url, 307, {"Cache-Control": "no-store"})
    flows.keep(response, flow, opened.settings.jwt_signing_key.get_secret_value())
    return response


async def finish(
    opened: Resources, caller: Caller, request: Request, code: str | None, state: str | None, error: str | None
) -> RedirectResponse:
    """Sign in whom Google vouches for, and make an account if they have none."""
    google = provider_of(opened)
    await opened.attempts.sign_in(caller.ip)
    flow = flows.read(request.cookies.get(flows.COOKIE), state, opened.settings.jwt_signing_key.get_secret_value())
    if error or not code:
        raise GoogleRefused("Google was not allowed to tell who you are.")
    identity = checked(await google.identify(code, flow.verifier, flow.nonce))
    async with opened.database.transaction() as connection:
        account_id = await account_for(connection, caller, identity)
        if not await accounts.note_login(connection, account_id=account_id):
            raise GoogleRefused("This account cannot be signed in to.")
        session = await sessions.begin(connection, account_id, caller)
        await record(
            connection, action="google_login", caller=caller, account_id=account_id, session=str(session.session_id)
        )
    response = RedirectResponse(opened.settings.origin + DASHBOARD, 303, {"Cache-Control": "no-store"})
    flows.drop(response)
    set_cookies(response, session.refresh_token, new_token(), int(sessions.LIFETIME.total_seconds()))
    return response


def checked(identity: Identity) -> Identity:
    """Hold what Google says to the rules for what users say; raise `GoogleRefused` for an address of no use."""
    if len(identity.email) > EMAIL_MAX or not re.fullmatch(EMAIL, identity.email):
        raise GoogleRefused("The email address of this Google account cannot be used here.")
    picture = identity.picture
    is_usable = picture is not None and len(picture) <= URL_MAX and re.fullmatch(HTTPS_URL, picture) is not None
    name = identity.name.replace("\x00", "")[:NAME_MAX]
    return Identity(identity.subject, identity.email, name, picture if is_usable else None)


async def account_for(connection: Connection, caller: Caller, identity: Identity) -> UUID:
    """Return the account that is linked, has the address, or is made now."""
    linked = await queries.account_of(connection, subject=identity.subject)
    if linked:
        return linked
    account_id = await accounts.add_account(
        connection,
        email=identity.email,
        password=unusable_password(),
        display_name=identity.name,
        is_verified=True,
    )
    if account_id:
        await accounts.add_profile(connection, account_id=account_id, avatar_url=identity.picture)
        await record(connection, action="account_registered", caller=caller, account_id=account_id)
    else:
        account_id = await take_over(connection, identity)
    if not await queries.link(connection, account_id=account_id, subject=identity.subject, email=identity.email):
        raise GoogleRefused("This account is linked to another Google account.")
    await record(connection, action="google_linked", caller=caller, account_id=account_id)
    return account_id


async def take_over(connection: Connection, identity: Identity) -> UUID:
    """Return the account of the address.

    If nobody proved that address yet, whoever made the account may be somebody else, who waits for its owner to come:
    their password and sessions end here.
    """
    account = await accounts.by_email(connection, email=identity.email)
    if account is None:
        raise GoogleRefused
    if not account.is_verified:
        await accounts.set_password(connection, account_id=account.id, password=unusable_password())
        await revoke_sessions(connection, account_id=account.id, reason="address proved by somebody else")
        await accounts.verify_email(connection, account_id=account.id, email=account.email)
    return account.id
