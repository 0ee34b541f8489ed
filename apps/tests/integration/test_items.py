from itertools import chain

import httpx
import psycopg
import pytest

from api.items.models import Item
from api.statements import all_statements
from apps.tests.stack import Postgres

pytestmark = pytest.mark.docker


def add(database: Postgres, count: int, first: str = "2026-01-01 12:00:00.123456Z", step: str = "-1 minute") -> None:
    numbered = f"select 'item ' || n, timestamptz '{first}' + n * interval '{step}' from generate_series(1, {count}) n"  # noqa: S608
    database.sql(f"insert into item (title, created_at) {numbered}")


def titles(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


def every_page(api: httpx.Client, limit: int) -> list[list[str]]:
    pages, cursor = [], ""
    while True:
        answer = api.get("/items", params={"limit": limit, **({"cursor": cursor} if cursor else {})})
        pages.append(titles(answer))
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return pages


def test_an_empty_table_is_an_empty_page(database: Postgres, api: httpx.Client) -> None:
    assert api.get("/items").json() == {"items": [], "next_cursor": None}


def test_items_come_newest_first_with_what_clients_need(database: Postgres, api: httpx.Client) -> None:
    add(database, 3)
    answer = api.get("/items")
    assert titles(answer) == ["item 1", "item 2", "item 3"]
    assert set(answer.json()["items"][0]) == Item.model_fields.keys()


@pytest.mark.parametrize(("count", "sizes"), [(6, [3, 3]), (7, [3, 3, 1]), (3, [3])])
def test_the_pages_hold_every_item_once(database: Postgres, api: httpx.Client, count: int, sizes: list[int]) -> None:
    add(database, count)
    pages = every_page(api, 3)
    assert [len(page) for page in pages] == sizes
    assert list(chain.from_iterable(pages)) == [f"item {n}" for n in range(1, count + 1)]


def test_items_of_the_same_moment_are_told_apart(database: Postgres, api: httpx.Client) -> None:
    add(database, 9, step="0 minutes")
    seen = list(chain.from_iterable(every_page(api, 2)))
    assert sorted(seen) == sorted(f"item {n}" for n in range(1, 10))


def test_an_item_added_meanwhile_moves_no_later_page(database: Postgres, api: httpx.Client) -> None:
    add(database, 4)
    first = api.get("/items", params={"limit": 2}).json()
    database.sql("insert into item (title) values ('brand new')")
    assert titles(api.get("/items", params={"cursor": first["next_cursor"]})) == ["item 3", "item 4"]


def test_paging_goes_by_the_index(database: Postgres) -> None:
    add(database, 3000)
    database.sql("analyze item")
    (after,) = [found.text for found in all_statements() if (found.file, found.name) == ("api/sql/items.sql", "page")]
    with psycopg.connect(database.url("api")) as connection:
        plan = connection.execute(f"explain (generic_plan) {after}").fetchall()
    assert "Index Scan using item_newest" in str(plan)
    assert "Sort" not in str(plan)


def test_the_api_signs_in_with_its_own_role(database: Postgres, api: httpx.Client) -> None:
    assert api.get("/items").status_code == 200
    users = "select distinct usename::text from pg_stat_activity where application_name like 'slipway-api%'"
    assert database.sql(users) == [("slipway_api",)]
