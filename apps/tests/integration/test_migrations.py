import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from apps.tests.containers import wait_until
from apps.tests.stack import DJANGO_ROOT, Django, Postgres

pytestmark = pytest.mark.docker
OWNER = {"DATABASE_ROLE": "owner"}
OURS = {
    "account",
    "audit_event",
    "auth_session",
    "email_outbox",
    "feature_flag",
    "idempotent_request",
    "item",
    "job",
    "oauth_account",
    "one_time_token",
    "profile",
    "refresh_token",
}
REQUEST = "(scope, key, route, request_hash)"
APPS = ("signin", "audit", "mail", "jobs", "idempotency", "flags", "items", "admin", "accounts")


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


def schema(postgres: Postgres) -> str:
    """Return every object of the database as SQL, with rights."""
    dump = postgres.container.run("pg_dump", "-U", "postgres", "--schema-only", "slipway", user="postgres")
    # pg_dump guards its own output with a new word each time.
    return "\n".join(line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def test_our_migrations_go_back_to_nothing_and_forth_again(database: Postgres, django: Django) -> None:
    before = schema(database)
    for app in APPS:
        django.migrate(app, "zero")
    assert not tables(database) & OURS
    assert database.sql("select extname::text from pg_extension") == [("plpgsql",)]
    django.migrate()
    assert schema(database) == before


def test_rows_outlive_the_way_back_to_the_release_before(database: Postgres, django: Django) -> None:
    """What the tables of the skeleton held stays, and an account from before profiles gets one."""
    assert django.manage("seed").returncode == 0
    before = database.sql("select id, title, owner_id from item order by id")
    accounts = database.sql("select id, email from account order by id")
    django.migrate("items", "0002")
    for app in ("signin", "audit", "mail", "jobs"):
        django.migrate(app, "zero")
    django.migrate("accounts", "0001")
    assert tables(database) & OURS == {"account", "item", "idempotent_request", "feature_flag"}
    assert database.sql("select id, title, owner_id from item order by id") == before
    django.migrate()
    assert database.sql("select id, email from account order by id") == accounts
    assert database.sql("select account_id from profile order by 1") == [(key,) for key, _ in accounts]


def test_deleting_an_account_or_session_by_sql_takes_along_what_belongs_to_it(
    database: Postgres, django: Django
) -> None:
    actions = """
        select conrelid::regclass::text, confdeltype::text from pg_constraint
        where contype = 'f' and confrelid in ('account'::regclass, 'auth_session'::regclass)
    """
    cascade, set_null = "c", "n"
    assert dict(database.sql(actions)) == {
        **dict.fromkeys(OURS - {"account", "feature_flag", "idempotent_request"}, cascade),
        **dict.fromkeys(("audit_event", "email_outbox", "job"), set_null),
        **dict.fromkeys(("account_groups", "account_user_permissions", "django_admin_log"), cascade),
    }
    assert django.manage("seed").returncode == 0
    database.sql("delete from account")
    left = {table: database.sql(f"select count(*) from {table}")[0][0] for table in OURS}  # noqa: S608 -- constants
    assert {table for table, count in left.items() if count} == {
        "audit_event",
        "email_outbox",
        "feature_flag",
        "idempotent_request",
        "item",  # the dozen that has no owner
        "job",
    }


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
def reader_holding(postgres: Postgres, table: str) -> Iterator[psycopg.Connection]:
    """Hold the lock that a long-running reader of `table` holds."""
    with psycopg.connect(postgres.url("django"), application_name="a reader") as connection:
        connection.execute(f"lock table {table} in access share mode")
        yield connection


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


@contextmanager
def impatient_migration(django: Django, tries: int) -> Iterator[subprocess.Popen[str]]:
    """Run a release's migration with a short limit on locks."""
    limits = {"MIGRATION_LOCK_TIMEOUT_S": "1", "MIGRATION_TRIES": str(tries), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "release_migrate"],
        cwd=DJANGO_ROOT,
        env=django.environment(**OWNER, **limits),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def test_a_lock_that_comes_free_is_waited_for_and_told_of(database: Postgres, django: Django) -> None:
    django.migrate("items", "0002")
    with reader_holding(database, "item") as reader, impatient_migration(django, 5) as migration:
        lines = iter(migration.stdout or ())
        told = "Applying items.0003_version... no lock within 1 s; try 2 in 1 s"
        assert any(told in line for line in lines)
        reader.rollback()
        assert list(lines)[-1].endswith("applied, none left\n")
    assert migration.returncode == 0


def test_who_holds_the_lock_is_named_without_anybodys_data(database: Postgres, django: Django) -> None:
    django.migrate("items", "0002")
    with reader_holding(database, "item") as reader:
        reader.execute("select count(*) from item where title = 'a secret title'")
        with impatient_migration(django, 2) as migration:
            said = migration.communicate(timeout=120)[1]
    assert migration.returncode == 1
    assert "items.0003_version got no lock in 2 tries" in said
    holder = "a reader as slipway_django (idle in transaction)"
    assert f"held by {holder}: " in said
    assert "select count(*) from item where title = …" in said
    assert "secret title" not in said


def test_a_failed_migration_is_named_in_the_last_line(database: Postgres, django: Django) -> None:
    database.sql("delete from django_migrations where app = 'items'")
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
        ("insert into email_outbox (recipient, template) values ('', 'x')", "email_outbox_recipient_not_empty"),
        ("insert into email_outbox (recipient, template, status) values ('a', 'x', 'y')", "email_outbox_status_known"),
        ("insert into job (kind) values ('walk_dog')", "job_kind_known"),
        ("insert into job (kind, status) values ('export_account', 'lost')", "job_status_known"),
        ("insert into feature_flag (name) values ('No Spaces')", "feature_flag_name_plain"),
        ("insert into audit_event (action) values ('')", "audit_event_action_not_empty"),
        (
            f"insert into idempotent_request {REQUEST} values ('a', repeat('k', 256), 'r', '')",  # noqa: S608 -- a constant
            "idempotent_request_key_not_too_long",
        ),
        (
            f"insert into idempotent_request {REQUEST} values ('a', 'k', 'r', ''), ('a', 'k', 'r', '')",  # noqa: S608
            "idempotent_request_unique",
        ),
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


@pytest.mark.parametrize(
    ("target", "values", "constraint"),
    [
        ("profile (account_id, bio)", "repeat('b', 2001)", "profile_bio_not_too_long"),
        ("profile (account_id, avatar_url)", "'http://a.b'", "profile_avatar_url_https"),
        ("profile (account_id, avatar_url)", "'https://' || repeat('b', 493)", "profile_avatar_url_not_too_long"),
        (
            "auth_session (account_id, expires_at, user_agent)",
            "now(), repeat('u', 401)",
            "auth_session_user_agent_not_too_long",
        ),
        (
            "one_time_token (account_id, email, expires_at, purpose, token_hash)",
            "'', now(), 'eternal_life', sha256('')",
            "one_time_token_purpose_known",
        ),
        (
            "one_time_token (account_id, email, expires_at, purpose, token_hash)",
            "'', now(), 'verify_email', 'plain'",
            "one_time_token_hash_is_sha256",
        ),
    ],
)
def test_rules_of_an_accounts_rows_hold(database: Postgres, target: str, values: str, constraint: str) -> None:
    made = "with made as (insert into account (email, password) values ('a@b.c', '') returning id)"
    with psycopg.connect(database.url("django")) as connection, pytest.raises(psycopg.IntegrityError) as caught:
        connection.execute(f"{made} insert into {target} select id, {values} from made".encode())  # noqa: S608
    assert caught.value.diag.constraint_name == constraint
