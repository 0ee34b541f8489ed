"""Attaching volumes to droplets and taking them off again."""

from __future__ import annotations

from toolchain.plugins.digitalocean.errors import ApiError
from toolchain.plugins.digitalocean.session import Session

PENDING_LIMIT_S = 300.0


def is_attached(api: Session, volume_id: str, droplet_id: int) -> bool:
    """Tell whether the volume is at the droplet; a volume that is gone is not."""
    volume = api.find(f"/v2/volumes/{volume_id}", "volume")
    return volume is not None and droplet_id in (volume.get("droplet_ids") or [])


def attach(api: Session, volume_id: str, droplet_id: int) -> None:
    """Attach a volume and wait until it is."""
    volume = api.get(f"/v2/volumes/{volume_id}", "volume")
    if droplet_id not in (volume.get("droplet_ids") or []):
        _move(api, volume_id, droplet_id, "attach")


def detach(api: Session, volume_id: str, droplet_id: int) -> None:
    """Take a volume off and wait until it is; nothing to do when it is elsewhere or gone."""
    if is_attached(api, volume_id, droplet_id):
        _move(api, volume_id, droplet_id, "detach")


def _move(api: Session, volume_id: str, droplet_id: int, kind: str) -> None:
    body = {"type": kind, "droplet_id": droplet_id}

    def is_busy(failure: ApiError) -> bool:
        return failure.status == 422 and "pending event" in failure.message

    action = api.retry_while(
        is_busy, lambda: api.repeat_post(f"/v2/volumes/{volume_id}/actions", body, "action"), PENDING_LIMIT_S
    )
    api.finish_action(action)
