"""Turn every failure into DigitalOcean's error shape."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from localcloud.errors import RuntimeFailure
from localcloud.wire.answers import error_body
from localcloud.wire.errors import ApiError, NotFound

log = logging.getLogger(__name__)


def install_failure_handlers(app: FastAPI) -> None:
    """Answer each kind of failure in the one shape that clients know."""
    app.add_exception_handler(ApiError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _no_route)
    app.add_exception_handler(RuntimeFailure, _machine_failed)


def _answer(request: Request, status: int, error_id: str, message: str) -> JSONResponse:
    return JSONResponse(error_body(error_id, message, request.state.request_id), status)


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)  # noqa: S101 (what the handler is registered for)
    return _answer(request, error.status, error.error_id, str(error))


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return _answer(request, 400, "bad_request", "error parsing request body: it is not valid JSON")
    if any(fault["loc"][0] == "path" for fault in faults):
        return _answer(request, 404, NotFound.error_id, str(NotFound()))
    texts = [f"{'.'.join(map(str, fault['loc'][1:])) or 'body'}: {fault['msg']}" for fault in faults]
    return _answer(request, 422, "unprocessable_entity", "; ".join(texts))


def _no_route(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return _answer(request, 404, NotFound.error_id, str(NotFound()))
    error_id = "method_not_allowed" if error.status_code == 405 else "bad_request"
    return _answer(request, error.status_code, error_id, str(error.detail))


def _machine_failed(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s: %s", request.method, request.url.path, error)
    return _answer(request, 500, "server_error", str(error))
