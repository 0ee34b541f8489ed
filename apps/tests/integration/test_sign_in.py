"""Signing up, in and out against the real database: what each step leaves behind."""

import httpx
import pytest

from apps.tests.containers import wait_until
from apps.tests.people import ORIGIN, PASSWORD, add_account, add_person, audit, mailed_token, mails
from apps.tests.stack import Api, Django, Postgres

pytestmark = pytest.mark.docker
EMAIL = "ada@example.org"
REFRESH, CSRF = "__Host-slipway_refresh", "__Host-slipway_csrf"


def sign_up(api: Api, email: str = EMAIL, **more: str) -> httpx.Response:
    return api.post("/auth/register", json={"email": email, "password": PASSWORD}, headers=more)


def sign_in(api: Api, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
    return api.post("/auth/login", json={"email": email, "password": password})


def cookies_of(answer: httpx.Response) -> dict[str, str]:
    """Return the cookies that an answer sets; httpx itself would not send Secure ones over plain http."""
    pairs = (header.split(";")[0].partition("=") for header in answer.headers.get_list("set-cookie"))
    return {name: value for name, _, value in pairs}


def refresh(api: Api, cookies: dict[str, str], path: str = "/auth/refresh", **headers: str) -> httpx.Response:
    return api.post(path, headers={**cookie_headers(cookies), **headers})


def cookie_headers(cookies: dict[str, str]) -> dict[str, str]:
    """Return what our own page sends with its cookies."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": cookie, "X-CSRF-Token": cookies.get(CSRF, ""), "Origin": ORIGIN}


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_from_sign_up_to_sign_out(tables: Postgres, api: Api) -> None:
    assert sign_up(api, "Ada@Example.org").json() == {"email": EMAIL}
    assert mails(tables) == [(EMAIL, "verify_email")]
    signed_in = sign_in(api, "ADA@example.org")
    assert signed_in.status_code == 200
    assert signed_in.json()["user"]["email_verified"] is False
    assert api.post("/auth/verify-email", json={"token": mailed_token(tables, "verify_email")}).status_code == 204
    again = refresh(api, cookies_of(signed_in))
    assert again.status_code == 200
    assert again.json()["user"]["email_verified"] is True
    assert refresh(api, cookies_of(again), "/auth/logout").status_code == 204
    assert refresh(api, cookies_of(again)).status_code == 401
    assert api.get("/users/me", headers=bearer(again)).status_code == 401
    assert audit(tables) == ["account_registered", "login", "email_verified", "session_refreshed", "logout"]


def test_the_cookies_are_the_kind_that_no_script_and_no_other_site_gets(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    first, second = sign_in(api).headers.get_list("set-cookie")
    flags = {"Path=/", "SameSite=strict", "Secure", "Max-Age=2592000"}
    assert {*first.split("; ")[1:]} == flags | {"HttpOnly"}
    assert {*second.split("; ")[1:]} == flags
    assert (first.split("=")[0], second.split("=")[0]) == (REFRESH, CSRF)


def test_signing_up_twice_looks_the_same_and_tells_the_owner(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    known, new = sign_up(api), sign_up(api, "new@example.org")
    assert (known.status_code, set(known.json())) == (new.status_code, set(new.json())) == (201, {"email"})
    assert mails(tables) == [(EMAIL, "already_registered"), ("new@example.org", "verify_email")]


def test_the_mail_of_a_sign_up_holds_a_token_that_is_kept_as_a_hash_only(tables: Postgres, api: Api) -> None:
    sign_up(api)
    token = mailed_token(tables, "verify_email")
    assert tables.sql(f"select token_hash = sha256('{token}') from one_time_token") == [(True,)]  # noqa: S608


def test_a_verification_link_may_be_followed_twice(tables: Postgres, api: Api) -> None:
    sign_up(api)
    link = {"token": mailed_token(tables, "verify_email")}
    assert [api.post("/auth/verify-email", json=link).status_code for _ in range(2)] == [204, 204]


def test_a_new_verification_mail_replaces_the_first(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL, is_verified=False)
    tokens = []
    for _ in range(2):
        assert api.post("/auth/resend-verification", headers=person.bearer).status_code == 202
        tokens.append(mailed_token(tables, "verify_email"))
    statuses = [api.post("/auth/verify-email", json={"token": token}).status_code for token in tokens]
    assert statuses == [400, 204]
    assert api.post("/auth/resend-verification", headers=person.bearer).status_code == 202
    assert len(mails(tables)) == 2


def test_a_forgotten_password_is_set_by_mail_and_ends_every_session(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL, is_verified=False)
    assert api.post("/auth/forgot-password", json={"email": EMAIL}).status_code == 202
    wait_until(lambda: bool(mails(tables)), "the mail is posted")
    wanted = {"token": mailed_token(tables, "reset_password"), "password": "eight dry badgers sing"}
    assert api.post("/auth/reset-password", json=wanted).status_code == 204
    assert api.get("/users/me", headers=person.bearer).status_code == 401
    assert sign_in(api).status_code == 401
    signed_in = sign_in(api, password="eight dry badgers sing")
    assert (signed_in.status_code, signed_in.json()["user"]["email_verified"]) == (200, True)
    assert api.post("/auth/reset-password", json=wanted).status_code == 400
    assert mails(tables) == [(EMAIL, "reset_password"), (EMAIL, "password_changed")]


def test_sessions_are_listed_and_ended(tables: Postgres, api: Api) -> None:
    add_account(tables, EMAIL)
    headers = [bearer(sign_in(api)) for _ in range(3)]
    listed = api.get("/auth/sessions", headers=headers[0]).json()["sessions"]
    assert [session["current"] for session in listed].count(True) == 1
    assert {session["ip"] for session in listed} == {"127.0.0.1"}
    other = next(session["id"] for session in listed if not session["current"])
    statuses = [api.delete(f"/auth/sessions/{other}", headers=headers[0]).status_code for _ in range(2)]
    assert statuses == [204, 404]
    assert api.post("/auth/sessions/revoke-others", headers=headers[0]).status_code == 204
    assert [api.get("/users/me", headers=who).status_code for who in headers] == [200, 401, 401]


def test_nobody_ends_the_session_of_another(tables: Postgres, api: Api) -> None:
    mine, theirs = add_person(tables), add_person(tables)
    assert api.delete(f"/auth/sessions/{theirs.session_id}", headers=mine.bearer).status_code == 404
    assert api.get("/users/me", headers=theirs.bearer).status_code == 200


def test_one_password_works_here_and_in_django(tables: Postgres, api: Api, django: Django) -> None:
    sign_up(api, "api@example.org")
    code = f"""
from django_admin.accounts.models import User
User.objects.create_user("django@example.org", "{PASSWORD}")
ours = User.objects.get(email="api@example.org")
before = ours.password
print(ours.check_password("{PASSWORD}"), ours.check_password("wrong"), ours.password == before)
"""
    assert django.shell(code).splitlines()[-1] == "True False True"
    assert sign_in(api, "django@example.org").status_code == 200
