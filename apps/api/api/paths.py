"""Where the edge publishes the API."""

PREFIX = "/api"


def published(path: str) -> str:
    """Return a path of ours as clients see it."""
    return PREFIX + path
