import json
import subprocess
import sys
from typing import Any

import pytest

from api.statements import all_statements
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
    named = {(problem["file"], problem["name"].split(".")[-1]) for problem in report["problems"]}
    by_model = {problem["name"] for problem in report["problems"] if not problem["file"]}
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
