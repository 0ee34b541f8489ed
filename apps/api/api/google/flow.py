"""What the browser carries through a sign-in at Google: state, nonce and PKCE verifier, signed, in one cookie."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt
from starlette.responses import Response

from api.google.errors import GoogleRefused
from api.secret_tokens import new_token

COOKIE = "__Host-slipway_google"
LIFETIME = timedelta(minutes=10)
ALGORITHM = "HS256"
AUDIENCE = "slipway-google-flow"  # so that no access token passes for one of these


@dataclass(frozen=True)
class Flow:
    """One sign-in at Google."""

    state: str
    nonce: str
    verifier: str


def new_flow() -> Flow:
    """Return the secrets of a new sign-in."""
    return Flow(new_token(), new_token(), new_token())


def keep(response: Response, flow: Flow, key: str) -> None:
    """Give the browser the cookie; Lax, for it must come back with a navigation from Google."""
    claims = {**vars(flow), "aud": AUDIENCE, "exp": datetime.now(UTC) + LIFETIME}
    response.set_cookie(
        COOKIE,
        jwt.encode(claims, key, ALGORITHM),
        max_age=int(LIFETIME.total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def read(cookie: str | None, state: str | None, key: str) -> Flow:
    """Return the sign-in that a cookie and the state from Google belong to; raise `GoogleRefused` if none."""
    try:
        claims = jwt.decode(cookie or "", key, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": ["exp"]})
        flow = Flow(claims["state"], claims["nonce"], claims["verifier"])
    except (jwt.PyJWTError, KeyError):
        raise GoogleRefused from None
    if not state or state != flow.state:
        raise GoogleRefused
    return flow


def drop(response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
