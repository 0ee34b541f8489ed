"""Check answers against DigitalOcean's published API description."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = Path(__file__).parent / "published" / "openapi.json"
# The document's pattern for URNs knows reserved IPs only by their old name.
UNKNOWN_TO_THE_DOCUMENT = re.compile(r"'do:reservedip:[0-9.]+' does not match")


class Document:
    """The published description, ready to judge an answer."""

    def __init__(self) -> None:
        self._root = json.loads(PATH.read_text(encoding="utf-8"))
        resource: Resource[Any] = Resource.from_contents(self._root, default_specification=DRAFT4)
        self._registry: Registry[Any] = Registry().with_resource("urn:do", resource).crawl()
        # A template without a parameter goes first: /v2/projects/default is no {project_id}.
        templates = sorted(self._root["paths"], key=lambda template: template.count("{"))
        self._paths = [(re.compile(re.sub(r"\{[^}]+\}", "[^/]+", template)), template) for template in templates]

    def faults(self, method: str, path: str, status: int, body: bytes) -> Iterator[str]:
        """Say what is wrong with the answer."""
        label = f"{method} {path} {status}"
        operation = self._operation(method, path)
        if operation is None:
            if status < 400:
                yield f"{label}: the document has no such operation"
            return
        responses = operation["responses"]
        if status < 400 and str(status) not in responses:
            yield f"{label}: the document knows only {', '.join(responses)}"
            return
        # Tags and firewalls have a shape of their own for 400; the local cloud keeps to the one that all others have.
        documented = responses["default"] if status == 400 else responses.get(str(status), responses["default"])
        content = self._resolved(documented).get("content")
        if content is None:
            if body:
                yield f"{label}: there should be no body"
            return
        for error in self._validator(json.dumps(content["application/json"]["schema"])).iter_errors(json.loads(body)):
            if not UNKNOWN_TO_THE_DOCUMENT.search(error.message):
                yield f"{label}: {error.json_path}: {error.message[:300]}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, template in self._paths:
            if pattern.fullmatch(path) and method.lower() in self._root["paths"][template]:
                found: dict[str, Any] = self._root["paths"][template][method.lower()]
                return found
        return None

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found = self._root
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return self._resolved(found)

    @cache  # noqa: B019 (one document for the whole run)
    def _validator(self, schema: str) -> OAS30ReadValidator:
        located = json.loads(schema.replace('"#/', '"urn:do#/'))
        return OAS30ReadValidator(located, registry=self._registry, format_checker=oas30_format_checker)


class Checked:
    """Hand every answer of an application to the document and collect what it objects to."""

    def __init__(self, app: ASGIApp, document: Document) -> None:
        self._app = app
        self._document = document
        self.faults: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        body = b""

        async def look(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")
            await send(message)

        await self._app(scope, receive, look)
        self.faults += self._document.faults(scope["method"], scope["path"], status, body)
