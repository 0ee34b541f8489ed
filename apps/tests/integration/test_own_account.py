"""One's own account: profile, email, password, export, end; and the list for staff."""

import json

import pytest

from api.privacy.models import Job
from api.users.models import Me, UserPage
from apps.tests.people import PASSWORD, add_person, audit, mailed_token, mails
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker
EMAIL = "ada@example.org"
NEW_PASSWORD = "eight dry badgers sing"


def test_a_profile_changes_field_by_field(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    before = Me.model_validate(api.get("/users/me", headers=person.bearer).json())
    avatar = "https://images.example.org/ada.png"
    for change, expected in (
        ({"display_name": "Ada"}, {"display_name": "Ada"}),
        ({"bio": "Counts.", "avatar_url": avatar}, {"bio": "Counts.", "avatar_url": avatar}),
        ({"avatar_url": None}, {"avatar_url": None, "bio": "Counts."}),
        ({"display_name": ""}, {"display_name": ""}),
        ({}, {}),
    ):
        answer = api.patch("/users/me", json=change, headers=person.bearer)
        assert answer.status_code == 200
        before = before.model_copy(update=expected)
        assert Me.model_validate(answer.json()) == before
        assert api.get("/users/me", headers=person.bearer).json() == answer.json()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"avatar_url": "http://images.example.org/ada.png"}, "avatar_url"),
        ({"avatar_url": "javascript:alert(1)"}, "avatar_url"),
        ({"bio": "x" * 2001}, "bio"),
        ({"display_name": None}, "display_name"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"email": "no address"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_what_cannot_be_is_refused_by_field(tables: Postgres, api: Api, change: dict[str, object], field: str) -> None:
    answer = api.patch("/users/me", json=change, headers=add_person(tables).bearer)
    assert answer.status_code == 422
    assert [error["location"] for error in answer.json()["errors"]] == [["body", field]]


def test_a_new_email_waits_for_its_proof_and_tells_the_old_one(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    changed = api.patch("/users/me", json={"email": "Ada@New.example"}, headers=person.bearer).json()
    assert (changed["email"], changed["pending_email"]) == (EMAIL, "ada@new.example")
    assert mails(tables) == [("ada@new.example", "change_email")]
    link = {"token": mailed_token(tables, "change_email")}
    assert [api.post("/auth/verify-email", json=link).status_code for _ in range(2)] == [204, 204]
    me = api.get("/users/me", headers=person.bearer).json()
    assert (me["email"], me["pending_email"], me["email_verified"]) == ("ada@new.example", None, True)
    assert mails(tables)[-1] == (EMAIL, "email_changed")
    assert audit(tables) == ["email_change_requested", "email_changed"]


def test_a_pending_email_can_be_cancelled(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    api.patch("/users/me", json={"email": "ada@new.example"}, headers=person.bearer)
    token = mailed_token(tables, "change_email")
    assert api.patch("/users/me", json={"email": None}, headers=person.bearer).json()["pending_email"] is None
    assert api.post("/auth/verify-email", json={"token": token}).status_code == 400
    assert api.get("/users/me", headers=person.bearer).json()["email"] == EMAIL


def test_an_address_taken_meanwhile_is_not_given_twice(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    api.patch("/users/me", json={"email": "ada@new.example"}, headers=person.bearer)
    add_person(tables, "ada@new.example")
    token = mailed_token(tables, "change_email")
    assert api.post("/auth/verify-email", json={"token": token}).status_code == 400
    assert api.get("/users/me", headers=person.bearer).json()["email"] == EMAIL


def test_a_mail_sent_to_the_old_address_cannot_set_the_password(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    tables.sql(
        "insert into one_time_token (account_id, purpose, token_hash, email, expires_at) values "  # noqa: S608
        f"('{person.id}', 'reset_password', sha256('{'t' * 43}'), '{EMAIL}', now() + interval '1 hour')"
    )
    api.patch("/users/me", json={"email": "ada@new.example"}, headers=person.bearer)
    api.post("/auth/verify-email", json={"token": mailed_token(tables, "change_email")})
    wanted = {"token": "t" * 43, "password": NEW_PASSWORD}
    assert api.post("/auth/reset-password", json=wanted).status_code == 400


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    signed_in = api.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).json()
    other = {"Authorization": f"Bearer {signed_in['access_token']}"}
    wrong = api.post(
        "/users/me/password", json={"current_password": "wrong", "new_password": NEW_PASSWORD}, headers=person.bearer
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["location"]) == (403, ["body", "current_password"])
    weak = {"current_password": PASSWORD, "new_password": "password123"}
    refused = api.post("/users/me/password", json=weak, headers=person.bearer)
    assert (refused.status_code, refused.json()["errors"][0]["location"]) == (422, ["body", "new_password"])
    wanted = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert api.post("/users/me/password", json=wanted, headers=person.bearer).status_code == 204
    assert [api.get("/users/me", headers=who).status_code for who in (person.bearer, other)] == [200, 401]
    assert api.post("/auth/login", json={"email": EMAIL, "password": NEW_PASSWORD}).status_code == 200
    assert mails(tables) == [(EMAIL, "password_changed")]


def test_an_account_without_a_password_sets_its_first(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    tables.sql(f"update account set password = '!' where id = '{person.id}'")  # noqa: S608
    assert api.get("/users/me", headers=person.bearer).json()["has_password"] is False
    wanted = {"new_password": NEW_PASSWORD}
    assert api.post("/users/me/password", json=wanted, headers=person.bearer).status_code == 204
    assert api.get("/users/me", headers=person.bearer).json()["has_password"] is True


def test_deleting_an_account_leaves_nothing_of_it_but_an_id_in_the_audit(tables: Postgres, api: Api) -> None:
    person = add_person(tables, EMAIL)
    api.post("/items", json={"title": "Boat"}, headers=person.bearer)
    api.post("/privacy/export", headers=person.bearer)
    refused = api.request("DELETE", "/users/me", json={"password": "wrong"}, headers=person.bearer)
    assert refused.status_code == 403
    deleted = api.request("DELETE", "/users/me", json={"password": PASSWORD}, headers=person.bearer)
    assert deleted.status_code == 204
    assert all("Max-Age=0" in header for header in deleted.headers.get_list("set-cookie"))
    for table in ("account", "profile", "auth_session", "item"):
        assert tables.sql(f"select count(*) from {table}") == [(0,)], table  # noqa: S608
    assert tables.sql("select count(*) from audit_event where account_id is not null") == [(0,)]
    assert tables.sql("select detail->>'account' from audit_event where action = 'account_deleted'") == [
        (str(person.id),)
    ]
    assert mails(tables) == [(EMAIL, "account_deleted")]
    assert api.get("/users/me", headers=person.bearer).status_code == 401


def test_a_job_is_posted_once_and_its_owner_reads_it(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    answers = [api.post("/privacy/export", headers=person.bearer) for _ in range(2)]
    job = Job.model_validate(answers[0].json())
    assert (job.kind, job.status, job.result, job.error) == ("export_account", "queued", None, None)
    assert answers[1].json() == answers[0].json()
    assert answers[0].headers["location"] == f"/api/jobs/{job.id}"
    result = json.dumps({"items": [{"title": "Boat"}]})
    tables.sql(f"update job set status = 'done', result = '{result}', finished_at = now()")  # noqa: S608
    read = api.get(f"/jobs/{job.id}", headers=person.bearer).json()
    assert (read["status"], read["result"]) == ("done", {"items": [{"title": "Boat"}]})
    assert api.post("/privacy/export", headers=person.bearer).json()["id"] != str(job.id)
    assert api.post("/privacy/delete", json={"password": PASSWORD}, headers=person.bearer).status_code == 202


def test_staff_page_through_users_and_find_them(tables: Postgres, api: Api) -> None:
    staff = add_person(tables, "staff@example.org", is_staff=True)
    for name in ("ada", "bob", "cyd"):
        add_person(tables, f"{name}@example.org")
    first = UserPage.model_validate(api.get("/users", params={"limit": 3}, headers=staff.bearer).json())
    assert [user.email.partition("@")[0] for user in first.users] == ["cyd", "bob", "ada"]
    following = {"cursor": first.next_cursor, "limit": 3}
    last = UserPage.model_validate(api.get("/users", params=following, headers=staff.bearer).json())
    assert ([user.is_staff for user in last.users], last.next_cursor) == ([True], None)
    found = api.get("/users", params={"q": "BOB@"}, headers=staff.bearer).json()["users"]
    assert [user["email"] for user in found] == ["bob@example.org"]


def test_flags_are_told_by_name(tables: Postgres, api: Api) -> None:
    tables.sql("insert into feature_flag (name, enabled) values ('a', true), ('b', false)")
    assert api.get("/flags").json() == {"flags": {"a": True, "b": False}}
