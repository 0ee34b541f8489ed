"""Signing in with Google, against a real provider of our own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.tests.containers import write_secrets
from apps.tests.integration.test_sign_in import REFRESH, bearer, cookies_of, refresh
from apps.tests.oidc import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from apps.tests.people import PASSWORD, add_account, add_person, audit
from apps.tests.stack import REDIS_PASSWORD, SIGNING_KEY, TOKEN, Api, Postgres, Redis, running_api

pytestmark = pytest.mark.docker
EMAIL = "ada@example.org"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as started:
        yield started


@pytest.fixture
def google_api(tables: Postgres, redis: Redis, provider: Provider, tmp_path: Path) -> Iterator[Api]:
    assert REDIS_PASSWORD in redis.url
    secrets = write_secrets(
        tmp_path / "secrets",
        database_url=tables.url("api"),
        redis_url=redis.url,
        verification_token=TOKEN,
        jwt_signing_key=SIGNING_KEY,
        google_client_secret=CLIENT_SECRET,
    )
    variables = {"GOOGLE_CLIENT_ID": CLIENT_ID, "GOOGLE_ISSUER": provider.issuer}
    with running_api(secrets, tmp_path / "api.log", **variables) as client:
        yield client


def start(api: Api) -> tuple[str, dict[str, str]]:
    """Begin; return where the browser is sent, and the cookie that it carries."""
    answer = api.get("/auth/google/start")
    assert answer.status_code == 307
    return answer.headers["location"], cookies_of(answer)


def finish(api: Api, cookies: dict[str, str], **query: str) -> httpx.Response:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return api.get("/auth/google/callback", params=query, headers={"Cookie": cookie})


def sign_in(api: Api, provider: Provider) -> httpx.Response:
    url, cookies = start(api)
    return finish(api, cookies, code=provider.authorize(url), state=parse_qs(urlsplit(url).query)["state"][0])


def test_somebody_new_gets_an_account_without_a_password(tables: Postgres, google_api: Api, provider: Provider) -> None:
    provider.person["picture"] = "https://images.example.org/ada.png"
    answer = sign_in(google_api, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "https://slipway.test/dashboard")
    session = refresh(google_api, cookies_of(answer))
    assert session.status_code == 200
    me = google_api.get("/users/me", headers=bearer(session)).json()
    assert (me["email"], me["email_verified"], me["has_password"], me["display_name"], me["avatar_url"]) == (
        EMAIL,
        True,
        False,
        "Ada",
        "https://images.example.org/ada.png",
    )
    assert audit(tables)[:3] == ["account_registered", "google_linked", "google_login"]


def test_who_comes_again_gets_the_same_account_whatever_their_address_is_by_then(
    tables: Postgres, google_api: Api, provider: Provider
) -> None:
    sign_in(google_api, provider)
    provider.person["email"] = "moved@example.org"
    assert sign_in(google_api, provider).status_code == 303
    assert tables.sql("select email from account") == [(EMAIL,)]


def test_a_proved_account_is_linked_and_keeps_its_password(
    tables: Postgres, google_api: Api, provider: Provider
) -> None:
    person = add_person(tables, EMAIL)
    assert sign_in(google_api, provider).status_code == 303
    assert google_api.get("/users/me", headers=person.bearer).json()["has_password"] is True


def test_who_waits_with_an_account_for_anothers_address_is_put_out(
    tables: Postgres, google_api: Api, provider: Provider
) -> None:
    intruder = add_person(tables, EMAIL, is_verified=False)
    assert sign_in(google_api, provider).status_code == 303
    assert google_api.get("/users/me", headers=intruder.bearer).status_code == 401
    assert google_api.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).status_code == 401


def test_an_account_that_is_switched_off_stays_out(tables: Postgres, google_api: Api, provider: Provider) -> None:
    account_id = add_account(tables, EMAIL)
    tables.sql(f"update account set is_active = false where id = '{account_id}'")  # noqa: S608
    assert sign_in(google_api, provider).status_code == 400
    assert tables.sql("select count(*) from oauth_account") == [(0,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email": "no address"},
        {"email": None},
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1},
    ],
    ids=str,
)
def test_a_proof_that_is_none_opens_nothing(
    tables: Postgres, google_api: Api, provider: Provider, changes: dict[str, Any]
) -> None:
    provider.changes = changes
    answer = sign_in(google_api, provider)
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:slipway:problem:google-refused")
    assert REFRESH not in cookies_of(answer)
    assert tables.sql("select count(*) from account") == [(0,)]


def test_a_proof_signed_by_another_opens_nothing(tables: Postgres, google_api: Api, provider: Provider) -> None:
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert sign_in(google_api, provider).status_code == 400


def test_a_code_that_another_browser_got_opens_nothing(tables: Postgres, google_api: Api, provider: Provider) -> None:
    """Who makes a victim's browser follow a link to the callback must not sign it in to their own account."""
    url, mine = start(google_api)
    state = parse_qs(urlsplit(url).query)["state"][0]
    _, theirs = start(google_api)
    code = provider.authorize(url)
    for cookies, query in (
        (theirs, {"code": code, "state": state}),
        ({}, {"code": code, "state": state}),
        (mine, {"code": code}),
        (mine, {"state": state}),
        (mine, {"code": "made up", "state": state}),
        (mine, {"error": "access_denied", "state": state}),
    ):
        assert finish(google_api, cookies, **query).status_code == 400
    assert finish(google_api, mine, code=code, state=state).status_code == 303
    assert finish(google_api, mine, code=code, state=state).status_code == 400


def test_a_provider_that_is_away_is_told(tables: Postgres, google_api: Api, provider: Provider) -> None:
    url, cookies = start(google_api)
    code, state = provider.authorize(url), parse_qs(urlsplit(url).query)["state"][0]
    provider.shutdown()
    provider.server_close()
    answer = finish(google_api, cookies, code=code, state=state)
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:slipway:problem:google-unavailable")


def test_it_is_off_unless_configured(tables: Postgres, api: Api) -> None:
    answers = [api.get(f"/auth/google/{path}") for path in ("start", "callback")]
    assert [(one.status_code, one.json()["type"]) for one in answers] == [(404, "urn:slipway:problem:google-off")] * 2
