"""A request and the same with a header doubled, which goes the long way: nobody can tell the answers apart."""

import json
from itertools import product
from typing import Any

import httpx
import pytest

from apps.tests.people import Person, add_person
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker
LONG_WAY = [("X-Doubled", "1"), ("X-Doubled", "1")]
OWN_TO_EACH = {"date", "x-request-id"}
ITEM = "0198c0de-0000-7000-8000-000000000000"
QUERIES = [
    "",
    "?limit=1",
    "?limit=20",
    "?limit=100",
    "?limit=101",
    "?limit=0",
    "?limit=-1",
    "?limit=05",
    "?limit=+5",
    "?limit=5.0",
    "?limit=",
    "?limit",
    "?limit=%32",
    "?limit=2&limit=1",
    "?limit=2&x=1",
    "?x=1",
    "?q=item",
    "?owner=me",
    "?LIMIT=2",
    "?limit=2#x",
    "?limit=2%00",
    "?limit=1_0",
]
IDENTITIES = [
    ITEM,
    ITEM.upper(),
    ITEM.replace("-", ""),
    f"{{{ITEM}}}",
    f"urn:uuid:{ITEM}",
    ITEM[:-1] + "1",
    ITEM[:-1],
    ITEM + "/",
    ITEM + "?x=1",
    "%30" + ITEM[1:],
    "",
]
TAGS = [None, '"1"', 'W/"1"', '"2"', '"0", "1"', "*", "", "1", '"' + "x" * 600, "ü"]
KINDS = [None, "application/json", "application/json; charset=utf-8", "Application/JSON", "text/plain", ""]
BODIES = [
    b'{"title": "Boat"}',
    b'{"title": "Boat", "description": "Blue"}',
    b'{"title": "Boat", "title": "Ship"}',
    b'\xef\xbb\xbf{"title": "Boat"}',
    '{"title": "Boat"}'.encode("utf-16"),
    '{"title": "Bööt ⛵"}'.encode(),
    b'{"title": "\\ud800"}',
    b'{"title": ""}',
    b'{"title": " "}',
    b'{"title": "a\\u0000b"}',
    b'{"title": "Boat", "other": 1}',
    b'{"title": 1}',
    b'{"title": null}',
    b"{}",
    b"[]",
    b"null",
    b"",
    b"{",
    b"\xff",
    b"[" * 100_000,
]


@pytest.fixture
def person(tables: Postgres) -> Person:
    owner = add_person(tables)
    tables.sql(
        f"insert into item (id, owner_id, title, created_at) values ('{ITEM}', '{owner.id}', 'One', '2026-01-01')"  # noqa: S608
    )
    tables.sql("insert into item (title, created_at) select 'item ' || n, now() from generate_series(1, 120) n")
    return owner


def both_ways(api: Api, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Any:
    """Return the answers as far as they must be the same."""
    given = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    doubled = [(name.encode(), value.encode()) for name, value in LONG_WAY]
    answers = [api.request(method, path, headers=[*given, *more], content=body) for more in ([], doubled)]
    return [without_what_is_new(answer) for answer in answers]


def without_what_is_new(answer: httpx.Response) -> tuple[int, dict[str, str], Any]:
    headers = {name: value for name, value in answer.headers.items() if name not in OWN_TO_EACH}
    body: Any = json.loads(answer.content) if answer.content else None
    if isinstance(body, dict):
        body.pop("request_id", None)
    if answer.status_code == 201:
        headers.pop("location")
        body = {name: value for name, value in body.items() if name not in {"id", "created_at", "updated_at"}}
    return answer.status_code, headers, body


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_lists_are_the_same(api: Api, person: Person, is_signed_in: bool) -> None:
    for query in QUERIES:
        short, long = both_ways(api, "GET", f"/items{query}", person.bearer if is_signed_in else {})
        assert short == long, query


def test_items_are_the_same(api: Api, person: Person) -> None:
    for identity, tag in product(IDENTITIES, TAGS):
        headers = {} if tag is None else {"If-None-Match": tag}
        short, long = both_ways(api, "GET", f"/items/{identity}", headers)
        assert short == long, (identity, tag)


def tokens(person: Person) -> list[str | None]:
    good = person.bearer["Authorization"]
    token = good.removeprefix("Bearer ")
    changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    return [None, "", good, good.lower(), f"bearer {token}", f"Bearer  {token}", f"Bearer {changed}", "x"]


def test_the_own_account_is_the_same(api: Api, person: Person) -> None:
    for token, query in product(tokens(person), ["", "?x=1"]):
        headers = {} if token is None else {"Authorization": token}
        short, long = both_ways(api, "GET", f"/users/me{query}", headers)
        assert short == long, (token, query)


def test_new_items_are_the_same(api: Api, person: Person, tables: Postgres) -> None:
    for body, kind in product(BODIES, KINDS):
        headers = person.bearer if kind is None else {**person.bearer, "Content-Type": kind}
        short, long = both_ways(api, "POST", "/items", headers, body)
        assert short == long, (body[:80], kind)
    for token in tokens(person):
        headers = {"Content-Type": "application/json", **({} if token is None else {"Authorization": token})}
        short, long = both_ways(api, "POST", "/items", headers, b'{"title": "Boat"}')
        assert short == long, token
    events = tables.sql("select count(*), count(distinct detail) from audit_event where action = 'item_created'")
    items = tables.sql(f"select count(*) from item where owner_id = '{person.id}' and id <> '{ITEM}'")  # noqa: S608
    assert events == [(items[0][0], items[0][0])]


def test_a_revoked_session_ends_both_ways(api: Api, person: Person, tables: Postgres) -> None:
    headers = {**person.bearer, "Content-Type": "application/json"}
    assert api.get("/users/me", headers=headers).status_code == 200
    tables.sql("update auth_session set revoked_at = now()")
    for method, path, body in (("GET", "/users/me", b""), ("POST", "/items", b'{"title": "Boat"}')):
        short, long = both_ways(api, method, path, headers, body)
        assert short == long
        assert short[0] == 401
