"""What clients are told while a server is away, how soon, and how it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from apps.tests.containers import docker, wait_until
from apps.tests.people import PASSWORD, add_person
from apps.tests.stack import Api, Postgres, Redis, running_api

pytestmark = pytest.mark.docker
UNKNOWN = "0198c0de-0000-7000-8000-000000000000"
COUNTED = [
    ("/auth/login", {"email": "a@b.example", "password": PASSWORD}),
    ("/auth/register", {"email": "a@b.example", "password": PASSWORD}),
    ("/auth/forgot-password", {"email": "a@b.example"}),
    ("/auth/verify-email", {"token": "t" * 43}),
    ("/auth/reset-password", {"token": "t" * 43, "password": PASSWORD}),
]


@pytest.fixture
def own_api(tables: Postgres, api_secrets: Path, tmp_path: Path) -> Iterator[Api]:
    with running_api(api_secrets, tmp_path / "api.log", DATABASE_POOL_SIZE="3") as client:
        yield client


@contextmanager
def hold(tables: Postgres, item_id: str) -> Iterator[None]:
    """Keep an item's row locked."""
    with psycopg.connect(tables.url("django")) as connection:
        connection.execute("select id from item where id = %s for update", [item_id])
        yield


def is_told(answer: httpx.Response, problem: str) -> bool:
    told = (answer.status_code, answer.headers["content-type"], answer.headers["retry-after"])
    return (*told, answer.json()["type"]) == (503, "application/problem+json", "2", f"urn:slipway:problem:{problem}")


def test_every_kind_of_request_is_told_that_the_database_is_away(tables: Postgres, own_api: Api) -> None:
    person = add_person(tables)
    assert own_api.get("/users/me", headers=person.bearer).status_code == 200
    tables.stop()
    try:
        for method, path, body in (
            ("GET", "/items", None),
            ("GET", f"/items/{UNKNOWN}", None),
            ("POST", "/items", {"title": "Boat"}),
            ("GET", "/users/me", None),
            ("PATCH", "/users/me", {"bio": "x"}),
            ("GET", "/flags", None),
            ("GET", "/auth/sessions", None),
            *(("POST", *one) for one in COUNTED),
        ):
            answer = own_api.request(method, path, json=body, headers=person.bearer)
            assert is_told(answer, "database-unavailable"), (path, answer.text)
    finally:
        tables.start()
    wait_until(lambda: own_api.get("/items").status_code == 200, "the API found the database")
    assert own_api.get("/users/me", headers=person.bearer).status_code == 200


def test_a_database_that_hangs_holds_up_one_request_and_not_those_after_it(tables: Postgres, own_api: Api) -> None:
    assert own_api.get("/items").status_code == 200
    docker("pause", tables.container.name)
    try:
        first = own_api.get("/items")
        began = time.monotonic()
        after = [own_api.get("/items") for _ in range(20)]
        seconds = time.monotonic() - began
    finally:
        docker("unpause", tables.container.name)
    assert all(is_told(answer, "database-unavailable") for answer in (first, *after))
    assert seconds < 25  # one time limit of a statement: twenty answers would take a hundred seconds if each waited
    wait_until(lambda: own_api.get("/items").status_code == 200, "the API found the database")


def test_attempts_that_cannot_be_counted_are_refused_and_the_rest_goes_on(
    tables: Postgres, redis: Redis, own_api: Api
) -> None:
    person = add_person(tables)
    docker("pause", redis.container.name)
    try:
        for path, body in COUNTED:
            assert is_told(own_api.post(path, json=body), "limits-unavailable"), path
        ping = own_api.post("/celery/ping", headers={"X-Verification-Token": "verification-token-of-the-tests"})
        assert is_told(ping, "queue-unavailable")
        assert own_api.get("/items").status_code == 200
        assert own_api.post("/items", json={"title": "Boat"}, headers=person.bearer).status_code == 201
        assert own_api.post("/privacy/export", headers=person.bearer).status_code == 202
    finally:
        docker("unpause", redis.container.name)
    body = {"email": person.email, "password": PASSWORD}
    wait_until(lambda: own_api.post("/auth/login", json=body).status_code == 200, "the API found Redis")


def test_connections_that_the_server_ends_are_replaced(tables: Postgres, own_api: Api) -> None:
    assert own_api.get("/items").status_code == 200
    end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'slipway_api'"
    tables.sql(end)
    wait_until(lambda: own_api.get("/items").status_code == 200, "the API made new connections")


def test_a_pool_that_is_taken_refuses_in_time_and_serves_again(tables: Postgres, own_api: Api) -> None:
    """A lock held elsewhere keeps every connection waiting; nobody waits for longer than a statement may take."""
    person = add_person(tables)
    item = own_api.post("/items", json={"title": "Boat"}, headers=person.bearer).json()
    with httpx.Client(base_url=own_api.base_url, timeout=30) as other, hold(tables, item["id"]):
        answer = other.patch(f"/items/{item['id']}", json={"title": "Ship"}, headers=person.bearer)
        assert is_told(answer, "database-unavailable")
    path = f"/items/{item['id']}"
    wait_until(
        lambda: own_api.patch(path, json={"title": "Ship"}, headers=person.bearer).status_code == 200, "it is free"
    )
