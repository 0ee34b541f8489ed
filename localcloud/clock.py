"""Times as the API writes them."""

from datetime import UTC, datetime


def timestamp() -> str:
    """Return now as RFC 3339 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
