"""Mails from the outbox through a real worker to a real SMTP server."""

from collections.abc import Iterator

import pytest

from apps.tests.containers import wait_until
from apps.tests.outbox import is_sent, let_time_pass, post, row, smtp
from apps.tests.post_office import PostOffice, part
from apps.tests.stack import Django, Postgres, Redis
from apps.tests.workers import Worker, running_worker

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def steady_worker(
    django: Django, redis: Redis, post_office: PostOffice, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    with running_worker(django, redis, tmp_path_factory.mktemp("worker"), **smtp(post_office.port)) as worker:
        yield worker


def test_a_mail_arrives_as_text_and_html_and_its_token_is_forgotten(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    outbox_id = post(database)
    steady_worker.send("send_outbox_email", outbox_id)
    steady_worker.finish()
    (mail,) = office.taken
    link = "https://slipway.test/verify-email#token=tok-en_0123456789%2F%2B"
    assert (mail["To"], mail["Subject"]) == ("ines@harbour.example", "Confirm your email address")
    assert mail["From"] == "Slipway <no-reply@slipway.test>"
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == (f"<{outbox_id}@slipway.test>", "auto-generated")
    assert [kind for kind in ("plain", "html") if link not in part(mail, kind)] == []
    sent = row(database, outbox_id)
    assert (sent["status"], sent["attempts"], sent["context"], sent["last_error"]) == ("sent", 1, {}, "")


def test_however_often_it_is_asked_for_a_row_is_one_mail(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    outbox_id = post(database)
    for _ in range(4):
        steady_worker.send("send_outbox_email", outbox_id)
        steady_worker.send("sweep_outbox")
    steady_worker.finish()  # the sweeps have sent for what was due
    steady_worker.finish()
    assert len(office.taken) == 1


def test_a_row_whose_message_was_lost_is_found(database: Postgres, steady_worker: Worker, office: PostOffice) -> None:
    outbox_id = post(database, "password_changed", "{}")
    steady_worker.send("sweep_outbox")
    wait_until(lambda: is_sent(database, outbox_id), "the sweep sent it")
    assert [mail["Message-ID"] for mail in office.taken] == [f"<{outbox_id}@slipway.test>"]


def test_a_server_that_asks_to_wait_is_given_time(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    office.data_answer = "451 4.3.0 come back later"
    outbox_id = post(database)
    waits = []
    for attempt in (1, 2, 3):
        steady_worker.send("send_outbox_email", outbox_id)
        steady_worker.send("send_outbox_email", outbox_id)  # not due any more
        steady_worker.finish()
        waiting = row(database, outbox_id)
        assert (waiting["status"], waiting["attempts"]) == ("pending", attempt)
        assert "come back later" in waiting["last_error"]
        waits.append(waiting["wait_s"])
        let_time_pass(database)
    assert [20 < waits[0] < 40, 90 < waits[1] < 150, 470 < waits[2] < 730] == [True] * 3
    office.data_answer = "250 OK"
    steady_worker.send("send_outbox_email", outbox_id)
    steady_worker.finish()
    assert (len(office.taken), row(database, outbox_id)["status"]) == (1, "sent")


def test_what_the_server_never_takes_is_given_up_at_once(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    office.recipient_answer = "550 5.1.1 no such user"
    outbox_id = post(database)
    steady_worker.send("send_outbox_email", outbox_id)
    steady_worker.finish()
    refused = row(database, outbox_id)
    assert (refused["status"], refused["attempts"]) == ("failed", 1)
    assert "no such user" in refused["last_error"]


@pytest.mark.parametrize(
    ("template", "context", "reason"),
    [("love_letter", "{}", "there is no mail"), ("reset_password", "{}", "lacks token")],
)
def test_what_cannot_be_written_fails_with_the_reason(
    database: Postgres, steady_worker: Worker, office: PostOffice, template: str, context: str, reason: str
) -> None:
    outbox_id = post(database, template, context)
    steady_worker.send("send_outbox_email", outbox_id)
    steady_worker.finish()
    failed = row(database, outbox_id)
    assert (failed["status"], reason in failed["last_error"], office.taken) == ("failed", True, [])


def test_a_mail_is_given_up_after_its_last_attempt(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    office.data_answer = "451 4.3.0 come back later"
    outbox_id = post(database)
    database.sql("update email_outbox set attempts = 8")
    steady_worker.send("send_outbox_email", outbox_id)
    steady_worker.finish()
    assert row(database, outbox_id)["status"] == "failed"


def test_a_row_that_kills_every_worker_is_given_up(
    database: Postgres, steady_worker: Worker, office: PostOffice
) -> None:
    outbox_id = post(database)
    database.sql("update email_outbox set status = 'sending', attempts = 9, claimed_at = now() - interval '1 hour'")
    steady_worker.send("sweep_outbox")
    steady_worker.finish()
    steady_worker.finish()
    assert (row(database, outbox_id)["status"], office.taken) == ("failed", [])
