"""A dump takes the live database's place, and gives it back: on a real engine, over a real Postgres."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rollout.restore import BEFORE, RESTORED
from rollout.tests.droplet import Droplet, Visitors
from rollout.tests.test_rehearsing import databases, sql

pytestmark = pytest.mark.docker

TITLES = "select string_agg(title, ' ' order by id) from item"


@pytest.fixture(autouse=True)
def _titles(serving: Droplet) -> None:
    """Begin with one row, and nothing put aside."""
    sql(serving, "truncate item; insert into item (id, title) values (1, 'saved')")
    serving.call("restore", "--forget")


def saved(droplet: Droplet) -> Path:
    """Return the file of a fresh backup."""
    outcome = droplet.call("backup", "--json")
    assert outcome.code == 0, outcome.text
    return Path(outcome.facts["file"])


@contextmanager
def roles_held(droplet: Droplet) -> Iterator[None]:
    """Keep every role as it is for a while: who would change one waits."""
    psql = ("psql", "-XAtq", "--username", "postgres", "--dbname", "postgres")
    server = ("docker", "exec", "--interactive", f"{droplet.namespace}-data-postgres-1", *psql)
    with subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdin is not None
        assert session.stdout is not None
        session.stdin.write("begin; lock table pg_authid in share mode; select 'held';\n")
        session.stdin.flush()
        assert session.stdout.readline() == "held\n"
        yield
        session.stdin.close()  # ends the session, and with it the lock


def kill_once_there_is(database: str, droplet: Droplet, dump: Path) -> None:
    """Begin a restore and kill -9 it as soon as a database stands."""
    process = droplet.start("restore", str(dump))
    while database not in databases(droplet):
        assert process.poll() is None, "it ended before"
    assert process.poll() is None, "it ended before"
    process.kill()
    process.communicate()


def test_killed_before_the_swap_nothing_has_changed_and_the_next_restore_works(serving: Droplet) -> None:
    dump, release = saved(serving), serving.answering()
    sql(serving, "update item set title = 'spoilt'")
    kill_once_there_is(RESTORED, serving, dump)
    assert (sql(serving, TITLES).strip(), serving.answering()) == ("spoilt", release)
    assert BEFORE not in databases(serving)
    outcome = serving.call("restore", str(dump))
    assert outcome.code == 0, outcome.text
    assert (sql(serving, TITLES).strip(), serving.answering()) == ("saved", release)


def test_killed_right_after_the_swap_the_site_serves_and_it_can_be_undone(serving: Droplet) -> None:
    dump, release = saved(serving), serving.answering()
    sql(serving, "update item set title = 'spoilt'")
    with roles_held(serving):
        kill_once_there_is(BEFORE, serving, dump)
    assert (sql(serving, TITLES).strip(), serving.answering()) == ("saved", release)
    outcome = serving.call("restore", "--undo")
    assert outcome.code == 0, outcome.text
    assert (sql(serving, TITLES).strip(), serving.answering()) == ("spoilt", release)


def test_what_was_saved_is_there_again_and_what_was_live_is_put_aside(serving: Droplet) -> None:
    dump, release = saved(serving), serving.answering()
    sql(serving, "update item set title = 'spoilt'; insert into item (id, title) values (2, 'later')")
    with Visitors(serving):
        outcome = serving.call("restore", str(dump), "--json")
    assert outcome.code == 0, outcome.text
    assert (outcome.facts["aside"], serving.answering()) == (BEFORE, release)
    assert sql(serving, TITLES).strip() == "saved"
    again = serving.call("restore", str(dump))
    assert (again.code, "still there" in again.err) == (2, True)

    assert serving.call("restore", "--undo").code == 0
    assert sql(serving, TITLES).strip() == "spoilt later"
    assert serving.call("restore", "--undo").code == 2

    assert serving.call("restore", "--forget", "--json").facts["removed"] == [RESTORED]
    assert databases(serving).isdisjoint({BEFORE, RESTORED})


def test_the_next_release_migrates_what_was_restored(serving: Droplet) -> None:
    dump = saved(serving)
    assert serving.call("restore", str(dump)).code == 0
    outcome = serving.apply(django="django-adds")
    assert outcome.code == 0, outcome.text
    assert "note" in sql(serving, "select attname from pg_attribute where attrelid = 'item'::regclass").split()


def test_what_is_no_dump_changes_nothing(serving: Droplet) -> None:
    broken = serving.root / "backups" / "20200101-000000-backup.dump"
    broken.write_bytes(saved(serving).read_bytes()[:-200])
    outcome = serving.call("restore", str(broken))
    assert outcome.code == 1
    assert "the live database is untouched" in outcome.err
    assert sql(serving, TITLES).strip() == "saved"
    assert databases(serving).isdisjoint({BEFORE, RESTORED})


def test_a_dump_that_can_not_be_brought_to_the_serving_release_is_refused(serving: Droplet) -> None:
    sql(serving, "alter table item rename to thing; create view item as select id from thing")
    try:
        dump = saved(serving)
    finally:
        sql(serving, "drop view item; alter table thing rename to item")
    outcome = serving.call("restore", str(dump))
    assert outcome.code == 1
    assert "the serving release's migrations fail on it; the live database is untouched" in outcome.err
    assert sql(serving, TITLES).strip() == "saved"
    assert databases(serving).isdisjoint({BEFORE, RESTORED})


@pytest.mark.parametrize("words", [(), ("--undo", "--forget"), ("/nowhere.dump",)])
def test_what_makes_no_sense_is_refused(serving: Droplet, words: tuple[str, ...]) -> None:
    outcome = serving.call("restore", *words)
    assert (outcome.code, "error: " in outcome.err) == (2, True)
