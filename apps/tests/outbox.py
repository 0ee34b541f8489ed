"""The outbox as the tests fill and read it."""

from typing import Any

from apps.tests.stack import Postgres

TOKEN = "tok-en_0123456789/+"


def smtp(port: int) -> dict[str, str]:
    """Return the variables of a worker that sends its mails to a port of this machine."""
    return {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none"}


def post(database: Postgres, template: str = "verify_email", context: str = f'{{"token": "{TOKEN}"}}') -> str:
    """Put a mail into the outbox as the API does."""
    values = f"('ines@harbour.example', '{template}', '{context}')"
    insert = "insert into email_outbox (recipient, template, context) values "
    ((outbox_id,),) = database.sql(f"{insert} {values} returning id::text")
    return str(outbox_id)


def row(database: Postgres, outbox_id: str) -> dict[str, Any]:
    names = ("status", "attempts", "context", "last_error", "wait_s")
    columns = "status, attempts, context, last_error, extract(epoch from next_attempt_at - now())::float"
    (values,) = database.sql(f"select {columns} from email_outbox where id = '{outbox_id}'")  # noqa: S608
    return dict(zip(names, values, strict=True))


def is_sent(database: Postgres, outbox_id: str) -> bool:
    return bool(row(database, outbox_id)["status"] == "sent")


def let_time_pass(database: Postgres) -> None:
    """Make every claim old and every waiting mail due."""
    database.sql(
        "update email_outbox set claimed_at = claimed_at - interval '1 hour', "
        "next_attempt_at = next_attempt_at - interval '1 hour'"
    )
