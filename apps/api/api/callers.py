"""Where a request came from, as sessions and audit events keep it."""

import ipaddress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

USER_AGENT_MAX = 400


@dataclass(frozen=True)
class Caller:
    """The client's address, program and the request's id."""

    ip: str | None
    user_agent: str
    request_id: str


def caller(request: Request) -> Caller:
    """Return who sent a request, in a form that the database takes."""
    user_agent = request.headers.get("user-agent", "").replace("\x00", "")[:USER_AGENT_MAX]
    return Caller(plain_address(request.client.host if request.client else ""), user_agent, request.state.request_id)


def plain_address(host: str) -> str | None:
    """Return an address without its zone, or None for what is no address."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


CallerDep = Annotated[Caller, Depends(caller)]
