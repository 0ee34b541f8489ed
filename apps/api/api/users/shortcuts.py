"""The short way to one's own account."""

from fastapi import Response

from api.shortcuts import PlainRequest, Shortcut
from api.users import own


async def read_me(request: PlainRequest) -> Response | None:
    """Return one's own account."""
    token = request.bearer()
    if token is None or request.scope["query_string"]:
        return None
    return await own.read(request.opened, request.opened.access_tokens.read(token))


WAYS = {("GET", "/users/me"): Shortcut("/users/me", read_me)}
