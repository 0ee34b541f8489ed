"""A backup counts once it was restored: on a real engine, over a real Postgres."""

import pytest

from rollout.backup import PROOF
from rollout.tests.droplet import Droplet
from rollout.tests.test_rehearsing import databases, dumps, sql

pytestmark = pytest.mark.docker

# As people write it: found by the session's search path, which a restore leaves empty.
UNRESTORABLE = """
create table ceiling (most int); insert into ceiling values (10);
create function is_below(n int) returns boolean language plpgsql as
  'begin return n <= (select max(most) from ceiling); end';
create table measured (n int check (is_below(n))); insert into measured values (7);
"""


def test_every_row_is_in_the_dump_that_is_kept(serving: Droplet) -> None:
    sql(serving, "insert into item (id, title) select n, 'one of many' from generate_series(1, 2000) n")
    before = dumps(serving)
    outcome = serving.call("backup", "--json")
    assert outcome.code == 0, outcome.text
    (made,) = dumps(serving) - before
    facts, file = outcome.facts, serving.root / "backups" / made
    assert (facts["file"], facts["bytes"]) == (str(file), file.stat().st_size)
    assert facts["rows"] >= 2000
    assert PROOF not in databases(serving)


def test_a_dump_that_can_not_be_restored_is_told_and_not_kept(serving: Droplet) -> None:
    before = dumps(serving)
    sql(serving, UNRESTORABLE)
    try:
        outcome = serving.call("backup")
    finally:
        sql(serving, "drop table measured, ceiling; drop function is_below")
    assert outcome.code == 1
    assert 'relation "ceiling" does not exist' in outcome.err
    assert "no dump is kept" in outcome.err
    assert dumps(serving) == before
    assert PROOF not in databases(serving)


def test_only_the_newest_are_kept_and_no_dump_from_before_a_migration_is_lost_to_them(serving: Droplet) -> None:
    (serving.root / "backups" / "20200101-000000-abc1234.dump").touch()
    for day in range(1, 8):
        (serving.root / "backups" / f"2020010{day}-000000-backup.dump").touch()
    assert serving.call("backup").code == 0
    kept = sorted(name for name in dumps(serving) if name.endswith("-backup.dump"))
    assert len(kept) == 3
    assert kept[-1] > "2021"
    assert "20200101-000000-abc1234.dump" in dumps(serving)


def test_where_nothing_serves_there_is_nothing_to_save(droplet: Droplet) -> None:
    outcome = droplet.call("backup")
    assert outcome.code == 2
    assert "nothing serves here" in outcome.err
