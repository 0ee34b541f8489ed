"""Jobs and the hourly purge through a real worker."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from apps.tests.containers import wait_until
from apps.tests.people import add_account
from apps.tests.stack import Django, Postgres, Redis
from apps.tests.workers import Worker, running_worker

pytestmark = pytest.mark.docker
OURS = "select id, status, attempts, result, error, expires_at - finished_at as kept, account_id from job"


@pytest.fixture(scope="module")
def worker(django: Django, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with running_worker(django, redis, tmp_path_factory.mktemp("worker")) as started:
        yield started


@pytest.fixture
def account(database: Postgres) -> UUID:
    """Return an account that has something in every table."""
    account_id = add_account(database, "ines@harbour.example")
    database.sql(
        f"""
        update profile set bio = 'Harbour master' where account_id = '{account_id}';
        insert into item (owner_id, title) values ('{account_id}', 'Boat "Ü"'), ('{account_id}', 'Oar'), (null, 'Quay');
        with made as (
            insert into auth_session (account_id, expires_at, ip) values ('{account_id}', now(), '192.0.2.1')
            returning id
        )
        insert into refresh_token (session_id, token_hash, expires_at) select id, sha256('1'), now() from made;
        insert into one_time_token (account_id, purpose, token_hash, email, expires_at)
            values ('{account_id}', 'verify_email', sha256('2'), 'ines@harbour.example', now());
        insert into oauth_account (account_id, provider, subject, email) values ('{account_id}', 'google', '1', 'i@g');
        insert into audit_event (account_id, action) values ('{account_id}', 'login');
        insert into email_outbox (account_id, recipient, template, context)
            values ('{account_id}', 'ines@harbour.example', 'verify_email', '{{"token": "x"}}');
        insert into idempotent_request (scope, key, route, request_hash) values ('{account_id}', 'k', 'r', '');
        """  # noqa: S608 -- our own
    )
    return account_id


def post(database: Postgres, account_id: UUID, kind: str) -> str:
    insert = "insert into job (account_id, kind) values "
    ((job_id,),) = database.sql(f"{insert} ('{account_id}', '{kind}') returning id::text")
    return str(job_id)


def job(database: Postgres) -> dict[str, Any]:
    (row,) = database.sql(OURS)
    return dict(zip(("id", "status", "attempts", "result", "error", "kept", "account_id"), row, strict=True))


def mails(database: Postgres) -> list[tuple[str, str]]:
    return database.sql("select template, recipient from email_outbox order by created_at")


def test_an_export_holds_what_is_of_the_user_and_a_mail_says_so(
    database: Postgres, worker: Worker, account: UUID
) -> None:
    job_id = post(database, account, "export_account")
    worker.send("export_account", job_id)
    worker.send("export_account", job_id)
    worker.finish()
    done = job(database)
    result = done["result"]
    assert (done["status"], done["attempts"], done["error"], done["kept"].days) == ("done", 1, "", 7)
    assert set(result) == {
        *("exported_at", "account", "profile", "items", "sessions", "providers", "security_events", "mails"),
    }
    assert result["account"]["email"] == "ines@harbour.example"
    assert result["profile"]["bio"] == "Harbour master"
    assert sorted(item["title"] for item in result["items"]) == ['Boat "Ü"', "Oar"]
    assert [session["ip"] for session in result["sessions"]] == ["192.0.2.1"]
    secrets = ("password", "token", "hash", "argon2")
    assert [word for word in secrets if word in json.dumps(result)] == []
    assert mails(database) == [("verify_email", "ines@harbour.example"), ("export_ready", "ines@harbour.example")]
    context = database.sql("select context from email_outbox where template = 'export_ready'")
    assert context == [({"job_id": job_id},)]


def test_an_export_that_is_too_large_fails_in_words_for_the_user(
    database: Postgres, worker: Worker, account: UUID
) -> None:
    large = "'Large', repeat('x', 10000) from generate_series(1, 1000)"
    insert = "insert into item (owner_id, title, description)"
    database.sql(f"{insert} select '{account}', {large}")
    worker.send("export_account", post(database, account, "export_account"))
    worker.finish()
    failed = job(database)
    assert (failed["status"], failed["result"]) == ("failed", None)
    assert "too large" in failed["error"]
    assert ("export_ready", "ines@harbour.example") not in mails(database)


def test_deleting_an_account_leaves_nothing_of_it_but_the_record_and_a_goodbye(
    database: Postgres, worker: Worker, account: UUID
) -> None:
    job_id = post(database, account, "delete_account")
    for _ in range(3):
        worker.send("delete_account", job_id)
    worker.finish()
    done = job(database)
    assert (done["status"], done["attempts"], done["account_id"]) == ("done", 1, None)
    empty = (
        *("account", "profile", "auth_session", "refresh_token", "one_time_token", "oauth_account"),
        "idempotent_request",
    )
    assert {table: database.sql(f"select count(*) from {table}") for table in empty} == {  # noqa: S608 -- constants
        table: [(0,)] for table in empty
    }
    assert database.sql("select title from item") == [("Quay",)]
    assert database.sql("select action, account_id from audit_event order by id") == [
        ("login", None),
        ("account_deleted", None),
    ]
    assert mails(database) == [("account_deleted", "ines@harbour.example")]


def test_a_job_whose_message_was_lost_or_whose_worker_died_is_found(
    database: Postgres, worker: Worker, account: UUID
) -> None:
    post(database, account, "export_account")
    database.sql("update job set status = 'running', attempts = 1, started_at = now()")
    worker.send("sweep_jobs")
    worker.finish()
    worker.finish()
    assert job(database)["status"] == "running"  # for all that anybody knows, somebody is at it
    database.sql("update job set started_at = now() - interval '1 hour'")
    worker.send("sweep_jobs")
    wait_until(lambda: bool(job(database)["status"] == "done"), "the sweep found it")
    assert job(database)["attempts"] == 2


def test_a_failing_database_lets_a_job_wait_and_gives_it_up_after_the_last_attempt(
    database: Postgres, worker: Worker, account: UUID
) -> None:
    job_id = post(database, account, "export_account")
    database.sql("alter table item rename column description to went_away")
    worker.send("export_account", job_id)
    worker.send("export_account", job_id)  # not due
    worker.finish()
    assert (job(database)["status"], job(database)["attempts"]) == ("queued", 1)
    database.sql("update job set next_attempt_at = now(), attempts = 4")
    worker.send("export_account", job_id)
    worker.finish()
    assert (job(database)["status"], job(database)["attempts"]) == ("failed", 5)
    assert "Please ask again" in job(database)["error"]
    assert mails(database) == [("verify_email", "ines@harbour.example")]


def test_a_job_of_an_account_that_is_gone_ends(database: Postgres, worker: Worker, account: UUID) -> None:
    job_id = post(database, account, "delete_account")
    with psycopg.connect(database.url("api")) as connection:
        connection.execute("delete from account where id = %s", [account])
    worker.send("delete_account", job_id)
    worker.finish()
    assert job(database)["status"] == "done"
    assert ("account_deleted", "ines@harbour.example") not in mails(database)


def test_what_has_served_its_time_is_purged_and_nothing_else(database: Postgres, worker: Worker, account: UUID) -> None:
    database.sql(
        f"""
        update auth_session set expires_at = now() + interval '1 day';
        update refresh_token set expires_at = now() + interval '1 day';
        update one_time_token set expires_at = now() + interval '1 hour';
        insert into auth_session (account_id, expires_at) values ('{account}', now() - interval '8 days');
        insert into refresh_token (session_id, token_hash, expires_at)
            select id, sha256(id::text::bytea), now() - interval '1 minute' from auth_session;
        insert into one_time_token (account_id, purpose, token_hash, email, expires_at)
            values ('{account}', 'verify_email', sha256('old'), 'a@b', now() - interval '2 days');
        insert into idempotent_request (scope, key, route, request_hash, created_at)
            select 'a', n::text, 'r', '', now() - interval '25 hours' from generate_series(1, 4500) as n;
        insert into email_outbox (recipient, template, status, created_at)
            values ('a@b', 'old', 'sent', now() - interval '31 days'), ('a@b', 'new', 'sent', now());
        insert into email_outbox (recipient, template, context, created_at)
            values ('a@b', 'stale', '{{"token": "x"}}', now() - interval '4 days');
        insert into audit_event (action, created_at) values ('old', now() - interval '401 days');
        insert into job (kind, status, expires_at) values ('export_account', 'done', now() - interval '1 minute');
        insert into django_session (session_key, session_data, expire_date) values ('k', '', now() - interval '1 day');
        """  # noqa: S608 -- our own
    )
    worker.send("purge_expired")
    worker.finish()
    kept = {
        **dict.fromkeys(("account", "profile", "auth_session", "refresh_token", "one_time_token", "audit_event"), 1),
        **dict.fromkeys(("idempotent_request", "oauth_account"), 1),
        "job": 0,
        "django_session": 0,
        "item": 3,
    }
    assert {table: database.sql(f"select count(*) from {table}")[0][0] for table in kept} == kept  # noqa: S608
    assert database.sql("select template, status, context from email_outbox order by template") == [
        ("new", "sent", {}),
        ("stale", "failed", {}),
        ("verify_email", "pending", {"token": "x"}),
    ]


def test_beat_sends_only_tasks_that_there_are_and_nothing_piles_up(django: Django) -> None:
    code = """
from django_admin.celery import app
app.loader.import_default_modules()
entries = app.conf.beat_schedule.values()
print(sorted({entry["task"] for entry in entries} - set(app.tasks)))
print(all(entry["options"]["expires"] for entry in entries))
print(sorted(name for name in app.tasks if not name.startswith("celery.")))
"""
    ours = [
        *("delete_account", "export_account", "heartbeat", "ping", "purge_expired"),
        *("send_outbox_email", "sweep_jobs", "sweep_outbox"),
    ]
    assert django.shell(code).splitlines() == ["[]", "True", str(ours)]
