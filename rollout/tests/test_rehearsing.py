"""What a release would do to the schema is found out before it does it: on a real engine, over a real Postgres."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from rollout.postgres import COPY
from rollout.tests.droplet import Droplet, docker

pytestmark = pytest.mark.docker
COLUMNS = "select attname from pg_attribute where attrelid = 'item'::regclass and attnum > 0 and not attisdropped"
RECORDED = "select count(*) from django_migrations"


def sql(droplet: Droplet, statement: str) -> str:
    psql = ("psql", "-XAtq", "--username", "postgres", "--dbname", "slipway", "--command", statement)
    return docker("exec", "--user", "postgres", f"{droplet.namespace}-data-postgres-1", *psql)


def databases(droplet: Droplet) -> set[str]:
    return set(sql(droplet, "select datname from pg_database where not datistemplate").split())


def dumps(droplet: Droplet) -> set[str]:
    return {path.name for path in (droplet.root / "backups").iterdir()}


@contextmanager
def watched_one_shots(droplet: Droplet) -> Iterator[list[str]]:
    """Collect the names of the containers of the one-shot service that are made meanwhile; the list fills at the end.

    The engine remembers no more than its last 256 events, so they are read as they come.
    """
    kind = ("--filter", "type=container", "--filter", "event=create")
    service = ("--filter", "label=com.docker.compose.service=migrate", "--format", "{{.Actor.Attributes.name}}")
    argv = ["docker", "events", "--since", f"{time.time():.3f}", *kind, *service]
    made: list[str] = []
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as events:
        yield made
        events.terminate()
        said, _ = events.communicate()
    made += [name for name in said.split() if name.startswith(f"{droplet.namespace}-")]


def test_a_migration_that_would_break_the_serving_release_never_reaches_the_database(serving: Droplet) -> None:
    release, saved = serving.answering(), dumps(serving)
    columns, recorded = sql(serving, COLUMNS), sql(serving, RECORDED)
    outcome = serving.apply("ids", "django-drops")
    assert outcome.code == 1, outcome.text
    assert 'api/sql/items.sql:3 titles (the serving release\'s): column "title" does not exist' in outcome.err
    assert "nothing was changed" in outcome.err
    assert (sql(serving, COLUMNS), sql(serving, RECORDED)) == (columns, recorded)
    assert "title" in columns.split()
    assert COPY not in databases(serving)
    assert (serving.answering(), dumps(serving)) == (release, saved)


def test_a_harmless_migration_goes_through_with_a_dump_before_it(serving: Droplet) -> None:
    outcome = serving.apply("good", "django-adds")
    assert outcome.code == 0, outcome.text
    assert "note" in sql(serving, COLUMNS).split()
    assert COPY not in databases(serving)
    assert f"{outcome.facts['release']}.dump" in dumps(serving)


def test_a_release_of_code_alone_runs_one_one_shot_container(serving: Droplet) -> None:
    saved = dumps(serving)
    with watched_one_shots(serving) as made:
        outcome = serving.apply()
    assert outcome.code == 0, outcome.text
    assert len(made) == 1, outcome.text
    assert dumps(serving) == saved


def test_killed_over_its_copy_the_next_release_leaves_none(serving: Droplet) -> None:
    first, columns = serving.answering(), sql(serving, COLUMNS)
    process = serving.start("apply")
    assert process.stdin is not None
    process.stdin.write(json.dumps(serving.bundle("ids", "django-drops")))
    process.stdin.close()
    while COPY not in databases(serving):
        assert process.poll() is None, "it ended without a copy"
    process.kill()
    process.stdin = None
    process.communicate()
    assert (serving.answering(), sql(serving, COLUMNS)) == (first, columns)
    outcome = serving.apply()
    assert outcome.code == 0, outcome.text
    assert "was cut short" in outcome.out
    assert COPY not in databases(serving)


def test_there_is_no_way_back_to_a_release_that_the_schema_has_left_behind(serving: Droplet) -> None:
    reads_title = serving.answering()
    assert serving.apply("ids").code == 0
    sql(serving, "alter table item drop column title")
    release = serving.answering()
    refused = serving.call("rollback", reads_title)
    assert refused.code == 1, refused.text
    assert f"release {reads_title} no longer fits the schema" in refused.err
    assert 'api/sql/items.sql:3 titles: column "title" does not exist' in refused.err
    assert serving.answering() == release
    sql(serving, "alter table item add column title text")
    back = serving.call("rollback", reads_title)
    assert (back.code, back.facts["release"]) == (0, reads_title), back.text
