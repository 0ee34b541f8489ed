"""What goes wrong in signing in with Google."""

from http import HTTPStatus

from api.errors import ApiError, DependencyUnavailable


class GoogleOff(ApiError):
    """This deployment has no Google client."""

    status = HTTPStatus.NOT_FOUND
    code = "google-off"
    title = "Signing in with Google is not configured"

    def __init__(self) -> None:
        super().__init__("This deployment offers signing in by email and password only.")


class GoogleRefused(ApiError):
    """What came back from Google does not prove who it is."""

    status = HTTPStatus.BAD_REQUEST
    code = "google-refused"
    title = "Signing in with Google did not work"

    def __init__(self, detail: str = "The answer from Google does not belong to a sign-in that began here.") -> None:
        super().__init__(detail)


class GoogleUnavailable(DependencyUnavailable):
    """Google does not answer, or not as its documents say."""

    code = "google-unavailable"
    title = "Google does not answer"

    def __init__(self) -> None:
        super().__init__("Google's sign-in service does not answer. Try again in a moment.")
