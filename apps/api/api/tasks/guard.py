"""The verification token: lets the deployment's own checks call what is otherwise for staff."""

import hmac
from typing import Annotated

from fastapi import Depends, Header

from api.errors import VerificationTokenInvalid
from api.resources import ResourcesDep


async def require_verification_token(
    opened: ResourcesDep, x_verification_token: Annotated[str | None, Header(max_length=512)] = None
) -> None:
    """Let the request pass only with the deployment's token; raise `VerificationTokenInvalid` if not."""
    expected = opened.settings.verification_token.get_secret_value()
    if not hmac.compare_digest((x_verification_token or "").encode(), expected.encode()):
        raise VerificationTokenInvalid


VerificationToken = Depends(require_verification_token)
