"""What goes wrong in signing up and in."""

from http import HTTPStatus

from api.errors import ApiError, Fault


class CredentialsWrong(ApiError):
    """Sign-in refused: unknown, wrong, locked and switched off all look the same."""

    status = HTTPStatus.UNAUTHORIZED
    code = "credentials-wrong"
    title = "Email or password is wrong"

    def __init__(self) -> None:
        super().__init__("No account can be signed in to with this email and password.", {"WWW-Authenticate": "Bearer"})


class PasswordWrong(ApiError):
    """The password that proves who asks is not the account's."""

    status = HTTPStatus.FORBIDDEN
    code = "password-wrong"
    title = "The password is wrong"

    def __init__(self, field: str = "password") -> None:
        super().__init__(
            "This is not the account's password.",
            faults=[Fault(("body", field), "This is not the account's password.")],
        )


class PasswordRefused(ApiError):
    """A new password is too easy to guess."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "password-refused"
    title = "The password is too easy to guess"

    def __init__(
        self, reason: str = "This is one of the passwords that are tried first.", field: str = "password"
    ) -> None:
        super().__init__(reason, faults=[Fault(("body", field), reason)])


class TokenInvalid(ApiError):
    """A one-time token is unknown, used or expired."""

    status = HTTPStatus.BAD_REQUEST
    code = "token-invalid"
    title = "The link is not valid any more"

    def __init__(self) -> None:
        reason = "This token is unknown, was used before or has expired. Ask for a new mail."
        super().__init__(reason, faults=[Fault(("body", "token"), reason)])


class HashingBusy(ApiError):
    """More passwords wait to be checked than can be in reasonable time."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "sign-in-busy"
    title = "Too many people sign in at this moment"

    def __init__(self) -> None:
        super().__init__("The queue of passwords to check is full. Try again in a moment.", {"Retry-After": "5"})
