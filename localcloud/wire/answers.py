"""The shapes that every answer shares: wrapped objects, pages with links, errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, model_validator

Answer = dict[str, Any]
T = TypeVar("T")
MAX_PER_PAGE = 200


class Body(BaseModel):
    """A request body: unknown fields are ignored and null means that the field was not given."""

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, given: Any) -> Any:
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


def error_body(error_id: str, message: str, request_id: str) -> dict[str, str]:
    """Build the one shape of every error."""
    return {"id": error_id, "message": message, "request_id": request_id}


@dataclass(frozen=True)
class Paging:
    """Which page the client asked for."""

    request: Request
    page: int
    per_page: int

    def answer(self, key: str, items: Sequence[T], shape: Callable[[T], Answer]) -> Answer:
        """Cut the page out of `items` and add links and the total."""
        first = (self.page - 1) * self.per_page
        shown = [shape(item) for item in items[first : first + self.per_page]]
        return {key: shown, "links": self._links(len(items)), "meta": {"total": len(items)}}

    def _links(self, total: int) -> Answer:
        last = max(1, -(-total // self.per_page))
        pages: dict[str, str] = {}
        if self.page > 1:
            pages |= {"first": self._url(1), "prev": self._url(self.page - 1)}
        if self.page < last:
            pages |= {"next": self._url(self.page + 1), "last": self._url(last)}
        return {"pages": pages} if pages else {}

    def _url(self, page: int) -> str:
        return str(self.request.url.include_query_params(page=page, per_page=self.per_page))


def _paging(
    request: Request, page: Annotated[int, Query(ge=1)] = 1, per_page: Annotated[int, Query(ge=1)] = 20
) -> Paging:
    return Paging(request, page, min(per_page, MAX_PER_PAGE))


PagingDep = Annotated[Paging, Depends(_paging)]
