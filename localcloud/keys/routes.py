"""/v2/account/keys."""

from fastapi import APIRouter

from localcloud.keys.models import CreateKey, KeyRecord, RenameKey
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/account/keys")


def _shape(key: KeyRecord) -> Answer:
    return key.model_dump()


@router.get("")
def list_keys(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the account's SSH keys."""
    return paging.answer("ssh_keys", cloud.state.keys.all(), _shape)


@router.post("", status_code=201)
def create_key(cloud: CloudDep, body: CreateKey) -> Answer:
    """Add an SSH key."""
    return {"ssh_key": _shape(cloud.keys.create(body.name, body.public_key))}


@router.get("/{identifier}")
def get_key(cloud: CloudDep, identifier: str) -> Answer:
    """Return one key by id or fingerprint."""
    return {"ssh_key": _shape(cloud.keys.get(identifier))}


@router.put("/{identifier}")
def rename_key(cloud: CloudDep, identifier: str, body: RenameKey) -> Answer:
    """Change a key's name."""
    return {"ssh_key": _shape(cloud.keys.rename(identifier, body.name))}


@router.delete("/{identifier}", status_code=204)
def delete_key(cloud: CloudDep, identifier: str) -> None:
    """Remove a key."""
    cloud.keys.delete(identifier)
