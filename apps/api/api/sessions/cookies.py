"""The two cookies of a session, and the proof that a request which carries them comes from our own pages."""

import hmac
from typing import Annotated

from fastapi import Header, Request, Response, Security
from fastapi.security import APIKeyCookie

from api.resources import ResourcesDep
from api.sessions.errors import CsrfRefused, RefreshRefused

# The prefix makes browsers refuse them from plain http, from another path and from a subdomain.
REFRESH_COOKIE = "__Host-slipway_refresh"
CSRF_COOKIE = "__Host-slipway_csrf"

Refresh = Annotated[
    str | None,
    Security(
        APIKeyCookie(
            name=REFRESH_COOKIE,
            scheme_name="refreshCookie",
            description="Set by signing in; changes with each refresh. It needs Origin and X-CSRF-Token beside it.",
            auto_error=False,
        )
    ),
]
CsrfHeader = Annotated[
    str | None,
    Header(alias="X-CSRF-Token", max_length=200, description=f"The value of the cookie `{CSRF_COOKIE}`"),
]
OriginHeader = Annotated[
    str | None, Header(alias="Origin", max_length=300, description="Browsers send it by themselves")
]


def set_cookies(response: Response, refresh_token: str, csrf_token: str, max_age_s: int) -> None:
    """Give both cookies to the browser; scripts can read the second only."""
    for name, value, is_hidden in ((REFRESH_COOKIE, refresh_token, True), (CSRF_COOKIE, csrf_token, False)):
        response.set_cookie(
            name, value, max_age=max_age_s, path="/", secure=True, httponly=is_hidden, samesite="strict"
        )


def clear_cookies(response: Response) -> None:
    """Take both cookies away."""
    for name, is_hidden in ((REFRESH_COOKIE, True), (CSRF_COOKIE, False)):
        response.delete_cookie(name, path="/", secure=True, httponly=is_hidden, samesite="strict")


async def refresh_cookie(
    request: Request, opened: ResourcesDep, refresh: Refresh, token: CsrfHeader = None, origin: OriginHeader = None
) -> str:
    """Return the refresh token of a request that our own page sent.

    Raises `RefreshRefused` when there is none and `CsrfRefused` when another site may have sent it.
    """
    if not refresh:
        raise RefreshRefused
    expected = request.cookies.get(CSRF_COOKIE, "")
    is_doubled = bool(expected) and hmac.compare_digest(expected.encode(), (token or "").encode())
    if not is_doubled or origin != opened.settings.origin:
        raise CsrfRefused
    return refresh
