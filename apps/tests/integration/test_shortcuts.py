"""The shortcuts answer as the routes do that they stand for: each request is sent to both, and the answers compared."""

from typing import Any

import httpx
import pytest

from apps.tests.people import add_person
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker
# A parameter that nobody knows, an id in capitals, a scheme in small letters: the request goes on to FastAPI.
VARYING = {"date", "x-request-id", "location"}


def seen(answer: httpx.Response) -> tuple[int, dict[str, str], Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in VARYING | {"content-length"}}
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body = {
            name: value for name, value in body.items() if name not in {"id", "created_at", "updated_at", "request_id"}
        }
    return answer.status_code, headers, body


@pytest.mark.parametrize(
    "query", ["", "limit=1", "limit=100", "limit=2", "limit=0", "limit=101", "limit=x", "cursor=x"]
)
def test_pages(tables: Postgres, api: Api, query: str) -> None:
    tables.sql(
        "insert into item (title, created_at) select 'n' || n, now() - n * interval '1 s' from generate_series(1, 30) n"
    )
    straight, round_about = api.get(f"/items?{query}"), api.get(f"/items?_=1&{query}")
    assert seen(straight) == seen(round_about)
    if straight.status_code == 200 and straight.json()["next_cursor"]:
        following = f"{query}&cursor={straight.json()['next_cursor']}".lstrip("&")
        assert seen(api.get(f"/items?{following}")) == seen(api.get(f"/items?_=1&{following}"))
        assert api.get(f"/items?{following}").json() != straight.json()


@pytest.mark.parametrize("tag", [None, '"1"', '"2"', "*", "x" * 600])
def test_one_item(tables: Postgres, api: Api, tag: str | None) -> None:
    person = add_person(tables)
    item = api.post("/items", json={"title": "Boat"}, headers=person.bearer).json()["id"]
    headers = {"If-None-Match": tag} if tag else {}
    assert seen(api.get(f"/items/{item}", headers=headers)) == seen(api.get(f"/items/{item.upper()}", headers=headers))


def test_an_item_that_there_is_not(tables: Postgres, api: Api) -> None:
    path = "/items/0198c0de-0000-7000-8000-00000000000a"
    assert seen(api.get(path)) == seen(api.get(path.replace("00a", "00A")))


@pytest.mark.parametrize("token", ["good", "bad"])
def test_ones_own_account(tables: Postgres, api: Api, token: str) -> None:
    value = {"good": add_person(tables).bearer["Authorization"].removeprefix("Bearer "), "bad": "a.b.c"}[token]
    straight, round_about = (
        api.get("/users/me", headers={"Authorization": f"{scheme} {value}"}) for scheme in ("Bearer", "bearer")
    )
    assert seen(straight) == seen(round_about)


@pytest.mark.parametrize(
    "content",
    [
        '{"title": "Boat"}',
        '{"title": "Boat", "description": "ü\\u00fc"}',
        '{"title": ""}',
        '{"titel": "x"}',
        "{",
        "[]",
        "",
    ],
)
def test_a_new_item(tables: Postgres, api: Api, content: str) -> None:
    person = add_person(tables)
    straight, round_about = (
        api.post("/items", content=content, headers={**person.bearer, "Content-Type": kind})
        for kind in ("application/json", "application/json; charset=utf-8")
    )
    assert seen(straight) == seen(round_about)


def test_a_body_that_comes_in_pieces(tables: Postgres, api: Api) -> None:
    headers = {**add_person(tables).bearer, "Content-Type": "application/json"}
    straight = api.post("/items", content=b'{"title": "Boat"}', headers=headers)
    in_pieces = api.post("/items", content=iter([b'{"title"', b': "Boat"}']), headers=headers)
    assert seen(straight) == seen(in_pieces)


def test_both_ways_are_counted_as_one_route(tables: Postgres, api: Api) -> None:
    line = 'slipway_http_request_duration_seconds_count{method="GET",route="/items",status="200"}'
    before = api.metric(line)
    api.get("/items")
    api.get("/items", params={"_": "1"})
    assert api.metric(line) - before == 2
