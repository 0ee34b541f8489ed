import json
import subprocess
import sys
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from api.contract import CONTRACT
from api.statements import all_statements
from apps.tests.contract import described
from apps.tests.stack import API_ROOT, Django, Postgres

pytestmark = pytest.mark.docker


def statements_of_the_api() -> str:
    """List them as the rollout does: by the API's own command, without any setting."""
    command = [sys.executable, "-m", "api.statements", "--json"]
    return subprocess.run(command, cwd=API_ROOT, env={}, capture_output=True, text=True, check=True).stdout


def check(django: Django, *arguments: str, statements: str | None = None, role: str = "app") -> tuple[int, Any]:
    source = ("--statements", "-") if statements else ()
    done = django.manage(
        "schema_compat_check", "--json", *source, *arguments, stdin=statements, variables={"DATABASE_ROLE": role}
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("role", ["app", "owner"])
def test_the_apis_statements_fit_the_migrated_schema(database: Postgres, django: Django, role: str) -> None:
    code, report = check(django, statements=statements_of_the_api(), role=role)
    fine = {"ok": True, "statements_checked": len(all_statements()), "unapplied_migrations": [], "problems": []}
    assert (code, report) == (0, fine)


def test_a_column_that_went_away_is_named_with_the_file(database: Postgres, django: Django) -> None:
    database.sql("alter table item rename column description to body")
    code, report = check(django, statements=statements_of_the_api())
    found = {(problem["kind"], problem["file"], problem["name"]) for problem in report["problems"]}
    assert (code, report["ok"]) == (1, False)
    assert found == {
        ("missing_column", "api/sql/items.sql", "description"),
        ("missing_column", "", "item.description"),
    }
    lines = [problem["line"] for problem in report["problems"] if problem["file"]]
    texts = (API_ROOT / "api" / "sql" / "items.sql").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [texts[line - 1] for line in lines if "description" not in texts[line - 1]] == []


@pytest.mark.parametrize(
    ("change", "kind", "column", "told"),
    [
        (
            "alter table item alter column version type bigint",
            "changed_type",
            "version",
            "column version is bigint, the API expects integer",
        ),
        (
            "alter table item alter column title type varchar(300)",
            "changed_type",
            "title",
            "column title is character varying(300), the API expects character varying(200)",
        ),
        (
            "alter table item alter column title drop not null",
            "changed_nullability",
            "title",
            "column title may be null, the API expects that it never is",
        ),
        (
            "alter table item add column colour text not null",
            "missing_value",
            "colour",
            "column item.colour must be given a value, and the statement gives it none",
        ),
        (
            "alter table item alter column created_at drop default",
            "missing_value",
            "created_at",
            "column item.created_at must be given a value, and the statement gives it none",
        ),
    ],
)
def test_a_column_that_became_another_is_told_by_what_was_expected_and_what_is(
    database: Postgres, django: Django, change: str, kind: str, column: str, told: str
) -> None:
    database.sql(change)
    code, report = check(django, statements=statements_of_the_api())
    found = [problem for problem in report["problems"] if problem["file"] == "api/sql/items.sql"]
    assert code == 1
    assert {(problem["kind"], problem["column"], problem["message"]) for problem in found} == {(kind, column, told)}
    assert all(problem["expected"] and problem["found"] for problem in found if kind != "missing_value")


async def test_even_a_longer_text_would_cost_the_serving_release_a_request(database: Postgres) -> None:
    """Why types are compared to the letter: within a transaction a prepared statement can't be prepared anew."""
    question = "select title from item where id = $1"
    api = await asyncpg.connect(database.url("api"))
    await api.fetch(question, uuid4())
    database.sql("alter table item alter column title type varchar(300)")
    with pytest.raises(asyncpg.InvalidCachedStatementError):
        async with api.transaction():
            await api.fetch(question, uuid4())
    await api.close()


def test_a_parameter_that_became_another_is_told(database: Postgres, django: Django) -> None:
    listed = json.loads(statements_of_the_api())
    (entry,) = [row for row in listed["statements"] if (row["file"], row["name"]) == ("api/sql/items.sql", "one")]
    entry["parameters"] = ["bigint"]
    code, report = check(django, statements=json.dumps({"statements": [entry]}))
    (problem,) = report["problems"]
    assert (code, problem["kind"]) == (1, "changed_parameter")
    assert problem["message"] == "parameter $1 is uuid, the API gives bigint"


def test_a_list_without_contracts_is_only_prepared(database: Postgres, django: Django) -> None:
    database.sql("alter table item alter column version type bigint")
    listed = json.loads(statements_of_the_api())["statements"]
    bare = [{key: row[key] for key in ("name", "file", "line", "text")} for row in listed]
    code, report = check(django, statements=json.dumps({"statements": bare}))
    assert (code, report["problems"]) == (0, [])


def test_the_recorded_contract_is_what_the_migrated_schema_says(database: Postgres, django: Django) -> None:
    assert CONTRACT.read_text(encoding="utf-8") == described(django), "run `make contract`"


# In each table a column that some statement of the API names, and the file of that statement.
USED = (
    ("account", "locked_until", "accounts"),
    ("account", "is_staff", "users"),
    ("profile", "bio", "accounts"),
    ("auth_session", "revoked_at", "sessions"),
    ("refresh_token", "used_at", "sessions"),
    ("one_time_token", "purpose", "one_time_tokens"),
    ("oauth_account", "subject", "google"),
    ("audit_event", "request_id", "audit"),
    ("email_outbox", "template", "mail"),
    ("job", "result", "jobs"),
    ("idempotent_request", "headers", "idempotency"),
    ("feature_flag", "enabled", "flags"),
)


def test_drift_in_any_table_names_the_file_and_the_column(database: Postgres, django: Django) -> None:
    for place, (table, column, _) in enumerate(USED):
        database.sql(f"alter table {table} rename column {column} to went_away_{place}")
    code, report = check(django, statements=statements_of_the_api())
    named = {(problem["file"], problem["column"]) for problem in report["problems"]}
    by_model = {p["name"] for p in report["problems"] if not p["file"] and p["kind"] == "missing_column"}
    assert code == 1
    assert [use for use in USED if (f"api/sql/{use[2]}.sql", use[1]) not in named] == []
    assert by_model == {f"{table}.{column}" for table, column, _ in USED}


def test_a_table_that_went_away_is_named(database: Postgres, django: Django) -> None:
    database.sql("drop table item")
    code, report = check(django, statements=statements_of_the_api())
    kinds = {(problem["kind"], problem["name"]) for problem in report["problems"]}
    assert (code, kinds) == (1, {("missing_table", "item")})


def test_a_right_that_the_api_lacks_is_found(database: Postgres, django: Django) -> None:
    database.sql("revoke select on item from slipway_api")
    code, report = check(django, statements=statements_of_the_api())
    assert code == 1
    assert {problem["kind"] for problem in report["problems"]} == {"missing_right"}


def test_unapplied_migrations_are_named(database: Postgres, django: Django) -> None:
    django.migrate("items", "0001")
    code, report = check(django)
    missing = report["unapplied_migrations"]
    assert (code, missing[0]) == (1, "items.0002_api_reads_items")
    assert {name.split(".")[0] for name in missing} == {"items"}


def test_checking_changes_nothing(database: Postgres, django: Django) -> None:
    entry = {"name": "bad_idea", "file": "x.sql", "text": "insert into item (title) values ($1) returning id"}
    code, report = check(django, statements=json.dumps({"statements": [entry]}))
    assert (code, report["problems"]) == (0, [])
    assert database.sql("select count(*) from item") == [(0,)]


def test_what_is_no_list_of_statements_is_another_kind_of_failure(database: Postgres, django: Django) -> None:
    done = django.manage("schema_compat_check", "--statements", "-", stdin="nonsense")
    assert done.returncode == 2
    assert "stdin is no list of SQL statements" in done.stderr
