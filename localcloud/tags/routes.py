"""/v2/tags."""

from fastapi import APIRouter, Request

from localcloud.cloud import Cloud
from localcloud.tags.models import CreateTag, TagRecord, TagResources
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/tags")


def _counted(keys: list[str], base: str) -> Answer:
    return {"count": len(keys)} | ({"last_tagged_uri": f"{base}/{keys[-1]}"} if keys else {})


def _shape(cloud: Cloud, request: Request, tag: TagRecord) -> Answer:
    base = str(request.base_url).rstrip("/") + "/v2"
    droplets = _counted([d.key for d in cloud.tags.droplets(tag.name)], f"{base}/droplets")
    volumes = _counted([v.key for v in cloud.tags.volumes(tag.name)], f"{base}/volumes")
    none = {"count": 0}
    resources = {
        "count": droplets["count"] + volumes["count"],
        "droplets": droplets,
        "images": none,
        "volumes": volumes,
        "volume_snapshots": none,
        "databases": none,
    }
    return {"name": tag.name, "resources": resources}


@router.get("")
def list_tags(cloud: CloudDep, request: Request, paging: PagingDep) -> Answer:
    """List the tags."""
    return paging.answer("tags", cloud.state.tags.all(), lambda tag: _shape(cloud, request, tag))


@router.post("", status_code=201)
def create_tag(cloud: CloudDep, request: Request, body: CreateTag) -> Answer:
    """Make a tag; one that exists is returned as it is."""
    name = cloud.tags.ensure([body.name])[0]
    return {"tag": _shape(cloud, request, cloud.tags.get(name))}


@router.get("/{name}")
def get_tag(cloud: CloudDep, request: Request, name: str) -> Answer:
    """Return one tag and how much carries it."""
    return {"tag": _shape(cloud, request, cloud.tags.get(name))}


@router.delete("/{name}", status_code=204)
def delete_tag(cloud: CloudDep, name: str) -> None:
    """Remove a tag from the account and from whatever carries it."""
    cloud.tags.delete(name)


@router.post("/{name}/resources", status_code=204)
def tag_resources(cloud: CloudDep, name: str, body: TagResources) -> None:
    """Mark droplets and volumes."""
    cloud.tags.assign(name, body.resources)


@router.delete("/{name}/resources", status_code=204)
def untag_resources(cloud: CloudDep, name: str, body: TagResources) -> None:
    """Take the tag from droplets and volumes."""
    cloud.tags.unassign(name, body.resources)
