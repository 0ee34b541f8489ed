"""The limits that clients meet, with the real Redis."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from apps.tests.people import PASSWORD, add_account, add_person
from apps.tests.stack import Api, Postgres, Redis, running_api

pytestmark = pytest.mark.docker
LIMITS = {"RATE_LIMIT_LOGIN_RPM": "5", "RATE_LIMIT_REGISTER_RPM": "5", "RATE_LIMIT_MAIL_PER_15_MIN": "5"}


@pytest.fixture
def limited(tables: Postgres, redis: Redis, api_secrets: Path, tmp_path: Path) -> Iterator[Api]:
    """Run an API with the limits of a deployment, and nobody counted yet."""
    redis.container.run("redis-cli", "-a", "redis-password", "--no-auth-warning", "flushall")
    with running_api(api_secrets, tmp_path / "api.log", **LIMITS) as client:
        yield client


def refused(answers: list[httpx.Response]) -> list[bool]:
    for answer in answers:
        if answer.status_code == 429:
            assert answer.json()["type"] == "urn:slipway:problem:rate-limited"
            assert 1 <= int(answer.headers["retry-after"]) <= 900
    return [answer.status_code == 429 for answer in answers]


def test_the_sixth_sign_in_of_a_minute_waits(limited: Api) -> None:
    body = {"email": "nobody@example.org", "password": PASSWORD}
    assert refused([limited.post("/auth/login", json=body) for _ in range(6)]) == [False] * 5 + [True]


def test_another_client_is_not_held_up(limited: Api) -> None:
    body = {"email": "nobody@example.org", "password": "x"}
    for address in ("198.51.100.7", "198.51.100.8"):
        sent = {"X-Forwarded-For": address}
        answers = [limited.post("/auth/login", json=body, headers=sent) for _ in range(6)]
        assert refused(answers) == [False] * 5 + [True]


def test_a_client_behind_no_proxy_of_ours_cannot_name_itself(
    tables: Postgres, redis: Redis, api_secrets: Path, tmp_path: Path
) -> None:
    redis.container.run("redis-cli", "-a", "redis-password", "--no-auth-warning", "flushall")
    with running_api(api_secrets, tmp_path / "log", **LIMITS, API_TRUSTED_PROXIES="192.0.2.1") as api:
        answers = [
            api.post(
                "/auth/forgot-password",
                json={"email": f"p{n}@example.org"},
                headers={"X-Forwarded-For": f"198.51.100.{n}"},
            )
            for n in range(6)
        ]
    assert refused(answers) == [False] * 5 + [True]


def test_the_sixth_sign_up_of_a_minute_waits(limited: Api) -> None:
    answers = [
        limited.post("/auth/register", json={"email": f"p{n}@example.org", "password": PASSWORD}) for n in range(6)
    ]
    assert refused(answers) == [False] * 5 + [True]


def test_an_address_gets_five_mails_in_a_quarter_hour_from_whichever_clients(limited: Api, tables: Postgres) -> None:
    add_account(tables, "ada@example.org")
    answers = [
        limited.post(
            "/auth/forgot-password", json={"email": "Ada@example.org"}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
        )
        for n in range(6)
    ]
    assert refused(answers) == [False] * 5 + [True]


def test_a_stolen_access_token_guesses_five_passwords_a_minute(limited: Api, tables: Postgres) -> None:
    person = add_person(tables)
    answers = [
        limited.request("DELETE", "/users/me", json={"password": "wrong"}, headers=person.bearer) for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]


def test_everything_has_a_limit_but_the_health_answer(tables: Postgres, api_secrets: Path, tmp_path: Path) -> None:
    with running_api(api_secrets, tmp_path / "api.log", RATE_LIMIT_API_RPM="10") as api:
        answers = [api.get("/items") for _ in range(12)]
        assert refused(answers) == [False] * 10 + [True] * 2
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert api.get("/health").status_code == 200
        assert refused([api.get("/items", headers={"X-Forwarded-For": "198.51.100.7"})]) == [False]
        assert api.metric('slipway_rate_limited_total{limit="everything"}') == 2


@pytest.mark.parametrize("size", [256 * 1024 + 1, 5_000_000])
def test_a_body_beyond_all_bounds_is_refused_whether_it_says_so_or_not(tables: Postgres, api: Api, size: int) -> None:
    headers = {**add_person(tables).bearer, "Content-Type": "application/json"}

    def in_pieces() -> Iterator[bytes]:
        for _ in range(0, size, 1000):
            yield b" " * 1000

    for content in (b" " * size, in_pieces()):
        answer = api.post("/items", content=content, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:slipway:problem:body-too-large")
