"""RFC 9457: every error leaves the API as one problem document with the request's id."""

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from api.errors import ApiError, BodyTooLarge, BodyUnreadable, MethodUnknown

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:slipway:problem:"
# What the framework raises before any route of ours runs, in our own words.
OURS: dict[int, type[BodyTooLarge] | type[BodyUnreadable]] = {400: BodyUnreadable, 413: BodyTooLarge}


class InvalidParameter(BaseModel):
    """One fault of a request: where it is, and what is wrong there."""

    location: list[str | int] = Field(examples=[["body", "email"]])
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """The body of every error answer."""

    type: str = Field(examples=[TYPE_PREFIX + "request-invalid"])
    title: str = Field(examples=["The request is not valid"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["body.email: Field required"])
    request_id: str = Field(examples=["0198c0de7000400080000000000000aa"])
    errors: list[InvalidParameter] | None = Field(default=None, description="Each fault, where there are several")


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
        errors=[InvalidParameter(location=list(fault.location), detail=fault.detail) for fault in error.faults] or None,
    )


async def on_api_error(request: Request, error: ApiError) -> Response:
    """Answer one of our own errors."""
    return ProblemResponse(problem_of(error, request), error.headers)


async def on_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer what the framework raises: unknown path, wrong method and the like."""
    if error.status_code in OURS:
        return await on_api_error(request, OURS[error.status_code]())
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return await on_api_error(request, MethodUnknown(allowed_methods(request)))
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


def allowed_methods(request: Request) -> list[str]:
    """Return the methods of a path; the framework names those of the first route only that has it."""
    path = request.scope["path"]
    described = request.app.openapi()["paths"]
    found: dict[str, Any] = described.get(path) or next(
        (described[template] for template in described if compile_path(template)[0].fullmatch(path)), {"get": {}}
    )
    return sorted(method.upper() for method in found)


def install(api: FastAPI) -> None:
    """Register the handlers."""
    api.exception_handler(ApiError)(on_api_error)
    api.exception_handler(HTTPException)(on_http_exception)
    api.exception_handler(RequestValidationError)(on_invalid_request)
    api.exception_handler(Exception)(on_unexpected)


def answers(*errors: type[ApiError]) -> dict[int | str, dict[str, Any]]:
    """Describe for OpenAPI which of our errors a route may answer, each with an example."""
    described: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        answer = described.setdefault(int(error.status), answer_of(error))
        if error.title not in answer["description"]:
            answer["description"] += f"; {error.title[0].lower()}{error.title[1:]}"
        answer["content"][MEDIA_TYPE]["examples"][error.code] = {"value": example_of(error)}
    return described


def answer_of(error: type[ApiError]) -> dict[str, Any]:
    """Begin the description of one status."""
    answer: dict[str, Any] = {
        "description": error.title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
    }
    names = error().headers  # type: ignore[call-arg]  # every error that a route names can be made without arguments
    if names:
        answer["headers"] = {name: {"schema": {"type": "string"}, "description": HEADERS[name]} for name in names}
    return answer


def example_of(error: type[ApiError]) -> dict[str, Any]:
    """Return the document that `error` becomes."""
    made = error()  # type: ignore[call-arg]  # as above
    document = {
        "type": TYPE_PREFIX + made.code,
        "title": made.title,
        "status": int(made.status),
        "detail": made.detail,
        "request_id": "0198c0de7000400080000000000000aa",
    }
    faults = [{"location": list(fault.location), "detail": fault.detail} for fault in made.faults]
    return {**document, "errors": faults} if faults else document


HEADERS = {"Retry-After": "Seconds to wait", "WWW-Authenticate": "The scheme that is asked for"}
