"""Deleting an account: what the database takes along by its foreign keys, and what it cannot know of."""

from uuid import UUID

from django.db import connection, transaction

# A mail that a worker has in hand cannot be called back; it loses its link to the account with the account.
MAILS = "delete from email_outbox where account_id = %(id)s and status <> 'sending'"
REQUESTS = "delete from idempotent_request where scope = %(id)s::text"
ACCOUNT = "delete from account where id = %(id)s"


def delete_account(account_id: UUID) -> bool:
    """Delete an account with everything in it; False if there is none.

    Audit events stay, without the account, until their own time is over.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (MAILS, REQUESTS, ACCOUNT):
            cursor.execute(statement, {"id": account_id})
        return bool(cursor.rowcount)
