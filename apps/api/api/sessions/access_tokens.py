"""Access tokens: JWTs that live for minutes and name an account and its session."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from api.errors import SignInNeeded

ALGORITHM = "HS256"
AUDIENCE = "slipway-api"
LIFETIME = timedelta(minutes=10)
KNOWN_MAX = 2000
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]


@dataclass(frozen=True)
class Claims:
    """Who a token speaks for."""

    account_id: UUID
    session_id: UUID
    expires_at: float


class AccessTokens:
    """Makes and reads the access tokens of one deployment."""

    def __init__(self, key: str, domain: str) -> None:
        self._key = key
        self._issuer = f"https://{domain}"
        # A page sends the same token with each request for minutes; checking one takes longer than finding an item.
        self._known: dict[str, Claims] = {}

    def issue(self, account_id: UUID, session_id: UUID, now: datetime | None = None) -> str:
        """Return a new token."""
        issued = now or datetime.now(UTC)
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": uuid4().hex,
            "iat": issued,
            "exp": issued + LIFETIME,
        }
        return jwt.encode(claims, self._key, ALGORITHM)

    def read(self, token: str) -> Claims:
        """Return what a token says; raise `SignInNeeded` if it is not ours, not for us, changed or expired."""
        known = self._known.get(token)
        if known is not None and known.expires_at > time.time():
            return known
        claims = self._checked(token)
        if len(self._known) >= KNOWN_MAX:
            self._known.clear()
        self._known[token] = claims
        return claims

    def _checked(self, token: str) -> Claims:
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": CLAIMS},
            )
            return Claims(UUID(claims["sub"]), UUID(claims["sid"]), float(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
            raise SignInNeeded from None
