"""What goes wrong with sessions."""

from http import HTTPStatus

from api.errors import ApiError


class RefreshRefused(ApiError):
    """The refresh cookie is missing, unknown, expired, used before or of a revoked session."""

    status = HTTPStatus.UNAUTHORIZED
    code = "refresh-refused"
    title = "The session is over"

    def __init__(self) -> None:
        super().__init__("There is no session to go on with. Sign in again.", {"WWW-Authenticate": "Bearer"})


class CsrfRefused(ApiError):
    """A request that is authenticated by cookie does not show that our own pages sent it."""

    status = HTTPStatus.FORBIDDEN
    code = "csrf-refused"
    title = "The request does not come from this site"

    def __init__(self) -> None:
        super().__init__(
            "Send the header Origin of this site, and in X-CSRF-Token the value of the cookie __Host-slipway_csrf."
        )


class SessionUnknown(ApiError):
    """The account has no such session."""

    status = HTTPStatus.NOT_FOUND
    code = "session-unknown"
    title = "There is no such session"

    def __init__(self) -> None:
        super().__init__("The account has no session with this id, or it is over already.")
