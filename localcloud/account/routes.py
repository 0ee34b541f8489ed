"""GET /v2/account."""

from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter

from localcloud.account import limits
from localcloud.cloud import Cloud
from localcloud.wire.answers import Answer
from localcloud.wire.context import CloudDep

router = APIRouter()


def account_id(cloud: Cloud) -> str:
    """Return the account's UUID, the same after every reset."""
    return str(uuid5(NAMESPACE_URL, f"localcloud:{cloud.settings.name}"))


@router.get("/v2/account")
def get_account(cloud: CloudDep) -> Answer:
    """Return the one account of this local cloud."""
    name = cloud.settings.name
    identity = account_id(cloud)
    return {
        "account": {
            "droplet_limit": limits.DROPLETS,
            "floating_ip_limit": limits.RESERVED_IPS,
            "reserved_ip_limit": limits.RESERVED_IPS,
            "volume_limit": limits.VOLUMES,
            "name": f"local cloud {name}",
            "email": f"{name}@localcloud.test",
            "uuid": identity,
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": identity, "name": name},
        }
    }
