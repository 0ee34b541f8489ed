"""What is deleted when it has served its time: a condition for each table, in batches that hold no lock for long."""

import logging
import time
from dataclasses import dataclass

from django.contrib.sessions.models import Session
from django.db import connection

log = logging.getLogger(__name__)
BATCH = 2000
TIME_BUDGET_S = 30.0  # of the 60 s that a task may take


@dataclass(frozen=True)
class Rule:
    """Which rows of a table go, and why then."""

    table: str
    condition: str
    reason: str


RULES = (
    Rule("refresh_token", "expires_at < now()", "until then a used one that comes again must be known as used"),
    Rule("auth_session", "expires_at < now() - interval '7 days'", "people look at their last sessions"),
    Rule("auth_session", "revoked_at < now() - interval '30 days'", "as above, and longer after a theft"),
    Rule("one_time_token", "expires_at < now() - interval '1 day'", "an old link is told from a wrong one for a day"),
    Rule("idempotent_request", "created_at < now() - interval '1 day'", "the time for which a client may try again"),
    Rule("email_outbox", "status in ('sent', 'failed') and created_at < now() - interval '30 days'", "for questions"),
    Rule("job", "expires_at < now()", "an export is a copy of somebody's data"),
    Rule("job", "finished_at < now() - interval '30 days'", "for questions"),
    Rule("audit_event", "created_at < now() - interval '400 days'", "a year, and time to look at it"),
    Rule(Session._meta.db_table, "expire_date < now()", "the admin's own sessions"),
)
# A token that was never sent is worth nothing by now, and its mail would only confuse.
STALE_MAIL = """
    update email_outbox set status = 'failed', context = '{}', last_error = 'not sent within three days'
    where status = 'pending' and created_at < now() - interval '3 days'
"""
SPENT_CONTEXT = """
    update email_outbox set context = '{}'
    where status = 'failed' and context <> '{}' and created_at < now() - interval '3 days'
"""


def purge() -> dict[str, int]:
    """Delete what may go and return how many rows of each table did."""
    end = time.monotonic() + TIME_BUDGET_S
    deleted: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(STALE_MAIL)
        cursor.execute(SPENT_CONTEXT)
    for rule in RULES:
        deleted[rule.table] = deleted.get(rule.table, 0) + apply(rule, end)
    log.info("purged: %s", ", ".join(f"{table} {count}" for table, count in deleted.items() if count) or "nothing")
    return deleted


def apply(rule: Rule, end: float) -> int:
    """Delete batch after batch until none is left or time is up."""
    statement = f"""
        delete from {rule.table}
        where ctid = any (array(select ctid from {rule.table} where {rule.condition} limit {BATCH}))
    """  # noqa: S608 -- constants of this module
    total, count = 0, BATCH
    while count == BATCH and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            count = cursor.rowcount
        total += count
    return total
