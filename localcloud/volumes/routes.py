"""/v2/volumes."""

from fastapi import APIRouter

from localcloud.actions.routes import action_shape, newest_first
from localcloud.cloud import Cloud
from localcloud.volumes.models import CreateVolume, VolumeAction, VolumeRecord
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep
from localcloud.wire.errors import NotFound

router = APIRouter(prefix="/v2/volumes")


def _shape(cloud: Cloud, volume: VolumeRecord) -> Answer:
    shape = volume.model_dump(exclude={"region", "size_gb"})
    region = cloud.catalogue.regions[volume.region].model_dump()
    return shape | {"region": region, "size_gigabytes": volume.size_gb}


@router.get("")
def list_volumes(cloud: CloudDep, paging: PagingDep, name: str = "", region: str = "") -> Answer:
    """List volumes, by name and region if given."""
    return paging.answer("volumes", cloud.volumes.listed(name, region), lambda volume: _shape(cloud, volume))


@router.post("", status_code=201)
def create_volume(cloud: CloudDep, body: CreateVolume) -> Answer:
    """Make a volume."""
    return {"volume": _shape(cloud, cloud.volumes.create(body))}


@router.delete("", status_code=204)
def delete_named_volume(cloud: CloudDep, name: str, region: str) -> None:
    """Remove a volume by name and region."""
    cloud.volumes.delete_named(name, region)


@router.post("/actions", status_code=202)
def act_on_named_volume(cloud: CloudDep, body: VolumeAction) -> Answer:
    """Attach, detach or resize a volume by name and region."""
    volume = cloud.volumes.get_named(body.volume_name, body.region)
    return {"action": action_shape(cloud, cloud.volumes.request(volume.id, body))}


@router.get("/{volume_id}")
def get_volume(cloud: CloudDep, volume_id: str) -> Answer:
    """Return one volume."""
    return {"volume": _shape(cloud, cloud.state.volumes.get(volume_id))}


@router.delete("/{volume_id}", status_code=204)
def delete_volume(cloud: CloudDep, volume_id: str) -> None:
    """Remove a volume that is attached to nothing."""
    cloud.volumes.delete(volume_id)


@router.get("/{volume_id}/actions")
def list_volume_actions(cloud: CloudDep, paging: PagingDep, volume_id: str) -> Answer:
    """List what was done to a volume, newest first."""
    cloud.state.volumes.get(volume_id)
    found = newest_first(cloud.state.actions.where(resource_type="volume", subject=volume_id))
    return paging.answer("actions", found, lambda action: action_shape(cloud, action))


@router.post("/{volume_id}/actions", status_code=202)
def act_on_volume(cloud: CloudDep, volume_id: str, body: VolumeAction) -> Answer:
    """Attach, detach or resize a volume."""
    return {"action": action_shape(cloud, cloud.volumes.request(volume_id, body))}


@router.get("/{volume_id}/actions/{action_id}")
def get_volume_action(cloud: CloudDep, volume_id: str, action_id: int) -> Answer:
    """Return one action of a volume."""
    action = cloud.state.actions.get(action_id)
    if action.resource_type != "volume" or action.subject != volume_id:
        raise NotFound
    return {"action": action_shape(cloud, action)}


@router.get("/{volume_id}/snapshots")
def list_snapshots(cloud: CloudDep, paging: PagingDep, volume_id: str) -> Answer:
    """List a volume's snapshots; there are none."""
    cloud.state.volumes.get(volume_id)
    return paging.answer("snapshots", [], lambda nothing: nothing)
