"""A dump takes the live database's place, and gives it back: on a real engine, over a real Postgres."""

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
