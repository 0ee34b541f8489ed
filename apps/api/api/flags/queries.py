"""The statement on flags."""

from api.database import Connection
from api.statements import statement

FLAGS = statement("flags", "flags")


async def flags(connection: Connection) -> dict[str, bool]:
    """Return every flag by name."""
    return {row["name"]: row["enabled"] for row in await connection.fetch(FLAGS)}
