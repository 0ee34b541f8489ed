"""/v2/vpcs."""

from fastapi import APIRouter

from localcloud.droplets.models import DropletRecord
from localcloud.vpcs.models import CreateVpc, UpdateVpc, VpcRecord
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/vpcs")


def _shape(vpc: VpcRecord) -> Answer:
    return vpc.model_dump() | {"urn": vpc.urn}


def _member(droplet: DropletRecord) -> Answer:
    return {"name": droplet.name, "urn": droplet.urn, "created_at": droplet.created_at}


@router.get("")
def list_vpcs(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the VPCs."""
    return paging.answer("vpcs", cloud.state.vpcs.all(), _shape)


@router.post("", status_code=201)
def create_vpc(cloud: CloudDep, body: CreateVpc) -> Answer:
    """Make a VPC."""
    return {"vpc": _shape(cloud.vpcs.create(body))}


@router.get("/{vpc_id}")
def get_vpc(cloud: CloudDep, vpc_id: str) -> Answer:
    """Return one VPC."""
    return {"vpc": _shape(cloud.state.vpcs.get(vpc_id))}


@router.put("/{vpc_id}")
def replace_vpc(cloud: CloudDep, vpc_id: str, body: UpdateVpc) -> Answer:
    """Replace a VPC's name and description; one that is left out becomes empty."""
    whole = body.model_copy(update={"description": body.description or ""})
    return {"vpc": _shape(cloud.vpcs.update(vpc_id, whole))}


@router.patch("/{vpc_id}")
def update_vpc(cloud: CloudDep, vpc_id: str, body: UpdateVpc) -> Answer:
    """Change a VPC's name or description; what is not given stays."""
    return {"vpc": _shape(cloud.vpcs.update(vpc_id, body))}


@router.delete("/{vpc_id}", status_code=204)
def delete_vpc(cloud: CloudDep, vpc_id: str) -> None:
    """Remove a VPC that has no members."""
    cloud.vpcs.delete(vpc_id)


@router.get("/{vpc_id}/members")
def list_members(cloud: CloudDep, paging: PagingDep, vpc_id: str, resource_type: str = "droplet") -> Answer:
    """List what is in the VPC; only droplets can be."""
    cloud.state.vpcs.get(vpc_id)
    members = cloud.vpcs.members(vpc_id) if resource_type == "droplet" else []
    return paging.answer("members", members, _member)
