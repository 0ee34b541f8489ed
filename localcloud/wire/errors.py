"""Refusals that the client gets in DigitalOcean's shape."""

from localcloud.errors import LocalCloudError


class ApiError(LocalCloudError):
    """A refusal that the client gets in DigitalOcean's shape: HTTP status, error id and message."""

    status = 500
    error_id = "server_error"


class BadRequest(ApiError):
    """The request is no valid JSON or misses something that every request has."""

    status, error_id = 400, "bad_request"


class Forbidden(ApiError):
    """The object is in a state that forbids the request, such as a VPC with members."""

    status, error_id = 403, "forbidden"


class NotFound(ApiError):
    """There is no such object or route."""

    status, error_id = 404, "not_found"

    def __init__(self, message: str = "The resource you were accessing could not be found.") -> None:
        super().__init__(message)


class Conflict(ApiError):
    """The object is in use, or its name is taken."""

    status, error_id = 409, "conflict"


class PreconditionFailed(ApiError):
    """Something else must be done before, such as emptying a project."""

    status, error_id = 412, "precondition_failed"


class Unprocessable(ApiError):
    """The request is understood and refused."""

    status, error_id = 422, "unprocessable_entity"


class NotOffered(ApiError):
    """DigitalOcean has this and the local cloud does not."""

    status, error_id = 501, "not_implemented"
