"""The OpenAPI document, corrected where FastAPI's own generation does not know of our answers."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.alias_generators import to_camel

from api.errors import BodyTooLarge, BodyUnreadable, RateLimited
from api.problems import MEDIA_TYPE, Problem, answers

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
FRAMEWORK_ONLY = ("HTTPValidationError", "ValidationError")
UNLIMITED = frozenset({"health"})
INVALID = "The request does not fit this description; `errors` names each field"
INVALID_EXAMPLE = {
    "type": "urn:slipway:problem:request-invalid",
    "title": "The request is not valid",
    "status": 422,
    "detail": "body.email: Field required",
    "request_id": "0198c0de7000400080000000000000aa",
    "errors": [{"location": ["body", "email"], "detail": "Field required"}],
}
ALWAYS = {
    "X-Request-Id": {"description": "As sent, if it was well-formed; else made here", "schema": {"type": "string"}},
    "X-Release": {"description": "The release that answered", "schema": {"type": "string"}},
}


def links(parameter: str, *operation_ids: str, member: str = "id") -> dict[str, Any]:
    """Describe which operations take a member of an answer as their parameter."""
    return {
        name: {"operationId": name, "parameters": {parameter: f"$response.body#/{member}"}} for name in operation_ids
    }


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function, as clients in other languages spell it."""
    return to_camel(route.name)


def describe(api: FastAPI) -> dict[str, Any]:
    """Generate the document; every error answer in it is a problem document."""
    document = get_openapi(
        title=api.title,
        version=api.version,
        routes=api.routes,
        servers=api.servers,
        description=api.description,
        tags=api.openapi_tags,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in FRAMEWORK_ONLY:
        schemas.pop(name, None)
    schemas.setdefault("Problem", Problem.model_json_schema(ref_template="#/components/schemas/{model}"))
    schemas.update(schemas["Problem"].pop("$defs", {}))
    components["headers"] = ALWAYS
    for operation in operations(document):
        complete(operation)
    return document


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every operation of a document."""
    for path in document["paths"].values():
        yield from (operation for method, operation in path.items() if method in METHODS)


def complete(operation: dict[str, Any]) -> None:
    """Add to one operation what every route may answer, and correct the media type of its errors."""
    for parameter in operation.get("parameters", []):
        parameter["schema"] = without_null(parameter["schema"])
    responses = operation["responses"]
    if "422" in responses:
        describe_invalid(responses)
    if operation["operationId"] not in UNLIMITED:
        add(responses, answers(RateLimited))
    if "requestBody" in operation:
        add(responses, answers(BodyUnreadable, BodyTooLarge))
    for response in responses.values():
        content = response.get("content", {})
        if "application/json" in content and "problem" in str(content["application/json"]).lower():
            content[MEDIA_TYPE] = content.pop("application/json")
        response["headers"] = {
            **response.get("headers", {}),
            **{name: {"$ref": f"#/components/headers/{name}"} for name in ALWAYS},
        }
    operation["responses"] = dict(sorted(responses.items()))


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without null: a parameter is there, with a text, or it is not."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) != 1:
        return schema
    return {**kinds[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def describe_invalid(responses: dict[str, Any]) -> None:
    """Put our problem document in the place of the framework's, beside the errors that the route itself names."""
    named = responses["422"].get("content", {}).get(MEDIA_TYPE, {}).get("examples", {})
    content = {
        "schema": {"$ref": "#/components/schemas/Problem"},
        "examples": {"request-invalid": {"value": INVALID_EXAMPLE}, **named},
    }
    responses["422"] = {"description": INVALID, "content": {MEDIA_TYPE: content}}


def add(responses: dict[str, Any], more: dict[int | str, dict[str, Any]]) -> None:
    """Add answers; where the status is described already, their examples and headers."""
    for status, answer in more.items():
        present = responses.setdefault(str(status), answer)
        if present is not answer:
            present["content"][MEDIA_TYPE]["examples"].update(answer["content"][MEDIA_TYPE]["examples"])
            present.setdefault("headers", {}).update(answer.get("headers", {}))


def install(api: FastAPI) -> None:
    """Make `/openapi.json` answer the corrected document, generated once."""

    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = describe(api)
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way
