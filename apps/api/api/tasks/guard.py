"""Who may use the task queue: staff, and the deployment's own checks by their verification token."""

import hmac
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader

from api.errors import StaffNeeded
from api.resources import ResourcesDep
from api.sessions.actor import Bearer, signed_in_as

Token = Annotated[
    str | None,
    Security(
        APIKeyHeader(
            name="X-Verification-Token",
            scheme_name="verificationToken",
            description="Known to the deployment's own checks.",
            auto_error=False,
        )
    ),
]


async def require_staff_or_token(opened: ResourcesDep, credentials: Bearer, token: Token) -> None:
    """Let the request pass with the deployment's token or from staff; raise `SignInNeeded` or `StaffNeeded` if not."""
    expected = opened.settings.verification_token.get_secret_value()
    if token is not None and hmac.compare_digest(token.encode(), expected.encode()):
        return
    actor = await signed_in_as(opened, credentials)
    if not actor.is_staff:
        raise StaffNeeded


StaffOrToken = Depends(require_staff_or_token)
