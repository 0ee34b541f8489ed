"""Mails when something dies or is not there; each test runs workers of its own."""

from pathlib import Path

import psycopg
import pytest

from apps.tests.containers import wait_until
from apps.tests.outbox import is_sent, let_time_pass, post, row, smtp
from apps.tests.post_office import PostOffice
from apps.tests.stack import Django, Postgres, Redis, free_port
from apps.tests.workers import run_worker, running_worker

pytestmark = pytest.mark.docker


def is_waiting_for_a_lock(database: Postgres) -> bool:
    waiting = "select pid from pg_stat_activity where usename = 'slipway_django' and wait_event_type = 'Lock'"
    return bool(database.sql(waiting))


def test_with_the_server_away_one_mail_finds_out_for_all(
    database: Postgres, django: Django, redis: Redis, tmp_path: Path
) -> None:
    ids = [post(database) for _ in range(3)]
    with running_worker(django, redis, tmp_path, **smtp(free_port())) as worker:
        for outbox_id in ids:
            worker.send("send_outbox_email", outbox_id)
        worker.finish()
    rows = [row(database, outbox_id) for outbox_id in ids]
    assert [found["attempts"] for found in rows] == [1, 0, 0]
    assert [found["status"] for found in rows] == ["pending"] * 3
    assert all(found["wait_s"] > 15 for found in rows)


def test_without_a_server_mails_wait_and_the_log_says_so_once(
    database: Postgres, django: Django, redis: Redis, tmp_path: Path
) -> None:
    outbox_id = post(database)
    with running_worker(django, redis, tmp_path) as worker:
        for _ in range(3):
            worker.send("send_outbox_email", outbox_id)
            worker.send("sweep_outbox")
        worker.finish()
        assert worker.log().count("SMTP_HOST is not set") == 1
    waiting = row(database, outbox_id)
    assert (waiting["status"], waiting["attempts"]) == ("pending", 0)


def test_a_worker_killed_before_the_server_took_the_mail_costs_no_mail_and_no_second_one(
    database: Postgres, django: Django, redis: Redis, office: PostOffice, tmp_path: Path
) -> None:
    outbox_id = post(database)
    office.hold()
    with running_worker(django, redis, tmp_path / "first", **smtp(office.port)) as first:
        first.send("send_outbox_email", outbox_id)
        assert office.is_reached.wait(120)
        first.kill()
    assert office.is_over.wait(120)  # the server has noticed, and has not answered
    office.may_answer.set()
    assert row(database, outbox_id)["status"] == "sending"
    with run_worker(django, redis, tmp_path / "second", **smtp(office.port)) as second:
        second.send("send_outbox_email", outbox_id)  # as the queue does with what was not acknowledged
        second.finish()
        assert office.taken == []  # for all that anybody knows, the first is still at it
        let_time_pass(database)
        second.send("sweep_outbox")
        wait_until(lambda: is_sent(database, outbox_id), "the second worker sent it")
        second.send("send_outbox_email", outbox_id)
        second.send("sweep_outbox")
        second.finish()
        second.finish()
    assert [mail["Message-ID"] for mail in office.taken] == [f"<{outbox_id}@slipway.test>"]
    assert row(database, outbox_id)["attempts"] == 2


def test_a_worker_killed_after_the_server_took_the_mail_sends_it_again_under_the_same_message_id(
    database: Postgres, django: Django, redis: Redis, office: PostOffice, tmp_path: Path
) -> None:
    """The gap that SMTP leaves, held open: the server has said yes and the row cannot be written."""
    outbox_id = post(database)
    office.hold()
    with running_worker(django, redis, tmp_path / "first", **smtp(office.port)) as first:
        first.send("send_outbox_email", outbox_id)
        assert office.is_reached.wait(120)
        with psycopg.connect(database.url("owner")) as connection:
            connection.execute("select from email_outbox for update")
            office.may_answer.set()
            wait_until(lambda: is_waiting_for_a_lock(database), "the worker wants to note that it sent the mail")
            first.kill()
            database.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'slipway_django'")
            wait_until(lambda: not is_waiting_for_a_lock(database), "the database has noticed")
    assert (len(office.taken), row(database, outbox_id)["status"]) == (1, "sending")
    let_time_pass(database)
    with run_worker(django, redis, tmp_path / "second", **smtp(office.port)) as second:
        second.send("sweep_outbox")
        wait_until(lambda: is_sent(database, outbox_id), "the second worker sent it")
    assert [mail["Message-ID"] for mail in office.taken] == [f"<{outbox_id}@slipway.test>"] * 2
