"""Answers made of database rows without a model in between: what the schema guarantees needs no second validation.

The route still names its model, from which OpenAPI is made; a test validates these answers against it.
"""

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

JSON = "application/json"


class JsonAnswer(Response):
    """JSON from plain values, UUIDs and times."""

    media_type = JSON

    def __init__(self, content: Any, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(to_json(content), status_code, headers)
