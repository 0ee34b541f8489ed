"""The API's rights are what its statements use: none is missing, and without any of them some statement fails."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import Connection, sql

from api.statements import all_statements
from apps.tests.stack import Postgres

pytestmark = pytest.mark.docker

ROLE = "slipway_api"
TABLE_RIGHTS = """
    select table_name::text, privilege_type::text, null
    from information_schema.role_table_grants
    where grantee in ('slipway_api', 'PUBLIC') and table_schema = 'public'
"""
# Those that no right to the whole table implies.
COLUMN_RIGHTS = """
    select c.table_name::text, c.privilege_type::text, c.column_name::text
    from information_schema.role_column_grants c
    where c.grantee in ('slipway_api', 'PUBLIC') and c.table_schema = 'public' and not exists (
        select from information_schema.role_table_grants t
        where (t.table_name, t.privilege_type, t.grantee) = (c.table_name, c.privilege_type, c.grantee)
    )
"""
Right = tuple[str, str, str | None]


@pytest.fixture
def owner(database: Postgres) -> Iterator[Connection]:
    with psycopg.connect(database.url("owner")) as connection:
        yield connection
        connection.rollback()


def rights(database: Postgres) -> list[Right]:
    found = [*database.sql(TABLE_RIGHTS), *database.sql(COLUMN_RIGHTS)]
    return sorted(found, key=lambda right: tuple(map(str, right)))


def refused(owner: Connection) -> list[str]:
    """Plan every statement with the API's rights, which is when they are checked, and name those that lack one."""
    names = []
    for statement in all_statements():
        try:
            with owner.transaction(force_rollback=True):
                owner.execute(f"set local role {ROLE}")
                owner.execute(f"explain (generic_plan) {statement.text}".encode())
        except psycopg.errors.InsufficientPrivilege:
            names.append(f"{statement.file}:{statement.name}")
    return names


def test_no_statement_lacks_a_right(owner: Connection) -> None:
    assert refused(owner) == []


def test_without_any_one_right_some_statement_fails(database: Postgres, owner: Connection) -> None:
    unused = []
    for table, privilege, column in rights(database):
        columns = sql.SQL(" ({})").format(sql.Identifier(column)) if column else sql.SQL("")
        revoke = sql.SQL("revoke {}{} on {} from {}").format(
            sql.SQL(privilege), columns, sql.Identifier(table), sql.Identifier(ROLE)
        )
        with owner.transaction(force_rollback=True):
            owner.execute(revoke)
            if not refused(owner):
                unused.append((table, privilege, column))
    assert unused == []


def test_there_are_rights_to_check(database: Postgres) -> None:
    found = rights(database)
    assert ("item", "SELECT", None) in found
    assert ("email_outbox", "SELECT", "id") in found
    assert {table for table, *_ in found} == {
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


@pytest.mark.parametrize(
    "statement",
    [
        "update account set is_staff = true",
        "update account set is_active = true",
        "insert into account (email, password, is_superuser) values ('a@b.c', '', true)",
        "select action from audit_event",
        "delete from audit_event",
        "select context from email_outbox",
        "update email_outbox set status = 'sent'",
        "update feature_flag set enabled = true",
        "update job set result = '{}'",
        "select app from django_migrations",
        "select session_key from django_session",
        "select user_id from account_groups",
    ],
)
def test_what_the_api_must_not_do_is_refused(database: Postgres, statement: str) -> None:
    with (
        psycopg.connect(database.url("api")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())


def test_the_api_has_no_right_to_our_sequences(database: Postgres) -> None:
    usable = "has_sequence_privilege('slipway_api', schemaname || '.' || sequencename, 'usage, select, update')"
    assert database.sql(f"select sequencename::text from pg_sequences where {usable}") == []  # noqa: S608 -- a constant
    assert database.sql("select count(*) > 0 from pg_sequences") == [(True,)]
