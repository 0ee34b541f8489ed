"""What somebody who means harm would try."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from api.sessions.access_tokens import AccessTokens
from apps.tests.integration.test_sign_in import CSRF, REFRESH, bearer, cookie_headers, cookies_of, refresh, sign_in
from apps.tests.people import DOMAIN, ORIGIN, PASSWORD, TOKENS, Person, add_account, add_person, audit, mails
from apps.tests.stack import SIGNING_KEY, Api, Postgres

pytestmark = pytest.mark.docker
EMAIL = "ada@example.org"
HASHES = "slipway_password_hashes_total"


def test_a_refresh_token_used_twice_ends_the_whole_family(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    stolen = cookies_of(sign_in(api))
    other_device = sign_in(api)
    renewed = refresh(api, stolen)
    assert renewed.status_code == 200
    assert refresh(api, stolen).status_code == 401
    assert refresh(api, cookies_of(renewed)).status_code == 401
    assert api.get("/users/me", headers=bearer(renewed)).status_code == 401
    assert api.get("/users/me", headers=bearer(other_device)).status_code == 200
    assert "refresh_reused" in audit(tables)


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "another"},
        {"Origin": "https://evil.example"},
        {"Origin": f"http://{DOMAIN}"},
        {"Origin": f"https://{DOMAIN}.evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_request_of_another_site_is_refused(tables: Postgres, api: Api, path: str, headers: dict[str, str]) -> None:
    add_account(tables, EMAIL)
    cookies = cookies_of(sign_in(api))
    answer = refresh(api, cookies, path, **headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:slipway:problem:csrf-refused")
    assert refresh(api, cookies).status_code == 200


def test_a_csrf_token_that_is_no_ascii_is_refused(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    sent = {name.encode(): value.encode() for name, value in cookie_headers(cookies_of(sign_in(api))).items()}
    assert api.post("/auth/refresh", headers={**sent, b"X-CSRF-Token": "ü".encode()}).status_code == 403


def test_a_request_without_origin_or_csrf_cookie_is_refused(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    cookies = cookies_of(sign_in(api))
    sent = {"Cookie": f"{REFRESH}={cookies[REFRESH]}; {CSRF}={cookies[CSRF]}", "X-CSRF-Token": cookies[CSRF]}
    assert api.post("/auth/refresh", headers=sent).status_code == 403
    without_cookie = {"Cookie": f"{REFRESH}={cookies[REFRESH]}", "X-CSRF-Token": cookies[CSRF], "Origin": ORIGIN}
    assert api.post("/auth/refresh", headers=without_cookie).status_code == 403


def test_five_failures_lock_the_account_and_look_like_any_other(tables: Postgres, api: Api) -> None:
    account_id = add_account(tables, EMAIL)
    failures = [sign_in(api, password="wrong") for _ in range(5)]
    locked = sign_in(api)
    unknown = sign_in(api, "nobody@example.org")
    shapes = [(answer.status_code, {**answer.json(), "request_id": ""}) for answer in (*failures, locked, unknown)]
    assert shapes == [shapes[0]] * 7
    assert shapes[0][0] == 401
    assert audit(tables).count("account_locked") == 1
    ((is_locked,),) = tables.sql(
        "select locked_until between now() + interval '14 minutes' and now() + interval '15 minutes' from account "  # noqa: S608
        f"where id = '{account_id}'"
    )
    assert is_locked is True
    tables.sql(f"update account set locked_until = now() where id = '{account_id}'")  # noqa: S608
    assert sign_in(api).status_code == 200


def test_a_success_forgets_the_failures_before_it(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    for _ in range(2):
        assert [sign_in(api, password="wrong").status_code for _ in range(4)] == [401] * 4
        assert sign_in(api).status_code == 200


def test_an_unknown_address_costs_the_same_hash_as_a_known_one(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    unusable = add_account(tables, "google@example.org")
    tables.sql(f"update account set password = '!unusable' where id = '{unusable}'")  # noqa: S608
    costs = []
    for email, password in (
        (EMAIL, PASSWORD),
        (EMAIL, "wrong"),
        ("nobody@example.org", PASSWORD),
        ("google@example.org", PASSWORD),
    ):
        before = api.metric(HASHES)
        sign_in(api, email, password)
        costs.append(api.metric(HASHES) - before)
    assert costs == [1, 1, 1, 1]


def test_signing_up_costs_one_hash_whether_or_not_the_address_is_known(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    costs = []
    for email in (EMAIL, "new@example.org"):
        before = api.metric(HASHES)
        assert api.post("/auth/register", json={"email": email, "password": PASSWORD}).status_code == 201
        costs.append(api.metric(HASHES) - before)
    assert costs == [1, 1]


def test_a_forgotten_password_tells_nothing_about_the_address(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    answers = [api.post("/auth/forgot-password", json={"email": email}) for email in (EMAIL, "nobody@example.org")]
    assert [(answer.status_code, answer.content) for answer in answers] == [(202, answers[0].content)] * 2
    assert EMAIL not in answers[0].text


def test_a_reset_token_that_is_none_costs_no_hash(tables: Postgres, api: Api) -> None:
    before = api.metric(HASHES)
    wanted = {"token": "t" * 43, "password": PASSWORD}
    assert api.post("/auth/reset-password", json=wanted).status_code == 400
    assert api.metric(HASHES) == before


def forged(person: Person, key: str = SIGNING_KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """Return an access token that differs from a good one in what `changes` names; None leaves a claim out."""
    now = datetime.now(UTC)
    claims = {
        "iss": ORIGIN,
        "aud": "slipway-api",
        "sub": str(person.id),
        "sid": str(person.session_id),
        "jti": "1",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        **changes,
    }
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def test_a_token_made_as_ours_are_is_taken(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    assert api.get("/users/me", headers={"Authorization": f"Bearer {forged(person)}"}).status_code == 200


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    "changes",
    [
        {"exp": datetime(2026, 1, 1, tzinfo=UTC)},
        {"exp": None},
        {"jti": None},
        {"sid": None},
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": "slipway-google-flow"},
        {"sub": "00000000-0000-0000-0000-000000000000"},
        {"sub": "nobody"},
        {"sid": "00000000-0000-0000-0000-000000000000"},
        {"key": "another key of more than thirty-two characters"},
        {"key": "", "algorithm": "none"},
        {"algorithm": "HS512"},
    ],
    ids=str,
)
def test_a_token_that_was_changed_or_has_expired_is_refused(
    tables: Postgres, api: Api, changes: dict[str, Any]
) -> None:
    token = forged(add_person(tables), **changes)
    answer = api.get("/users/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:slipway:problem:sign-in-needed")


def test_a_token_with_one_letter_changed_is_refused(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    header, claims, signature = TOKENS.issue(person.id, person.session_id).split(".")
    swapped = ("B" if claims[10] == "A" else "A").join((claims[:10], claims[11:]))
    for token in (f"{header}.{swapped}.{signature}", f"{header}.{claims}.", f"{header}.{claims}", "x", "a.b.c"):
        assert api.get("/users/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_token_of_another_deployment_is_refused(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    token = AccessTokens(SIGNING_KEY, "other.test").issue(person.id, person.session_id)
    assert api.get("/users/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_session_of_one_account_does_not_open_another(tables: Postgres, api: Api) -> None:
    mine, theirs = add_person(tables), add_person(tables)
    token = TOKENS.issue(theirs.id, mine.session_id)
    assert api.get("/users/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_the_address_of_another_cannot_be_taken_and_looks_like_any_other(tables: Postgres, api: Api) -> None:
    mine, theirs = add_person(tables, EMAIL), add_person(tables, "bob@example.org")
    changed = api.patch("/users/me", json={"email": theirs.email}, headers=mine.bearer)
    assert (changed.status_code, changed.json()["pending_email"]) == (200, theirs.email)
    assert mails(tables) == [(theirs.email, "already_registered")]


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "PASSWORD123!",
        "p4ssw0rd!!",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "admin12345",
    ],
)
def test_a_password_that_is_guessed_early_is_refused_by_name(tables: Postgres, api: Api, password: str) -> None:
    answer = api.post("/auth/register", json={"email": EMAIL, "password": password})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["location"] == ["body", "password"]
    assert password not in answer.text


def test_the_email_is_no_password(tables: Postgres, api: Api) -> None:
    answer = api.post("/auth/register", json={"email": EMAIL, "password": EMAIL.upper()})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:slipway:problem:password-refused")
