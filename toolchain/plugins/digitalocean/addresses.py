"""Pointing reserved IPs at droplets."""

from __future__ import annotations

from typing import Any

from toolchain.plugins.digitalocean.client import Json
from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.session import Session
from toolchain.plugins.errors import ProviderError

RESERVED_IPS = "/v2/reserved_ips"
DROPLET_BUSY_LIMIT_S = 120.0
ASSIGN_LIMIT_S = 600.0


def droplet_of(reserved_ip: Json) -> int | None:
    """Return the id of the droplet that the reserved IP points at."""
    droplet: Any = reserved_ip.get("droplet")
    return droplet.get("id") if isinstance(droplet, dict) else None


def assign(api: Session, address: str, droplet_id: int) -> None:
    """Point the address at the droplet and wait until it does."""
    if droplet_of(api.get(f"{RESERVED_IPS}/{address}", "reserved_ip")) == droplet_id:
        return
    _wait_for_droplet(api, droplet_id)
    _move(api, address, {"type": "assign", "droplet_id": droplet_id}, droplet_id)


def unassign(api: Session, address: str, droplet_id: int) -> None:
    """Take the address off the droplet; nothing to do when it points elsewhere or is gone."""
    found = api.find(f"{RESERVED_IPS}/{address}", "reserved_ip")
    if found is not None and droplet_of(found) == droplet_id:
        _move(api, address, {"type": "unassign"}, None)


def _wait_for_droplet(api: Session, droplet_id: int) -> None:
    """Wait until no action runs on the droplet: the API refuses an assignment meanwhile."""

    def look() -> bool | None:
        actions = api.list(f"/v2/droplets/{droplet_id}/actions", "actions")
        return None if any(action.get("status") not in ("completed", "errored") for action in actions) else True

    api.poll(look, DROPLET_BUSY_LIMIT_S, f"the actions of droplet {droplet_id}")


def _move(api: Session, address: str, body: Json, wanted: int | None) -> None:
    def is_busy(failure: ApiError) -> bool:
        return failure.status == 422 and "pending event" in failure.message

    path = f"{RESERVED_IPS}/{address}/actions"
    action = api.retry_while(is_busy, lambda: api.repeat_post(path, body, "action"), ASSIGN_LIMIT_S)

    def look() -> bool | None:
        state = api.find(f"{path}/{action.get('id')}", "action")
        if state is None:
            return True if droplet_of(api.get(f"{RESERVED_IPS}/{address}", "reserved_ip")) == wanted else None
        if state.get("status") == "errored":
            raise ProviderError(f"action {action.get('id')} ({body['type']} {address}) ended with the status errored")
        return True if state.get("status") == "completed" else None

    api.poll(look, ASSIGN_LIMIT_S, f"{address} to be {body['type']}ed")
