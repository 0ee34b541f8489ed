"""The OpenAPI document, corrected where FastAPI's own generation does not know of our error documents."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE, Problem

PROBLEM = "#/components/schemas/Problem"
FRAMEWORK_ONLY = ("HTTPValidationError", "ValidationError")


def describe(api: FastAPI) -> dict[str, Any]:
    """Generate the document; every error answer in it is a problem document."""
    document = get_openapi(
        title=api.title, version=api.version, routes=api.routes, servers=api.servers, description=api.description
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in FRAMEWORK_ONLY:
        schemas.pop(name, None)
    schemas.setdefault("Problem", Problem.model_json_schema(ref_template="#/components/schemas/{model}"))
    schemas.update(schemas["Problem"].pop("$defs", {}))
    for operations in document["paths"].values():
        for operation in operations.values():
            correct_errors(operation["responses"])
    return document


def correct_errors(responses: dict[str, Any]) -> None:
    """Give each error answer of one operation the media type that it really has."""
    for status, response in responses.items():
        if status < "400" or "application/json" not in response.get("content", {}):
            continue
        content = response["content"].pop("application/json")
        if status == "422":
            content = {"schema": {"$ref": PROBLEM}}
        response["content"][MEDIA_TYPE] = content


def install(api: FastAPI) -> None:
    """Make `/openapi.json` answer the corrected document, generated once."""

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = describe(api)
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way
