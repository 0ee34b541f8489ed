"""Where a request came from, as sessions and audit events keep it."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import Scope

USER_AGENT_MAX = 400


@dataclass(frozen=True)
class Caller:
    """The client's address, program and the request's id."""

    ip: str | None
    user_agent: str
    request_id: str


async def caller(request: Request) -> Caller:
    """Return who sent a request."""
    return caller_of(request.scope)


def caller_of(scope: Scope) -> Caller:
    """Return who sent a request, in a form that the database takes."""
    client = scope.get("client")
    agents = [value for name, value in scope["headers"] if name == b"user-agent"]
    user_agent = agents[0].decode("latin-1").replace("\x00", "")[:USER_AGENT_MAX] if agents else ""
    return Caller(plain_address(client[0] if client else ""), user_agent, scope["state"]["request_id"])


@lru_cache(maxsize=4096)
def plain_address(host: str) -> str | None:
    """Return an address without its zone, or None for what is no address."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


CallerDep = Annotated[Caller, Depends(caller)]
