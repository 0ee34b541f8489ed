"""Making, reading, changing and deleting items."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from api.items.models import Item, ItemPage
from apps.tests.people import Person, add_person, audit
from apps.tests.stack import Api, Postgres

pytestmark = pytest.mark.docker


def create(api: Api, person: Person, title: str = "Boat", key: str = "", **more: Any) -> httpx.Response:
    headers = {**person.bearer, **({"Idempotency-Key": key} if key else {})}
    return api.post("/items", json={"title": title, **more}, headers=headers)


def titles(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def test_a_new_item_is_where_its_location_says(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    made = create(api, person, description="Blue")
    item = Item.model_validate(made.json())
    assert (made.status_code, made.headers["etag"], item.owner_id) == (201, '"1"', person.id)
    assert made.headers["location"] == f"/api/items/{item.id}"
    read = api.get(made.headers["location"].removeprefix("/api"))
    assert (read.json(), read.headers["etag"]) == (made.json(), '"1"')
    assert audit(tables) == ["item_created"]


def test_every_answer_fits_its_model(tables: Postgres, api: Api) -> None:
    create(api, add_person(tables), description='ü \U0001f6a4 \\ " \n end')
    page = api.get("/items")
    assert ItemPage.model_validate_json(page.content).items[0].description == 'ü \U0001f6a4 \\ " \n end'
    assert page.json()["items"][0] == api.get(f"/items/{page.json()['items'][0]['id']}").json()


@pytest.mark.parametrize(
    ("sent", "status"), [('"1"', 304), ('W/"1"', 304), ("*", 304), ('"2", "1"', 304), ('"2"', 200)]
)
def test_a_copy_that_is_current_is_not_sent_again(tables: Postgres, api: Api, sent: str, status: int) -> None:
    item = create(api, add_person(tables)).json()
    answer = api.get(f"/items/{item['id']}", headers={"If-None-Match": sent})
    assert (answer.status_code, answer.headers["etag"], bool(answer.content)) == (status, '"1"', status == 200)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_to_another_version_is_refused(tables: Postgres, api: Api, method: str) -> None:
    person = add_person(tables)
    path = f"/items/{create(api, person).json()['id']}"
    body = {"title": "Ship"} if method == "PATCH" else None
    for tag in ('"2"', 'W/"1"', "1", ""):
        answer = api.request(method, path, json=body, headers={**person.bearer, "If-Match": tag})
        assert answer.status_code == 412, tag
    answer = api.request(method, path, json=body, headers={**person.bearer, "If-Match": '"7", "1"'})
    assert answer.status_code in {200, 204}


def test_a_change_keeps_what_it_does_not_name_and_counts_up(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    item = create(api, person, description="Blue").json()
    changed = api.patch(f"/items/{item['id']}", json={"title": "Ship"}, headers=person.bearer)
    assert (changed.headers["etag"], changed.json()["version"]) == ('"2"', 2)
    assert {**changed.json(), "updated_at": ""} == {**item, "title": "Ship", "version": 2, "updated_at": ""}
    assert changed.json()["updated_at"] > item["updated_at"]


def test_one_of_two_changes_to_the_same_version_wins(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    path = f"/items/{create(api, person).json()['id']}"
    headers = {**person.bearer, "If-Match": '"1"'}
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda n: api.patch(path, json={"title": str(n)}, headers=headers), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]


def test_the_same_key_makes_one_item_and_gets_one_answer(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: create(api, person, key="k1"), range(6)))
    assert {(answer.status_code, answer.headers["location"], answer.headers["etag"]) for answer in answers} == {
        (201, answers[0].headers["location"], '"1"')
    }
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert [answer.headers.get("idempotent-replayed") for answer in answers].count("true") == 5
    assert tables.sql("select count(*) from item") == [(1,)]


def test_a_key_is_good_for_one_request_of_one_account(tables: Postgres, api: Api) -> None:
    mine, theirs = add_person(tables), add_person(tables)
    assert create(api, mine, key="k").status_code == 201
    reused = create(api, mine, title="Ship", key="k")
    assert (reused.status_code, reused.json()["type"]) == (409, "urn:slipway:problem:idempotency-key-reused")
    assert create(api, theirs, title="Ship", key="k").status_code == 201


def test_a_key_of_a_sign_up_sends_one_mail(tables: Postgres, api: Api) -> None:
    body = {"email": "ada@example.org", "password": "seven wet otters hum"}
    answers = [api.post("/auth/register", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, {"email": "ada@example.org"})] * 2
    assert tables.sql("select template from email_outbox") == [("verify_email",)]


def test_a_search_takes_every_character_as_it_is_and_any_case(tables: Postgres, api: Api) -> None:
    person = add_person(tables)
    for title in ("100% Boat", "boathouse", "a_b", "acb", "C:\\dir"):
        create(api, person, title)
    found = {q: titles(api.get("/items", params={"q": q})) for q in ("BOAT", "0%", "a_b", "\\", "x", "%")}
    assert found == {
        "BOAT": ["boathouse", "100% Boat"],
        "0%": ["100% Boat"],
        "a_b": ["a_b"],
        "\\": ["C:\\dir"],
        "x": [],
        "%": ["100% Boat"],
    }


def test_ones_own_items_come_in_pages_too(tables: Postgres, api: Api) -> None:
    mine, theirs = add_person(tables), add_person(tables)
    for n in range(3):
        create(api, mine, f"mine {n}")
        create(api, theirs, f"theirs {n}")
    first = api.get("/items", params={"owner": "me", "limit": 2}, headers=mine.bearer)
    assert titles(first) == ["mine 2", "mine 1"]
    following = {"owner": "me", "cursor": first.json()["next_cursor"]}
    assert titles(api.get("/items", params=following, headers=mine.bearer)) == ["mine 0"]
    assert titles(api.get("/items", params={"owner": "me", "q": "E 1"}, headers=mine.bearer)) == ["mine 1"]
    assert api.get("/items", params={"owner": "me"}).status_code == 401
