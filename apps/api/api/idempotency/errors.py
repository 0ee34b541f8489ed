"""What goes wrong with idempotency keys."""

from http import HTTPStatus

from api.errors import ApiError, Fault


class KeyReused(ApiError):
    """The key was used for another request."""

    status = HTTPStatus.CONFLICT
    code = "idempotency-key-reused"
    title = "The idempotency key belongs to another request"

    def __init__(self) -> None:
        reason = "This key came with another body before. A new request needs a new key."
        super().__init__(reason, faults=[Fault(("header", "Idempotency-Key"), reason)])
