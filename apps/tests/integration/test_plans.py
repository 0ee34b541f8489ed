"""The indexes serve the API's statements: their plans on 1,000,000 items and many accounts, as executed."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from api.statements import all_statements
from apps.tests.stack import Django, Postgres

pytestmark = pytest.mark.docker
LARGE = "slipway_large"
ITEMS = 1_000_000
NOW = "2026-06-01T00:00:00Z"
LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
END = ("infinity", LAST)


@pytest.fixture(scope="module")
def large(postgres: Postgres, django: Django, migrated_template: str) -> Iterator[str]:
    """Fill a database once and lend its URL, with the API's rights."""
    postgres.recreate(migrated_template)
    done = django.manage("seed", "--items", str(ITEMS), "--users", "20000", timeout_s=1200)
    assert done.returncode == 0, done.stderr
    postgres.sql(
        "insert into auth_session (account_id, expires_at) select id, now() + interval '1 day' from account; "
        "insert into refresh_token (session_id, token_hash, expires_at) "
        "select id, sha256(id::text::bytea), now() + interval '1 day' from auth_session; "
        "insert into one_time_token (account_id, purpose, token_hash, email, expires_at) "
        "select id, 'verify_email', sha256(id::text::bytea), email, now() + interval '1 day' from account; "
        "insert into audit_event (account_id, action) select id, 'login' from account, generate_series(1, 3)"
    )
    postgres.sql("vacuum analyze")
    yield postgres.url("api")
    postgres.recreate(migrated_template)


def plan(url: str, name: str, *parameters: Any, file: str = "items") -> str:
    """Run a statement of the API and return how the database went about it."""
    (text,) = [found.text for found in all_statements() if (found.file, found.name) == (f"api/sql/{file}.sql", name)]
    numbered = re.sub(r"\$(\d+)", r"%(p\1)s", text.replace("%", "%%"))
    values = {f"p{place}": value for place, value in enumerate(parameters, 1)}
    with psycopg.connect(url) as connection:
        rows = connection.execute(f"explain (analyze, buffers, timing off) {numbered}".encode(), values).fetchall()
        connection.rollback()
    return "\n".join(line for (line,) in rows)


def one(url: str, query: str) -> Any:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def blocks(explained: str) -> int:
    """Return how many pages of 8 KiB were looked at: a measure that no busy machine changes."""
    found = re.search(r"Buffers: shared (?:hit=(\d+))? ?(?:read=(\d+))?", explained)
    assert found is not None, explained
    return sum(int(count) for count in found.groups() if count)


def test_the_table_is_as_large_as_promised(large: str) -> None:
    assert one(large, "select count(*) from item") == ITEMS


def test_a_page_costs_the_same_at_any_depth(large: str) -> None:
    deep = one(large, "select created_at from item order by created_at limit 1 offset 1000")
    for cursor in (END, (deep, LAST)):
        explained = plan(large, "page", *cursor, 20)
        assert "Index Scan using item_newest on item" in explained, explained
        assert "Sort" not in explained
        assert blocks(explained) < 60, explained


def test_an_owners_page_goes_by_the_owners_index(large: str) -> None:
    owner = one(large, "select owner_id from item where owner_id is not null group by 1 order by count(*) desc limit 1")
    explained = plan(large, "page_of_owner", *END, 20, owner)
    assert "Index Scan using item_newest_of_owner on item" in explained, explained
    assert "Sort" not in explained
    assert blocks(explained) < 60, explained


@pytest.mark.parametrize("pattern", ["%no. 765432%", "%gaivota%", "%nobody wrote this%"])
def test_a_rare_piece_of_a_title_is_found_by_the_trigrams(large: str, pattern: str) -> None:
    explained = plan(large, "search", *END, 20, pattern)
    assert "Bitmap Index Scan on item_title_search" in explained, explained
    assert blocks(explained) < 3000, explained


def test_a_frequent_piece_of_a_title_fills_its_page_from_the_newest(large: str) -> None:
    explained = plan(large, "search", *END, 20, "%anchor%")
    assert "Index Scan using item_newest on item" in explained, explained
    assert blocks(explained) < 3000, explained


def test_a_search_among_ones_own_reads_ones_own(large: str) -> None:
    owner = one(large, "select owner_id from item where owner_id is not null group by 1 order by count(*) desc limit 1")
    explained = plan(large, "search_of_owner", *END, 20, owner, "%anchor%")
    assert "Seq Scan" not in explained, explained
    assert blocks(explained) < 3000, explained


def test_an_item_is_found_by_its_key(large: str) -> None:
    explained = plan(large, "one", one(large, "select id from item limit 1"))
    assert "Index Scan using item_pkey on item" in explained, explained


def test_accounts_page_and_search_by_their_indexes(large: str) -> None:
    assert "Index Scan using account_newest" in plan(large, "page", *END, 20, file="users")
    explained = plan(large, "search", *END, 20, "%sailor-001234%", file="users")
    assert "Bitmap Index Scan on account_search" in explained, explained


def test_who_asks_is_found_by_keys(large: str) -> None:
    session = one(large, "select id from auth_session limit 1")
    account = one(large, f"select account_id from auth_session where id = '{session}'")  # noqa: S608 -- our own
    explained = plan(large, "me", session, account, file="accounts")
    assert "Seq Scan" not in explained, explained
    assert "Seq Scan" not in plan(large, "actor", session, account, file="sessions")
    assert "auth_session_of_account" in plan(large, "sessions_of", account, file="sessions")
    found = plan(large, "lock_refresh_token", b"\0" * 32, file="sessions")
    assert "Index Scan using refresh_token_hash_unique" in found, found


def test_deleting_an_account_reads_no_table_whole(postgres: Postgres, large: str) -> None:
    """The keys that point to an account are followed by indexes; without one, each deletion would read a table."""
    unindexed = """
        select c.conrelid::regclass::text, c.conname::text
        from pg_constraint c
        where c.contype = 'f' and c.confrelid in ('account'::regclass, 'auth_session'::regclass) and not exists (
            select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1] and i.indpred is null
        )
    """
    assert postgres.sql(unindexed) == []
