"""The application with nothing behind it: both servers refuse connections."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from api import problems
from api.middleware import RequestScope
from apps.tests.containers import write_secrets
from apps.tests.stack import RELEASE, SIGNING_KEY, running_api

TOKEN = {"X-Verification-Token": "a-token-for-tests"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    directory = tmp_path_factory.mktemp("api")
    secrets = write_secrets(
        directory / "secrets",
        database_url="postgresql://slipway_api:x@127.0.0.1:1/slipway",
        redis_url="redis://:x@127.0.0.1:1/0",
        verification_token=TOKEN["X-Verification-Token"],
        jwt_signing_key=SIGNING_KEY,
    )
    with running_api(secrets, directory / "log") as client:
        yield client


def test_health_is_503_and_a_problem_while_servers_are_away(client: httpx.Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {name: body[name] for name in ("ok", "service", "db_ok", "redis_ok", "release", "status")} == {
        "ok": False,
        "service": "api",
        "db_ok": False,
        "redis_ok": False,
        "release": RELEASE,
        "status": 503,
    }


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("PUT", "/items", {}, 405),
        ("POST", "/items", {}, 401),
        ("GET", "/items?limit=0", {}, 422),
        ("GET", "/items?limit=many", {}, 422),
        ("GET", "/items?cursor=zzz", {}, 422),
        ("GET", "/items", {}, 503),
        ("POST", "/celery/ping", {}, 401),
        ("POST", "/celery/ping", {"X-Verification-Token": "wrong"}, 401),
        ("POST", "/celery/ping", {"X-Verification-Token": "ü".encode()}, 401),
        ("POST", "/celery/ping", TOKEN, 503),
        ("GET", "/celery/result/1", TOKEN, 422),
        ("GET", "/celery/result/0198c0de-0000-7000-8000-000000000000", TOKEN, 503),
    ],
)
def test_every_error_is_a_problem_document(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-release"] == RELEASE
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail"} <= body.keys()
    assert "secret" not in answer.text


async def test_an_unforeseen_error_is_a_problem_document_without_its_detail() -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/breaks")
    async def breaks() -> None:
        raise ZeroDivisionError("a secret detail")

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(RequestScope(app, RELEASE)), base_url="http://api"
    ) as client:
        answer = await client.get("/breaks", headers={"X-Request-Id": "abc"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-release"] == RELEASE
    assert answer.json()["request_id"] == "abc"
    assert "secret" not in answer.text


def test_no_answer_names_the_server(client: httpx.Client) -> None:
    assert "server" not in client.get("/openapi.json").headers


def test_a_validation_problem_names_the_parameter(client: httpx.Client) -> None:
    errors = client.get("/items?limit=1000").json()["errors"]
    assert [error["location"] for error in errors] == [["query", "limit"]]


@pytest.mark.parametrize("offered", [b"abc", b"0198c0de-7000", b"A.b_c-9", b"x" * 128])
def test_a_well_formed_request_id_is_echoed(client: httpx.Client, offered: bytes) -> None:
    assert client.get("/openapi.json", headers={b"X-Request-Id": offered}).headers["x-request-id"].encode() == offered


@pytest.mark.parametrize("offered", [b"", b"-a", b"a b", b"a\tb", b"x" * 129, b'{"a":1}', "ü".encode()])
def test_any_other_request_id_is_replaced(client: httpx.Client, offered: bytes) -> None:
    given = client.get("/openapi.json", headers={b"X-Request-Id": offered}).headers["x-request-id"]
    assert len(given) == 32
    assert given.isalnum()


def test_the_openapi_document_tells_of_problem_documents(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["servers"][0]["url"] == "/api"
    for path, operations in document["paths"].items():
        for operation in operations.values():
            errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors.values()), path
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_documentation_is_a_page_of_our_own(client: httpx.Client) -> None:
    paths = ("/docs", "/docs/docs.css", "/docs/docs.js", "/docs/app.py", "/redoc")
    answers = [client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 404]
    kinds = [answer.headers["content-type"].partition(";")[0] for answer in answers[:3]]
    assert kinds == ["text/html", "text/css", "text/javascript"]
