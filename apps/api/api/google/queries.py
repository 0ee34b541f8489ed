"""The statements on accounts at other providers, one typed function each."""

from uuid import UUID

from api.database import Connection
from api.statements import statement

ACCOUNT_OF = statement("google", "account_of")
LINK = statement("google", "link")

PROVIDER = "google"


async def account_of(connection: Connection, *, subject: str) -> UUID | None:
    """Return the account that somebody at Google is linked to."""
    found: UUID | None = await connection.fetchval(ACCOUNT_OF, PROVIDER, subject)
    return found


async def link(connection: Connection, *, account_id: UUID, subject: str, email: str) -> bool:
    """Link an account; tell whether it had no link to Google before."""
    return await connection.fetchval(LINK, account_id, PROVIDER, subject, email) is not None
