"""/v2/projects."""

from fastapi import APIRouter, Request

from localcloud.account.routes import account_id
from localcloud.cloud import Cloud
from localcloud.projects.models import CreateProject, ProjectRecord, ReplaceProject, ResourceUrns, UpdateProject
from localcloud.wire.answers import Answer, PagingDep
from localcloud.wire.context import CloudDep

router = APIRouter(prefix="/v2/projects")

PATHS = {"droplet": "droplets", "volume": "volumes", "domain": "domains", "reservedip": "reserved_ips"}


def _shape(cloud: Cloud, project: ProjectRecord) -> Answer:
    return project.model_dump() | {"owner_uuid": account_id(cloud), "owner_id": 1}


def _resource(request: Request, urn: str, since: str, status: str) -> Answer:
    _, kind, key = urn.split(":", 2)
    path = PATHS.get(kind, PATHS["reservedip"])
    return {
        "urn": urn,
        "assigned_at": since,
        "links": {"self": f"{request.base_url}v2/{path}/{key}"},
        "status": status,
    }


@router.get("")
def list_projects(cloud: CloudDep, paging: PagingDep) -> Answer:
    """List the projects."""
    return paging.answer("projects", cloud.state.projects.all(), lambda project: _shape(cloud, project))


@router.post("", status_code=201)
def create_project(cloud: CloudDep, body: CreateProject) -> Answer:
    """Make a project."""
    return {"project": _shape(cloud, cloud.projects.create(body))}


@router.get("/{project_id}")
def get_project(cloud: CloudDep, project_id: str) -> Answer:
    """Return one project by UUID, or the default one."""
    return {"project": _shape(cloud, cloud.projects.get(project_id))}


@router.put("/{project_id}")
def replace_project(cloud: CloudDep, project_id: str, body: ReplaceProject) -> Answer:
    """Replace all fields of a project."""
    return {"project": _shape(cloud, cloud.projects.update(project_id, body))}


@router.patch("/{project_id}")
def update_project(cloud: CloudDep, project_id: str, body: UpdateProject) -> Answer:
    """Change some fields of a project."""
    return {"project": _shape(cloud, cloud.projects.update(project_id, body))}


@router.delete("/{project_id}", status_code=204)
def delete_project(cloud: CloudDep, project_id: str) -> None:
    """Remove an empty project."""
    cloud.projects.delete(project_id)


@router.get("/{project_id}/resources")
def list_resources(cloud: CloudDep, request: Request, paging: PagingDep, project_id: str) -> Answer:
    """List what is in a project."""
    found = cloud.projects.resources(cloud.projects.get(project_id))
    return paging.answer("resources", found, lambda item: _resource(request, *item, "ok"))


@router.post("/{project_id}/resources")
def assign_resources(cloud: CloudDep, request: Request, project_id: str, body: ResourceUrns) -> Answer:
    """Put resources into a project; one that does not exist is told, not refused."""
    outcome = cloud.projects.assign(project_id, body.resources)
    return {"resources": [_resource(request, *item) for item in outcome]}
