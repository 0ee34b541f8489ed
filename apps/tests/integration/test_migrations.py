import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from apps.tests.containers import wait_until
from apps.tests.stack import Django, Postgres

pytestmark = pytest.mark.docker
OWNER = {"DATABASE_ROLE": "owner"}
OURS = {"account", "item"}


def tables(postgres: Postgres) -> set[str]:
    return {name for (name,) in postgres.sql("select tablename::text from pg_tables where schemaname = 'public'")}


def test_a_release_migrates_an_empty_database_and_tells_what_it_applied(
    empty_database: Postgres, django: Django
) -> None:
    done = django.manage("release_migrate", variables=OWNER)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert "applied items.0001_item" in lines
    assert lines[-1] == f"migrated: {len([line for line in lines if line.startswith('applied ')])} applied, none left"
    assert tables(empty_database) >= OURS
    again = django.manage("release_migrate", variables=OWNER)
    assert again.stdout.splitlines()[-1] == "migrated: 0 applied, none left"


def test_our_migrations_go_back_to_nothing_and_forth_again(database: Postgres, django: Django) -> None:
    django.migrate("items", "zero")
    django.migrate("admin", "zero")
    django.migrate("accounts", "zero")
    assert not tables(database) & OURS
    django.migrate()
    assert tables(database) >= OURS


def test_models_and_migrations_agree(database: Postgres, django: Django) -> None:
    done = django.manage("makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout


def test_only_the_owner_migrates(database: Postgres, django: Django) -> None:
    done = django.manage("release_migrate")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("migrations run with DATABASE_ROLE=owner")


def test_two_cannot_migrate_at_once(empty_database: Postgres, django: Django) -> None:
    from_the_first = psycopg.connect(empty_database.url("owner"), autocommit=True)
    key = int(django.shell("from django_admin.schema.migrating import LOCK_KEY; print(LOCK_KEY)"))
    with from_the_first as connection:
        connection.execute("select pg_advisory_lock(%s)", [key])
        refused = django.manage("release_migrate", variables=OWNER)
    assert refused.returncode == 1
    assert "another migration of this database is running" in refused.stderr.splitlines()[-1]
    assert tables(empty_database) == set()
    assert django.manage("release_migrate", variables=OWNER).returncode == 0


@contextmanager
def reader_holding(postgres: Postgres, table: str) -> Iterator[None]:
    """Hold the lock that a long-running reader of `table` holds."""
    with psycopg.connect(postgres.url("django")) as connection:
        connection.execute(f"lock table {table} in access share mode")
        yield


def test_a_migration_gives_up_a_lock_that_it_does_not_get(database: Postgres, django: Django) -> None:
    django.migrate("items", "0001")
    with reader_holding(database, "item"):
        django.migrate("items", "0002")  # a grant does not wait for readers
        going_back: list[int] = []

        def go_back() -> None:
            script = (
                "from django.core.management import call_command\n"
                "from django_admin.schema.migrating import set_time_limits\n"
                "set_time_limits()\n"
                "call_command('migrate', 'items', 'zero')\n"
            )
            done = django.manage("shell", "--no-imports", "--command", script, variables=OWNER)
            assert "lock timeout" in done.stderr
            going_back.append(done.returncode)

        thread = threading.Thread(target=go_back)
        thread.start()
        wait_until(lambda: bool(going_back), "the migration gave up")
        thread.join()
    assert going_back == [1]
    assert "item" in tables(database)


def test_a_failed_migration_is_named_in_the_last_line(database: Postgres, django: Django) -> None:
    database.sql("delete from django_migrations where app = 'items' and name = '0001_item'")
    database.sql("delete from django_migrations where app = 'items' and name = '0002_api_reads_items'")
    done = django.manage("release_migrate", variables=OWNER)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "migrate failed at items.0001_item:" in last
    assert 'relation "item" already exists' in last


@pytest.mark.parametrize(("is_wanted", "count"), [("1", 12), ("0", 0)])
def test_demo_items_come_with_the_migration_where_they_are_wanted(
    database: Postgres, django: Django, is_wanted: str, count: int
) -> None:
    for _ in range(2):
        done = django.manage("release_migrate", variables={**OWNER, "SEED_DEMO": is_wanted})
        assert done.returncode == 0, done.stderr
        assert database.sql("select count(*) from item") == [(count,)]


def test_demo_items_are_completed_and_left_alone(database: Postgres, django: Django) -> None:
    database.sql("insert into item (title) values ('somebody''s own')")
    assert django.manage("seed_demo", "--if-empty").stdout.strip() == "demo items added: 0"
    assert django.manage("seed_demo").stdout.strip() == "demo items added: 12"
    assert django.manage("seed_demo").stdout.strip() == "demo items added: 0"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("insert into item (title) values ('')", "item_title_not_empty"),
        ("insert into item (title, description) values ('a', repeat('x', 10001))", "item_description_not_too_long"),
        ("insert into account (email, password) values ('A@example.org', '')", "account_email_lower_case"),
        ("insert into account (email, password) values ('', '')", "account_email_not_empty"),
        ("insert into account (email, password) values ('a@b.c', ''), ('a@b.c', '')", "account_email_unique"),
    ],
)
def test_rules_hold_for_every_writer(database: Postgres, statement: str, constraint: str) -> None:
    with psycopg.connect(database.url("django")) as connection, pytest.raises(psycopg.IntegrityError) as caught:
        connection.execute(statement)
    assert caught.value.diag.constraint_name == constraint


def test_the_database_fills_in_what_a_writer_leaves_out(database: Postgres) -> None:
    database.sql("insert into item (title) values ('one')")
    filled = "select id is not null, description, created_at = updated_at, created_at <= now(), owner_id from item"
    assert database.sql(filled) == [(True, "", True, True, None)]
