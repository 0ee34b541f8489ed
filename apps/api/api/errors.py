"""Everything that the API reports as its own error; `problems` turns each into problem+json."""

from collections.abc import Sequence
from http import HTTPStatus


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


class ApiError(Exception):
    """An error that a client is told of, as one problem document."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    code: str = "internal-error"
    title: str = "Internal error"

    def __init__(self, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}


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


class VerificationTokenInvalid(ApiError):
    """The verification token is missing or wrong."""

    status = HTTPStatus.UNAUTHORIZED
    code = "verification-token-invalid"
    title = "A valid verification token is needed"

    def __init__(self) -> None:
        super().__init__(
            "Send the deployment's verification token in the header X-Verification-Token.",
            {"WWW-Authenticate": "X-Verification-Token"},
        )
