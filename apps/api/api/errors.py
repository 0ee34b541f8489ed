"""Everything that the API reports as its own error; `problems` turns each into problem+json."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar


class SettingsInvalid(Exception):
    """The settings cannot be used; the message names every key at fault, and no value."""

    def __init__(self, faults: Sequence[str]) -> None:
        lines = [f"  - {fault}" for fault in faults]
        super().__init__("\n".join(["The API cannot start, its settings are wrong:", *lines]))


class StatementUnknown(Exception):
    """Code asks for an SQL statement that no file holds."""

    def __init__(self, file: str, name: str) -> None:
        super().__init__(
            f"No statement '{name}' in api/sql/{file}.sql; add a block that starts with '-- name: {name}'."
        )


class StatementFileInvalid(Exception):
    """An SQL file does not consist of named blocks."""

    def __init__(self, file: str, fault: str) -> None:
        super().__init__(f"api/sql/{file}.sql: {fault}")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a request, and where: `("body", "email")`."""

    location: tuple[str | int, ...]
    detail: str


class ApiError(Exception):
    """An error that a client is told of, as one problem document."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"

    def __init__(self, detail: str, headers: dict[str, str] | None = None, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.faults = tuple(faults)


class DependencyUnavailable(ApiError):
    """Something that this request needs does not answer; the same request may succeed soon."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "dependency-unavailable"
    title = "A service that this request needs does not answer"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, {"Retry-After": "2"})


class DatabaseUnavailable(DependencyUnavailable):
    """Postgres refused, timed out or went away."""

    code = "database-unavailable"

    def __init__(self) -> None:
        super().__init__("The database does not answer. Try again in a moment.")


class QueueUnavailable(DependencyUnavailable):
    """Redis, as the broker or the result store, refused or timed out."""

    code = "queue-unavailable"

    def __init__(self) -> None:
        super().__init__("The task queue does not answer. Try again in a moment.")


class CursorInvalid(ApiError):
    """A page cursor was not one that this API gave out."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "cursor-invalid"
    title = "The cursor is not valid"

    def __init__(self) -> None:
        super().__init__(
            "'cursor' must be a 'next_cursor' of an earlier answer, unchanged. Leave it out to start over."
        )


class SignInNeeded(ApiError):
    """No access token, or one that is wrong, expired or of a session that is over."""

    status = HTTPStatus.UNAUTHORIZED
    code = "sign-in-needed"
    title = "A valid access token is needed"

    def __init__(self) -> None:
        super().__init__(
            "Send a valid access token in the header Authorization. It may have expired: refresh the session.",
            {"WWW-Authenticate": "Bearer"},
        )


class StaffNeeded(ApiError):
    """Only staff may do this."""

    status = HTTPStatus.FORBIDDEN
    code = "staff-needed"
    title = "Only staff may do this"

    def __init__(self) -> None:
        super().__init__("This account is not one of the staff.")


class RateLimited(ApiError):
    """Too many requests of one client."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "rate-limited"
    title = "Too many requests"

    def __init__(self, retry_after_s: int = 1) -> None:
        seconds = max(retry_after_s, 1)
        super().__init__(f"Try again in {seconds} s.", {"Retry-After": str(seconds)})


class MethodUnknown(ApiError):
    """The path is there, but not for this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    code = "method-not-allowed"
    title = "The path does not take this method"

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"This path takes {', '.join(allowed)}.", {"Allow": ", ".join(allowed)})


class BodyTooLarge(ApiError):
    """The request's body is larger than any of ours can be."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "body-too-large"
    title = "The body is too large"

    def __init__(self) -> None:
        super().__init__("The body of a request may have 256 KiB at most.")


class BodyUnreadable(ApiError):
    """The request's body is no JSON that can be read."""

    status = HTTPStatus.BAD_REQUEST
    code = "body-unreadable"
    title = "The body cannot be read"

    def __init__(self) -> None:
        super().__init__("The body must be JSON in UTF-8, not nested deeply, with numbers of reasonable length.")


class LimitsUnavailable(DependencyUnavailable):
    """Redis does not answer, so attempts cannot be counted, and an uncounted one is not let through."""

    code = "limits-unavailable"

    def __init__(self) -> None:
        super().__init__("Attempts cannot be counted at this moment. Try again soon.")
