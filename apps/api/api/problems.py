"""RFC 9457: every error leaves the API as one problem document with the request's id."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import ApiError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:slipway:problem:"

log = structlog.stdlib.get_logger(__name__)


class InvalidParameter(BaseModel):
    """One fault of a request: where it is, and what is wrong there."""

    location: list[str | int]
    detail: str


class Problem(BaseModel):
    """The body of every error answer."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[InvalidParameter] | None = None


class ProblemResponse(Response):
    """A problem document; `extra` members go beside the standard ones."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None, **extra: Any) -> None:
        body = {**problem.model_dump(exclude_none=True), **extra}
        super().__init__(json.dumps(body).encode(), problem.status, {"Cache-Control": "no-store", **(headers or {})})


def request_id(request: Request) -> str:
    """Return the id that the middleware gave this request."""
    return str(request.state.request_id)


def problem_of(error: ApiError, request: Request) -> Problem:
    """Put one of our own errors into the document's shape."""
    return Problem(
        type=TYPE_PREFIX + error.code,
        title=error.title,
        status=error.status,
        detail=error.detail,
        request_id=request_id(request),
    )


async def on_api_error(request: Request, error: ApiError) -> Response:
    """Answer one of our own errors."""
    return ProblemResponse(problem_of(error, request), error.headers)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer what the framework raises: unknown path, wrong method and the like."""
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(
        type="about:blank",
        title=title,
        status=error.status_code,
        detail=str(error.detail),
        request_id=request_id(request),
    )
    return ProblemResponse(problem, dict(error.headers or {}))


async def on_invalid_request(request: Request, error: RequestValidationError) -> Response:
    """Answer a request that does not fit its description; the values sent are not repeated."""
    faults = [InvalidParameter(location=list(fault["loc"]), detail=fault["msg"]) for fault in error.errors()]
    problem = Problem(
        type=TYPE_PREFIX + "request-invalid",
        title="The request is not valid",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        detail="; ".join(f"{'.'.join(map(str, fault.location))}: {fault.detail}" for fault in faults),
        request_id=request_id(request),
        errors=faults,
    )
    return ProblemResponse(problem)


async def on_unexpected(request: Request, _: Exception) -> Response:
    """Answer an error of ours that nobody foresaw; the middleware logs it with its traceback."""
    return ProblemResponse(
        Problem(
            type=TYPE_PREFIX + "internal-error",
            title="Internal error",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
            detail="Something went wrong on our side. Quote the request id when you report it.",
            request_id=request_id(request),
        )
    )


def install(api: FastAPI) -> None:
    """Register the handlers."""
    api.exception_handler(ApiError)(on_api_error)
    api.exception_handler(HTTPException)(on_http_exception)
    api.exception_handler(RequestValidationError)(on_invalid_request)
    api.exception_handler(Exception)(on_unexpected)


def answers(*errors: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI which of our errors a route may answer."""
    described: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        described.setdefault(
            int(error.status), {"description": error.title, "content": {MEDIA_TYPE: {"schema": REFERENCE}}}
        )
    return described


REFERENCE = {"$ref": "#/components/schemas/Problem"}
