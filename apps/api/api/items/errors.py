"""What goes wrong with items."""

from http import HTTPStatus

from api.errors import ApiError


class ItemUnknown(ApiError):
    """No item has this id."""

    status = HTTPStatus.NOT_FOUND
    code = "item-unknown"
    title = "There is no such item"

    def __init__(self) -> None:
        super().__init__("No item has this id; it may have been deleted.")


class ItemOfAnother(ApiError):
    """Only its owner and staff may change an item."""

    status = HTTPStatus.FORBIDDEN
    code = "item-of-another"
    title = "The item belongs to somebody else"

    def __init__(self) -> None:
        super().__init__("Only its owner and staff may change or delete an item.")


class ItemChanged(ApiError):
    """The item is not in the version that the client knows."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "item-changed"
    title = "The item was changed meanwhile"

    def __init__(self) -> None:
        super().__init__("The item's ETag is not the one in If-Match. Read it again, then repeat the change.")
