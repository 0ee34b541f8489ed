"""What goes wrong with jobs."""

from http import HTTPStatus

from api.errors import ApiError


class JobUnknown(ApiError):
    """The account has no such job."""

    status = HTTPStatus.NOT_FOUND
    code = "job-unknown"
    title = "There is no such job"

    def __init__(self) -> None:
        super().__init__("The account has no job with this id.")
