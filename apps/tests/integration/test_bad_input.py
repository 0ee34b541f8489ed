"""Whatever a client sends, the fault is the client's: a 4xx problem document, and never a 5xx."""

import json
import socket
from itertools import product

import httpx
import pytest

from apps.tests.people import PASSWORD, Person, add_person
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker
UNKNOWN = "0198c0de-0000-7000-8000-000000000000"
BODIES = {
    ("POST", "/items"): {"title": "Boat", "description": "Blue"},
    ("PATCH", f"/items/{UNKNOWN}"): {"title": "Boat", "description": "Blue"},
    ("PATCH", "/users/me"): {
        "display_name": "Ada",
        "bio": "x",
        "avatar_url": "https://a.example/",
        "email": "a@b.example",
    },
    ("POST", "/users/me/password"): {"current_password": PASSWORD, "new_password": "eight dry badgers sing"},
    ("DELETE", "/users/me"): {"password": PASSWORD},
    ("POST", "/privacy/delete"): {"password": PASSWORD},
    ("POST", "/auth/register"): {"email": "a@b.example", "password": PASSWORD, "display_name": "Ada"},
    ("POST", "/auth/login"): {"email": "a@b.example", "password": PASSWORD},
    ("POST", "/auth/verify-email"): {"token": "t" * 43},
    ("POST", "/auth/forgot-password"): {"email": "a@b.example"},
    ("POST", "/auth/reset-password"): {"token": "t" * 43, "password": PASSWORD},
}
FIELDS = [(method, path, field) for (method, path), body in BODIES.items() for field in body]
ODD_VALUES = {
    "NUL": '"a\\u0000b"',
    "lone surrogate": '"\\ud800"',
    "huge number": "1" + "0" * 400,
    "number of 5000 digits": "9" * 5000,
    "not a number": "NaN",
    "infinity": "1e999",
    "list": "[[[]]]",
    "object": '{"a": {}}',
    "true": "true",
}
ODD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "bad UTF-8": b'{"title": "\xff\xfe"}',
    "UTF-16": '{"unknown": "x"}'.encode("utf-16"),
    "NUL bytes": b"\x00\x00\x00\x00",
    "deep": b"[" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "a key that is no text": b"{1: 2}",
}
ODD_KINDS = [
    "",
    "text/plain",
    "application/xml",
    "application/json; charset=utf-7",
    "multipart/form-data",
    "ü",
    "a/b/c",
    ";",
]


def is_the_clients_fault(answer: httpx.Response) -> bool:
    if not 400 <= answer.status_code < 500:
        return False
    body = answer.json()
    return (answer.headers["content-type"], body["status"]) == ("application/problem+json", answer.status_code)


@pytest.fixture
def person(tables: Postgres) -> Person:
    return add_person(tables)


@pytest.mark.parametrize(("method", "path", "field"), FIELDS)
def test_an_odd_value_is_refused_by_field(api: Api, person: Person, method: str, path: str, field: str) -> None:
    for name, value in ODD_VALUES.items():
        texts = {**{key: json.dumps(text) for key, text in BODIES[method, path].items()}, field: value}
        content = "{" + ", ".join(f'"{key}": {text}' for key, text in texts.items()) + "}"
        answer = api.request(
            method, path, content=content, headers={**person.bearer, "Content-Type": "application/json"}
        )
        assert is_the_clients_fault(answer), (name, answer.text)
        if answer.status_code == 422:
            assert ["body", field] in [error["location"] for error in answer.json()["errors"]], name


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_an_odd_body_is_refused(api: Api, person: Person, method: str, path: str) -> None:
    for name, content in ODD_BODIES.items():
        answer = api.request(
            method, path, content=content, headers={**person.bearer, "Content-Type": "application/json"}
        )
        assert is_the_clients_fault(answer), (name, answer.text)
    for kind in ODD_KINDS:
        headers = {
            **{name.encode(): text.encode() for name, text in person.bearer.items()},
            b"Content-Type": kind.encode(),
        }
        answer = api.request(method, path, content=b'{"nothing": "known"}', headers=headers)
        assert is_the_clients_fault(answer), (kind, answer.text)


QUERIES = [
    b"%00",
    b"%ff%fe",
    b"%ed%a0%80",
    b"%F0%9F%9A%A4",
    b"9" * 5000,
    b"-1",
    b"1e9",
    b"null",
    b"a" * 9000,
    b"%",
    b"%zz",
]


@pytest.mark.parametrize(
    ("path", "name"), [*product(("/items", "/users"), ("q", "cursor", "limit", "owner", "unknown"))]
)
def test_an_odd_query_is_answered_or_refused(api: Api, tables: Postgres, path: str, name: str) -> None:
    staff = add_person(tables, is_staff=True)
    for value in QUERIES:
        url = api.base_url.copy_with(raw_path=f"{path}?{name}=".encode() + value)
        answer = api.get(url, headers=staff.bearer)
        assert answer.status_code == 200 or is_the_clients_fault(answer), (value, answer.text)


@pytest.mark.parametrize("prefix", ["/items/", "/jobs/", "/celery/result/", "/auth/sessions/", "/docs/", "/"])
@pytest.mark.parametrize(
    "name", [b"%00", b"%ff", b"..", b"%2e%2e%2fetc%2fpasswd", b"x" * 5000, b"%F0%9F%9A%A4", b"1;drop"]
)
def test_an_odd_path_is_refused(api: Api, tables: Postgres, prefix: str, name: bytes) -> None:
    staff = add_person(tables, is_staff=True)
    url = api.base_url.copy_with(raw_path=prefix.encode() + name)
    assert is_the_clients_fault(api.get(url, headers=staff.bearer))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (b"Authorization", b"Bearer \xff"),
        (b"Authorization", b"Bearer " + b"a" * 9000),
        (b"Authorization", b"Basic YTpi"),
        (b"Authorization", b"Bearer eyJhbGciOiJub25lIn0.e30."),
        (b"Authorization", b"Bearer " + b"." * 50),
        (b"Idempotency-Key", b"\xff"),
        (b"Idempotency-Key", b"a b"),
        (b"Idempotency-Key", b"k" * 256),
        (b"X-Verification-Token", b"\xff"),
        (b"Cookie", b"__Host-slipway_refresh=\xff; __Host-slipway_csrf=\xff"),
        (b"If-Match", b"\xff"),
    ],
)
def test_an_odd_header_is_refused(api: Api, person: Person, name: bytes, value: bytes) -> None:
    bearer = {} if name == b"Authorization" else {b"Authorization": person.bearer["Authorization"].encode()}
    method, path = {b"If-Match": ("DELETE", f"/items/{UNKNOWN}"), b"Cookie": ("POST", "/auth/refresh")}.get(
        name, ("POST", "/celery/ping" if name.startswith(b"X-V") else "/items")
    )
    answer = api.request(method, path, headers={**bearer, name: value})
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /items HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n",
        b"POST /items HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /items?q=\xc3\xbc\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nX-A: a\x00b\r\n\r\n",
        b"POST /items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
        b"GET" * 100_000,
    ],
    ids=lambda text: str(text[:40]),
)
def test_what_is_hardly_http_is_refused(api: Api, tables: Postgres, request_text: bytes) -> None:
    with socket.create_connection(("127.0.0.1", api.port), timeout=30) as caller:
        caller.sendall(request_text)
        head = caller.recv(4096)
    assert head == b"" or head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 4"))
    assert api.get("/health").status_code == 200


def test_a_program_of_any_name_signs_in(api: Api, person: Person) -> None:
    for agent in (b"\xff\xfe", b"a" * 5000, b"'; drop table account; --"):
        body = {"email": person.email, "password": PASSWORD}
        assert api.post("/auth/login", json=body, headers={b"User-Agent": agent}).status_code == 200
