"""Who may do what: every operation of the API against everybody. One that is not in the table fails."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from api.app import build_api
from api.openapi import operations
from apps.tests.people import PASSWORD, Person, add_person
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker
WHO = ("anonymous", "user", "other user", "staff")


@dataclass(frozen=True)
class Asked:
    """One request, and the status that each of `WHO` gets; the item, session and job in it are the user's."""

    method: str
    path: str
    statuses: tuple[int, int, int, int]
    body: dict[str, Any] | None = None


NOBODY_ELSE = {"password": "not the password of anybody"}
EVERYBODY_IS_REFUSED = (401, 401, 401, 401)  # by bearer token: these go by cookie
OPEN_TO_ALL = (200, 200, 200, 200)
TABLE = {
    "health": Asked("GET", "/health", OPEN_TO_ALL),
    "listFlags": Asked("GET", "/flags", OPEN_TO_ALL),
    "listItems": Asked("GET", "/items", OPEN_TO_ALL),
    "readItem": Asked("GET", "/items/{item}", OPEN_TO_ALL),
    "createItem": Asked("POST", "/items", (401, 201, 201, 201), {"title": "One more"}),
    "changeItem": Asked("PATCH", "/items/{item}", (401, 200, 403, 200), {"title": "Changed"}),
    "deleteItem": Asked("DELETE", "/items/{item}", (401, 204, 403, 204)),
    "readMe": Asked("GET", "/users/me", (401, 200, 200, 200)),
    "changeMe": Asked("PATCH", "/users/me", (401, 200, 200, 200), {"bio": "Changed"}),
    "changePassword": Asked(
        "POST",
        "/users/me/password",
        (401, 204, 204, 204),
        {"current_password": PASSWORD, "new_password": "eight dry badgers sing"},
    ),
    "deleteMe": Asked("DELETE", "/users/me", (401, 204, 204, 204), {"password": PASSWORD}),
    "listUsers": Asked("GET", "/users", (401, 403, 403, 200)),
    "listSessions": Asked("GET", "/auth/sessions", (401, 200, 200, 200)),
    "revokeOtherSessions": Asked("POST", "/auth/sessions/revoke-others", (401, 204, 204, 204)),
    "revokeSession": Asked("DELETE", "/auth/sessions/{session}", (401, 204, 404, 404)),
    "requestExport": Asked("POST", "/privacy/export", (401, 202, 202, 202)),
    "requestDeletion": Asked("POST", "/privacy/delete", (401, 202, 202, 202), {"password": PASSWORD}),
    "readJob": Asked("GET", "/jobs/{job}", (401, 200, 404, 404)),
    "sendPing": Asked("POST", "/celery/ping", (401, 403, 403, 200)),
    "readTaskResult": Asked("GET", f"/celery/result/{uuid4()}", (401, 403, 403, 200)),
    "resendVerification": Asked("POST", "/auth/resend-verification", (401, 202, 202, 202)),
    "register": Asked(
        "POST", "/auth/register", (201, 201, 201, 201), {"email": "new@example.org", "password": PASSWORD}
    ),
    "login": Asked("POST", "/auth/login", EVERYBODY_IS_REFUSED, {"email": "nobody@example.org", **NOBODY_ELSE}),
    "refreshSession": Asked("POST", "/auth/refresh", EVERYBODY_IS_REFUSED),
    "logout": Asked("POST", "/auth/logout", EVERYBODY_IS_REFUSED),
    "verifyEmail": Asked("POST", "/auth/verify-email", (400, 400, 400, 400), {"token": "t" * 43}),
    "forgotPassword": Asked("POST", "/auth/forgot-password", (202, 202, 202, 202), {"email": "nobody@example.org"}),
    "resetPassword": Asked(
        "POST", "/auth/reset-password", (400, 400, 400, 400), {"token": "t" * 43, "password": PASSWORD}
    ),
    "startGoogleSignIn": Asked("GET", "/auth/google/start", (404, 404, 404, 404)),
    "finishGoogleSignIn": Asked("GET", "/auth/google/callback", (404, 404, 404, 404)),
}


@pytest.fixture
def people(tables: Postgres) -> dict[str, Person | None]:
    return {
        "anonymous": None,
        "user": add_person(tables),
        "other user": add_person(tables),
        "staff": add_person(tables, is_staff=True),
    }


def things_of(tables: Postgres, user: Person) -> dict[str, str]:
    """Make the user's item and job, and name the session."""
    ((item,),) = tables.sql(f"insert into item (owner_id, title) values ('{user.id}', 'One') returning id")  # noqa: S608
    ((job,),) = tables.sql(
        f"insert into job (account_id, kind) values ('{user.id}', 'export_account') returning id"  # noqa: S608
    )
    return {"item": str(item), "job": str(job), "session": str(user.session_id)}


def test_the_table_has_every_operation() -> None:
    described = {operation["operationId"]: operation for operation in operations(build_api().openapi())}
    assert TABLE.keys() == described.keys()
    for name, asked in TABLE.items():
        statuses = {str(status) for status in asked.statuses}
        assert statuses <= described[name]["responses"].keys(), name


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("operation", TABLE)
def test_everybody_may_do_what_the_table_says(
    tables: Postgres, api: Api, people: dict[str, Person | None], operation: str, who: str
) -> None:
    owner, person, asked = people["user"], people[who], TABLE[operation]
    assert owner is not None
    answer = api.request(
        asked.method,
        asked.path.format(**things_of(tables, owner)),
        json=asked.body,
        headers=person.bearer if person else {},
    )
    assert answer.status_code == asked.statuses[WHO.index(who)], answer.text
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"


def test_the_verification_token_opens_the_task_queue_and_nothing_else(tables: Postgres, api: Api) -> None:
    token = {"X-Verification-Token": "verification-token-of-the-tests"}
    assert api.post("/celery/ping", headers=token).status_code == 200
    assert api.get("/users", headers=token).status_code == 401
    assert api.post("/celery/ping", headers={"X-Verification-Token": "wrong"}).status_code == 401


def test_an_account_that_is_switched_off_is_out_at_once(tables: Postgres, api: Api) -> None:
    person = add_person(tables, is_staff=True)
    assert api.get("/users", headers=person.bearer).status_code == 200
    tables.sql(f"update account set is_active = false where id = '{person.id}'")  # noqa: S608
    assert [api.get(path, headers=person.bearer).status_code for path in ("/users", "/users/me")] == [401, 401]
    assert api.post("/auth/login", json={"email": person.email, "password": PASSWORD}).status_code == 401
