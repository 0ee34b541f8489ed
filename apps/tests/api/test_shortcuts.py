import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Response
from starlette.types import Message, Receive, Scope, Send

from api.app import WAYS, build_api
from api.items.errors import ItemUnknown
from api.shortcuts import PlainRequest, Shortcut, Shortcuts

IDENTITY = "0198c0de-0000-7000-8000-000000000000"


class Framework:
    """Stands for FastAPI: notes what reaches it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body: bytes = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        self.bodies.append(body)
        await Response("the long way")(scope, receive, send)


async def short(request: PlainRequest) -> Response | None:
    return Response(f"the short way to {request.identity}")


async def missing(_: PlainRequest) -> Response | None:
    raise ItemUnknown


async def reading(request: PlainRequest) -> Response | None:
    read = await request.json()
    return None if read is None else Response(json.dumps(read))


TEST_WAYS = {
    ("GET", "/things"): Shortcut("/things", short),
    ("GET", "/things/"): Shortcut("/things/{thing_id}", short),
    ("DELETE", "/things/"): Shortcut("/things/{thing_id}", missing),
    ("POST", "/things"): Shortcut("/things", reading),
}


async def ask(
    method: str, path: str, headers: list[tuple[bytes, bytes]] | None = None, pieces: tuple[bytes, ...] = (b"",)
) -> tuple[Scope, str, Framework]:
    scope: dict[str, Any] = {"type": "http", "method": method, "path": path, "query_string": b"", "state": {}}
    scope["headers"] = headers or []
    scope["state"] = {"request_id": "abc", "resources": SimpleNamespace()}
    framework, said, left = Framework(), [b""], list(pieces)

    async def receive() -> Message:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Message) -> None:
        said.append(message.get("body", b""))

    await Shortcuts(framework, TEST_WAYS)(scope, receive, send)
    return scope, b"".join(said).decode(), framework


async def test_a_plain_request_takes_the_short_way_under_its_routes_name() -> None:
    scope, said, framework = await ask("GET", f"/things/{IDENTITY}", [(b"host", b"a")])
    assert (said, scope["route"].path, framework.bodies) == (
        f"the short way to {IDENTITY}",
        "/things/{thing_id}",
        [],
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/thing",
        "/things/",
        f"/things/{IDENTITY.upper()}",
        f"/things/{IDENTITY}/",
        f"/things/{IDENTITY[:-1]}",
        f"/things/x{IDENTITY}",
        f"/other/{IDENTITY}",
        "",
    ],
)
async def test_other_paths_are_the_frameworks(path: str) -> None:
    scope, said, _ = await ask("GET", path)
    assert said == "the long way"
    assert "route" not in scope


async def test_a_header_that_came_twice_is_the_frameworks_to_judge() -> None:
    _, said, _ = await ask("GET", "/things", [(b"x", b"1"), (b"x", b"1")])
    assert said == "the long way"


async def test_our_own_errors_become_problem_documents() -> None:
    _, said, _ = await ask("DELETE", f"/things/{IDENTITY}")
    assert json.loads(said)["type"] == "urn:slipway:problem:item-unknown"


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        (b"application/json; charset=utf-8", (b'{"a": 1}',)),
        (b"text/plain", (b'{"a": 1}',)),
        (b"application/json", (b'{"a"', b": 1}")),
        (b"application/json", (b"{",)),
        (b"application/json", (b"\xff",)),
        (b"application/json", (b"[" * 100_000,)),
        (b"application/json", (b"",)),
    ],
)
async def test_the_framework_gets_the_whole_of_a_body_that_is_not_plain(kind: bytes, pieces: tuple[bytes, ...]) -> None:
    _, said, framework = await ask("POST", "/things", [(b"content-type", kind)], pieces)
    assert (said, framework.bodies) == ("the long way", [b"".join(pieces)])


async def test_a_plain_body_is_read() -> None:
    _, said, framework = await ask("POST", "/things", [(b"content-type", b"application/json")], (b'{"a": 1}',))
    assert (said, framework.bodies) == ('{"a": 1}', [])


@pytest.mark.parametrize("value", [None, b"", b"Bearer", b"bearer x", b"Basic x", b"Bearer  x", b"Bearer x y"])
def test_only_one_token_after_the_scheme_is_plain(value: bytes | None) -> None:
    headers = [] if value is None else [(b"authorization", value)]
    assert PlainRequest({"type": "http", "headers": headers}, no_body, "").bearer() is None


def test_the_token_is_what_follows_the_scheme() -> None:
    assert PlainRequest({"type": "http", "headers": [(b"authorization", b"Bearer a.b.c")]}, no_body, "").bearer() == (
        "a.b.c"
    )


async def no_body() -> Message:
    raise AssertionError("no body was to be read")


def test_each_short_way_leads_to_a_route() -> None:
    described = build_api().openapi()["paths"]
    ways = {(method.lower(), way.path) for (method, _), way in WAYS.items()}
    assert ways <= {(method, path) for path, methods in described.items() for method in methods}
