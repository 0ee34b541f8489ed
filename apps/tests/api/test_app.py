"""The application with nothing behind it: both servers refuse connections."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import build_api
from api.middleware import RequestScope
from api.settings import Settings
from apps.tests.containers import write_secrets

TOKEN = {"X-Verification-Token": "a-token-for-tests"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    secrets = write_secrets(
        tmp_path_factory.mktemp("secrets"),
        database_url="postgresql://slipway_api:x@127.0.0.1:1/slipway",
        redis_url="redis://:x@127.0.0.1:1/0",
        verification_token=TOKEN["X-Verification-Token"],
    )
    return Settings(_secrets_dir=secrets, release="r1")  # type: ignore[call-arg]


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    api = build_api(settings)

    @api.get("/breaks")
    async def breaks() -> None:
        raise ZeroDivisionError("a secret detail")

    with TestClient(RequestScope(api, settings.release)) as client:
        yield client


def test_health_is_503_and_a_problem_while_servers_are_away(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert {name: body[name] for name in ("ok", "service", "db_ok", "redis_ok", "release", "status")} == {
        "ok": False,
        "service": "api",
        "db_ok": False,
        "redis_ok": False,
        "release": "r1",
        "status": 503,
    }


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("POST", "/items", {}, 405),
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
        ("GET", "/breaks", {}, 500),
    ],
)
def test_every_error_is_a_problem_document(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-release"] == "r1"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail"} <= body.keys()
    assert "secret" not in answer.text


def test_a_validation_problem_names_the_parameter(client: TestClient) -> None:
    errors = client.get("/items?limit=1000").json()["errors"]
    assert [error["location"] for error in errors] == [["query", "limit"]]


@pytest.mark.parametrize("offered", ["abc", "0198c0de-7000", "A.b_c-9", "x" * 128])
def test_a_well_formed_request_id_is_echoed(client: TestClient, offered: str) -> None:
    assert client.get("/openapi.json", headers={"X-Request-Id": offered}).headers["x-request-id"] == offered


@pytest.mark.parametrize("offered", ["", "-a", "a b", "a\tb", "x" * 129, '{"a":1}', "ü".encode()])
def test_any_other_request_id_is_replaced(client: TestClient, offered: str | bytes) -> None:
    given = client.get("/openapi.json", headers={"X-Request-Id": offered}).headers["x-request-id"]
    assert len(given) == 32
    assert given.isalnum()


def test_the_openapi_document_tells_of_problem_documents(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["servers"][0]["url"] == "/api"
    for path, operations in document["paths"].items():
        for operation in operations.values():
            errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in errors.values()), path
    assert "Problem" in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_no_page_needs_another_sites_script(client: TestClient) -> None:
    assert [client.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]
