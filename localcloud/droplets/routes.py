"""/v2/droplets."""

from fastapi import APIRouter, Request

from localcloud.actions.routes import action_shape, newest_first
from localcloud.droplets.actions import TAGGABLE
from localcloud.droplets.models import CreateDroplets, DropletAction
from localcloud.droplets.shapes import droplet_shape
from localcloud.firewalls.routes import firewall_shape
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep
from localcloud.wire.errors import NotFound, Unprocessable

router = APIRouter(prefix="/v2/droplets")


@router.get("")
def list_droplets(cloud: CloudDep, paging: PagingDep, name: str = "", tag_name: str = "", type: str = "") -> Answer:  # noqa: A002
    """List droplets, by name or tag if given; there are none with GPUs."""
    found = [] if type == "gpus" else cloud.droplets.listed(name, tag_name)
    return paging.answer("droplets", found, lambda droplet: droplet_shape(cloud, droplet))


@router.post("", status_code=202)
def create_droplets(cloud: CloudDep, request: Request, body: CreateDroplets) -> Answer:
    """Create one droplet (`name`) or several (`names`)."""
    made = cloud.droplets.create(body)
    links = [
        {"id": action.id, "rel": "create", "href": f"{request.base_url}v2/actions/{action.id}"} for _, action in made
    ]
    shapes = [droplet_shape(cloud, droplet) for droplet, _ in made]
    answer: Answer = {"droplets": shapes} if body.names else {"droplet": shapes[0]}
    return answer | {"links": {"actions": links}}


@router.delete("", status_code=204)
def destroy_tagged_droplets(cloud: CloudDep, tag_name: str) -> None:
    """Destroy all droplets with a tag."""
    cloud.droplets.destroy_tagged(tag_name)


@router.post("/actions", status_code=201)
def act_on_tagged_droplets(cloud: CloudDep, tag_name: str, body: DropletAction) -> Answer:
    """Start the same action on all droplets with a tag."""
    if body.type not in TAGGABLE:
        raise Unprocessable(f"{body.type} can't be done by tag")
    with cloud.state.db.transaction():
        started = [cloud.droplet_actions.request(d.id, body) for d in cloud.tags.droplets(tag_name)]
    return {"actions": [action_shape(cloud, action) for action in started]}


@router.get("/{droplet_id}")
def get_droplet(cloud: CloudDep, droplet_id: int) -> Answer:
    """Return one droplet."""
    return {"droplet": droplet_shape(cloud, cloud.state.droplets.get(droplet_id))}


@router.delete("/{droplet_id}", status_code=204)
def destroy_droplet(cloud: CloudDep, droplet_id: int) -> None:
    """Destroy one droplet in the background."""
    cloud.droplets.destroy(droplet_id)


@router.get("/{droplet_id}/actions")
def list_droplet_actions(cloud: CloudDep, paging: PagingDep, droplet_id: int) -> Answer:
    """List what was done to a droplet, newest first."""
    cloud.state.droplets.get(droplet_id)
    found = newest_first(cloud.state.actions.where(resource_type="droplet", resource_id=droplet_id))
    return paging.answer("actions", found, lambda action: action_shape(cloud, action))


@router.post("/{droplet_id}/actions", status_code=201)
def act_on_droplet(cloud: CloudDep, droplet_id: int, body: DropletAction) -> Answer:
    """Start an action on a droplet."""
    return {"action": action_shape(cloud, cloud.droplet_actions.request(droplet_id, body))}


@router.get("/{droplet_id}/actions/{action_id}")
def get_droplet_action(cloud: CloudDep, droplet_id: int, action_id: int) -> Answer:
    """Return one action of a droplet."""
    action = cloud.state.actions.get(action_id)
    if action.resource_id != droplet_id or action.resource_type != "droplet":
        raise NotFound
    return {"action": action_shape(cloud, action)}


@router.get("/{droplet_id}/firewalls")
def list_droplet_firewalls(cloud: CloudDep, paging: PagingDep, droplet_id: int) -> Answer:
    """List the firewalls that cover a droplet."""
    found = cloud.firewalls.of_droplet(cloud.state.droplets.get(droplet_id))
    return paging.answer("firewalls", found, lambda firewall: firewall_shape(cloud, firewall))


@router.get("/{droplet_id}/neighbors")
def list_neighbors(cloud: CloudDep, droplet_id: int) -> Answer:
    """List droplets on the same hardware: none is known to be."""
    cloud.state.droplets.get(droplet_id)
    return {"droplets": []}


@router.get("/{droplet_id}/{collection}")
def list_nothing(cloud: CloudDep, paging: PagingDep, droplet_id: int, collection: str) -> Answer:
    """List backups, snapshots or kernels; there are none."""
    cloud.state.droplets.get(droplet_id)
    if collection not in ("backups", "snapshots", "kernels"):
        raise NotFound
    return paging.answer(collection, [], lambda nothing: nothing)
