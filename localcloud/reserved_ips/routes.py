"""/v2/reserved_ips."""

from fastapi import APIRouter, Request

from localcloud.actions.models import ActionRecord
from localcloud.actions.routes import action_shape, newest_first
from localcloud.cloud import Cloud
from localcloud.droplets.shapes import droplet_shape
from localcloud.reserved_ips.models import CreateReservedIp, ReservedIpAction, ReservedIpRecord
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep
from localcloud.wire.errors import NotFound

router = APIRouter(prefix="/v2/reserved_ips")


def _shape(cloud: Cloud, reserved: ReservedIpRecord) -> Answer:
    droplet = cloud.state.droplets.find(reserved.droplet_id) if reserved.droplet_id else None
    return {
        "ip": reserved.ip,
        "region": cloud.catalogue.regions[reserved.region].model_dump(),
        "droplet": droplet_shape(cloud, droplet) if droplet else None,
        "locked": cloud.reserved_ips.is_locked(reserved),
        "project_id": cloud.projects.project_of(reserved.urn),
    }


def _action(cloud: Cloud, action: ActionRecord) -> Answer:
    reserved = cloud.reserved_ips.get(action.subject)
    return action_shape(cloud, action) | {"project_id": cloud.projects.project_of(reserved.urn)}


@router.get("")
def list_reserved_ips(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the reserved addresses."""
    return paging.answer("reserved_ips", cloud.reserved_ips.all(), lambda reserved: _shape(cloud, reserved))


@router.post("", status_code=202)
def create_reserved_ip(cloud: CloudDep, request: Request, body: CreateReservedIp) -> Answer:
    """Reserve an address in a region or for a droplet."""
    reserved, action = cloud.reserved_ips.create(body)
    answer: Answer = {"reserved_ip": _shape(cloud, reserved)}
    if action:
        base = f"{request.base_url}v2"
        droplet = {"id": body.droplet_id, "rel": "droplet", "href": f"{base}/droplets/{body.droplet_id}"}
        started = {"id": action.id, "rel": "assign_ip", "href": f"{base}/actions/{action.id}"}
        answer["links"] = {"droplets": [droplet], "actions": [started]}
    return answer


@router.get("/{ip}")
def get_reserved_ip(cloud: CloudDep, ip: str) -> Answer:
    """Return one reserved address."""
    return {"reserved_ip": _shape(cloud, cloud.reserved_ips.get(ip))}


@router.delete("/{ip}", status_code=204)
def delete_reserved_ip(cloud: CloudDep, ip: str) -> None:
    """Give an address back."""
    cloud.reserved_ips.delete(ip)


@router.get("/{ip}/actions")
def list_reserved_ip_actions(cloud: CloudDep, paging: PagingDep, ip: str) -> Answer:
    """List what was done with an address, newest first."""
    cloud.reserved_ips.get(ip)
    found = newest_first(cloud.state.actions.where(resource_type="reserved_ip", subject=ip))
    return paging.answer("actions", found, lambda action: _action(cloud, action))


@router.post("/{ip}/actions", status_code=201)
def act_on_reserved_ip(cloud: CloudDep, ip: str, body: ReservedIpAction) -> Answer:
    """Assign an address to a droplet, or take it away."""
    return {"action": _action(cloud, cloud.reserved_ips.request(ip, body))}


@router.get("/{ip}/actions/{action_id}")
def get_reserved_ip_action(cloud: CloudDep, ip: str, action_id: int) -> Answer:
    """Return one action of an address."""
    action = cloud.state.actions.get(action_id)
    if action.resource_type != "reserved_ip" or action.subject != ip:
        raise NotFound
    return {"action": _action(cloud, action)}
