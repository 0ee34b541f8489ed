"""What a release asks before it is touched: what is pending, and whether it and the serving release would still fit."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rollout.postgres
from api.statements import listing
from apps.tests.stack import Django, Postgres
from rollout.host import Host
from rollout.postgres import COPY

pytestmark = pytest.mark.docker
OWNER = {"DATABASE_ROLE": "owner"}


def release_check(
    django: Django, directory: Path, *words: str, asked: dict[str, Any] | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    file = directory / "asked.json"
    file.write_text(json.dumps(asked or listing()), encoding="utf-8")
    return django.manage("release_check", "--statements", str(file), *words, variables={**OWNER, **variables})


def told(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def rollouts_view(postgres: Postgres) -> rollout.postgres.Postgres:
    """Return the server as the rollout on a droplet reaches it."""
    run: Any = SimpleNamespace(host=Host())
    container: Any = SimpleNamespace(id=postgres.container.name)
    return rollout.postgres.Postgres(run, container)


def schema(postgres: Postgres, name: str) -> list[str]:
    """Return every object as SQL, with owners and rights; pg_dump guards its output with a new word each time."""
    dump = postgres.container.run("pg_dump", "-U", "postgres", "--schema-only", name, user="postgres")
    return [line for line in dump.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_a_rollouts_copy_has_the_schema_with_owners_and_rights_and_no_rows(
    database: Postgres, django: Django, tmp_path: Path
) -> None:
    database.sql("insert into item (title) values ('live')")
    server = rollouts_view(database)
    server.make_copy()
    assert schema(database, COPY) == schema(database, "slipway")
    owners = "select extname::text, pg_get_userbyid(extowner)::text from pg_extension order by 1"
    assert database.sql(owners, COPY) == database.sql(owners)
    assert database.sql("select count(*) from item", COPY) == [(0,)]
    done = release_check(django, tmp_path, "--migrate", DATABASE_NAME=COPY)
    assert (done.returncode, told(done)["problems"]) == (0, []), done.stderr
    server.make_copy()  # over one that is there
    server.drop_copy()
    assert database.sql("select datname::text from pg_database where datname = 'slipway_rehearsal'") == []


@pytest.fixture
def copy(database: Postgres) -> Iterator[Postgres]:
    database.sql(f"drop database if exists {COPY} with (force)", "postgres")
    database.sql(f"create database {COPY} owner slipway_owner template slipway", "postgres")
    yield database
    database.sql(f"drop database {COPY} with (force)", "postgres")


def test_with_nothing_pending_everything_is_checked_in_the_same_run(
    database: Postgres, django: Django, tmp_path: Path
) -> None:
    done = release_check(django, tmp_path)
    report = told(done)
    assert done.returncode == 0, done.stderr
    assert (report["pending"], report["problems"], report["is_demo_wanted"]) == ([], [], False)
    assert report["statements_checked"] == len(listing()["statements"])
    items = next(row for row in report["models"] if row["model"] == "items.Item")
    assert items["columns"]["title"] == ["character varying(200)", "S"]


def test_what_is_pending_is_named_and_nothing_else_is_done(database: Postgres, django: Django, tmp_path: Path) -> None:
    django.migrate("items", "0004")
    done = release_check(django, tmp_path)
    assert (done.returncode, told(done)["pending"][0]) == (0, "items.0005_title_search")
    assert "problems" not in told(done)


def test_a_copy_is_migrated_and_checked_and_the_live_database_left_alone(
    database: Postgres, django: Django, tmp_path: Path, copy: Postgres
) -> None:
    copy.sql("delete from django_migrations where name = '0010_api_writes_items'", COPY)
    copy.sql("delete from django_migrations where name = '0010_api_writes_items'")
    done = release_check(django, tmp_path, "--migrate", DATABASE_NAME=COPY)
    assert done.returncode == 0, done.stderr
    assert (told(done)["database"], told(done)["pending"]) == (COPY, [])
    recorded = "select count(*) from django_migrations where name = '0010_api_writes_items'"
    assert (copy.sql(recorded, COPY), copy.sql(recorded)) == ([(1,)], [(0,)])


def test_a_migration_that_fails_on_a_copy_has_an_exit_code_of_its_own(
    django: Django, tmp_path: Path, copy: Postgres
) -> None:
    copy.sql("delete from django_migrations where app = 'items'", COPY)
    done = release_check(django, tmp_path, "--migrate", DATABASE_NAME=COPY)
    assert done.returncode == 3
    assert 'migrate failed at items.0001_item: relation "item" already exists' in done.stderr


def test_the_live_database_is_never_migrated_by_a_check(database: Postgres, django: Django, tmp_path: Path) -> None:
    done = release_check(django, tmp_path, "--migrate")
    assert done.returncode == 2
    assert "DATABASE_NAME is not set" in done.stderr


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ("drop column description", "missing_column", 'column "description" does not exist'),
        ("alter column version type bigint", "changed_type", "column version is bigint, the API expects integer"),
        ("rename to thing", "missing_table", 'relation "item" does not exist'),
        ("alter column title drop not null", "changed_nullability", "column title may be null"),
        ("rename column title to name", "missing_column", 'column "title" does not exist'),
        (None, "missing_right", "permission denied for table item"),
    ],
)
def test_a_statement_that_no_longer_fits_is_told_of_the_new_and_of_the_serving_release(
    database: Postgres, django: Django, tmp_path: Path, change: str | None, kind: str, words: str
) -> None:
    (one,) = [row for row in listing()["statements"] if (row["file"], row["name"]) == ("api/sql/items.sql", "one")]
    (page,) = [row for row in listing()["statements"] if (row["file"], row["name"]) == ("api/sql/items.sql", "page")]
    database.sql(f"alter table item {change}" if change else "revoke select on item from slipway_api")
    asked = {"statements": [page | {"of": "new"}, one | {"of": "serving"}]}
    done = release_check(django, tmp_path, asked=asked)
    found = [problem for problem in told(done)["problems"] if problem["file"]]
    assert done.returncode == 1
    assert [(problem["of"], problem["kind"], problem["statement"]) for problem in found] == [
        ("new", kind, "page"),
        ("serving", kind, "one"),
    ]
    assert all(words in problem["message"] for problem in found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "alter table feature_flag drop column description",
            "column feature_flag.description of model flags.FeatureFlag does not exist",
        ),
        (
            "alter table feature_flag alter description drop default, alter description type bigint using 0",
            "column feature_flag.description is bigint, model flags.FeatureFlag expects text",
        ),
        (
            "alter table feature_flag add column colour text not null",
            "column feature_flag.colour must be given a value, and model flags.FeatureFlag does not know it",
        ),
        ("alter table feature_flag rename to flag", "table feature_flag of model flags.FeatureFlag does not exist"),
    ],
)
def test_the_models_of_the_serving_release_are_checked_from_its_own_record(
    database: Postgres, django: Django, tmp_path: Path, change: str, message: str
) -> None:
    models = [row | {"of": "serving"} for row in told(release_check(django, tmp_path))["models"]]
    database.sql(change)
    done = release_check(django, tmp_path, asked={"statements": [], "models": models})
    of_serving = [problem["message"] for problem in told(done)["problems"] if problem["of"] == "serving"]
    assert done.returncode == 1
    assert len(of_serving) == 1
    assert of_serving[0].startswith(message)
