"""People with accounts, for tests that are not about how they got them."""

from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from api.auth.passwords import hash_for_django
from api.sessions.access_tokens import AccessTokens
from apps.tests.stack import SIGNING_KEY, Postgres

PASSWORD = "seven wet otters hum"
DOMAIN = "slipway.test"
ORIGIN = f"https://{DOMAIN}"
TOKENS = AccessTokens(SIGNING_KEY, DOMAIN)


@dataclass(frozen=True)
class Person:
    """An account with an open session."""

    id: UUID
    session_id: UUID
    email: str
    bearer: dict[str, str]


@cache
def password_hash() -> str:
    """Return what is kept of `PASSWORD`; one hash for the whole session."""
    return hash_for_django(PASSWORD)


def add_account(database: Postgres, email: str, *, is_staff: bool = False, is_verified: bool = True) -> UUID:
    """Add an account whose password is `PASSWORD`."""
    verified = "now()" if is_verified else "null"
    ((account_id,),) = database.sql(
        "insert into account (email, password, display_name, is_staff, email_verified_at) "  # noqa: S608 -- our own
        f"values ('{email}', '{password_hash()}', 'Somebody', {is_staff}, {verified}) returning id"
    )
    database.sql(f"insert into profile (account_id) values ('{account_id}')")  # noqa: S608 -- as above
    return UUID(str(account_id))


def add_session(database: Postgres, account_id: UUID) -> UUID:
    """Open a session of an account."""
    ((session_id,),) = database.sql(
        "insert into auth_session (account_id, expires_at) "  # noqa: S608 -- our own
        f"values ('{account_id}', now() + interval '1 day') returning id"
    )
    return UUID(str(session_id))


def add_person(database: Postgres, email: str = "", *, is_staff: bool = False, is_verified: bool = True) -> Person:
    """Add somebody who is signed in."""
    address = email or f"{uuid4().hex[:12]}@example.org"
    account_id = add_account(database, address, is_staff=is_staff, is_verified=is_verified)
    session_id = add_session(database, account_id)
    return Person(account_id, session_id, address, {"Authorization": f"Bearer {TOKENS.issue(account_id, session_id)}"})


def audit(database: Postgres) -> list[str]:
    """Return the actions of every audit event, in the order in which they were written."""
    return [str(action) for (action,) in database.sql("select action from audit_event order by id")]


def mails(database: Postgres) -> list[tuple[str, str]]:
    """Return recipient and template of every mail, in the order in which they were posted."""
    rows = database.sql("select recipient, template from email_outbox order by created_at")
    return [(str(recipient), str(template)) for recipient, template in rows]


def mailed_token(database: Postgres, template: str) -> str:
    """Return the token of the last mail of a kind."""
    ((token,),) = database.sql(
        f"select context->>'token' from email_outbox where template = '{template}' order by created_at desc limit 1"  # noqa: S608
    )
    return str(token)
